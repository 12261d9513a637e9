"""What was promised in a conversation, kept apart so that somebody can keep it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from fieldapp.core.answers import Answers, answers_of
from fieldapp.core.portiek import LONGEST
from fieldapp.core.promise import promised
from fieldapp.core.signals import role_value
from fieldapp.core.survey import Question, Survey
from fieldapp.core.survey.vocabulary import FILE_TYPES, GEO_TYPES, RESERVED_CHOICES
from fieldapp.db.models import FollowUp
from fieldapp.services.labels import shown_label
from fieldapp.services.place_question import ENQUETE

ADD = insert(FollowUp.__table__)  # type: ignore[arg-type]
ROLE = "promise"


def keep_promises(
    session: Session, row: Mapping[str, Any], survey: Survey, answers: Answers
) -> None:
    """Add the follow-up of a submission whose `row` was just stored; does not commit.

    Only of surveys that have a question with this role, and never of a resident's own survey.
    """
    values = _promise(row, survey, answers)
    if values is not None:
        session.execute(ADD, values)


def renew_promises(
    session: Session, row: Mapping[str, Any], survey: Survey, answers: Answers
) -> None:
    """As `keep_promises`, for a submission that took the place of an older one.

    What somebody planned, kept or noted stays as it is. What nobody touched says what is promised
    now, under the number that phones know, or goes.
    """
    values = _promise(row, survey, answers)
    known = select(FollowUp).where(FollowUp.submission_id == row["id"]).with_for_update()
    for old in session.scalars(known.execution_options(populate_existing=True)).all():
        same_question = values is not None and old.question == values["question"]
        if old.done_at is None and old.due_on is None and not old.note:
            if values is None or not same_question:
                session.delete(old)
            else:
                old.portiek, old.text = values["portiek"], values["text"]
                old.made_at = values["made_at"]
        if same_question:
            values = None
    session.flush()
    if values is not None:
        session.execute(ADD, values)


def _promise(row: Mapping[str, Any], survey: Survey, answers: Answers) -> dict[str, Any] | None:
    question = survey.with_role(ROLE)
    if question is None or survey.kind == ENQUETE:
        return None
    words = promised(_words(survey, question, answers, str(row["language"])))
    if not words:
        return None
    portiek = str(role_value(survey, answers, "portiek") or "").strip()
    return {
        "organisation_id": row["organisation_id"],
        "submission_id": row["id"],
        "question": question.name,
        "portiek": portiek[:LONGEST] or None,
        "text": words,
        "made_at": row["captured_at"],
    }


def _words(survey: Survey, question: Question, answers: Answers, language: str) -> list[str]:
    if question.type in FILE_TYPES or question.type in GEO_TYPES:
        return []
    words: list[str] = []
    for answer in answers_of(answers, question):
        given = answer if isinstance(answer, list) else [answer]
        for one in given:
            if one not in RESERVED_CHOICES:
                words.append(str(shown_label(survey, question, one, language) or one))
    return words
