"""Long lists in pieces: engines limit how many values one IN list may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
MOST = 500  # values in one IN list


def chunks(items: Iterable[Item], size: int = MOST) -> Iterator[list[Item]]:
    """The items in order, at most `size` at a time; nothing when there are none."""
    rest = list(items)
    return (rest[start : start + size] for start in range(0, len(rest), size))
