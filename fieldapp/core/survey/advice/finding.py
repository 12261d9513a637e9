"""One remark of the publish check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Severity = Literal["decide", "remark"]
DECIDE: Final[Severity] = "decide"
REMARK: Final[Severity] = "remark"


@dataclass(frozen=True, slots=True)
class Advice:
    """What the check found: `code` to put in words at the edge, the row it is about, its values.

    `row` is the name of a question or group, "" for the survey as a whole. A `decide` keeps the
    survey from being published until a person takes it away or says why it stays; a `remark` does
    not. `key` stays the same as long as the finding does, also when the survey changes elsewhere.
    """

    code: str
    row: str
    severity: Severity
    params: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""  # what else tells two findings of one code and row apart: a language, a column

    @property
    def key(self) -> str:
        """`code:row:part`."""
        return f"{self.code}:{self.row}:{self.part}"
