"""What an answer can be, and how a value that cannot be one is refused."""

from __future__ import annotations

from datetime import date, time
from typing import Any

# datetime is a date; a repeat is a list of Answers instead
Answer = str | int | float | date | time | list[str] | None
Answers = dict[str, Any]  # name -> Answer, or for a repeat list[Answers]


class Impossible(Exception):
    """A value that this question cannot have."""

    def __init__(self, code: str, **params: Any) -> None:
        self.problem = (code, params)
        super().__init__(code)


def one(value: object) -> object:
    """The only value of a list, as forms send them; blank for an empty list."""
    if not isinstance(value, list | tuple):
        return value
    if len(value) > 1:
        raise Impossible("too_many_values", count=len(value))
    return value[0] if value else None
