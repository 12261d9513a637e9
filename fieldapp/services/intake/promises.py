"""What was promised in a conversation, kept apart so that somebody can keep it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
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
    question = survey.with_role(ROLE)
    if question is None or survey.kind == ENQUETE:
        return
    words = promised(_words(survey, question, answers, str(row["language"])))
    if not words:
        return
    portiek = str(role_value(survey, answers, "portiek") or "").strip()
    values = {
        "organisation_id": row["organisation_id"],
        "submission_id": row["id"],
        "question": question.name,
        "portiek": portiek[:LONGEST] or None,
        "text": words,
        "made_at": row["captured_at"],
    }
    session.execute(ADD, values)


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
