"""Rules of coding as plain functions: where a fragment lies, consent, what must be masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fieldapp.core.redact import Finding, find, mask
from fieldapp.core.survey import Survey
from fieldapp.services.refusal import Refusal

CONSENT_ROLE = "consent_quote"
CONSENT_GIVEN = "ja"
VALENCES = (-2, -1, 0, 1, 2)
QUOTE_MAX = 2000  # characters


class CodingRefused(Refusal):
    """Against a rule of coding (words: web/coding/texts.py)."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` up to `end` (Unicode code points) of an open answer."""

    start: int
    end: int


def open_answer(answers: Mapping[str, Any], question: str) -> str:
    """The text of an answer as stored; empty when it was not given."""
    value = (answers.get(question) or {}).get("v")
    return value if isinstance(value, str) else ""


def trimmed(answer: str, start: int, end: int) -> Span:
    """The span without white space at its ends; CodingRefused outside the answer or blank."""
    if not 0 <= start < end <= len(answer):
        raise CodingRefused("span_outside", "fragment", length=len(answer))
    piece = answer[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start >= end:
        raise CodingRefused("span_blank", "fragment")
    return Span(start, end)


def find_fragment(answer: str, fragment: str, taken: Iterable[Span] = ()) -> Span:
    """Where the fragment lies: the first place that is not marked yet, else the first place.

    Runs of white space count as equal, since a form changes line ends. CodingRefused with
    `fragment_empty` or `fragment_absent`.
    """
    words = fragment.split()
    if not words:
        raise CodingRefused("fragment_empty", "fragment")
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    places = [Span(match.start(), match.end()) for match in pattern.finditer(answer)]
    if not places:
        raise CodingRefused("fragment_absent", "fragment")
    marked = list(taken)
    free = (p for p in places if not any(p.start < m.end and m.start < p.end for m in marked))
    return next(free, places[0])


def same_words(one: str, other: str) -> bool:
    """Equal but for white space."""
    return one.split() == other.split()


def consent_given(survey: Survey, answers: Mapping[str, Any]) -> bool:
    """Whether the respondent said that what was told may be quoted."""
    question = survey.with_role(CONSENT_ROLE)
    return question is not None and open_answer(answers, question.name) == CONSENT_GIVEN


def findings_in(answer: str, span: Span, places: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Personal data in a span, offsets from its start.

    Looked for in the whole answer, whose words around the span may tell that something is a
    name, and in the span alone.
    """
    clipped = [
        replace(
            f, start=max(f.start, span.start) - span.start, end=min(f.end, span.end) - span.start
        )
        for f in find(answer, known_places=places)
        if f.start < span.end and span.start < f.end
    ]
    alone = [
        f
        for f in find(answer[span.start : span.end], known_places=places)
        if not any(f.start < c.end and c.start < f.end for c in clipped)
    ]
    return tuple(sorted([*clipped, *alone], key=lambda f: (f.start, f.end)))


def proposed_quote(answer: str, span: Span, places: Sequence[str] = ()) -> str:
    """The span with everything found masked, certain or not; white space folded."""
    masked = mask(answer[span.start : span.end], findings_in(answer, span, places))
    return " ".join(masked.split())


def left_in_quote(
    quote: str, answer: str, span: Span, places: Sequence[str] = ()
) -> tuple[str, ...]:
    """Kinds of certain personal data that a quote still shows, each once."""
    kinds = [finding.kind for finding in find(quote, known_places=places) if finding.certain]
    text = answer[span.start : span.end]
    kinds += [
        finding.kind
        for finding in findings_in(answer, span, places)
        if finding.certain and _shows(quote, text[finding.start : finding.end])
    ]
    return tuple(dict.fromkeys(kinds))


def _shows(quote: str, words: str) -> bool:
    """Whether the quote holds these words, whole."""
    wanted = r"\s+".join(re.escape(word) for word in words.split())
    return bool(wanted) and re.search(rf"(?<!\w){wanted}(?!\w)", quote, re.IGNORECASE) is not None
