"""One version as a person would read it, and what can be done with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Question, Survey, Text, judge_survey, missing_texts
from fieldapp.core.survey.vocabulary import SILENT_TYPES
from fieldapp.db.models import SurveyVersion
from fieldapp.db.queries.surveys import version_by_name
from fieldapp.services.survey_drafts import may_change
from fieldapp.services.visible import NotThere
from fieldapp.web.context import db_session, required_actor
from fieldapp.web.language import current_language, direction, own_name
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.trail import STATES, address_of, complete, survey_trail, title_of

KINDS: dict[str, Any] = {
    "text": _l("tekst"),
    "integer": _l("heel getal"),
    "decimal": _l("getal"),
    "range": _l("schuif"),
    "select_one": _l("één antwoord"),
    "select_multiple": _l("meer antwoorden"),
    "rank": _l("op volgorde"),
    "date": _l("datum"),
    "time": _l("tijd"),
    "dateTime": _l("datum en tijd"),
    "image": _l("foto"),
    "audio": _l("geluid"),
    "video": _l("video"),
    "file": _l("bestand"),
    "barcode": _l("streepjescode"),
    "geopoint": _l("plek"),
    "geotrace": _l("lijn op de kaart"),
    "geoshape": _l("gebied op de kaart"),
    "acknowledge": _l("akkoord"),
}
EXPORTS = (("xlsx", "Excel"), ("md", "Markdown"), ("xform", "XForm"), ("yaml", "YAML"))


def found_version(name: str, version: str) -> SurveyVersion:
    """The version under this address; NotThere for one of another organisation."""
    found = version_by_name(db_session(), name, version)
    actor = required_actor()
    mine = (None, actor.organisation_id)
    if found is None or found.survey.organisation_id not in mine:
        raise NotThere(f"{name} {version}")
    return found


@blueprint.get("/<name>/<version>")
def read(name: str, version: str) -> Any:
    """One version as plain text, in one of its languages."""
    found = found_version(name, version)
    definition, problems = judge_survey(found.definition)
    if definition is None:
        abort(404)
    chosen = request.args.get("in", "")
    if chosen not in definition.languages:
        here = current_language()
        chosen = here if here in definition.languages else definition.default_language
    title = definition.title.in_language(chosen)
    return render_template(
        "surveys/version.html",
        version=found,
        mine=may_change(found.survey, required_actor()),
        state=STATES[found.state],
        title=title_of(found) if title == "title" else title,
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
        faults=len(problems),
        actions=_actions(found),
        exports=_exports(found),
        trail=survey_trail((title_of(found), None)),
    )


def _actions(version: SurveyVersion) -> list[tuple[str, str, str]]:
    """(endpoint, words, address) of the pages about this version, as far as they exist."""
    wanted = [
        ("surveys.edit", _("Bewerken"), version.state == "draft"),
        ("surveys.check", _("Controle"), True),
        ("surveys.trial", _("Proef"), True),
        ("surveys.difference", _("Verschil"), True),
    ]
    found = [
        (endpoint, words, url_for(endpoint, version_id=version.id))
        for endpoint, words, fits in wanted
        if fits and endpoint in current_app.view_functions
    ]
    if version.state != "draft":
        address = url_for("results.page", vragenlijst=version.survey_id)
        found.append(("results.page", _("Uitkomsten"), address))
    return found


def _exports(version: SurveyVersion) -> list[tuple[str, str]]:
    """(words, address) of what can be taken along, once there is a page for it."""
    if "surveys.download" not in current_app.view_functions:
        return []
    return [
        (words, url_for("surveys.download", version_id=version.id, format=code))
        for code, words in EXPORTS
    ]


def _condition(definition: Survey, page: str) -> str:
    group = definition.groups.get(page)
    return group.relevant.source if group is not None and group.relevant is not None else ""


def _languages(definition: Survey, version: SurveyVersion, chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "tag": language,
            "name": own_name(language),
            "share": complete(definition, language),
            "current": language == chosen,
            "url": f"{address_of(version)}?{urlencode({'in': language})}",
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
        "shown": question.type not in SILENT_TYPES,
    }
