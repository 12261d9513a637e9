"""Where a submission belongs: the buurt of its point, or the area that somebody chose."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from sqlalchemy.orm import Session

from fieldapp.core.submission import Location
from fieldapp.core.survey import Problem
from fieldapp.db.geo import find_buurt
from fieldapp.db.models import Round
from fieldapp.db.queries.areas import newest_area
from fieldapp.services.intake.receipt import Refused
from fieldapp.services.places import only_area

ENQUETE = "enquete"


@dataclass(frozen=True, slots=True)
class Place:
    """found, chosen, outside (kept and marked) or none."""

    status: str = "none"
    code: str | None = None
    name: str | None = None
    year: int | None = None


def place_of(session: Session, location: Location, open_round: Round | None = None) -> Place:
    """The area of a location; without one, the only area of the round it came through.

    Refused when it names an area that does not exist.
    """
    if location.lon is not None and location.lat is not None:
        found = find_buurt(session, location.lon, location.lat)
        if found is None:
            return Place("outside")
        return Place("found", found.code, found.name, found.boundary_year)
    if location.area_code:
        area = newest_area(session, location.area_code)
        if area is None:
            params = {"code": location.area_code}
            raise Refused(Problem("unknown_area", "location.area_code", params))
        return Place("chosen", area.code, area.name, area.boundary_year)
    return _place_of_round(session, open_round)


def _place_of_round(session: Session, open_round: Round | None) -> Place:
    """A link handed out in one buurt says where answers come from; one of a gemeente does not."""
    code = only_area(open_round)
    area = newest_area(session, code) if code else None
    if area is None:
        return Place()
    return Place("chosen", area.code, area.name, area.boundary_year)


def kept_location(location: Location, kind: str) -> Location:
    """The location as it may be kept: of a resident's own survey only how the buurt was found."""
    return Location(source=location.source) if kind == ENQUETE else location


def point_of(location: Location) -> shapely.Point | None:
    """The point as a geometry, EPSG:4326."""
    if location.lon is None or location.lat is None:
        return None
    return shapely.Point(location.lon, location.lat)
