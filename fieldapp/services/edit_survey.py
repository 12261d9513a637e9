"""Changing a draft survey step by step: each change is saved at once and can be undone.

The pure operations are core/survey/edit; the draft itself is kept by services/survey_drafts, which
refuses a change of something that somebody else changed in the meantime (StaleDraft).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.survey import edit
from fieldapp.db.models import SurveyEdit, SurveyVersion
from fieldapp.db.queries.survey_edits import (
    forget_redo,
    newest_deeds,
    newest_edit,
    trim_undo,
)
from fieldapp.services.refusal import Refusal
from fieldapp.services.survey_drafts import StaleDraft, own_draft, save_draft, visible_version

MOST_STEPS = 60  # states kept per draft: an hour of work, some megabytes at the very most
UNDO, REDO = "undo", "redo"
OTHER = {UNDO: REDO, REDO: UNDO}

Operation = Callable[[edit.Definition], edit.Definition]


@dataclass(frozen=True, slots=True)
class Desk:
    """A draft as the builder has it: its definition in the usual shape, and what can be undone.

    `kept` are names of questions and, per list, of answers that exist in the version it goes on
    from: answers under them may exist, so they stay when the words change.
    """

    version: SurveyVersion
    data: edit.Definition
    undo: str | None
    redo: str | None
    kept: frozenset[str]
    kept_choices: Mapping[str, frozenset[str]]


def open_desk(session: Session, version_id: int, actor: Actor) -> Desk:
    """The draft with this id. Raises NotThere, Refusal (`shipped`, `not_a_draft`)."""
    draft = own_draft(session, version_id, actor)
    deeds = newest_deeds(session, draft.id)
    before = _before(session, draft)
    return Desk(
        version=draft,
        data=edit.normal(draft.definition),
        undo=deeds.get(UNDO),
        redo=deeds.get(REDO),
        kept=edit.all_names(before) if before else frozenset(),
        kept_choices={
            name: frozenset(str(row["name"]) for row in rows)
            for name, rows in (before["choices"] if before else {}).items()
        },
    )


def _before(session: Session, draft: SurveyVersion) -> edit.Definition | None:
    if draft.based_on_id is None:
        return None
    found = session.get(SurveyVersion, draft.based_on_id)
    return edit.normal(found.definition) if found is not None else None


def change(
    session: Session,
    version_id: int,
    actor: Actor,
    now: datetime,
    *,
    expected: str,
    deed: str,
    operation: Operation,
) -> SurveyVersion:
    """Do one change and keep what was, in one commit; one that changes nothing leaves no step.

    Raises StaleDraft when the draft is no longer the one with sha256 `expected` (nothing is done),
    what `operation` raises (EditError), and Refusal as save_draft does.
    """
    draft = own_draft(session, version_id, actor)
    if expected not in ("", draft.definition_sha256):
        raise StaleDraft(draft)
    before = dict(draft.definition)
    made = operation(edit.normal(before))
    if made == edit.normal(before):
        return draft
    forget_redo(session, draft.id)
    _keep(session, draft.id, UNDO, before, deed, now)
    return _save(session, draft, made, actor, now, expected)


def undo(
    session: Session, version_id: int, actor: Actor, now: datetime, *, expected: str = ""
) -> str | None:
    """Bring back what was before the last change; the deed undone, None when there is none.

    Raises StaleDraft, NotThere, Refusal.
    """
    return _step(session, version_id, actor, now, UNDO, expected)


def redo(
    session: Session, version_id: int, actor: Actor, now: datetime, *, expected: str = ""
) -> str | None:
    """Do again what was undone last; the deed, None when there is none. Raises as `undo`."""
    return _step(session, version_id, actor, now, REDO, expected)


def _step(
    session: Session, version_id: int, actor: Actor, now: datetime, stack: str, expected: str
) -> str | None:
    draft = own_draft(session, version_id, actor)
    if expected not in ("", draft.definition_sha256):
        raise StaleDraft(draft)
    found = newest_edit(session, draft.id, stack)
    if found is None:
        return None
    deed, wanted = found.deed, dict(found.definition)
    session.delete(found)
    _keep(session, draft.id, OTHER[stack], dict(draft.definition), deed, now)
    _save(session, draft, wanted, actor, now, expected)
    return deed


def _keep(
    session: Session,
    version_id: int,
    stack: str,
    definition: dict[str, Any],
    deed: str,
    now: datetime,
) -> None:
    session.add(
        SurveyEdit(version_id=version_id, stack=stack, definition=definition, deed=deed, at=now)
    )
    session.flush()
    trim_undo(session, version_id, MOST_STEPS)


def _save(
    session: Session,
    draft: SurveyVersion,
    made: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    expected: str,
) -> SurveyVersion:
    """Save with the history in the same commit; with a refusal neither is kept."""
    try:
        return save_draft(session, made, actor, now, version_id=draft.id, expected_sha256=expected)
    except Refusal:
        session.rollback()
        raise


def begin(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    title: str,
    kind: str,
    language: str,
    copy_of: int | None = None,
) -> SurveyVersion:
    """A new draft, from nothing or as a copy of a version that the actor may see, under a name
    made from the title. Raises NotThere, Refusal as save_draft does.
    """
    if copy_of is None:
        data = edit.blank("", kind, title, language)
    else:
        data = edit.normal(visible_version(session, copy_of, actor).definition)
        spoken = data["settings"]["default_language"]
        data["title"] = {spoken: title}
    del data["settings"]["form_id"]
    data["settings"].pop("version", None)
    return save_draft(session, data, actor, now)
