"""Published surveys, rounds and areas."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from shapely.geometry import MultiPolygon, box
from sqlalchemy.orm import Session

from fieldapp.core.area import parent_of
from fieldapp.core.people import SYSTEM
from fieldapp.core.survey import load_survey, read_survey
from fieldapp.db.models import Area, BoundaryRevision, Round, SurveyVersion
from fieldapp.paths import SURVEYS
from fieldapp.services.publish_survey import publish_survey
from tests.factories.people import make_organisation

PUBLISHED = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def make_survey(session: Session, survey: str | Mapping[str, Any] = "observatie") -> SurveyVersion:
    """A published survey: one that ships, by name, or a small definition."""
    if isinstance(survey, str):
        definition = read_survey(SURVEYS / survey / "survey.yaml")
    else:
        definition = load_survey(survey)
    return publish_survey(session, definition, SYSTEM, PUBLISHED)[0]


def make_area(
    session: Session,
    code: str = "BU99990101",
    name: str = "Sterrenbuurt",
    *,
    bounds: tuple[float, float, float, float] = (5.10, 52.08, 5.12, 52.10),
    year: int = 2024,
) -> Area:
    """A buurt (or GM, WK) whose boundary is a rectangle: west, south, east, north in degrees."""
    level = {"GM": "gemeente", "WK": "wijk", "BU": "buurt"}.get(code[:2], "complex")
    west, south, east, north = bounds
    area = Area(
        boundary_year=year,
        code=code,
        name=name,
        level=level,
        parent_code=parent_of(code) if level in ("wijk", "buurt") else None,
        gemeente_code=f"GM{code[2:6]}" if level != "complex" else "GM9999",
        gemeente_name="Lindestad",
        geom=MultiPolygon([box(west, south, east, north)]),
        label_lon=(west + east) / 2,
        label_lat=(south + north) / 2,
    )
    session.add(area)
    revision = session.get(BoundaryRevision, 1)
    if revision is None:
        revision = BoundaryRevision(id=1, revision=0)
        session.add(revision)
    # Never a number that an earlier test used: search trees are kept per process.
    revision.revision = int(datetime.now(UTC).timestamp() * 1000) % 2**31 + next(_numbers)
    session.commit()
    return area


def make_round(
    session: Session,
    version: SurveyVersion,
    *areas: str,
    slug: str = "",
    name: str = "Lente",
    opens_on: date = date(2026, 1, 1),
    closes_on: date | None = None,
    public: bool = True,
    organisation: str = "gemeente",
) -> Round:
    """A round of this survey in these areas; open and public unless said otherwise."""
    made = Round(
        slug=slug or f"ronde-{next(_numbers)}",
        name=name,
        organisation_id=make_organisation(session, organisation).id,
        survey_id=version.survey_id,
        area_codes=list(areas),
        opens_on=opens_on,
        closes_on=closes_on,
        is_public=public,
    )
    session.add(made)
    session.commit()
    return made
