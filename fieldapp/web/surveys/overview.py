"""/beheer/vragenlijsten: every survey with its versions, and what can be done with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Survey as Definition
from fieldapp.core.survey import SurveyError
from fieldapp.core.survey.vocabulary import UNANSWERED_TYPES
from fieldapp.db.models import Survey, SurveyVersion
from fieldapp.db.queries.surveys import all_surveys
from fieldapp.paths import SURVEYS
from fieldapp.services.publish_survey import PublishError, ship_surveys
from fieldapp.services.survey_drafts import may_change
from fieldapp.services.survey_versions import parsed
from fieldapp.web.admin.trail import trail
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.dates import moment
from fieldapp.web.language import own_name
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.trail import STATES, address_of, complete, title_of

# Pages of other modules, linked as soon as they exist: (endpoint, icon, words).
START: tuple[tuple[str, str, Any], ...] = (
    ("surveys.new", "plus", _l("Nieuwe vragenlijst")),
    ("surveys.upload", "upload", _l("Inlezen uit Excel")),
)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the list."""

    id: int
    version: str
    url: str
    state: str
    mark: str
    at: str
    questions: int | None  # None: a draft that cannot be read yet
    languages: tuple[tuple[str, str, int], ...]  # tag, own name, per cent


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One survey in the list; newest version first."""

    title: str
    name: str
    mine: bool
    versions: tuple[VersionRow, ...]


@blueprint.get("")
def overview() -> Any:
    """Every survey with its versions."""
    actor = required_actor()
    found = all_surveys(db_session(), actor.organisation_id)
    return render_template(
        "surveys/overview.html",
        surveys=[_survey(survey, mine=may_change(survey, actor)) for survey in found],
        start=_start(),
        trail=trail((_("Vragenlijsten"), None)),
    )


def _start() -> list[tuple[str, str, str]]:
    return [
        (str(words), url_for(endpoint), icon)
        for endpoint, icon, words in START
        if endpoint in current_app.view_functions
    ]


def _survey(survey: Survey, *, mine: bool) -> SurveyRow:
    versions = list(reversed(survey.versions))
    return SurveyRow(
        title=title_of(versions[0]) if versions else survey.name,
        name=survey.name,
        mine=mine,
        versions=tuple(_version(version) for version in versions),
    )


def _version(version: SurveyVersion) -> VersionRow:
    state, mark = STATES[version.state]
    definition = readable(version)
    return VersionRow(
        id=version.id,
        version=version.version,
        url=address_of(version),
        state=str(state),
        mark=mark,
        at=moment(version.published_at or version.created_at),
        questions=_count(definition) if definition is not None else None,
        languages=tuple(
            (tag, own_name(tag), complete(definition, tag)) for tag in definition.languages
        )
        if definition is not None
        else (),
    )


def readable(version: SurveyVersion) -> Definition | None:
    """The definition, or None of a draft that is not whole yet."""
    try:
        return parsed(version)
    except SurveyError:
        return None


def _count(definition: Definition) -> int:
    return sum(q.type not in UNANSWERED_TYPES for q in definition.questions)


@blueprint.post("/publiceren")
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
    return redirect(url_for("surveys.overview"), 303)
