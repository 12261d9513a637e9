"""What an expression can see when it is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from fieldapp.core.expression.nodes import Data, Element

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of an expression.

    Flat: `answers` by name and its `own` answer. With repeats: `data` and the `node` the expression
    belongs to (a question, a group, a round; the root when None); they then go before `answers`
    and `own`. `now` is the moment on the clock of the form, `today` its date; neither is ever read
    from the machine. `lists`: choice lists and tables for instance() and pulldata(), rows of text
    by column. `choice_label(question, choice)` for jr:choice-name. `seed` makes random(), uuid()
    and randomize() repeatable. `version` and `properties` are what version() and property() say.
    `months` (January first) and `weekdays` (Monday first) are the short names for format-date.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    own: Any = None
    now: datetime | None = None
    today: date | None = None
    data: Data | None = None
    node: Element | None = None
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    choice_label: Callable[[str, str], str] | None = None
    seed: int | None = None
    version: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    months: Sequence[str] = MONTHS
    weekdays: Sequence[str] = WEEKDAYS
