"""What storing the demo did."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fieldapp.demo.people import ORGANISATION, PASSWORD


@dataclass(slots=True)
class DemoReport:
    """What was added now; all zero on a second run. `log_ins` are e-mail addresses."""

    organisation: str = ORGANISATION
    areas: int = 0
    figures: int = 0
    people: int = 0
    rounds: int = 0
    submissions: int = 0
    photos: int = 0
    accepted: int = 0
    statements: int = 0
    quotes: int = 0
    log_ins: tuple[str, ...] = ()
    password: str = PASSWORD

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)
