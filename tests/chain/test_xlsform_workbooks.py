"""The public example workbooks that are taken: brought in, published, filled in, given back."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming
from fieldapp.core.survey import Survey, definition_hash, load_survey
from fieldapp.core.survey.engine_json import engine_json
from fieldapp.core.survey.vocabulary import FILE_TYPES, UNANSWERED_TYPES
from fieldapp.db.models import Submission, SurveyVersion
from fieldapp.services.export_survey import export_survey
from fieldapp.services.import_survey import ImportSurvey, import_survey, read_import
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.intake.receipt import Refused
from fieldapp.services.media import MediaStore
from fieldapp.services.open_round import OpenRound, open_round
from fieldapp.services.survey_drafts import publish_draft
from tests.factories import make_area, make_organisation
from tests.sources.test_xlsform_read_verdict import NAMES
from tests.support.client import CheckingClient, text_of
from tests.support.random_answers import raw_answers
from tests.support.walk import RECEIPT, go

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
REFUSED = {
    "bug__duplicate_columns.xlsx", "bug__group_name_test.xls", "bug__xl_date_ambiguous.xlsx",
    "ok__case_insensitivity.xlsx", "ok__flat_xlsform_test.xlsx", "ok__include.xlsx",
    "ok__include_json.xls", "ok__unknown_question_type.xls",
}  # fmt: skip
TAKEN = [name for name in NAMES if name not in REFUSED]


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.fixture
def actor(session: Session) -> Actor:
    return Actor(make_organisation(session).id)


def published(
    session: Session, media: MediaStore, actor: Actor, file: Path, kind: str = "observatie"
) -> tuple[SurveyVersion, Survey]:
    command = ImportSurvey({file.name: file.read_bytes()}, kind, "en")
    found, draft = import_survey(session, media, command, actor, NOW)
    assert draft is not None, found.errors
    version = publish_draft(session, draft.id, actor, NOW, ())
    return version, load_survey(version.definition, strict=False)


def sent(
    session: Session, media: MediaStore, actor: Actor, version: SurveyVersion, survey: Survey
) -> Submission:
    """Answers by chance; those that are refused are taken back until the rest is right."""
    tries = (once_sent(session, media, actor, version, survey, seed) for seed in range(30))
    found = next((submission for submission in tries if submission.answers), None)
    return found or once_sent(session, media, actor, version, survey, 0)


def once_sent(
    session: Session,
    media: MediaStore,
    actor: Actor,
    version: SurveyVersion,
    survey: Survey,
    seed: int,
) -> Submission:
    answers = raw_answers(survey, seed)
    files = {question.name for question in survey.questions if question.type in FILE_TYPES}
    wrong = set(files)
    for _ in range(10):
        incoming = Incoming(
            uuid.uuid4(), survey.name, version.version, "en", NOW,
            {name: value for name, value in answers.items() if name not in wrong},
        )  # fmt: skip
        try:
            receipt = receive_submission(session, incoming, actor, NOW, Intake(media))
        except Refused as refused:
            session.rollback()
            wrong |= {problem.where.partition("/")[0] for problem in refused.problems}
            continue
        found = session.get(Submission, receipt.id)
        assert found is not None
        return found
    raise AssertionError(f"never right: {wrong}")


@pytest.mark.parametrize("name", TAKEN)
def test_a_workbook_from_end_to_end(
    name: str, session: Session, media: MediaStore, actor: Actor, shared_data: Path
) -> None:
    version, survey = published(session, media, actor, shared_data / "xlsform" / name)
    engine = json.loads(json.dumps(engine_json(survey, survey.default_language)))
    assert len(engine["order"]) >= len(survey.questions)

    submission = sent(session, media, actor, version, survey)
    asked = {
        question.name
        for question in survey.questions
        # a point is kept as the place of the submission
        if question.type not in {*UNANSWERED_TYPES, *FILE_TYPES, "hidden", "geopoint"}
    }
    assert submission.answers or not asked

    for form in ("xlsx", "md"):  # and back: the same survey
        made = export_survey(survey, form, media)
        again = read_import(ImportSurvey({made.name: made.content}))
        assert again.survey is not None, again.errors
        assert definition_hash(again.survey) == definition_hash(survey)


@pytest.mark.parametrize("name", ["ok__widgets.xls", "ok__loop.xls", "ok__group.xlsx"])
def test_a_workbook_is_walked_without_scripts(
    name: str,
    client: CheckingClient,
    session: Session,
    media: MediaStore,
    actor: Actor,
    shared_data: Path,
) -> None:
    make_area(session)
    file = shared_data / "xlsform" / name
    _version, survey = published(session, media, actor, file, "enquete")
    codes = ("BU99990101",)
    command = OpenRound(survey.name, "Lente", codes, date(2020, 1, 1), date(2090, 1, 1), True)
    slug = open_round(session, command, actor, NOW).slug
    client.get(f"/v/{slug}")
    client.submit(f"/v/{slug}")
    for _ in range(60):
        if RECEIPT.search(client.address):
            break
        heading = text_of(next(client.page.iter("h1")))
        # its default lies in the past, and the form wants a day to come
        go(client, **({"my_date": "1-1-2090"} if heading == "date widget" else {}))
    assert RECEIPT.search(client.address), heading
