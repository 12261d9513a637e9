"""/beheer/rondes: collection periods, and for public ones the link, the QR code and the card."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from fieldapp.core.dates import local_day
from fieldapp.db.models import Round, SurveyVersion
from fieldapp.db.queries.admin import AreaLabel, area_labels, round_of, submissions_in_round
from fieldapp.db.queries.surveys import all_rounds, all_surveys, is_open, published_version
from fieldapp.services.manage_rounds import close_round
from fieldapp.services.open_round import RoundError, open_round
from fieldapp.services.survey_versions import parsed
from fieldapp.web.admin import blueprint
from fieldapp.web.admin.round_forms import RoundForm
from fieldapp.web.admin.trail import trail
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.dates import day
from fieldapp.web.doors.views import walk_progress
from fieldapp.web.language import current_language


def today() -> date:
    """The day in the Netherlands."""
    return local_day(now())


@blueprint.get("/rondes")
def rounds() -> Any:
    """Rounds of this organisation, newest first."""
    found = all_rounds(db_session(), required_actor().organisation_id)
    titles = dict(_surveys())
    rows = [
        {
            "name": item.name,
            "url": url_for("admin.round_page", round_id=item.id),
            "survey": titles.get(item.survey.name, item.survey.name),
            "days": _days(item),
            "state": _state(item)[0],
            "mark": _state(item)[1],
            "public": _("Ja") if item.is_public else _("Nee"),
        }
        for item in found
    ]
    return render_template("admin/rounds.html", rows=rows, trail=trail((_("Rondes"), None)))


@blueprint.route("/rondes/nieuw", methods=("GET", "POST"))
def add_round() -> Any:
    """Open a round."""
    form = RoundForm(_surveys(), opens_on=today().isoformat())
    form.prepare_areas(db_session())
    if form.is_submitted() and not form.wants_search:
        command = form.command()
        if command is not None:
            try:
                made = open_round(db_session(), command, required_actor(), now())
            except RoundError:
                form.refuse("survey", _("Deze vragenlijst is niet meer te kiezen."))
            else:
                flash(_("De ronde is geopend."), "ok")
                return redirect(url_for("admin.round_page", round_id=made.id), 303)
    page = render_template("admin/round_new.html", form=form, trail=_trail(_("Nieuw")))
    return page, (200 if form.is_right else 422)


@blueprint.get("/rondes/<int:round_id>")
def round_page(round_id: int) -> Any:
    """One round."""
    found = _found(round_id)
    version = published_version(db_session(), found.survey.name)
    areas = [area.name for area in _areas(found)]
    facts = [
        (_("Vragenlijst"), _title(version) if version else found.survey.name),
        (_("Wanneer"), _days(found)),
        (_("Gebieden"), ", ".join(areas) or _("Alle gebieden")),
        (_("Inzendingen"), str(submissions_in_round(db_session(), found.id))),
    ]
    return render_template(
        "admin/round.html",
        round=found,
        facts=facts,
        state=_state(found),
        can_close=found.closes_on is None or found.closes_on >= today(),
        link=_link(found),
        walk=walk_progress(found) if _goes_to_doors(version) else None,
        goes_to_doors=_goes_to_doors(version),
        trail=_trail(found.name),
    )


@blueprint.post("/rondes/<int:round_id>/sluiten")
def end_round(round_id: int) -> Any:
    """Close it now."""
    found = _found(round_id)
    close_round(db_session(), found, today(), required_actor(), now())
    flash(_("De ronde is gesloten. Wat is ingestuurd, blijft bewaard."), "ok")
    return redirect(url_for("admin.round_page", round_id=found.id), 303)


@blueprint.get("/rondes/<int:round_id>/qr.svg")
def qr_code(round_id: int) -> Response:
    """The link as a QR code; error correction Q, so that a torn card still works."""
    import segno

    found = _public(round_id)
    buffer = io.BytesIO()
    code = segno.make(_link(found), error="q", micro=False)
    code.save(buffer, kind="svg", scale=8, border=4, xmldecl=False, title=found.name)
    return Response(buffer.getvalue(), mimetype="image/svg+xml")


@blueprint.get("/rondes/<int:round_id>/kaart")
def card(round_id: int) -> Any:
    """A card to print and hand over at the door."""
    found = _public(round_id)
    version = published_version(db_session(), found.survey.name)
    if version is None:
        abort(404)
    survey = parsed(version)
    text = survey.title
    return render_template(
        "admin/card.html",
        round=found,
        link=_link(found),
        survey_title=text.in_language(current_language()),
        survey_language=text.language_shown(current_language()),
        languages=survey.languages,
        trail=trail(
            (_("Rondes"), url_for("admin.rounds")),
            (found.name, url_for("admin.round_page", round_id=found.id)),
            (_("Kaart"), None),
        ),
    )


def _goes_to_doors(version: SurveyVersion | None) -> bool:
    """Whether it is a round along stairwells: its survey asks for one."""
    return version is not None and parsed(version).with_role("doors_tried") is not None


def _surveys() -> list[tuple[str, str]]:
    """(name, title) of what can be asked: published surveys that this organisation sees."""
    session = db_session()
    versions = (
        published_version(session, survey.name)
        for survey in all_surveys(session, required_actor().organisation_id)
    )
    return [(v.survey.name, _title(v)) for v in versions if v is not None]


def _title(version: SurveyVersion) -> str:
    return parsed(version).title.in_language(current_language())


def _areas(found: Round) -> list[AreaLabel]:
    known = area_labels(db_session(), found.area_codes)
    return [known[code] for code in found.area_codes if code in known]


def _days(found: Round) -> str:
    if found.closes_on is None:
        return str(_("vanaf %(day)s", day=day(found.opens_on)))
    days = {"first": day(found.opens_on), "last": day(found.closes_on)}
    return str(_("%(first)s tot en met %(last)s", **days))


def _state(found: Round) -> tuple[str, str]:
    if is_open(found, today()):
        return _("Open"), "agree"
    if found.opens_on > today():
        return _("Begint nog"), "few"
    return _("Gesloten"), "none"


def _link(found: Round) -> str:
    return f"{settings().base_url.rstrip('/')}/v/{found.slug}" if found.is_public else ""


def _trail(last: str) -> Any:
    return trail((_("Rondes"), url_for("admin.rounds")), (last, None))


def _public(round_id: int) -> Round:
    found = _found(round_id)
    if not found.is_public:
        abort(404)
    return found


def _found(round_id: int) -> Round:
    found = round_of(db_session(), round_id, required_actor().organisation_id)
    if found is None:
        abort(404)
    return found
