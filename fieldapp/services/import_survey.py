"""Bring in a questionnaire: an XLSForm with its files, or a survey.yaml, becomes a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.survey import Problem
from fieldapp.core.survey.versions import free_name
from fieldapp.db.models import SurveyVersion
from fieldapp.db.queries.people import only_organisation, organisation_by_slug
from fieldapp.db.queries.surveys import survey_by_name
from fieldapp.services.media import MediaStore
from fieldapp.services.refusal import Refusal
from fieldapp.services.survey_drafts import save_draft, with_settings
from fieldapp.services.survey_media import prepare_media
from fieldapp.sources.xlsform.bundle import FORMS, unpack
from fieldapp.sources.xlsform.languages import OWN_NAMES
from fieldapp.sources.xlsform.limits import NotRead, file_problem, problem
from fieldapp.sources.xlsform.read import Reading, read_form

NAMED_LANGUAGES: tuple[str, ...] = tuple(OWN_NAMES)  # to choose from for texts without a language


@dataclass(frozen=True, slots=True)
class ImportSurvey:
    """What to read and how. `kind` "": as the form says. `language`: of texts without one.

    `languages`: tags for names of languages that nobody knows. `files` by name, as sent.
    """

    files: Mapping[str, bytes]
    kind: str = ""
    language: str = "nl"
    languages: Mapping[str, str] = field(default_factory=dict)


def is_form(name: str) -> bool:
    """Whether a file of this name is the form itself, or an archive that holds it."""
    return name.lower().endswith((*FORMS, ".zip"))


def read_import(command: ImportSurvey) -> Reading:
    """Read and judge, without keeping anything. Never raises for what is in the files.

    The `files` of what comes back are fit to keep; a medium that is not is one of its errors.
    """
    try:
        name, data, others = unpack(command.files)
    except NotRead as error:
        return Reading(errors=(error.problem,))
    read = read_form(
        name,
        data,
        others,
        kind=command.kind,
        language=command.language,
        languages=command.languages,
    )
    kept: dict[str, bytes] = {}
    wrong: list[Problem] = []
    for file, content in read.files.items():
        try:
            kept[file] = prepare_media(file, content)
        except NotRead as error:
            wrong.append(error.problem)
    survey = None if wrong else read.survey
    return replace(read, survey=survey, errors=(*read.errors, *wrong), files=kept)


def import_survey(
    session: Session, media: MediaStore, command: ImportSurvey, actor: Actor, now: datetime
) -> tuple[Reading, SurveyVersion | None]:
    """Read, and keep as a draft when nothing is wrong: one commit. (what came of it, the draft).

    A form_id that somebody else has gets a number behind it. Raises CannotKeep for a full disk.
    """
    return keep_import(session, media, read_import(command), actor, now)


def keep_import(
    session: Session, media: MediaStore, found: Reading, actor: Actor, now: datetime
) -> tuple[Reading, SurveyVersion | None]:
    """As `import_survey`, of what was read before."""
    if found.errors:
        return found, None
    # files first: a draft never names what is not there
    files = {name: media.write(data) for name, data in found.files.items()}
    data = dict(found.definition) | ({"files": files} if files else {})
    try:
        return found, save_draft(session, data, actor, now)
    except Refusal as refusal:
        if refusal.problem.code != "form_id_taken":
            return _refused(found, refusal.problem), None
    wanted = data["settings"]["form_id"]
    name = free_name(wanted, lambda name: survey_by_name(session, name) is not None)
    note = problem("form_id_changed", "settings", 0, "form_id", found=wanted, name=name)
    try:
        draft = save_draft(session, with_settings(data, form_id=name), actor, now)
    except Refusal as refusal:
        return _refused(found, refusal.problem), None
    return replace(found, warnings=(*found.warnings, note)), draft


def _refused(found: Reading, wrong: Problem) -> Reading:
    place = file_problem(wrong.code, wrong.where, **wrong.params)
    return replace(found, errors=(place,), survey=None)


def actor_of(session: Session, slug: str) -> Actor | None:
    """The organisation that the command line imports for: `slug`, or "" for the only one."""
    found = organisation_by_slug(session, slug) if slug else only_organisation(session)
    return Actor(found.id, is_system=True) if found is not None else None
