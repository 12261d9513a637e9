"""The difference between two definitions: what came, went, moved, changed; and what that does to
results that are read together.

Rows are matched by name, as answers are. Moved is what stands elsewhere among the rows that both
have: the fewest rows are called moved (longest common subsequence).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.choices import survey_choices
from fieldapp.core.survey.graph import rows
from fieldapp.core.survey.model import Item, Question, Survey, Text

Kind = Literal["added", "removed", "moved", "changed"]
NOT_RECORDED = frozenset({"note"})
# pairs of types of which the values read together without loss, either way round
ALIKE = frozenset(
    frozenset(pair)
    for pair in (
        ("integer", "decimal"),
        ("integer", "range"),
        ("decimal", "range"),
        ("text", "barcode"),
        ("text", "hidden"),
        ("calculate", "hidden"),
        ("calculate", "text"),
    )
)


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of a row. `language` of a text, "" for logic; a cell that is absent is ""."""

    column: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class RowChange:
    """What happened to one row; one that moved and changed too is `changed` with `moved` set."""

    name: str
    kind: Kind
    changes: tuple[Change, ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """How the answers of two versions to one question go together.

    `remark`: "" when they do; added, removed (one side has none); type, repeats (they do not);
    choices (they do, and a choice came or went: `choices`); label (the question reads otherwise).
    """

    name: str
    remark: str
    together: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it. `head`: changes of title, intro, thanks and settings."""

    head: tuple[Change, ...]
    rows: tuple[RowChange, ...]
    matches: tuple[Match, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.head and not self.rows


def compare(before: Survey, after: Survey) -> Difference:
    """From `before` to `after`; rows in the order of `after`, what went at the end."""
    old = {item.name: item for item in rows(before.items)}
    new = {item.name: item for item in rows(after.items)}
    moved = _moved(old, new)
    found: list[RowChange] = []
    for name, item in new.items():
        if name not in old:
            found.append(RowChange(name, "added"))
            continue
        changes = tuple(_changes(old[name], item, before, after))
        if changes:
            found.append(RowChange(name, "changed", changes, name in moved))
        elif name in moved:
            found.append(RowChange(name, "moved", moved=True))
    found += [RowChange(name, "removed") for name in old if name not in new]
    return Difference(tuple(_head(before, after)), tuple(found), matches(before, after))


def _moved(old: Mapping[str, Item], new: Mapping[str, Item]) -> set[str]:
    """Rows that both have and that lie in another group, or in another order than the rest."""
    shared = [name for name in new if name in old]
    elsewhere = {name for name in shared if old[name].path != new[name].path}
    was = [name for name in old if name in new and name not in elsewhere]
    now = [name for name in shared if name not in elsewhere]
    kept: set[str] = set()
    for block in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
        kept.update(now[block.b : block.b + block.size])
    return elsewhere | {name for name in now if name not in kept}


def _head(before: Survey, after: Survey) -> Iterator[Change]:
    for name in ("title", "intro", "thanks"):
        yield from _texts(name, getattr(before, name), getattr(after, name))
    pairs = (
        ("languages", ", ".join(before.languages), ", ".join(after.languages)),
        ("default_language", before.default_language, after.default_language),
        ("style", before.style, after.style),
    )
    yield from (Change(name, old, new) for name, old, new in pairs if old != new)


def _changes(old: Item, new: Item, before: Survey, after: Survey) -> Iterator[Change]:
    if old.type != new.type:
        yield Change("type", old.type, new.type)
    for column in words.TEXT_COLUMNS:
        yield from _texts(column, getattr(old, column, None), getattr(new, column, None))
    for column in dict.fromkeys((*words.EXPRESSION_COLUMNS, "repeat_count")):
        logic = (_source(old, column), _source(new, column))
        if logic[0] != logic[1]:
            yield Change(column, *logic)
    for column in ("appearance", "parameters", "default", "theme", "role"):
        cells = (str(getattr(old, column, "") or ""), str(getattr(new, column, "") or ""))
        if cells[0] != cells[1]:
            yield Change(column, *cells)
    if isinstance(old, Question) and isinstance(new, Question):
        yield from _media(old, new)
        yield from _choices(old, new, before, after)


def _source(item: Item, column: str) -> str:
    logic = getattr(item, column, None)
    return logic.source if logic is not None else ""


def _texts(column: str, old: Text | None, new: Text | None) -> Iterator[Change]:
    was = old.values if old is not None else {}
    now = new.values if new is not None else {}
    for language in dict.fromkeys((*was, *now)):
        pair = (was.get(language, ""), now.get(language, ""))
        if pair[0] != pair[1]:
            yield Change(column, *pair, language)


def _media(old: Question, new: Question) -> Iterator[Change]:
    for kind in dict.fromkeys((*old.media, *new.media)):
        yield from _texts(kind, old.media.get(kind), new.media.get(kind))


def _choices(old: Question, new: Question, before: Survey, after: Survey) -> Iterator[Change]:
    was = {choice.name: choice for choice in survey_choices(old, before)}
    now = {choice.name: choice for choice in survey_choices(new, after)}
    for name, choice in now.items():
        if name not in was:
            label = choice.label.in_language(after.default_language)
            yield Change("choice", "", label, after.default_language)
            continue
        yield from _texts(f"choice {name}", was[name].label, choice.label)
        signals = (was[name].signal, choice.signal)
        if signals[0] != signals[1]:
            yield Change("signal", *(f"{name} {s:g}" if s is not None else name for s in signals))
    for name, choice in was.items():
        if name not in now:
            label = choice.label.in_language(before.default_language)
            yield Change("choice", label, "", before.default_language)
    shared = [name for name in now if name in was]
    if shared != [name for name in was if name in now]:
        yield Change("order", ", ".join(was), ", ".join(now))


def matches(before: Survey, after: Survey) -> tuple[Match, ...]:
    """For every question that records something, whether its answers read together."""
    found = []
    for question in (q for q in after.questions if q.type not in NOT_RECORDED):
        old = before.by_name.get(question.name)
        if old is None or old.type in NOT_RECORDED:
            found.append(Match(question.name, "added", together=False))
        else:
            found.append(_match(old, question, before, after))
    found += [
        Match(q.name, "removed", together=False)
        for q in before.questions
        if q.name not in after.by_name and q.type not in NOT_RECORDED
    ]
    return tuple(found)


def _match(old: Question, new: Question, before: Survey, after: Survey) -> Match:
    if old.repeats != new.repeats:
        return Match(new.name, "repeats", together=False)
    if not fits(old.type, new.type):
        return Match(new.name, "type", together=False)
    was = {choice.name for choice in survey_choices(old, before)}
    now = {choice.name for choice in survey_choices(new, after)}
    if was != now:
        return Match(new.name, "choices", together=True, choices=tuple(sorted(was ^ now)))
    labels: Sequence[str] = [
        q.label.in_language(after.default_language) if q.label is not None else ""
        for q in (old, new)
    ]
    return Match(new.name, "label" if labels[0] != labels[1] else "", together=True)


def fits(one: str, other: str) -> bool:
    """Whether values of these two types can stand in one column."""
    return one == other or frozenset((one, other)) in ALIKE
