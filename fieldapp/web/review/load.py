"""What the views ask for: the areas a person may see, their profiles, the period, the shapes.

core.profile needs numpy; it is imported when the first profile is asked for, not at start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import abort, request

from fieldapp.core.people import REVIEW_ROLES, Actor
from fieldapp.core.submission import can_be_stored
from fieldapp.db.models import Area
from fieldapp.db.queries import review_lists
from fieldapp.db.queries.areas import newest_area
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.review.drawing import Drawing, draw
from fieldapp.web.review.period import PeriodChoice, read_period

if TYPE_CHECKING:
    from fieldapp.services.profiles import ProfileView

SEARCH_LENGTH = 60
Ring = tuple[tuple[float, float], ...]


def gemeente_of(code: str) -> str:
    """The gemeente in which a CBS area lies."""
    return "GM" + code[2:6]


def organisation_id() -> int:
    """The organisation whose voices are read."""
    found = required_actor().organisation_id
    if found is None:
        abort(403)
    return found


def buurt_area(code: str) -> Area:
    """The buurt, when it exists and this person works there: else 404 or 403."""
    if not can_be_stored(code):
        abort(404)
    area = newest_area(db_session(), code)
    if (
        area is None
        or area.level != "buurt"
        or area.organisation_id not in (None, organisation_id())
    ):
        abort(404)
    if not required_actor().covers(code, *REVIEW_ROLES):
        abort(403)
    return area


def gemeente_views(code: str, period: PeriodChoice) -> list[ProfileView]:
    """The profiles of a gemeente in this person's areas: 404 without buurten, 403 without any."""
    from fieldapp.services.profiles import gemeente_profiles

    actor = required_actor()
    if not can_be_stored(code):
        abort(404)
    if not may_enter(actor, code):
        abort(403)
    views = gemeente_profiles(
        db_session(), organisation_id(), code, period.start, period.end, now()
    )
    if not views:
        abort(404)
    covered = [view for view in views if actor.covers(view.area_code, *REVIEW_ROLES)]
    if not covered:
        abort(403)
    return covered


def may_enter(actor: Actor, gemeente_code: str) -> bool:
    """Whether any of the actor's areas lies in this gemeente; cheap, before anything is built."""
    codes = actor.area_codes(*REVIEW_ROLES)
    return codes is None or gemeente_code in {gemeente_of(code) for code in codes}


def buurt_view(area: Area, period: PeriodChoice) -> tuple[ProfileView, Sequence[Mapping[str, Any]]]:
    """The profile of a buurt, and those of the other buurten: the backdrop."""
    from fieldapp.services.profiles import gemeente_profiles

    views = gemeente_profiles(
        db_session(), organisation_id(), area.gemeente_code, period.start, period.end, now()
    )
    own = next((view for view in views if view.area_code == area.code), None)
    others = [view.data for view in views if view.area_code != area.code]
    return own or profile_view(area, period), others


def profile_view(area: Area, period: PeriodChoice) -> ProfileView:
    """The profile of one buurt."""
    from fieldapp.services.profiles import ProfileRequest, profile_for

    asked = ProfileRequest(organisation_id(), area.code, period.start, period.end)
    return profile_for(db_session(), asked, now())


def asked_period() -> PeriodChoice:
    """The period in the address."""
    from fieldapp.services.profiles import default_period

    return read_period(request.args, default_period(now()))


def asked_search() -> str:
    """What was searched for, of a sensible length."""
    return request.args.get("q", "").strip()[:SEARCH_LENGTH]


def shapes_of(views: Sequence[ProfileView]) -> dict[str, Any]:
    """Code -> boundary of the areas of these profiles, where known."""
    if not views:
        return {}
    year = views[0].data["area"]["boundary_year"]
    return dict(review_lists.area_shapes(db_session(), year, [view.area_code for view in views]))


def map_settings(url: str) -> dict[str, str]:
    """Settings of a map: our own boundaries, and tiles where the organisation has them."""
    found = {"url": url}
    if settings().tile_url:
        found |= {"tiles": settings().tile_url, "attribution": settings().tile_attribution}
    return found


def draw_buurt(area: Area, cells: Iterable[Ring]) -> Drawing | None:
    """The buurt with its cells, for paper."""
    import shapely

    shapes = review_lists.area_shapes(db_session(), area.boundary_year, [area.code])
    squares = ((shapely.Polygon(ring), "cell") for ring in cells)
    return draw([*((shape, "none") for shape in shapes.values()), *squares]) if shapes else None


def cell_squares(code: str, period: PeriodChoice) -> list[Ring]:
    """The square of each observation's 100 m cell, once per observation."""
    from fieldapp.db.geo import cell_100m_square

    points = review_lists.observation_points(
        db_session(), organisation_id(), code, period.start, period.end
    )
    return [
        tuple((corner[0], corner[1]) for corner in cell_100m_square(lon, lat))
        for lon, lat in points
    ]
