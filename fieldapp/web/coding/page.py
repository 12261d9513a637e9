"""What the coding pages show, as plain values for the templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.codeframe import CodeFrame, Theme, theme_code
from fieldapp.core.redact import find
from fieldapp.core.survey import Survey
from fieldapp.db.models import Statement, Submission
from fieldapp.db.queries.review import area_names
from fieldapp.db.queries.statements import statements_of
from fieldapp.services.code_statements import place_names, quote_proposal
from fieldapp.services.coding_rules import consent_given, open_answer
from fieldapp.services.frames import code_frame, open_questions
from fieldapp.services.survey_versions import survey_of, surveys_of
from fieldapp.web.coding.segments import Marked, Segment, segments

EXCERPT = 110  # characters
FIRST_PART = re.compile(r",| en | and ")


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement with its codes in words: (code, theme, label)."""

    statement: Statement
    codes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One open answer: its question, the text in pieces, what was marked in it."""

    question: str
    label: str
    segments: tuple[Segment, ...]
    statements: tuple[ShownStatement, ...]


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """One submission to be coded."""

    submission: Submission
    area: str
    answers: tuple[ShownAnswer, ...]
    consent: bool
    themes: tuple[Theme, ...]


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A statement on its way to a quote. `proposal`: what the text field starts with."""

    shown: ShownStatement
    submission: Submission
    area: str
    consent: bool
    proposal: str
    segments: tuple[Segment, ...]


def submission_page(session: Session, submission: Submission, language: str) -> SubmissionPage:
    """All that the coding page of a submission shows."""
    survey = survey_of(session, submission.survey_version_id)
    places = place_names(session, submission)
    frame = code_frame()
    marked = statements_of(session, submission.id)
    answers = tuple(
        _answer(
            question.name,
            label_of(survey, question.name, language),
            submission,
            marked,
            frame,
            places,
            language,
        )
        for question in open_questions(survey)
        if open_answer(submission.answers, question.name)
    )
    area = area_names(session, [submission.area_code] if submission.area_code else [])
    return SubmissionPage(
        submission=submission,
        area=area.get(submission.area_code or "", submission.area_code or ""),
        answers=answers,
        consent=consent_given(survey, submission.answers),
        themes=frame.themes,
    )


def label_of(survey: Survey, question: str, language: str) -> str:
    """The question in words; its name when it has none."""
    found = survey.by_name.get(question)
    return found.label.in_language(language) if found and found.label else question


def _answer(
    question: str,
    label: str,
    submission: Submission,
    marked: Sequence[Statement],
    frame: CodeFrame,
    places: list[str],
    language: str,
) -> ShownAnswer:
    text = open_answer(submission.answers, question)
    shown = tuple(show(s, frame, language) for s in marked if s.question == question)
    marks = [
        Marked(s.statement.starts, s.statement.ends, s.statement.id, mark_label(s)) for s in shown
    ]
    return ShownAnswer(
        question, label, segments(text, marks, find(text, known_places=places)), shown
    )


def mark_label(shown: ShownStatement) -> str:
    """The themes of a statement, each once, in short."""
    return ", ".join(dict.fromkeys(theme for _code, theme, _label in shown.codes))


def show(statement: Statement, frame: CodeFrame, language: str) -> ShownStatement:
    """A statement with words for its codes; a code of an older frame shows as itself."""
    known = {code.code: code for code in frame.codes}
    codes = []
    for row in statement.codes:
        theme = theme_code(row.code)
        label = known[row.code].label.in_language(language) if row.code in known else row.code
        codes.append((row.code, theme_label(frame, theme, language), label))
    return ShownStatement(statement, tuple(codes))


def theme_label(frame: CodeFrame, code: str, language: str) -> str:
    """The first part of a theme's name: 'Veiligheid en criminaliteit' is 'Veiligheid'."""
    try:
        name = frame.theme(code).label.in_language(language)
    except KeyError:
        return code
    return FIRST_PART.split(name)[0]


def excerpt(submission: Submission, questions: Sequence[str]) -> str:
    """The beginning of the first open answer."""
    texts = (open_answer(submission.answers, name) for name in questions)
    text = " ".join(next((text for text in texts if text), "").split())
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"


def quote_rows(
    session: Session,
    statements: Sequence[Statement],
    submissions: Mapping[Any, Submission],
    language: str,
) -> list[QuoteRow]:
    """Statements with what an approver needs; place names are looked up once per gemeente."""
    frame = code_frame()
    names = area_names(session, {s.area_code for s in submissions.values() if s.area_code})
    places: dict[tuple[str, int | None], list[str]] = {}
    surveys = surveys_of(session, {s.survey_version_id for s in submissions.values()})
    rows = []
    for statement in statements:
        submission = submissions[statement.submission_id]
        key = ((submission.area_code or "")[:6], submission.boundary_year)
        if key not in places:
            places[key] = place_names(session, submission)
        text = " ".join(statement.text.split())
        rows.append(
            QuoteRow(
                shown=show(statement, frame, language),
                submission=submission,
                area=names.get(submission.area_code or "", submission.area_code or ""),
                consent=consent_given(surveys[submission.survey_version_id], submission.answers),
                proposal=statement.quote_text or quote_proposal(statement, submission, places[key]),
                segments=segments(text, (), find(text, known_places=places[key])),
            )
        )
    return rows
