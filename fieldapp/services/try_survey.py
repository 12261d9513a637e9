"""The link under which a draft is tried. What is typed there is removed, never sent."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.survey import REMARKS, judge_survey
from fieldapp.db.models import AuditEntry, Draft, SurveyVersion
from fieldapp.db.queries.drafts import delete_trials, delete_trials_before
from fieldapp.services.drafts import start_draft
from fieldapp.services.survey_drafts import NotFinished, own_draft

TOKEN_BYTES = 32
KEPT = timedelta(days=1)  # what was typed in a trial, for who goes on after lunch


def open_trial(session: Session, version_id: int, actor: Actor, now: datetime) -> SurveyVersion:
    """A new link for a draft without faults; the old one stops. One commit.

    Raises NotThere, NotFinished, Refusal (`shipped`, `not_a_draft`).
    """
    draft = own_draft(session, version_id, actor)
    survey, problems = judge_survey(draft.definition)
    faults = [problem for problem in problems if problem.code not in REMARKS]
    if survey is None or faults:
        raise NotFinished(faults)
    return _set(session, draft, secrets.token_urlsafe(TOKEN_BYTES), actor, now)


def close_trial(session: Session, version_id: int, actor: Actor, now: datetime) -> SurveyVersion:
    """No link any more, and nothing of what was typed: one commit. Raises as open_trial."""
    return _set(session, own_draft(session, version_id, actor), None, actor, now)


def begin_trial(session: Session, version: SurveyVersion, language: str, now: datetime) -> Draft:
    """A draft of nobody to walk through; trials of more than a day ago are removed first."""
    delete_trials_before(session, now - KEPT)
    return start_draft(session, version, None, None, language, now)


def _set(
    session: Session, draft: SurveyVersion, token: str | None, actor: Actor, now: datetime
) -> SurveyVersion:
    delete_trials(session, draft.id)
    draft.trial_token = token
    deed = "survey_trial_opened" if token else "survey_trial_closed"
    subject = f"{draft.survey.name} {draft.version}"[:120]
    session.add(AuditEntry(at=now, actor_id=actor.user_id, deed=deed, subject=subject, detail={}))
    session.commit()
    return draft
