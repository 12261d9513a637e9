"""What reading a boundary file gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely import MultiPolygon

from fieldapp.core.area import CbsLevel
from fieldapp.sources.errors import ReadReport


@dataclass(frozen=True, slots=True)
class BoundaryRow:
    """One area as the file gives it: checked code, valid geometry in EPSG:4326 (lon, lat).

    `changed_flag` is CBS' own mark of change against the year before (1 = unchanged), None
    where the file has none. `simplified` geometry is fit for maps and for assigning points
    with a known error, never to be shown as the legal boundary.
    """

    row: int
    code: str
    name: str
    level: CbsLevel
    gemeente_name: str | None
    geometry: MultiPolygon
    inhabitants: int | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    changed_flag: int | None = None
    simplified: bool = False


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """All areas of one file for one boundary year, and the report of reading them."""

    name: str
    format: str
    crs: str
    year: int
    rows: tuple[BoundaryRow, ...]
    report: ReadReport

    @property
    def gemeente_names(self) -> dict[str, str]:
        """Gemeente code -> name, as far as the file names them."""
        return {"GM" + row.code[2:6]: row.gemeente_name for row in self.rows if row.gemeente_name}
