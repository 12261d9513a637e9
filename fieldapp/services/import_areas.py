"""Import a boundary file: all of it in one transaction, or nothing.

Areas are known by code and boundary year, so several years live side by side, and the same file
again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fieldapp.core.area import AreaCode, CbsLevel
from fieldapp.core.people import Actor
from fieldapp.db.models import Area, AuditEntry, ImportRun
from fieldapp.db.queries import areas as queries
from fieldapp.services.import_files import check_year, file_sha256, finish
from fieldapp.sources.errors import Note, Refused, Repaired

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from fieldapp.sources.boundaries import BoundaryFile, BoundaryRow

Progress = Callable[[int, int], None]

# Source of a parent that no file has brought yet: its surface is that of its children.
DERIVED = "derived"
KEPT_IN_REPORT = 200  # refused and repaired rows kept with the run; a file may hold 14,000


@dataclass(slots=True)
class ImportReport:
    """What an import did. Counts are areas; `read` counts rows of the file.

    `kept_exact` are areas whose exact boundary was not replaced by a simplified one; `derived`
    are the codes of parents made of, or renewed from, their children.
    """

    file: str
    format: str
    crs: str
    year: int
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept_exact: int = 0
    water: int = 0
    repeated: int = 0
    derived: list[str] = field(default_factory=list)
    repaired: tuple[Repaired, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = ()

    def to_dict(self, limit: int | None = None) -> dict[str, Any]:
        """For JSON; `limit` caps the lists of rows, their full length stays in the counts."""
        data = asdict(self)
        for name in ("repaired", "refused"):
            data[f"{name}_count"] = len(data[name])
            data[name] = list(data[name][:limit])
        data["notes"] = list(data["notes"])
        return data


def import_areas(
    session: Session,
    file: Path,
    *,
    year: int,
    actor: Actor,
    now: datetime,
    crs: str | None = None,
    mapping: Path | None = None,
    levels: Collection[CbsLevel] | None = None,
    organisation: int | None = None,
    run: ImportRun | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring the areas of `file` into boundary year `year`; one commit.

    `organisation` is the id of who imports (areas themselves belong to all); `run` is an import
    that was queued before, without it one is noted. `progress` is called with (done, total).
    Raises SourceError when the file cannot be used; then nothing is changed.
    """
    from fieldapp.sources.boundaries import read_boundaries

    check_year(year, file)
    found = read_boundaries(file, year=year, crs=crs, mapping=mapping, levels=levels)
    try:
        report = _Import(session, found, progress).store()
        kept = report.to_dict(KEPT_IN_REPORT)
        options = {"year": year, "crs": crs, "mapping": mapping.name if mapping else None}
        run = run or ImportRun(kind="areas", created_at=now)
        finish(run, file, found.format, options, actor, organisation, now)
        run.file_sha256, run.report = file_sha256(file), kept
        session.add(run)
        counts = {name: kept[name] for name in ("added", "changed", "unchanged", "read")}
        session.add(
            AuditEntry(
                at=now,
                actor_id=actor.user_id,
                deed="areas_imported",
                subject=f"areas {year}",
                detail={"file": file.name, **counts},
            )
        )
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return report


