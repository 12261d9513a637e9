"""Boundaries and figures of the fictional gemeente, into the database."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from shapely.geometry import mapping as as_geojson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.db.models import ImportRun, IndicatorValue
from fieldapp.db.queries import indicators as indicator_queries
from fieldapp.db.queries.areas import areas_by_code
from fieldapp.demo.compose import DemoWorld
from fieldapp.demo.figures import EDITION, SOURCE
from fieldapp.demo.stories import DATA
from fieldapp.services.demo_report import DemoReport
from fieldapp.services.import_areas import import_areas


def store_areas(
    session: Session, world: DemoWorld, organisation_id: int, now: datetime, report: DemoReport
) -> None:
    """The same boundaries in every year that has figures: unchanged, so years are comparable."""
    codes = [area.code for area in world.areas]
    years = sorted({value.year for value in world.indicator_values})
    missing = [y for y in years if len(areas_by_code(session, y, codes)) < len(codes)]
    if not missing:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "voorbeeldstad-verzonnen.geojson"
        file.write_text(json.dumps(_geojson(world)), encoding="utf-8")
        for year in missing:
            done = import_areas(
                session,
                file,
                year=year,
                actor=SYSTEM,
                now=now,
                mapping=DATA / "boundaries.yaml",
                organisation=organisation_id,
            )
            report.areas += done.added


def _geojson(world: DemoWorld) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": area.code,
                "naam": area.name,
                "inwoners": area.inhabitants,
                "gewijzigd": 1,  # as CBS writes it: 1 = not changed
            },
            "geometry": as_geojson(area.geometry),
        }
        for area in world.areas
    ]
    return {"type": "FeatureCollection", "features": features}


def store_figures(
    session: Session, world: DemoWorld, organisation_id: int, now: datetime, report: DemoReport
) -> None:
    """Straight into the table: no publisher's format holds figures that nobody published."""
    known = session.scalar(
        select(func.count()).select_from(IndicatorValue).where(IndicatorValue.source == SOURCE)
    )
    if known:
        return
    run = ImportRun(
        organisation_id=organisation_id,
        kind="indicators",
        source=SOURCE,
        file_name="fieldapp demo",
        state="done",
        progress=100,
        created_at=now,
        finished_at=now,
    )
    session.add(run)
    session.flush()
    rows = [
        {
            "indicator": value.indicator,
            "area_code": value.area_code,
            "year": value.year,
            "edition": EDITION,
            "value": value.value,
            "status": "",
            "source": SOURCE,
            "import_id": run.id,
        }
        for value in world.indicator_values
    ]
    for _ in indicator_queries.insert_values(session, rows):
        pass
    session.commit()
    report.figures = len(rows)
