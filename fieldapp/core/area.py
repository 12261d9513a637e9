"""Codes of Dutch areas: what a code says about its level, its parents and its being water.

CBS codes are text: `GM` + 4 digits, `WK` + 4 digits + 2, `BU` + 4 digits + 4. Amsterdam uses
letters since 2022 (`BU0363AB10`). A code is unique only within one boundary year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

CbsLevel = Literal["gemeente", "wijk", "buurt"]
Level = Literal["gemeente", "wijk", "buurt", "complex", "portiek"]

LEVELS: tuple[Level, ...] = ("gemeente", "wijk", "buurt", "complex", "portiek")
CBS_LEVELS: tuple[CbsLevel, ...] = ("gemeente", "wijk", "buurt")

PREFIX: Mapping[CbsLevel, str] = {"gemeente": "GM", "wijk": "WK", "buurt": "BU"}
# Characters after the prefix; the first four are always the digits of the gemeente.
LENGTH: Mapping[CbsLevel, int] = {"gemeente": 4, "wijk": 6, "buurt": 8}

_LEVEL_OF_PREFIX: Mapping[str, CbsLevel] = {prefix: level for level, prefix in PREFIX.items()}
_PATTERN = re.compile(r"GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4}")
_BARE = re.compile(r"[0-9]{3,8}")
_PREFIXED = re.compile(r"(GM|WK|BU)[ ._-]*([0-9A-Z]+)")
ABROAD = "GM0998"


class AreaCodeError(ValueError):
    """A text that is no area code; `code` says why, `suggestion` is the likely code or empty."""

    def __init__(self, code: str, written: str, suggestion: str = "") -> None:
        self.code = code
        self.written = written
        self.suggestion = suggestion
        self.params: dict[str, Any] = {"written": written, "suggestion": suggestion}
        super().__init__(code, written, suggestion)


@dataclass(frozen=True, slots=True, order=True)
class AreaCode:
    """A checked CBS code; the level follows from its prefix."""

    text: str
    level: CbsLevel = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if not _PATTERN.fullmatch(self.text):
            raise AreaCodeError(*_diagnose(self.text))
        object.__setattr__(self, "level", _LEVEL_OF_PREFIX[self.text[:2]])

    def __str__(self) -> str:
        return self.text

    @property
    def gemeente(self) -> AreaCode:
        """The gemeente this area lies in, itself for a gemeente."""
        return AreaCode("GM" + self.text[2:6])

    @property
    def wijk(self) -> AreaCode | None:
        """The wijk this area lies in, itself for a wijk, None for a gemeente."""
        return None if self.level == "gemeente" else AreaCode("WK" + self.text[2:8])

    @property
    def parent(self) -> AreaCode | None:
        """One level up: buurt -> wijk -> gemeente -> None."""
        return {"gemeente": None, "wijk": self.gemeente, "buurt": self.wijk}[self.level]

    @property
    def parents(self) -> tuple[AreaCode, ...]:
        """All levels up, nearest first."""
        above = self.parent
        return () if above is None else (above, *above.parents)


def parse_code(raw: object, *, level: CbsLevel | None = None) -> AreaCode:
    """Read a code as a file writes it; padding is stripped, nothing else is changed.

    `level` is what the column promises (a column `buurtcode` holds buurten). Raises
    AreaCodeError with one of the codes `missing`, `lost_prefix`, `lost_zeros`, `wrong_length`,
    `lower_case`, `wrong_level`, `not_a_code`.
    """
    if raw is None or isinstance(raw, bool):
        raise AreaCodeError("missing", "")
    written = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw).strip()
    if not written or written in {".", "nan", "None"}:
        raise AreaCodeError("missing", written)
    if not _PATTERN.fullmatch(written):
        raise AreaCodeError(*_diagnose(written, level))
    code = AreaCode(written)
    if level is not None and code.level != level:
        raise AreaCodeError("wrong_level", written)
    return code


def is_code(text: str) -> bool:
    """True for a text that is exactly a CBS code, without padding."""
    return _PATTERN.fullmatch(text) is not None


def level_of(code: str) -> CbsLevel:
    """Level of a valid code; AreaCodeError when it is none."""
    return AreaCode(code).level


def parent_of(code: str) -> str | None:
    """Code one level up, None for a gemeente; AreaCodeError when `code` is none."""
    parent = AreaCode(code).parent
    return None if parent is None else parent.text


def is_water(code: str) -> bool:
    """True when the code alone says large water: a buurt that ends in 9997 or 9998.

    Not every code with wijk 99 or an ending of 97 to 99 is water: Assen has eighteen inhabited
    buurten BU01069900 to BU01069917, Arnhem has BU02021798 and Den Haag BU05181697. Measured
    on CBS, RIVM and Leefbaarometer files; see `may_be_water`.
    """
    return code.startswith("BU") and code[6:] in {"9997", "9998"}


def may_be_water(code: str) -> bool:
    """True for wijk 99, where CBS keeps large water but some gemeenten keep inhabited land.

    The file has to decide: its water column, its inhabitants or the name of the area.
    """
    return code[:2] in {"WK", "BU"} and code[6:8] == "99"


def _diagnose(written: str, level: CbsLevel | None = None) -> tuple[str, str, str]:
    """Why `written` is no code, and which code was probably meant: (code, written, suggestion)."""
    if _PATTERN.fullmatch(written.upper()):
        return "lower_case", written, written.upper()
    if _BARE.fullmatch(written):
        return _diagnose_bare(written, level)
    match = _PREFIXED.fullmatch(written.upper())
    if match is None:
        return "not_a_code", written, ""
    prefix, rest = match.groups()
    wanted = LENGTH[_LEVEL_OF_PREFIX[prefix]]
    if len(rest) == wanted - 1 and rest.isdigit():
        return "lost_zeros", written, prefix + rest.zfill(wanted)
    if len(rest) > wanted and level in (None, _LEVEL_OF_PREFIX[prefix]):
        return "wrong_length", written, _valid(prefix + rest[:wanted])
    if len(rest) == wanted:
        return "not_a_code", written, _valid(prefix + rest)
    return "wrong_length", written, ""


def _diagnose_bare(digits: str, level: CbsLevel | None) -> tuple[str, str, str]:
    """A number without prefix: the level from the column, else from the number of digits."""
    even = len(digits) + len(digits) % 2  # at most one leading zero was lost
    meant: CbsLevel = (
        level if level is not None else next(name for name in CBS_LEVELS if LENGTH[name] == even)
    )
    if len(digits) > LENGTH[meant]:
        return "wrong_length", digits, ""
    whole = digits.zfill(LENGTH[meant])
    # Only one zero can be lost for certain; a shorter number may have lost digits at the end.
    sure = len(digits) >= LENGTH[meant] - 1
    reason = "lost_zeros" if len(digits) < LENGTH[meant] else "lost_prefix"
    return reason, digits, _valid(PREFIX[meant] + whole) if sure else ""


def _valid(candidate: str) -> str:
    return candidate if _PATTERN.fullmatch(candidate) else ""
