"""How far a round is at each stairwell, and which one is next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

WalkState = Literal["new", "begun", "done"]

# After so many visits the doors that stay shut are left in peace.
VISITS_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """Front doors of one stairwell at one visit; None: not counted."""

    tried: int | None = None
    opened: int | None = None
    spoken: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything was counted."""
        return any(count is not None for count in (self.tried, self.opened, self.spoken))


@dataclass(frozen=True, slots=True)
class Progress:
    """A stairwell in a round. `doors`: how many it has, as far as known."""

    doors: int | None
    visits: int
    last_on: date | None
    tried: int
    opened: int
    spoken: int

    @property
    def state(self) -> WalkState:
        """New without a visit; done when every door opened, or after VISITS_ENOUGH visits."""
        if self.visits == 0:
            return "new"
        all_open = self.doors is not None and self.doors > 0 and self.opened >= self.doors
        return "done" if all_open or self.visits >= VISITS_ENOUGH else "begun"


def progress(doors: int | None, visits: Sequence[tuple[date, DoorCounts]]) -> Progress:
    """Add up the visits of one round to one stairwell, in any order.

    `doors` stands on the list. A second visit goes to the doors that stayed shut, so opened and
    spoken add up, to at most the number of doors; tried is that of the fullest visit.
    """
    tried = max((counts.tried or 0 for _on, counts in visits), default=0)
    total = doors if doors is not None else (tried or None)
    most = max(total or 0, tried)
    opened = min(sum(counts.opened or 0 for _on, counts in visits), most)
    spoken = min(sum(counts.spoken or 0 for _on, counts in visits), opened)
    last_on = max((on for on, _counts in visits), default=None)
    return Progress(total, len(visits), last_on, tried, opened, spoken)


def next_first(rows: Iterable[tuple[int, Progress]]) -> list[int]:
    """Numbers of stairwells in the order in which to go: not visited yet, in the list's order;
    then begun, the longest ago first; then done.
    """
    rank = {"new": 0, "begun": 1, "done": 2}

    def key(row: tuple[int, Progress]) -> tuple[int, str, int]:
        number, found = row
        begun = found.state == "begun" and found.last_on is not None
        on = found.last_on.isoformat() if begun and found.last_on else ""
        return rank[found.state], on, number

    return [number for number, _found in sorted(rows, key=key)]
