"""Coding: mark what was said in open answers, call a submission done, and clear quotes.

Every function takes (session, ..., actor, now) and commits once. NotThere: not there for this
organisation; NotYours: not this person's area; CodingRefused: against a rule.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import COUNTING
from fieldapp.db.models import AuditEntry, Statement, StatementCode, Submission
from fieldapp.db.queries.revisions import voices_changed
from fieldapp.db.queries.statements import gemeente_place_names, statements_of
from fieldapp.services.coding_rules import (
    QUOTE_MAX,
    VALENCES,
    CodingRefused,
    Span,
    consent_given,
    find_fragment,
    left_in_quote,
    open_answer,
    proposed_quote,
    same_words,
    trimmed,
)
from fieldapp.services.frames import code_frame, frame_version, open_questions
from fieldapp.services.survey_versions import survey_of
from fieldapp.services.visible import visible_statement, visible_submission

CODERS = ("analist",)
APPROVERS = ("analist", "wijkmanager")


@dataclass(frozen=True, slots=True)
class MarkStatement:
    """Mark characters start..end (code points) of an open answer with codes and a valence."""

    submission_id: uuid.UUID
    question: str
    start: int
    end: int
    codes: tuple[str, ...]
    valence: int


def mark(session: Session, command: MarkStatement, actor: Actor, now: datetime) -> Statement:
    """Keep a statement. Sent twice (span, codes and valence equal), it is one statement."""
    submission = visible_submission(session, command.submission_id, actor, *CODERS)
    answer = codable_answer(session, submission, command.question)
    span = trimmed(answer, command.start, command.end)
    codes = _checked_codes(command.codes)
    _check_valence(command.valence)
    for known in statements_of(session, submission.id):
        if _same(known, command.question, span, codes, command.valence):
            return known
    statement = Statement(
        submission_id=submission.id,
        question=command.question,
        starts=span.start,
        ends=span.end,
        text=answer[span.start : span.end],
        valence=command.valence,
        frame_version=frame_version(code_frame()),
        coder_id=actor.user_id,
        created_at=now,
        codes=[StatementCode(code=code) for code in codes],
    )
    session.add(statement)
    session.flush()  # from here on no newer version can come in (services/intake/correct.py)
    session.refresh(submission, ["answers", "state"])
    if codable_answer(session, submission, command.question) != answer:
        session.rollback()
        raise CodingRefused("fragment_absent", "fragment")
    voices_changed(session, submission.organisation_id)
    session.commit()
    return statement


def place_fragment(
    session: Session,
    submission: Submission,
    question: str,
    fragment: str,
    start: int | None = None,
    end: int | None = None,
) -> Span:
    """Where a typed fragment lies. Offsets from the browser count when they hold the fragment."""
    answer = codable_answer(session, submission, question)
    if start is not None and end is not None:
        inside = 0 <= start < end <= len(answer)
        if inside and (not fragment.strip() or same_words(answer[start:end], fragment)):
            return Span(start, end)
    taken = [
        Span(known.starts, known.ends)
        for known in statements_of(session, submission.id)
        if known.question == question
    ]
    return find_fragment(answer, fragment, taken)


def change(
    session: Session,
    statement_id: int,
    codes: tuple[str, ...],
    valence: int,
    actor: Actor,
    now: datetime,
) -> Statement:
    """Other codes or another valence on a statement; its span and its quote stay."""
    statement, submission = visible_statement(session, statement_id, actor, *CODERS)
    wanted = _checked_codes(codes)
    _check_valence(valence)
    if set(wanted) != {code.code for code in statement.codes}:
        kept = [code for code in statement.codes if code.code in wanted]
        known = {code.code for code in kept}
        new = [StatementCode(code=code) for code in wanted if code not in known]
        statement.codes = kept + new
    statement.valence = valence
    statement.frame_version = frame_version(code_frame())
    statement.coder_id = actor.user_id
    voices_changed(session, submission.organisation_id)
    session.commit()
    return statement


def remove(session: Session, statement_id: int, actor: Actor, now: datetime) -> MarkStatement:
    """Take a statement away; returns what `mark` needs to bring it back.

    A quote that had been approved is gone with it and needs approval again.
    """
    statement, submission = visible_statement(session, statement_id, actor, *CODERS)
    codes = tuple(code.code for code in statement.codes)
    back = MarkStatement(
        submission.id,
        statement.question,
        statement.starts,
        statement.ends,
        codes,
        statement.valence,
    )
    if statement.quote_state == "approved":
        session.add(_audit("quote.remove", statement, actor, now))
    session.delete(statement)
    voices_changed(session, submission.organisation_id)
    session.commit()
    return back


def call_done(session: Session, submission_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """The open answers of a submission have been read and marked, also when nothing was."""
    submission = visible_submission(session, submission_id, actor, *CODERS)
    if submission.coded_at is None:
        submission.coded_at = now
    session.commit()


def reopen(session: Session, submission_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Back among the work that is left."""
    visible_submission(session, submission_id, actor, *CODERS).coded_at = None
    session.commit()


