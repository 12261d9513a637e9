"""What goes of a submission after its term, and above all what stays."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM, Actor
from fieldapp.core.submission import Location
from fieldapp.core.survey import load_survey
from fieldapp.db.models import (
    Attachment,
    Statement,
    Submission,
    SubmissionConflict,
    SubmissionEvent,
)
from fieldapp.db.queries.statements import QuoteFilter, approved_quotes, quotes
from fieldapp.db.queries.voices import VoiceRow
from fieldapp.services import code_statements as coding
from fieldapp.services.code_statements import MarkStatement
from fieldapp.services.coding_rules import CodingRefused
from fieldapp.services.media import MediaStore
from fieldapp.services.profiles.voices import voices_of
from fieldapp.services.retention import apply_retention
from fieldapp.services.retention.words import loose_answers, without
from fieldapp.services.review_submissions import step
from tests.factories import make_actor, make_area, make_person, make_submission, make_survey
from tests.factories.submissions import CAPTURED
from tests.web.test_forms_all_types import all_types

BUURT = "BU99990101"
HERE = Location(lon=5.11, lat=52.09, source="gps")
TOLD = "Het is donker, zegt Fatima van hiernaast."
# Submissions of the factory came in on 2 March 2026 at ten.
IN_TIME = datetime(2028, 3, 2, 9, 59, tzinfo=UTC)
TOO_OLD = datetime(2028, 3, 2, 11, 0, tzinfo=UTC)


@pytest.fixture
def analist(session: Session) -> Actor:
    make_area(session)
    return make_actor(make_person(session, "", "analist"))


@pytest.fixture
def bram(session: Session) -> Actor:
    return make_actor(make_person(session, "", "gespreksvoerder"))


def run(session: Session, settings: Settings, now: datetime) -> dict[str, int]:
    done = apply_retention(session, settings, SYSTEM, now, dry_run=False)
    session.expire_all()
    return {item.code: item.count for item in done if item.code in ("submissions", "conflicts")}


def talk(session: Session, actor: Actor, consent: str = "ja", **answers: Any) -> Submission:
    given = {"verhaal": TOLD, "portiek": "Lindestraat 2-24", "citaat_mag": consent, **answers}
    return make_submission(session, given, actor=actor, location=HERE)


def mark(session: Session, submission: Submission, actor: Actor, quote: str = "") -> Statement:
    command = MarkStatement(submission.id, "verhaal", 0, 13, ("veiligheid.straatverlichting",), -2)
    made = coding.mark(session, command, actor, CAPTURED)
    if quote:
        coding.approve_quote(session, made.id, quote, actor, CAPTURED)
    return made


def photo(session: Session, submission: Submission, sha: str) -> None:
    session.add(
        Attachment(
            submission_id=submission.id,
            question="foto",
            file_name="f.jpg",
            sent_sha256=sha,
            sha256=sha,
            media_type="image/jpeg",
            size=1,
            width=1,
            height=1,
        )
    )
    session.commit()


def voice(session: Session, submission: Submission) -> Any:
    names = VoiceRow.__dataclass_fields__
    row = VoiceRow(**{name: getattr(submission, name) for name in names})
    (found,) = voices_of(session, [row])[submission.area_code or ""]
    return found


def test_persons_go_and_what_was_said_of_the_buurt_stays(
    session: Session, settings: Settings, analist: Actor, bram: Actor
) -> None:
    found = talk(session, bram)
    other = make_submission(
        session, {"portiek": "lindestraat 2-24"}, actor=bram, location=HERE, number=1
    )
    mark(session, found, analist)
    media = MediaStore(settings.media_dir)
    sha = media.write(b"photo")
    photo(session, found, sha)
    wijkmanager = make_actor(make_person(session, "", "wijkmanager"))
    step(session, found.id, "returned", "Vraag Fatima nog eens", wijkmanager, CAPTURED)
    before, hash_before = voice(session, found), found.content_sha256

    assert run(session, settings, IN_TIME) == {"submissions": 0, "conflicts": 0}
    assert found.answers["verhaal"]["v"] == TOLD

    assert run(session, settings, TOO_OLD) == {"submissions": 2, "conflicts": 0}
    assert found.answers == {"citaat_mag": {"v": "ja", "l": "Ja"}}
    assert found.user_id is None
    assert [statement.text for statement in session.scalars(select(Statement))] == [""]
    assert session.scalars(select(Attachment)).all() == []
    steps = session.scalars(
        select(SubmissionEvent).where(SubmissionEvent.submission_id == found.id)
    ).all()
    assert [(one.state, one.reason) for one in steps] == [("received", ""), ("returned", "")]
    assert [one.actor_id for one in steps] == [None, wijkmanager.user_id]
    after = voice(session, found)
    assert after.signals == before.signals == {"veiligheid": (-1.0,)}
    assert replace(after, cluster="") == replace(before, cluster="")
    assert after.cluster == voice(session, other).cluster
    assert "linde" not in after.cluster
    assert (found.content_sha256, found.area_code) == (hash_before, BUURT)
    # Once is enough.
    assert run(session, settings, TOO_OLD) == {"submissions": 0, "conflicts": 0}


def test_a_photo_goes_in_the_same_run(session: Session, settings: Settings, bram: Actor) -> None:
    found = talk(session, bram)
    young = make_submission(session, number=60 * 24 * 700, actor=bram)
    media = MediaStore(settings.media_dir)
    old_photo, young_photo = media.write(b"old"), media.write(b"young")
    photo(session, found, old_photo)
    photo(session, young, young_photo)
    run(session, settings, TOO_OLD)
    assert not media.path(old_photo).exists()
    assert media.path(young_photo).exists()


def test_an_approved_quote_with_consent_stays_without_the_words_around_it(
    session: Session, settings: Settings, analist: Actor, bram: Actor
) -> None:
    found = talk(session, bram)
    kept = mark(session, found, analist, "Het is donker")
    run(session, settings, TOO_OLD)
    assert (kept.text, kept.quote_text, kept.quote_state) == ("", "Het is donker", "approved")
    shown = approved_quotes(
        session,
        found.organisation_id,
        BUURT,
        CAPTURED - timedelta(days=1),
        CAPTURED + timedelta(days=1),
    )
    assert [(quote.text, quote.valence) for quote in shown] == [("Het is donker", -2)]


def test_a_quote_whose_consent_was_taken_back_goes(
    session: Session, settings: Settings, analist: Actor, bram: Actor
) -> None:
    found = talk(session, bram)
    gone = mark(session, found, analist, "Het is donker")
    found.answers = {**found.answers, "citaat_mag": {"v": "nee", "l": "Nee"}}
    session.commit()
    run(session, settings, TOO_OLD)
    assert (gone.text, gone.quote_text, gone.quote_state) == ("", "", "refused")
    assert (gone.approved_at, gone.approved_by) == (None, None)


def test_words_that_are_gone_cannot_be_quoted(
    session: Session, settings: Settings, analist: Actor, bram: Actor
) -> None:
    statement = mark(session, talk(session, bram), analist)
    waiting = QuoteFilter(analist.organisation_id or 0, None, "none")
    assert [row.id for row in quotes(session, waiting).rows] == [statement.id]
    run(session, settings, TOO_OLD)
    assert quotes(session, waiting).rows == []
    with pytest.raises(CodingRefused) as error:
        coding.approve_quote(session, statement.id, "Verzonnen", analist, TOO_OLD)
    assert error.value.problem.code == "no_open_answer"


def test_the_term_is_a_setting_and_counts_from_when_it_came_in(
    session: Session, settings: Settings, bram: Actor
) -> None:
    """A phone with its clock years back, or found after years, loses nothing at once."""
    found = talk(session, bram)
    found.captured_at = datetime(2019, 1, 1, tzinfo=UTC)
    really_old = make_submission(session, number=1)
    really_old.received_at = datetime(2019, 1, 1, tzinfo=UTC)
    session.commit()
    day_after = CAPTURED + timedelta(days=1)
    assert run(session, settings, day_after)["submissions"] == 1
    assert "verhaal" not in really_old.answers
    assert found.answers["verhaal"]["v"] == TOLD
    assert found.user_id == bram.user_id
    short = replace(settings, submission_months=1)
    assert run(session, short, datetime(2026, 4, 2, 9, 0, tzinfo=UTC))["submissions"] == 0
    assert run(session, short, datetime(2026, 4, 2, 11, 0, tzinfo=UTC))["submissions"] == 1


def test_a_dry_run_only_counts(session: Session, settings: Settings, bram: Actor) -> None:
    found = talk(session, bram)
    done = apply_retention(session, settings, SYSTEM, TOO_OLD, dry_run=True)
    assert {item.code: item.count for item in done}["submissions"] == 1
    session.expire_all()
    assert found.answers["verhaal"]["v"] == TOLD
    assert found.user_id == bram.user_id


def conflict(session: Session, submission: Submission, at: datetime, settled: bool) -> None:
    session.add(
        SubmissionConflict(
            submission_id=submission.id,
            content_sha256=uuid.uuid4().hex * 2,
            received_at=at,
            content={"answers": {"verhaal": TOLD}, "files": []},
            resolved_at=at if settled else None,
        )
    )
    session.commit()


def test_other_content_under_the_same_id_goes_with_it_or_by_its_own_age(
    session: Session, settings: Settings, bram: Actor
) -> None:
    found = talk(session, bram)
    late = CAPTURED + timedelta(days=700)
    for at, settled in ((CAPTURED, False), (late, True), (late, False)):
        conflict(session, found, at, settled)
    assert run(session, settings, IN_TIME)["conflicts"] == 0
    assert run(session, settings, TOO_OLD)["conflicts"] == 2
    left = session.scalars(select(SubmissionConflict)).one()
    assert (left.received_at, left.resolved_at) == (late, None)  # somebody has to look at it


def test_what_stays_of_every_type(session: Session, settings: Settings) -> None:
    """Numbers, dates and choices stay, at the top and in rounds; words and files go."""
    version = make_survey(session, all_types())
    survey = load_survey(all_types())
    types = {question.name: question.type for question in survey.questions}
    loose = {types[name] for name in loose_answers(survey)}
    closed = {"integer", "decimal", "range", "select_one", "select_multiple", "rank", "date"}
    assert {"text", "barcode", "image", "audio", "video", "file"} <= loose
    assert not loose & (closed | {"time", "dateTime", "acknowledge", "geopoint"})
    room = {"soort": {"v": "Keuken"}, "dieren": {"v": ["kat"], "l": ["Kat"]}}
    assert types["soort"] == "text"
    stored = {"aantal": {"v": 3}, "straat": {"v": "Linde"}, "kamers": {"v": [room, {}]}}
    kept = {"aantal": {"v": 3}, "kamers": {"v": [{"dieren": room["dieren"]}, {}]}}
    assert without(loose_answers(survey), stored) == kept
    found = make_submission(session)
    found.survey_version_id, found.answers = version.id, stored
    session.commit()
    assert run(session, settings, TOO_OLD)["submissions"] == 1
    assert found.answers == kept
    assert run(session, settings, TOO_OLD)["submissions"] == 0


def test_what_is_worked_out_of_words_goes_with_them() -> None:
    def row(kind: str, name: str, **more: str) -> dict[str, Any]:
        return {"type": kind, "name": name, "label": {"nl": name}, **more}

    survey = load_survey(
        {
            "settings": {
                "form_id": "proef",
                "version": "1",
                "kind": "portiekgesprek",
                "default_language": "nl",
                "languages": ["nl"],
            },
            "title": {"nl": "Proef"},
            "survey": [
                {
                    "type": "group",
                    "name": "blad",
                    "children": [
                        row("text", "naam"),
                        row("text", "taal", role="background.language"),
                        row("integer", "deuren", role="doors_tried"),
                        row("calculate", "groet", calculation="concat('Dag ', ${naam})"),
                        row("calculate", "twee_keer", calculation="concat(${groet}, ${groet})"),
                        row("calculate", "dubbel", calculation="${deuren} * 2"),
                        row("calculate", "open", calculation="${deuren}", role="doors_opened"),
                        row("calculate", "waar", calculation="'x'", role="portiek"),
                    ],
                }
            ],
        }
    )
    assert loose_answers(survey) == {"naam", "groet", "twee_keer", "waar"}
