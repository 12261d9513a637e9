"""The crumbs and the words that every page about surveys shares."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Survey, missing_texts
from fieldapp.db.models import SurveyVersion
from fieldapp.web.admin.trail import Crumb, trail
from fieldapp.web.language import current_language

STATES: dict[str, tuple[Any, str]] = {
    "draft": (_l("Concept"), "few"),
    "published": (_l("Gepubliceerd"), "agree"),
    "withdrawn": (_l("Ingetrokken"), "none"),
}


def survey_trail(*crumbs: Crumb) -> list[Crumb]:
    """The crumbs behind Vragenlijsten."""
    return trail((_("Vragenlijsten"), url_for("surveys.overview")), *crumbs)


def title_of(version: SurveyVersion) -> str:
    """The title in the reader's language, of drafts with faults too; else the form_id."""
    title = version.definition.get("title")
    texts = title if isinstance(title, dict) else {}
    settings = version.definition.get("settings", {})
    for language in (current_language(), settings.get("default_language"), *texts):
        if isinstance(language, str) and isinstance(texts.get(language), str) and texts[language]:
            return str(texts[language])
    return version.survey.name


def address_of(version: SurveyVersion) -> str:
    """The page on which this version is read."""
    return url_for("surveys.read", name=version.survey.name, version=version.version)


def complete(survey: Survey, language: str) -> int:
    """Per cent of the texts that exist in this language; 100 only when nothing is missing."""
    missing = len(missing_texts(survey, language))
    # Every text exists in some language: asking for one that nobody has counts them all.
    total = len(missing_texts(survey, ""))
    return 100 if not missing else min(99, 100 * (total - missing) // max(1, total))
