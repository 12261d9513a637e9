"""Controle: what a person should know of a version before it goes out, and publishing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fieldapp.core.survey import Survey
from fieldapp.core.survey.advice import DECIDE, Advice
from fieldapp.db.models import Organisation, SurveyVersion
from fieldapp.services.check_survey import Checked, check_version, publish_checked
from fieldapp.services.refusal import Refusal
from fieldapp.services.survey_drafts import (
    NotAccepted,
    NotFinished,
    StaleDraft,
    may_change,
    visible_version,
)
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.language import current_language, direction, own_name
from fieldapp.web.surveys import check_texts
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.deeds import told as refusal_told
from fieldapp.web.surveys.flow import flow_of
from fieldapp.web.surveys.texts import Told
from fieldapp.web.surveys.texts import told as fault_told
from fieldapp.web.surveys.trail import STATES, address_of, survey_trail, title_of
from fieldapp.web.theme import check_theme

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as the page shows it. `id` names its controls; `fix` is (words, address)."""

    id: str
    key: str
    about: str
    text: str
    todo: str
    fix: tuple[str, str] | None
    accepted: bool = False
    reason: str = ""
    wrong: bool = False


@blueprint.get("/<int:version_id>/controle")
def check(version_id: int) -> Any:
    """Everything the check finds, with the fix beside it."""
    version = visible_version(db_session(), version_id, required_actor())
    return _page(version)


@blueprint.post("/<int:version_id>/publiceren")
def publish(version_id: int) -> Any:
    """Publish, with a reason for every finding that stays."""
    session, actor = db_session(), required_actor()
    version = visible_version(session, version_id, actor)
    more = contrast(session.get(Organisation, actor.organisation_id))
    checked = check_version(version, more)
    given = _given(checked)
    try:
        publish_checked(
            session,
            version_id,
            actor,
            now(),
            given,
            more=more,
            expected_sha256=request.form.get("expected", ""),
        )
    except (NotAccepted, NotFinished) as refusal:
        session.rollback()
        open_keys = refusal.keys if isinstance(refusal, NotAccepted) else ()
        return _page(version, given, frozenset(open_keys)), 422
    except StaleDraft:
        session.rollback()
        flash(_("Dit concept is intussen veranderd. Kijk de controle nog eens na."), "error")
        return redirect(url_for("surveys.check", version_id=version_id), 303)
    except Refusal as refusal:
        session.rollback()
        flash(refusal_told(refusal), "error")
        return redirect(address_of(version), 303)
    flash(_("Gepubliceerd. Deze versie verandert niet meer."), "ok")
    return redirect(address_of(version), 303)


def _given(checked: Checked) -> dict[str, str]:
    """Key -> reason of what was ticked; a tick without a reason has a blank one."""
    ticked = set(request.form.getlist("accept"))
    return {
        item.key: request.form.get(f"reason-{_id(item.key)}", "").strip()[:LONGEST_REASON]
        for item in checked.to_decide
        if _id(item.key) in ticked
    }


def contrast(organisation: Organisation | None) -> tuple[Advice, ...]:
    """Colours of the organisation that cannot be read well."""
    problems = check_theme(organisation.theme) if organisation is not None else []
    low = [problem for problem in problems if problem.code == "theme_contrast"]
    return tuple(Advice("contrast", "", DECIDE, dict(problem.params)) for problem in low[:1])


def _page(
    version: SurveyVersion,
    given: Mapping[str, str] | None = None,
    wrong: frozenset[str] = frozenset(),
) -> str:
    actor = required_actor()
    organisation = db_session().get(Organisation, actor.organisation_id)
    checked = check_version(version, contrast(organisation))
    mine = may_change(version.survey, actor)
    edits = mine and version.state == "draft"
    survey, language = checked.survey, current_language()
    shown = language
    if survey is not None and language not in survey.languages:
        shown = survey.default_language
    title = title_of(version)
    return render_template(
        "surveys/check.html",
        version=version,
        title=title,
        state=STATES[version.state],
        may_publish=edits,
        faults=[_fault(fault_told(problem), version, edits) for problem in checked.faults],
        decide=[_finding(i, version, survey, given or {}, wrong, edits) for i in checked.to_decide],
        remarks=[_finding(i, version, survey, {}, wrong, edits) for i in checked.remarks],
        wrong=len(wrong),
        facts=_facts(checked),
        flow=flow_of(survey, shown) if survey is not None and not checked.faults else None,
        shown=shown,
        shown_direction=direction(shown),
        expected=version.definition_sha256,
        trail=survey_trail((title, address_of(version)), (_("Controle"), None)),
    )


def _facts(checked: Checked) -> list[tuple[str, str]]:
    found = []
    for language, time in (checked.times or {}).items():
        name = _("Tijd om in te vullen, %(language)s", language=own_name(language))
        found.append((name, check_texts.minutes(*time.minutes)))
    if checked.reading is not None and checked.reading.score is not None:
        words = check_texts.BANDS[checked.reading.band]
        score = _("%(band)s (score %(score)s)", band=words, score=round(checked.reading.score))
        found.append((_("Leesbaarheid van het Nederlands"), score))
    return found


def _id(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def _finding(
    item: Advice,
    version: SurveyVersion,
    survey: Survey | None,
    given: Mapping[str, str],
    wrong: frozenset[str],
    edits: bool,
) -> Finding:
    text, todo = check_texts.told(item)
    return Finding(
        id=_id(item.key),
        key=item.key,
        about=_about(item, survey),
        text=text,
        todo=todo,
        fix=_fix(item, version, edits),
        accepted=item.key in given,
        reason=given.get(item.key, ""),
        wrong=item.key in wrong,
    )


def _about(item: Advice, survey: Survey | None) -> str:
    """The question or page in words, its name when it has none."""
    if survey is None or not item.row:
        return ""
    row = survey.by_name.get(item.row) or survey.groups.get(item.row)
    label = getattr(row, "label", None)
    return label.in_language(current_language()) if label is not None else item.row


def _fix(item: Advice, version: SurveyVersion, edits: bool) -> tuple[str, str] | None:
    """Where it is mended."""
    if item.code == "contrast":
        return _("Pas de kleuren aan"), url_for("admin.organisation")
    if not edits:
        return None
    if item.code == "missing_texts" and "surveys.edit_texts" in current_app.view_functions:
        return _("Vertaal de teksten"), url_for("surveys.edit_texts", version_id=version.id)
    return _edit(version, item.row, bool(item.row))


def _edit(version: SurveyVersion, row: str, is_row: bool) -> tuple[str, str] | None:
    if "surveys.edit" not in current_app.view_functions:
        return None
    words = _("Pas de vraag aan") if is_row else _("Pas de vragenlijst aan")
    return words, url_for("surveys.edit", version_id=version.id, rij=row or None)


def _fault(told: Told, version: SurveyVersion, edits: bool) -> tuple[Told, Any]:
    parts = told.where.split(" > ")
    row = parts[1] if len(parts) > 1 and parts[0] not in ("settings", "choices") else ""
    return told, _edit(version, row, bool(row)) if edits else None
