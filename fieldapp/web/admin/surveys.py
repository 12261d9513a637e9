"""/beheer/vragenlijsten: versions, reading one as a person would, what is not translated yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Question, Survey, SurveyError, Text, missing_texts
from fieldapp.core.survey.vocabulary import UNANSWERED_TYPES
from fieldapp.db.models import SurveyVersion
from fieldapp.db.queries.surveys import all_surveys, published_version
from fieldapp.paths import SURVEYS
from fieldapp.services.publish_survey import PublishError, ship_surveys
from fieldapp.services.survey_versions import parsed
from fieldapp.web.admin import blueprint
from fieldapp.web.admin.trail import trail
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.dates import moment
from fieldapp.web.language import current_language, direction, own_name

STATES: dict[str, tuple[Any, str]] = {
    "draft": (_l("Concept"), "few"),
    "published": (_l("Gepubliceerd"), "agree"),
    "withdrawn": (_l("Ingetrokken"), "none"),
}
KINDS: dict[str, Any] = {
    "text": _l("tekst"),
    "integer": _l("heel getal"),
    "decimal": _l("getal"),
    "select_one": _l("één antwoord"),
    "select_multiple": _l("meer antwoorden"),
    "date": _l("datum"),
    "image": _l("foto"),
    "geopoint": _l("plek"),
    "acknowledge": _l("akkoord"),
}


@blueprint.get("/vragenlijsten")
def surveys() -> Any:
    """Every survey with its versions."""
    session = db_session()
    found = all_surveys(session, required_actor().organisation_id)
    rows = [_row(version) for survey in found for version in reversed(survey.versions)]
    return render_template("admin/surveys.html", rows=rows, trail=trail((_("Vragenlijsten"), None)))


@blueprint.post("/vragenlijsten/publiceren")
def publish_shipped() -> Any:
    """Publish what ships with this version of fieldapp; nothing happens to what is there."""
    try:
        done = ship_surveys(db_session(), SURVEYS, required_actor(), now())
    except (PublishError, SurveyError) as error:
        db_session().rollback()
        words = _("De vragenlijsten zijn niet gepubliceerd. Meld dit aan wie fieldapp beheert:")
        flash(f"{words} {error}", "error")
    else:
        fresh = [f"{name} {version}" for name, version, is_new in done if is_new]
        if fresh:
            flash(_("Gepubliceerd: %(names)s.", names=", ".join(fresh)), "ok")
        else:
            flash(_("Alles was al gepubliceerd. Er is niets veranderd."), "ok")
    return redirect(url_for("admin.surveys"), 303)


@blueprint.get("/vragenlijsten/<name>/<version>")
def survey(name: str, version: str) -> Any:
    """One version as plain text, in one of its languages."""
    found = published_version(db_session(), name, version)
    mine = {s.id for s in all_surveys(db_session(), required_actor().organisation_id)}
    if found is None or found.survey_id not in mine:
        abort(404)
    definition = parsed(found)
    chosen = request.args.get("in", "")
    if chosen not in definition.languages:
        here = current_language()
        chosen = here if here in definition.languages else definition.default_language
    title = definition.title.in_language(chosen)
    return render_template(
        "admin/survey.html",
        version=found,
        state=STATES[found.state],
        title=title,
        chosen=chosen,
        chosen_direction=direction(chosen),
        languages=_languages(definition, found, chosen),
        intro=_said(definition.intro, chosen),
        thanks=_said(definition.thanks, chosen),
        pages=[
            {
                "label": _said(page.label, chosen),
                "when": _condition(definition, page.name),
                "questions": [_question(question, chosen) for question in page.questions],
            }
            for page in definition.pages
        ],
        missing=[problem.where for problem in missing_texts(definition, chosen)],
        trail=trail((_("Vragenlijsten"), url_for("admin.surveys")), (title, None)),
    )


def _condition(definition: Survey, page: str) -> str:
    group = definition.groups.get(page)
    return group.relevant.source if group is not None and group.relevant is not None else ""


def _row(version: SurveyVersion) -> dict[str, Any]:
    definition = parsed(version)
    state, mark = STATES[version.state]
    told = []
    for language in definition.languages:
        share = _complete(definition, language)
        name = own_name(language)
        told.append(name if share == 100 else f"{name} {share}%")
    return {
        "title": definition.title.in_language(current_language()),
        "url": url_for("admin.survey", name=version.survey.name, version=version.version),
        "version": version.version,
        "state": str(state),
        "mark": mark,
        "at": _when(version.published_at),
        "questions": sum(q.type not in UNANSWERED_TYPES for q in definition.questions),
        "languages": ", ".join(told),
    }


def _complete(definition: Survey, language: str) -> int:
    """Per cent of the texts that exist in this language; 100 only when nothing is missing."""
    missing = len(missing_texts(definition, language))
    # Every text exists in some language: asking for one that nobody has counts them all.
    total = len(missing_texts(definition, ""))
    return 100 if not missing else min(99, 100 * (total - missing) // max(1, total))


def _languages(definition: Survey, version: SurveyVersion, chosen: str) -> list[dict[str, Any]]:
    address = url_for("admin.survey", name=version.survey.name, version=version.version)
    return [
        {
            "tag": language,
            "name": own_name(language),
            "share": _complete(definition, language),
            "current": language == chosen,
            "url": f"{address}?{urlencode({'in': language})}",
        }
        for language in definition.languages
    ]


def _said(text: Text | None, language: str) -> str:
    return text.in_language(language) if text is not None else ""


def _question(question: Question, language: str) -> dict[str, Any]:
    return {
        "label": _said(question.label, language) or question.name,
        "hint": _said(question.hint, language),
        "kind": str(KINDS.get(question.type, "")),
        "required": question.always_required,
        "when": question.relevant.source if question.relevant else "",
        "choices": [choice.label.in_language(language) for choice in question.choices],
        "theme": question.theme or "",
        "shown": question.type not in ("calculate", "hidden"),
    }


def _when(value: datetime | None) -> str:
    return moment(value) if value is not None else ""
