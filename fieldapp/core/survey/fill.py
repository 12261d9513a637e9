"""Answers inside texts: `Hoe oud is ${naam}?` as parts, so that the edge can format and isolate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.core.answers.values import Answer
from fieldapp.core.expression.values import from_answer, to_string
from fieldapp.core.survey.choices import survey_choices
from fieldapp.core.survey.model import Question, Survey

if TYPE_CHECKING:
    from fieldapp.core.validate import Examination

REFERENCE = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
NOTHING = "…"  # stands where an answer will come


@dataclass(frozen=True, slots=True)
class Filled:
    """The answer that a text shows: `value` None when there is none (yet)."""

    name: str
    value: Answer
    question: Question | None


def names_in(text: str) -> tuple[str, ...]:
    """The names of the questions that a text shows, each once."""
    return tuple(dict.fromkeys(REFERENCE.findall(text))) if "${" in text else ()


def fill_parts(
    text: str, survey: Survey, path: str, found: Examination
) -> tuple[str | Filled, ...]:
    """The text in pieces, with the answers as seen from `path` (as `${x}` in an expression)."""
    if "${" not in text:
        return (text,)
    return tuple(part for part in _parts(text, survey, path, found) if part != "")


def _parts(text: str, survey: Survey, path: str, found: Examination) -> Iterator[str | Filled]:
    here = found.tree.at(path) if path else found.tree.root
    end = 0
    for match in REFERENCE.finditer(text):
        yield text[end : match.start()]
        name = match[1]
        nodes = [node for node in found.tree.find(name, here) if node.is_shown()]
        value = nodes[0].value if nodes else None
        yield Filled(name, value, survey.by_name.get(name))
        end = match.end()
    yield text[end:]


def fill_text(
    text: str,
    survey: Survey,
    path: str,
    found: Examination,
    language: str = "",
    *,
    labels: bool = False,
) -> str:
    """The same as plain text: numbers and dates as XForms writes them, "…" without an answer.

    ODK shows the names of choices; with `labels` their labels in `language` are shown instead.
    """
    if "${" not in text:
        return text
    return "".join(
        part if isinstance(part, str) else _shown(part, survey, language, labels)
        for part in fill_parts(text, survey, path, found)
    )


def _shown(part: Filled, survey: Survey, language: str, labels: bool) -> str:
    if part.value is None:
        return NOTHING
    if labels and part.question is not None and part.question.list_name:
        known = {choice.name: choice.label for choice in survey_choices(part.question, survey)}
        names = part.value if isinstance(part.value, list) else [str(part.value)]
        return ", ".join(
            known[name].in_language(language) if name in known else name for name in names
        )
    return to_string(from_answer(part.value))
