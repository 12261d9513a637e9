"""The frame of the builder's pages: opening a draft, saving a change, coming back to the spot."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from fieldapp.db.models import SurveyVersion
from fieldapp.services.edit_survey import Desk, Operation, change, open_desk
from fieldapp.services.refusal import Refusal
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.surveys.builder.texts import WRONG, wrong
from fieldapp.web.surveys.deeds import told
from fieldapp.web.surveys.trail import address_of, survey_trail, title_of


def desk_of(version_id: int) -> Desk:
    """The draft of this address. NotThere (404), Refusal."""
    return open_desk(db_session(), version_id, required_actor())


def refused(version_id: int, refusal: Refusal) -> Any:
    """Back to where the version is read, with the reason."""
    from fieldapp.services.survey_drafts import visible_version

    code = refusal.problem.code
    flash(wrong(code) if code in WRONG else told(refusal), "error")
    version = visible_version(db_session(), version_id, required_actor())
    return redirect(address_of(version), 303)


def save(version_id: int, deed: str, operation: Operation) -> SurveyVersion:
    """One change of the draft, saved. Raises StaleDraft, EditError, Refusal, NotThere."""
    return change(
        db_session(),
        version_id,
        required_actor(),
        now(),
        expected=str(request.form.get("expected") or ""),
        deed=deed,
        operation=operation,
    )


def spot(version_id: int, row: str, *, focus: str = "", done: str = "", **more: str) -> str:
    """The address of a row on the desk, with where the focus goes and what was done."""
    asked = {"rij": row, "focus": focus, "gedaan": done, **more}
    query = urlencode({key: value for key, value in asked.items() if value})
    address = url_for("surveys.edit", version_id=version_id)
    return f"{address}{'?' if query else ''}{query}{'#' if focus else ''}{focus}"


def frame(desk: Desk, here: str) -> dict[str, Any]:
    """What every page of the builder shows around its own."""
    version = desk.version
    tabs = [
        ("surveys.edit", _("Vragen")),
        ("surveys.edit_texts", _("Talen")),
        ("surveys.edit_settings", _("Gegevens")),
        ("surveys.check", _("Controle en publiceren")),
        ("surveys.trial", _("Proef")),
    ]
    return {
        "desk": desk,
        "version": version,
        "page_title": title_of(version),
        "expected": version.definition_sha256,
        "source": desk.data["settings"]["default_language"],
        "tabs": [
            (words, url_for(endpoint, version_id=version.id), endpoint == here)
            for endpoint, words in tabs
            if endpoint in current_app.view_functions
        ],
        "trail": survey_trail((title_of(version), address_of(version)), (_("Bewerken"), None)),
    }