def approve_quote(
    session: Session, statement_id: int, text: str, actor: Actor, now: datetime
) -> Statement:
    """Clear a quote for use outside the team, in the words of `text` (method.md §5)."""
    statement, submission = visible_statement(session, statement_id, actor, *APPROVERS)
    if submission.state not in COUNTING:
        raise CodingRefused("not_counting")
    if not consent_given(survey_of(session, submission.survey_version_id), submission.answers):
        raise CodingRefused("no_consent")
    quote = " ".join(text.split())
    if not quote:
        raise CodingRefused("quote_empty", "quote_text")
    if len(quote) > QUOTE_MAX:
        raise CodingRefused("quote_too_long", "quote_text", limit=QUOTE_MAX)
    answer, span = codable_answer(session, submission, statement.question), _span(statement)
    kinds = left_in_quote(quote, answer, span, place_names(session, submission))
    if kinds:
        raise CodingRefused("personal_data", "quote_text", kinds=kinds)
    statement.quote_state = "approved"
    statement.quote_text = quote
    statement.approved_by = actor.user_id
    statement.approved_at = now
    session.add(_audit("quote.approve", statement, actor, now))
    session.commit()
    return statement


def refuse_quote(session: Session, statement_id: int, actor: Actor, now: datetime) -> Statement:
    """Keep a statement from being quoted; also takes back an approval."""
    return _set_quote(session, statement_id, "refused", actor, now)


def reset_quote(session: Session, statement_id: int, actor: Actor, now: datetime) -> Statement:
    """Undo an approval or refusal: the statement waits again."""
    return _set_quote(session, statement_id, "none", actor, now)


def _set_quote(
    session: Session, statement_id: int, state: str, actor: Actor, now: datetime
) -> Statement:
    statement, _submission = visible_statement(session, statement_id, actor, *APPROVERS)
    statement.quote_state = state
    statement.quote_text = ""
    statement.approved_by = None
    statement.approved_at = None
    deed = "quote.refuse" if state == "refused" else "quote.reset"
    session.add(_audit(deed, statement, actor, now))
    session.commit()
    return statement


def quote_proposal(statement: Statement, submission: Submission, places: Iterable[str]) -> str:
    """What a quote may look like: the span with personal data masked."""
    answer = open_answer(submission.answers, statement.question)
    return proposed_quote(answer, _span(statement), tuple(places))


def place_names(session: Session, submission: Submission) -> list[str]:
    """Names of areas around a submission, which are no personal data."""
    return gemeente_place_names(session, submission.area_code, submission.boundary_year)


def codable_answer(session: Session, submission: Submission, question: str) -> str:
    """The text of an open answer; CodingRefused when there is none or it does not count."""
    if submission.state not in COUNTING:
        raise CodingRefused("not_counting")
    survey = survey_of(session, submission.survey_version_id)
    answer = open_answer(submission.answers, question)
    if not answer or question not in {q.name for q in open_questions(survey)}:
        raise CodingRefused("no_open_answer", "question", question=question[:80])
    return answer


def _checked_codes(codes: tuple[str, ...]) -> list[str]:
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise CodingRefused("no_code", "codes")
    known = {code.code for code in code_frame().codes}
    for code in wanted:
        if code not in known:
            raise CodingRefused("unknown_code", "codes", found=code[:60])
    return wanted


def _check_valence(valence: int) -> None:
    if valence not in VALENCES:
        raise CodingRefused("valence", "valence")


def _same(known: Statement, question: str, span: Span, codes: list[str], valence: int) -> bool:
    return (
        known.question == question
        and _span(known) == span
        and known.valence == valence
        and {code.code for code in known.codes} == set(codes)
    )


def _span(statement: Statement) -> Span:
    return Span(statement.starts, statement.ends)


def _audit(deed: str, statement: Statement, actor: Actor, now: datetime) -> AuditEntry:
    return AuditEntry(
        at=now,
        actor_id=actor.user_id,
        deed=deed,
        subject=f"statement {statement.id}",
        detail={"submission": str(statement.submission_id)},
    )
