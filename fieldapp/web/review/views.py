"""Buurten for the wijkmanager: gemeenten, one gemeente, one buurt, and the same as files.

core.profile needs numpy; it is imported when the first profile is asked for, not at start.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for

from fieldapp.core.people import REVIEW_ROLES
from fieldapp.db.queries import review_lists
from fieldapp.web.context import db_session, required_actor
from fieldapp.web.review import exports, load
from fieldapp.web.review.drawing import draw
from fieldapp.web.review.gemeente import (
    area_state,
    gemeente_page,
    gemeenten_page,
    state_label,
)
from fieldapp.web.review.period import PeriodChoice

blueprint = Blueprint("review", __name__, url_prefix="/buurten")

MAP_TOLERANCE = 0.00003  # about three metres: the map is for finding, the files are exact


@blueprint.get("/")
def gemeenten() -> Any:
    """Choose a gemeente; with only one there is nothing to choose."""
    actor = required_actor()
    codes = actor.area_codes(*REVIEW_ROLES)
    only = None if codes is None else {load.gemeente_of(code) for code in codes}
    rows = review_lists.gemeenten_with_buurten(db_session(), actor.organisation_id, only)
    if len(rows) == 1 and not request.args:
        return redirect(url_for("review.gemeente", code=rows[0].code))
    page = gemeenten_page(rows, load.asked_search())
    return render_template("review/gemeenten.html", page=page, can_manage=actor.has("beheerder"))


@blueprint.get("/gemeente/<code>")
def gemeente(code: str) -> Any:
    """Find the buurten where it wringt."""
    period = load.asked_period()
    views = load.gemeente_views(code, period)
    profiles = [view.data for view in views]
    counts = {view.area_code: view.voices for view in views}
    name = profiles[0]["area"]["gemeente_name"] or code
    shapes = load.shapes_of(views)
    drawing = draw(
        [
            (shapes[view.area_code], area_state(view.data))
            for view in views
            if view.area_code in shapes
        ]
    )
    map_settings = load.map_settings(url_for("review.areas_geojson", code=code, **period.query))
    page = gemeente_page(
        name, code, profiles, counts, period, load.asked_search(), map_settings, drawing
    )
    return render_template("review/gemeente.html", page=page)


@blueprint.get("/gemeente/<code>/kaart.geojson")
def areas_geojson(code: str) -> Any:
    """The map of a gemeente: areas with their state and a link."""
    period = load.asked_period()
    views = load.gemeente_views(code, period)
    shapes = load.shapes_of(views)
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
    period = load.asked_period()
    data = [view.data for view in load.gemeente_views(code, period)]
    return _download(exports.profiles_csv(data), "text/csv", code, period, "csv")


@blueprint.get("/gemeente/<code>/profielen.geojson")
def gemeente_geojson(code: str) -> Any:
    """All profiles of a gemeente as GeoJSON."""
    period = load.asked_period()
    views = load.gemeente_views(code, period)
    found = exports.profiles_geojson([view.data for view in views], load.shapes_of(views))
    text = json.dumps(found, ensure_ascii=False)
    return _download(text, "application/geo+json", code, period, "geojson")


@blueprint.get("/<code>")
def buurt(code: str) -> Any:
    """The buurtprofiel."""
    from fieldapp.services.catalogue import catalogue
    from fieldapp.web.review.buurt import buurt_page
    from fieldapp.web.review.evidence import gather

    area, period, organisation = load.buurt_area(code), load.asked_period(), load.organisation_id()
    view, others = load.buurt_view(area, period)
    session = db_session()
    cells = Counter(load.cell_squares(code, period))
    page = buurt_page(
        view.data,
        others,
        gather(session, organisation, view.data),
        view.voices,
        cells,
        catalogue(),
        period,
        view.computed_at,
        view.not_reviewed,
        load.map_settings(url_for("review.buurt_map", code=code, **period.query)),
        load.draw_buurt(area, cells),
    )
    return render_template("review/buurt.html", page=page)


@blueprint.get("/<code>/kaart.geojson")
def buurt_map(code: str) -> Any:
    """The buurt and how many observations each 100 m cell holds; never the points."""
    from flask_babel import ngettext

    area, period = load.buurt_area(code), load.asked_period()
    shapes = review_lists.area_shapes(db_session(), area.boundary_year, [code])
    features = [
        _feature(exports.geometry_json(shape, MAP_TOLERANCE), code=code, name="", state="none")
        for shape in shapes.values()
    ]
    for ring, count in Counter(load.cell_squares(code, period)).items():
        text = ngettext("%(num)s observatie", "%(num)s observaties", count)
        square = {"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]}
        features.append(_feature(square, code="", name=text, state="cell"))
    return _geojson(features)


@blueprint.get("/<code>/profiel.csv")
def buurt_csv(code: str) -> Any:
    """One profile as CSV."""
    area, period = load.buurt_area(code), load.asked_period()
    text = exports.profiles_csv([load.profile_view(area, period).data])
    return _download(text, "text/csv", code, period, "csv")


@blueprint.get("/<code>/profiel.geojson")
def buurt_geojson(code: str) -> Any:
    """One profile as GeoJSON."""
    area, period = load.buurt_area(code), load.asked_period()
    view = load.profile_view(area, period)
    text = json.dumps(
        exports.profiles_geojson([view.data], load.shapes_of([view])), ensure_ascii=False
    )
    return _download(text, "application/geo+json", code, period, "geojson")


@blueprint.get("/<code>/profiel.json")
def buurt_json(code: str) -> Any:
    """One profile as the API gives it."""
    area, period = load.buurt_area(code), load.asked_period()
    return jsonify(load.profile_view(area, period).data)


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _geojson(features: list[dict[str, Any]]) -> Response:
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Response(text, mimetype="application/geo+json")


def _download(text: str, media_type: str, code: str, period: PeriodChoice, ending: str) -> Response:
    name = f"buurtprofiel-{code}-{period.start}-{period.end}.{ending}"
    return Response(
        text,
        mimetype=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
