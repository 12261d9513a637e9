"""Buurten for the wijkmanager: gemeenten, one gemeente, one buurt, and the same as files.

core.profile needs numpy; it is imported when the first profile is asked for, not at start.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for

from fieldapp.core.people import REVIEW_ROLES, Actor
from fieldapp.db.models import Area
from fieldapp.db.queries import review_lists
from fieldapp.db.queries.areas import newest_area
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.review import exports
from fieldapp.web.review.drawing import Drawing, draw
from fieldapp.web.review.gemeente import (
    area_state,
    gemeente_page,
    gemeenten_page,
    state_label,
)
from fieldapp.web.review.period import PeriodChoice, read_period

if TYPE_CHECKING:
    from fieldapp.services.profiles import ProfileView

blueprint = Blueprint("review", __name__, url_prefix="/buurten")

MAP_TOLERANCE = 0.00003  # about three metres: the map is for finding, the files are exact
SEARCH_LENGTH = 60


@blueprint.get("/")
def gemeenten() -> Any:
    """Choose a gemeente; with only one there is nothing to choose."""
    actor = required_actor()
    codes = actor.area_codes(*REVIEW_ROLES)
    only = None if codes is None else {_gemeente_of(code) for code in codes}
    rows = review_lists.gemeenten_with_buurten(db_session(), actor.organisation_id, only)
    if len(rows) == 1 and not request.args:
        return redirect(url_for("review.gemeente", code=rows[0].code))
    page = gemeenten_page(rows, _search())
    return render_template("review/gemeenten.html", page=page, can_manage=actor.has("beheerder"))


@blueprint.get("/gemeente/<code>")
def gemeente(code: str) -> Any:
    """Find the buurten where it wringt."""
    period = _period()
    views = _gemeente_views(code, period)
    profiles = [view.data for view in views]
    counts = review_lists.voice_counts(
        db_session(), _organisation(), [v.area_code for v in views], period.start, period.end
    )
    name = profiles[0]["area"]["gemeente_name"] or code
    shapes = _shapes(views)
    drawing = draw(
        [
            (shapes[view.area_code], area_state(view.data))
            for view in views
            if view.area_code in shapes
        ]
    )
    map_settings = _map(url_for("review.areas_geojson", code=code, **period.query))
    page = gemeente_page(
        name, code, profiles, counts, period, _search(), map_settings, drawing
    )
    return render_template("review/gemeente.html", page=page)


@blueprint.get("/gemeente/<code>/kaart.geojson")
def areas_geojson(code: str) -> Any:
    """The map of a gemeente: areas with their state and a link."""
    period = _period()
    views = _gemeente_views(code, period)
    shapes = _shapes(views)
    features = [
        _feature(
            exports.geometry_json(shapes.get(view.area_code), MAP_TOLERANCE),
            code=view.area_code,
            name=view.data["area"]["name"],
            state=area_state(view.data),
            state_label=state_label(view.data),
            url=url_for("review.buurt", code=view.area_code, **period.query),
        )
        for view in views
        if view.area_code in shapes
    ]
    return _geojson(features)


@blueprint.get("/gemeente/<code>/profielen.csv")
def gemeente_csv(code: str) -> Any:
    """All profiles of a gemeente as CSV."""
    period = _period()
    data = [view.data for view in _gemeente_views(code, period)]
    return _download(exports.profiles_csv(data), "text/csv", code, period, "csv")


@blueprint.get("/gemeente/<code>/profielen.geojson")
def gemeente_geojson(code: str) -> Any:
    """All profiles of a gemeente as GeoJSON."""
    period = _period()
    views = _gemeente_views(code, period)
    found = exports.profiles_geojson([view.data for view in views], _shapes(views))
    text = json.dumps(found, ensure_ascii=False)
    return _download(text, "application/geo+json", code, period, "geojson")


@blueprint.get("/<code>")
def buurt(code: str) -> Any:
    """The buurtprofiel."""
    from fieldapp.services.profiles.figures import catalogue
    from fieldapp.web.review.buurt import buurt_page
    from fieldapp.web.review.evidence import gather

    area, period, organisation = _buurt_area(code), _period(), _organisation()
    view, others = _buurt_view(area, period)
    session = db_session()
    cells = Counter(_cells(code, period))
    counts = review_lists.voice_counts(session, organisation, [code], period.start, period.end)
    page = buurt_page(
        view.data,
        others,
        gather(session, organisation, view.data),
        counts.get(code, {}),
        cells,
        catalogue(),
        period,
        view.computed_at,
        view.not_reviewed,
        _map(url_for("review.buurt_map", code=code, **period.query)),
        _draw_buurt(area, cells),
    )
    return render_template("review/buurt.html", page=page)


@blueprint.get("/<code>/kaart.geojson")
def buurt_map(code: str) -> Any:
    """The buurt and how many observations each 100 m cell holds; never the points."""
    from flask_babel import ngettext

    area, period = _buurt_area(code), _period()
    shapes = review_lists.area_shapes(db_session(), area.boundary_year, [code])
    features = [
        _feature(exports.geometry_json(shape, MAP_TOLERANCE), code=code, name="", state="none")
        for shape in shapes.values()
    ]
    for ring, count in Counter(_cells(code, period)).items():
        text = ngettext("%(num)s observatie", "%(num)s observaties", count)
        square = {"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]}
        features.append(_feature(square, code="", name=text, state="cell"))
    return _geojson(features)


@blueprint.get("/<code>/profiel.csv")
def buurt_csv(code: str) -> Any:
    """One profile as CSV."""
    area, period = _buurt_area(code), _period()
    text = exports.profiles_csv([_one(area, period).data])
    return _download(text, "text/csv", code, period, "csv")


@blueprint.get("/<code>/profiel.geojson")
def buurt_geojson(code: str) -> Any:
    """One profile as GeoJSON."""
    area, period = _buurt_area(code), _period()
    view = _one(area, period)
    text = json.dumps(exports.profiles_geojson([view.data], _shapes([view])), ensure_ascii=False)
    return _download(text, "application/geo+json", code, period, "geojson")


@blueprint.get("/<code>/profiel.json")
def buurt_json(code: str) -> Any:
    """One profile as the API gives it."""
    area, period = _buurt_area(code), _period()
    return jsonify(_one(area, period).data)


# --- who may see what -------------------------------------------------------------------------


def _gemeente_of(code: str) -> str:
    return "GM" + code[2:6]


def _organisation() -> int:
    found = required_actor().organisation_id
    if found is None:
        abort(403)
    return found


def _buurt_area(code: str) -> Area:
    """The buurt, when it exists and this person works there: else 404 or 403."""
    area = newest_area(db_session(), code)
    if area is None or area.level != "buurt" or area.organisation_id not in (None, _organisation()):
        abort(404)
    if not required_actor().covers(code, *REVIEW_ROLES):
        abort(403)
    return area


def _gemeente_views(code: str, period: PeriodChoice) -> list[ProfileView]:
    """The profiles of a gemeente in this person's areas: 404 without buurten, 403 without any."""
    from fieldapp.services.profiles import gemeente_profiles

    actor = required_actor()
    if not _may_enter(actor, code):
        abort(403)
    views = gemeente_profiles(
        db_session(), _organisation(), code, period.start, period.end, now()
    )
    if not views:
        abort(404)
    covered = [view for view in views if actor.covers(view.area_code, *REVIEW_ROLES)]
    if not covered:
        abort(403)
    return covered


