"""An open answer cut into pieces, so that overlapping marks and findings can be drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from fieldapp.core.redact import Finding


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked span (code points) of a statement, and the word shown at its end."""

    start: int
    end: int
    statement_id: int
    label: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text under the same marks throughout. `labels`: of marks that end here."""

    start: int
    text: str
    statement_ids: tuple[int, ...] = ()
    finding: Finding | None = None
    labels: tuple[tuple[int, str], ...] = ()
    finding_ends: bool = False


def segments(
    answer: str, marks: Iterable[Marked], findings: Iterable[Finding] = ()
) -> tuple[Segment, ...]:
    """The whole answer, in order, nothing lost: the texts joined give it back."""
    spans = sorted(marks, key=lambda m: (m.start, m.end, m.statement_id))
    found = list(findings)
    cuts = {0, len(answer)}
    edges = [(m.start, m.end) for m in spans] + [(f.start, f.end) for f in found]
    cuts |= {min(place, len(answer)) for edge in edges for place in edge}
    places = sorted(cuts)
    return tuple(_segment(answer, start, end, spans, found) for start, end in pairwise(places))


def _segment(
    answer: str, start: int, end: int, spans: list[Marked], found: list[Finding]
) -> Segment:
    covering = [m for m in spans if m.start <= start and end <= m.end]
    finding = next((f for f in found if f.start <= start and end <= f.end), None)
    return Segment(
        start=start,
        text=answer[start:end],
        statement_ids=tuple(m.statement_id for m in covering),
        finding=finding,
        labels=tuple((m.statement_id, m.label) for m in covering if m.end == end),
        finding_ends=finding is not None and finding.end == end,
    )