class _Import:
    """One file on its way into the database."""

    def __init__(self, session: Session, found: BoundaryFile, progress: Progress | None) -> None:
        self.session = session
        self.found = found
        self.names = found.gemeente_names
        self.progress = progress or (lambda done, total: None)
        read = found.report
        self.report = ImportReport(
            file=found.name,
            format=found.format,
            crs=found.crs,
            year=found.year,
            read=read.read,
            water=read.water,
            repeated=read.repeated,
            repaired=read.repaired,
            refused=read.refused,
            notes=read.notes,
        )
        self.known: dict[str, Area] = {}
        self.touched: set[str] = set()

    def store(self) -> ImportReport:
        """Add and change areas, then their parents; the caller commits."""
        queries.lock_boundaries(self.session)
        codes = {code for row in self.found.rows for code in _family(row.code)}
        self.known = queries.areas_by_code(self.session, self.found.year, codes)
        total = len(self.found.rows)
        for done, row in enumerate(self.found.rows, start=1):
            self._row(row)
            self.progress(done, total)
        self.session.flush()
        for code in self._parents_to_derive():
            self._derive(code)
        for code, name in sorted(self.names.items()):
            queries.name_gemeente(self.session, self.found.year, code, name)
        self.session.expire_all()
        if self.touched:
            queries.renew_boundary_revision(self.session)
        if self.report.derived:
            count = {"count": len(self.report.derived)}
            self.report.notes = (*self.report.notes, Note("parents_derived", count))
        return self.report

    def _row(self, row: BoundaryRow) -> None:
        area = self.known.get(row.code)
        if area is None:
            self._write(self._new(row.code), self._values(row), row.geometry)
            self.report.added += 1
            return
        if row.simplified and not area.simplified:
            self.report.kept_exact += 1
            return
        values = self._values(row)
        # The file's name alone is no change; that a file now stands behind the area is.
        same = all(getattr(area, name) == new for name, new in values.items() if name != "source")
        if same and area.source != DERIVED:
            self.report.unchanged += 1
            return
        self._write(area, values, row.geometry)
        self.report.changed += 1

    def _values(self, row: BoundaryRow) -> dict[str, Any]:
        known = self.known.get(row.code)
        gemeente = row.gemeente_name or self._gemeente_name("GM" + row.code[2:6])
        return {
            "name": row.name,
            "gemeente_name": gemeente or (known.gemeente_name if known else ""),
            "changed": None if row.changed_flag is None else row.changed_flag != 1,
            "simplified": row.simplified,
            "source": f"{self.found.format}: {self.found.name}"[:200],
            "geom_hash": geometry_hash(row.geometry),
        }

    def _gemeente_name(self, code: str) -> str:
        """As this file names the gemeente, else as it is known already for this year."""
        named = self.names.get(code)
        known = self.known.get(code)
        return named or (known.gemeente_name if known else "")

    def _new(self, text: str) -> Area:
        code = AreaCode(text)
        area = Area(
            boundary_year=self.found.year,
            code=text,
            level=code.level,
            parent_code=code.parent.text if code.parent else None,
            gemeente_code=code.gemeente.text,
        )
        self.session.add(area)
        self.known[text] = area
        return area

    def _write(self, area: Area, values: dict[str, Any], geometry: MultiPolygon) -> None:
        label = geometry.representative_point()
        for name, value in values.items():
            setattr(area, name, value)
        area.geom, area.label_lon, area.label_lat = geometry, label.x, label.y
        self.touched.add(area.code)

    def _parents_to_derive(self) -> Iterator[str]:
        """Parents without a file of their own whose children changed, wijken before gemeenten."""
        parents = {code for text in self.touched for code in _family(text)[1:]}
        for code in sorted(parents, key=lambda text: (text[:2] != "WK", text)):
            area = self.known.get(code)
            if area is None or area.source == DERIVED:
                yield code

    def _derive(self, code: str) -> None:
        """A parent as the union of its children; it may miss the parts no file has brought."""
        import shapely

        children = queries.child_geometries(self.session, self.found.year, code)
        union = shapely.union_all(children)
        surface = shapely.MultiPolygon(getattr(union, "geoms", [union]))
        gemeente = self._gemeente_name("GM" + code[2:6])
        own_name = gemeente or code if code.startswith("GM") else f"Wijk {code[6:]}"
        values = {
            "name": own_name,
            "gemeente_name": gemeente,
            "simplified": True,
            "source": DERIVED,
            "geom_hash": geometry_hash(surface),
        }
        area = self.known.get(code) or self._new(code)
        if any(getattr(area, name) != value for name, value in values.items()):
            self._write(area, values, surface)
            self.session.flush()
            self.report.derived.append(code)


def geometry_hash(geometry: MultiPolygon) -> str:
    """A fingerprint of a geometry in degrees, equal for equal surfaces to about a millimetre."""
    import numpy as np
    import shapely

    rounded = shapely.transform(shapely.normalize(geometry), lambda xy: np.round(xy, 8) + 0.0)
    return hashlib.sha256(shapely.to_wkb(rounded, byte_order=1)).hexdigest()


def _family(text: str) -> list[str]:
    """The code itself and its parents, nearest first."""
    code = AreaCode(text)
    return [code.text, *(parent.text for parent in code.parents)]
