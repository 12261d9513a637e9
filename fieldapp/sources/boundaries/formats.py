"""The known formats of boundary files, as one table of column names.

Column names are compared folded (lower case, without underscores), so that PDOK's two
spellings, `aantal_inwoners` (OGC API, GeoPackage) and `aantalInwoners` (WFS), are one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.core.area import CbsLevel


@dataclass(frozen=True, slots=True)
class CodePart:
    """A piece of a code: fixed `text`, or a column filled with zeros to `width` or its `last`."""

    text: str = ""
    column: str = ""
    width: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """Which column means what. A format fits a file that has all columns of `needs`."""

    name: str
    needs: frozenset[str]
    code: tuple[CodePart, ...]
    area_name: str
    level: CbsLevel | None = None
    gemeente_name: str | None = None
    fixed_gemeente: str | None = None
    inhabitants: tuple[str, ...] = ()
    water: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    boundary_year: tuple[str, ...] = ()
    simplified: bool = False


def fold(column: str) -> str:
    """The spelling in which column names are compared."""
    return column.replace("_", "").lower()


def _known(name: str, code: str, area_name: str, **columns: Any) -> Format:
    marks = columns.pop("marks", ())
    needs = frozenset({fold(code), fold(area_name), *map(fold, marks)})
    return Format(name, needs, (CodePart(column=code),), area_name, **columns)


_PDOK: dict[str, Any] = {
    "gemeente_name": "gemeentenaam",
    "inhabitants": ("aantal_inwoners",),
    "water": ("water",),
    "changed": ("indelingswijziging_wijken_en_buurten",),
    "boundary_year": ("jaar",),
    "marks": ("gemeentecode",),
}
_CBS: dict[str, Any] = {
    "gemeente_name": "GM_NAAM",
    "inhabitants": ("AANT_INW",),
    "water": ("H2O", "WATER"),
    "changed": ("IND_WBI",),
}

# Order matters: the first format whose columns are all there is taken, finest level first.
FORMATS: tuple[Format, ...] = (
    _known(
        "leefbaarometer-heruitgave",
        "code",
        "naam",
        gemeente_name="gemeente",
        simplified=True,
        marks=("raw", "klasse"),
    ),
    _known("leefbaarometer-wfs", "id", "name", gemeente_name="gemeente", marks=("kscore", "scale")),
    _known("pdok-buurten", "buurtcode", "buurtnaam", level="buurt", **_PDOK),
    _known("pdok-wijken", "wijkcode", "wijknaam", level="wijk", **_PDOK),
    _known("pdok-gemeenten", "gemeentecode", "gemeentenaam", level="gemeente", **_PDOK),
    _known("cbs-buurten", "BU_CODE", "BU_NAAM", level="buurt", **_CBS),
    _known("cbs-wijken", "WK_CODE", "WK_NAAM", level="wijk", **_CBS),
    _known("cbs-gemeenten", "GM_CODE", "GM_NAAM", level="gemeente", **_CBS),
    _known(
        "cbs-wijken-2016",
        "WKC",
        "WKN",
        level="wijk",
        gemeente_name="GMN",
        simplified=True,
        marks=("GMC",),
    ),
)

# Names CBS gives to large water; looked at only where the code leaves the question open.
WATER_NAMES = frozenset(
    {"groot water", "water", "buitenwater", "noordzee", "waddenzee", "ijsselmeer", "markermeer"}
)
WATER_YES = frozenset({"JA", "J", "1", "B"})
WATER_NO = frozenset({"NEE", "N", "0"})


def detect(columns: Collection[str]) -> Format | None:
    """The first known format whose columns are all present, None when there is none."""
    present = {fold(column) for column in columns}
    return next((known for known in FORMATS if known.needs <= present), None)


class Columns:
    """One row's properties, found by folded column name."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self._values = {fold(str(key)): value for key, value in properties.items()}

    def get(self, *names: str) -> Any:
        """Value of the first of these columns that is there, else None."""
        folded = (fold(name) for name in names)
        return next((self._values[name] for name in folded if name in self._values), None)

    def text(self, *names: str) -> str:
        """The same as one line of text without padding, empty when absent."""
        value = self.get(*names)
        # Control characters (a NUL is refused by PostgreSQL) and runs of spaces become one space.
        written = "" if value is None else str(value)
        printable = (char if char.isprintable() else " " for char in written)
        return " ".join("".join(printable).split())

    def count(self, *names: str) -> int | None:
        """The same as a count; CBS' negative sentinels, `.` and empty cells are None."""
        try:
            number = float(self.text(*names))
        except ValueError:
            return None
        return int(number) if number >= 0 and number.is_integer() else None


def written_code(columns: Columns, parts: tuple[CodePart, ...]) -> Any:
    """The code as the row gives it; a lone column comes back untouched, so a number stays one."""
    if len(parts) == 1 and not (parts[0].width or parts[0].last) and parts[0].column:
        return columns.get(parts[0].column)
    pieces = []
    for part in parts:
        if not part.column:
            pieces.append(part.text)
            continue
        value = columns.text(part.column)
        if not value:
            return None
        value = value.zfill(max(part.width, part.last))
        pieces.append(value[-part.last :] if part.last else value)
    return "".join(pieces)
