"""What stands on a page, as a tree: questions, notes, groups, repeats with their rounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

WIDGETS = frozenset(
    {
        *("norm_photo", "place", "story", "faces_rows", "cards", "range", "counter", "rank"),
        *("draw", "annotate", "signature", "audio", "video", "geotrace", "geoshape", "barcode"),
        *("month_year", "year", "likert", "columns"),
    }
)  # looks that static/css/widgets.css draws


@dataclass(frozen=True, slots=True)
class FieldItem:
    """A question. `asked` False: it is only there for scripts to put in."""

    kind: ClassVar[str] = "field"
    field: Any
    path: str = ""
    asked: bool = True
    type: str = ""
    appearance: str = ""
    guidance: str = ""
    media: Mapping[str, str] = field(default_factory=dict)
    empty: bool = False  # no choice is left by a filter (yet)
    role: str = ""  # what the answer means to the product
    mixed: bool = False  # its choices come in another order in every form

    @property
    def look(self) -> str:
        """How it is drawn."""
        return str(getattr(self.field, "look", "") or "")


@dataclass(frozen=True, slots=True)
class NoteItem:
    """Words, pictures, sound: nothing to answer."""

    kind: ClassVar[str] = "note"
    words: str
    path: str = ""
    asked: bool = True
    hint: str = ""
    media: Mapping[str, str] = field(default_factory=dict)
    value: str = ""  # an answer that is worked out
    worked_out: bool = False  # whether it is one, also while there is nothing yet


@dataclass(frozen=True, slots=True)
class GroupItem:
    """Questions under a heading of their own. `level`: 2 for an outer one."""

    kind: ClassVar[str] = "group"
    path: str
    label: str
    hint: str
    items: tuple[Item, ...]
    asked: bool = True
    level: int = 2
    appearance: str = ""

    @property
    def is_table(self) -> bool:
        """Drawn as a table: closed questions with the same choices."""
        fields = self.fields
        closed = all(field.type in ("RadioField", "SelectMultipleField") for field in fields)
        inside = [item for item in all_items(self.items) if not isinstance(item, FieldItem)]
        if "table-list" not in self.appearance.split() or not closed or inside or not fields:
            return False
        return len({tuple(c.value for c in field.choices) for field in fields}) == 1

    @property
    def fields(self) -> list[Any]:
        """The fields in it that are asked now."""
        return [item.field for item in all_items(self.items) if isinstance(item, FieldItem)]


@dataclass(frozen=True, slots=True)
class RoundItem:
    """One round of a repeat; `key` tells rounds apart whatever their number is."""

    kind: ClassVar[str] = "round"
    path: str
    number: int
    heading: str
    key: str
    items: tuple[Item, ...]
    level: int = 3
    remove_label: str = ""


@dataclass(frozen=True, slots=True)
class RepeatItem:
    """All rounds of a repeat; `blank` is an empty one for scripts, None when it may not grow."""

    kind: ClassVar[str] = "repeat"
    path: str
    label: str
    hint: str
    rounds: tuple[RoundItem, ...]
    blank: RoundItem | None = None
    may_grow: bool = False
    counted: bool = False  # another answer says how many rounds there are
    add_label: str = ""
    asked: bool = True
    level: int = 2
    appearance: str = ""
    says_label: bool = True  # False: its label is the heading of the page

    @property
    def is_doors(self) -> bool:
        """Drawn as a stairwell (macros/widgets)."""
        return "doors" in self.appearance.split()


Item = FieldItem | NoteItem | GroupItem | RepeatItem


def all_items(items: Sequence[Item], *, unasked: bool = False) -> Iterator[Item]:
    """Every item that is asked now, outer ones first; `unasked`: also what may come."""
    for item in items:
        if not item.asked and not unasked:
            continue
        yield item
        if isinstance(item, GroupItem):
            yield from all_items(item.items, unasked=unasked)
        elif isinstance(item, RepeatItem):
            may_come = (item.blank,) if unasked and item.blank else ()
            for one in (*item.rounds, *may_come):
                yield from all_items(one.items, unasked=unasked)


def needs_widgets(items: Sequence[Item], *, unasked: bool = False) -> bool:
    """Whether the page has (or with `unasked`: may get) anything for the style sheet of widgets."""
    return any(
        (isinstance(item, FieldItem) and item.look in WIDGETS)
        or (isinstance(item, RepeatItem) and item.is_doors)
        or (isinstance(item, GroupItem) and item.is_table)
        for item in all_items(items, unasked=unasked)
    )
