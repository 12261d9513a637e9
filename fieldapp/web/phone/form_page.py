"""A whole form in one document: what a phone fills in without signal (static/js/phone/form.js)."""

from __future__ import annotations

import hashlib

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from fieldapp.core.dates import local_day
from fieldapp.core.people import FIELD_ROLES, Actor
from fieldapp.core.survey import Survey, Text
from fieldapp.db.models import SurveyVersion
from fieldapp.db.queries.places import buurten
from fieldapp.db.queries.surveys import open_rounds, published_version
from fieldapp.services.place_question import geopoint_question
from fieldapp.services.places import only_area
from fieldapp.services.survey_versions import parsed
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.field.words import KIND_ICONS, KINDS
from fieldapp.web.forms.walk import languages_for
from fieldapp.web.forms.whole import whole_form
from fieldapp.web.language import use_language
from fieldapp.web.phone.blueprint import blueprint


@blueprint.get("/app/formulier/<survey>/<version>/<language>")
def form_page(survey: str, version: str, language: str) -> Response:
    """All pages of a survey; the same bytes for every draft of this person. 404 when unknown."""
    actor = required_actor()
    found = _version(survey, version, actor)
    form = parsed(found)
    spoken = languages_for(form)
    if language not in dict(spoken):
        abort(404)
    use_language(language)
    areas = buurten(db_session(), actor.area_codes(*FIELD_ROLES))
    whole = whole_form(form, language, now(), areas=areas, map_=_map())
    page = render_template(
        "phone/form.html",
        whole=whole,
        settings={**whole.settings, "rounds": _areas_of_rounds(form, found, actor)},
        title=whole.settings["title"],
        intro=_lines(form.intro, language),
        thanks=_lines(form.thanks, language),
        languages=[
            (tag, name, url_for(".form_page", survey=survey, version=version, language=tag))
            for tag, name in spoken
            if tag != language
        ],
        kind_words=KINDS[form.kind],
        kind_icon=KIND_ICONS[form.kind],
        home_url=url_for("field.start"),
        form_url=url_for(
            ".form_page", survey="{survey}", version="{version}", language="{language}"
        ),
    )
    response = make_response(page)
    response.set_etag(hashlib.sha256(page.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


def _version(name: str, version: str, actor: Actor) -> SurveyVersion:
    found = published_version(db_session(), name, version)
    if found is None or found.survey.organisation_id not in (None, actor.organisation_id):
        abort(404)
    return found


def _areas_of_rounds(form: Survey, version: SurveyVersion, actor: Actor) -> dict[str, str]:
    """Open round -> the one buurt it is about, "" when there are more: then the form asks."""
    if geopoint_question(form) is not None or actor.organisation_id is None:
        return {}
    today = local_day(now())
    rounds = open_rounds(db_session(), actor.organisation_id, today)
    return {r.slug: only_area(r) or "" for r in rounds if r.survey_id == version.survey_id}


def _map() -> dict[str, str]:
    found = settings()
    return {
        "url": url_for("field.boundaries"),
        "tiles": found.tile_url,
        "attribution": found.tile_attribution,
    }


def _lines(text: Text | None, language: str) -> list[str]:
    return text.in_language(language).splitlines() if text is not None else []