def _may_enter(actor: Actor, gemeente_code: str) -> bool:
    """Whether any of the actor's areas lies in this gemeente; cheap, before anything is built."""
    codes = actor.area_codes(*REVIEW_ROLES)
    return codes is None or gemeente_code in {_gemeente_of(code) for code in codes}


def _buurt_view(
    area: Area, period: PeriodChoice
) -> tuple[ProfileView, Sequence[Mapping[str, Any]]]:
    """The profile of a buurt, and those of the other buurten: the backdrop."""
    from fieldapp.services.profiles import gemeente_profiles

    views = gemeente_profiles(
        db_session(), _organisation(), area.gemeente_code, period.start, period.end, now()
    )
    own = next((view for view in views if view.area_code == area.code), None)
    others = [view.data for view in views if view.area_code != area.code]
    return own or _one(area, period), others


def _one(area: Area, period: PeriodChoice) -> ProfileView:
    from fieldapp.services.profiles import ProfileRequest, profile_for

    asked = ProfileRequest(_organisation(), area.code, period.start, period.end)
    return profile_for(db_session(), asked, now())


# --- small things -----------------------------------------------------------------------------


def _period() -> PeriodChoice:
    from fieldapp.services.profiles import default_period

    return read_period(request.args, default_period(now()))


def _search() -> str:
    return request.args.get("q", "").strip()[:SEARCH_LENGTH]


def _shapes(views: Sequence[ProfileView]) -> dict[str, Any]:
    if not views:
        return {}
    year = views[0].data["area"]["boundary_year"]
    return dict(
        review_lists.area_shapes(db_session(), year, [view.area_code for view in views])
    )


def _map(url: str) -> dict[str, str]:
    """Settings of a map: our own boundaries, and tiles where the organisation has them."""
    found = {"url": url}
    if settings().tile_url:
        found |= {"tiles": settings().tile_url, "attribution": settings().tile_attribution}
    return found


def _draw_buurt(area: Area, cells: Mapping[tuple[tuple[float, float], ...], int]) -> Drawing | None:
    import shapely

    shapes = review_lists.area_shapes(db_session(), area.boundary_year, [area.code])
    squares = [(shapely.Polygon(ring), "cell") for ring in cells]
    return draw([(shape, "none") for shape in shapes.values()] + squares) if shapes else None


def _cells(code: str, period: PeriodChoice) -> list[tuple[tuple[float, float], ...]]:
    """The square of each observation's 100 m cell, once per observation."""
    from fieldapp.db.geo import cell_100m_square

    points = review_lists.observation_points(
        db_session(), _organisation(), code, period.start, period.end
    )
    return [
        tuple((corner[0], corner[1]) for corner in cell_100m_square(lon, lat))
        for lon, lat in points
    ]


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _geojson(features: list[dict[str, Any]]) -> Response:
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Response(text, mimetype="application/geo+json")


def _download(
    text: str, media_type: str, code: str, period: PeriodChoice, ending: str
) -> Response:
    name = f"buurtprofiel-{code}-{period.start}-{period.end}.{ending}"
    return Response(
        text,
        mimetype=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
