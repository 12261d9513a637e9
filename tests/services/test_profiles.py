"""Profiles from what is stored: which voices and years count, and when they are computed anew."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.core.submission import Incoming
from fieldapp.db.models import ImportRun, IndicatorValue, Statement, StatementCode, Submission
from fieldapp.db.queries.revisions import bump, voices_key
from fieldapp.services.code_statements import MarkStatement, change, mark, remove
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from fieldapp.services.profiles import (
    ProfileRequest,
    ProfileView,
    UnknownArea,
    default_period,
    profile_for,
)
from fieldapp.services.profiles.figures import gemeente_figures
from fieldapp.services.review_submissions import step
from tests.factories import make_actor, make_area, make_person, make_round, make_survey
from tests.support.shipped import version

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def place(session: Session, tmp_path: Any) -> dict[str, Any]:
    version = make_survey(session, "bewonersenquete")
    make_area(session, "BU99990101")
    person = make_person(session, "", "wijkmanager")
    ronde = make_round(session, version, "BU99990101", slug="lente")
    return {
        "organisation_id": person.organisation_id,
        "actor": make_actor(person),
        "intake": Intake(MediaStore(tmp_path / "media")),
        "round": ronde.slug,
    }


def say(
    session: Session, place: dict[str, Any], day: str = "2026-05-01", **answers: str
) -> uuid.UUID:
    incoming = Incoming(
        id=uuid.uuid4(),
        survey="bewonersenquete",
        version=version("bewonersenquete"),
        language="nl",
        captured_at=datetime.fromisoformat(f"{day}T12:00:00+02:00"),
        answers=answers,
        round_slug=place["round"],
    )
    receive_submission(session, incoming, None, NOW, place["intake"])
    return incoming.id


def profile(session: Session, place: dict[str, Any]) -> ProfileView:
    request = ProfileRequest(place["organisation_id"], "BU99990101", *YEAR)
    return profile_for(session, request, NOW)


def bewoners(view: ProfileView, theme: str) -> dict[str, Any]:
    found = next(t for t in view.data["themes"] if t["code"] == theme)
    result: dict[str, Any] = found["warm"]["bewoners"]
    return result


def closed_question(theme: str) -> tuple[str, str, float]:
    """(question, choice, signal) of a closed question of the shipped survey on this theme."""
    from fieldapp.core.survey import read_survey
    from fieldapp.paths import SURVEYS

    survey = read_survey(SURVEYS / "bewonersenquete" / "survey.yaml")
    return next(
        (q.name, c.name, c.signal)
        for q in survey.questions
        if q.theme == theme and q.relevant is None
        for c in q.choices
        if c.signal == 1
    )


def test_five_voices_make_a_figure_four_do_not(session: Session, place: dict[str, Any]) -> None:
    question, choice, signal = closed_question("binding")
    for _ in range(4):
        say(session, place, **{question: choice})
    few = bewoners(profile(session, place), "binding")
    assert (few["n"], few["mean"], few["missing"]) == (4, None, 1)
    say(session, place, **{question: choice})
    enough = bewoners(profile(session, place), "binding")
    assert (enough["n"], enough["mean"]) == (5, signal)


def test_weet_niet_is_no_signal(session: Session, place: dict[str, Any]) -> None:
    question, _, _ = closed_question("binding")
    say(session, place, **{question: "weet_niet"})
    assert bewoners(profile(session, place), "binding")["n"] == 0


def test_voices_outside_the_period_do_not_count(session: Session, place: dict[str, Any]) -> None:
    question, choice, _ = closed_question("binding")
    say(session, place, "2025-12-31", **{question: choice})
    say(session, place, "2026-01-01", **{question: choice})
    assert bewoners(profile(session, place), "binding")["n"] == 1


def test_a_rejected_submission_is_no_voice(session: Session, place: dict[str, Any]) -> None:
    question, choice, _ = closed_question("binding")
    said = say(session, place, **{question: choice})
    assert bewoners(profile(session, place), "binding")["n"] == 1
    stored = session.get(Submission, said)
    assert stored is not None
    stored.state = "rejected"
    bump(session, voices_key(place["organisation_id"]))
    session.commit()
    assert bewoners(profile(session, place), "binding")["n"] == 0


def test_coded_text_speaks_beside_closed_answers_once_per_voice(
    session: Session, place: dict[str, Any]
) -> None:
    question, choice, _ = closed_question("binding")
    ids = [say(session, place, **{question: choice}) for _ in range(5)]
    # One voice said 1 in a closed answer and -1 (valence -2) in words: its value is 0.
    statement = Statement(
        submission_id=ids[0],
        question="goed",
        starts=0,
        ends=4,
        text="nooi",
        valence=-2,
        frame_version="1",
        created_at=NOW,
        codes=[StatementCode(code="binding.buren"), StatementCode(code="binding.thuis")],
    )
    session.add(statement)
    bump(session, voices_key(place["organisation_id"]))
    session.commit()
    assert bewoners(profile(session, place), "binding")["mean"] == pytest.approx((0 + 4 * 1) / 5)


def test_a_profile_is_kept_until_something_under_it_changes(
    session: Session, place: dict[str, Any]
) -> None:
    question, choice, _ = closed_question("binding")
    first = profile(session, place)
    later = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    request = ProfileRequest(place["organisation_id"], "BU99990101", *YEAR)
    assert profile_for(session, request, later).computed_at == first.computed_at
    say(session, place, **{question: choice})
    assert profile_for(session, request, later).computed_at == later
    session.add(
        ImportRun(kind="indicators", file_name="x", state="done", created_at=NOW, options={})
    )
    session.commit()
    again = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
    assert profile_for(session, request, again).computed_at == again


def test_a_profile_hears_what_is_coded_at_once(session: Session, place: dict[str, Any]) -> None:
    reader = make_actor(make_person(session, "", "analist"))
    said = say(session, place, gaat_goed="Wij kennen elkaar hier allemaal.")

    def heard() -> int:
        found: int = bewoners(profile(session, place), "binding")["n"]
        return found

    assert heard() == 0
    command = MarkStatement(said, "gaat_goed", 0, 10, ("wonen.speelplek",), 1)
    statement = mark(session, command, reader, NOW)
    assert heard() == 0
    change(session, statement.id, ("binding.buren",), 2, reader, NOW)
    assert heard() == 1
    remove(session, statement.id, reader, NOW)
    assert heard() == 0
    mark(session, replace(command, codes=("binding.buren",)), reader, NOW)
    assert heard() == 1


def test_a_profile_hears_what_is_reviewed_at_once(session: Session, place: dict[str, Any]) -> None:
    question, choice, _ = closed_question("binding")
    older, newer = (say(session, place, **{question: choice}) for _ in range(2))
    assert bewoners(profile(session, place), "binding")["n"] == 2
    step(session, older, "rejected", "Dubbel.", place["actor"], NOW)
    say(session, place)  # as many as before, at the same moment
    assert bewoners(profile(session, place), "binding")["n"] == 1
    assert session.get_one(Submission, newer).state == "received"


def test_voices_are_counted_per_kind_and_as_looked_at(
    session: Session, place: dict[str, Any]
) -> None:
    say(session, place)
    say(session, place)
    seen = session.get_one(Submission, say(session, place))
    seen.kind, seen.state = "observatie", "accepted"
    session.commit()
    view = profile(session, place)
    assert view.voices == {"enquete": 2, "observatie": 1}
    assert view.not_reviewed == 2


def test_voices_of_another_organisation_stay_there(session: Session, place: dict[str, Any]) -> None:
    question, choice, _ = closed_question("binding")
    say(session, place, **{question: choice})
    other = make_person(session, "", "wijkmanager", organisation="elders")
    request = ProfileRequest(other.organisation_id, "BU99990101", *YEAR)
    assert bewoners(profile_for(session, request, NOW), "binding")["n"] == 0


def test_an_unknown_area_says_what_to_do(session: Session, place: dict[str, Any]) -> None:
    request = ProfileRequest(place["organisation_id"], "BU12345678", *YEAR)
    with pytest.raises(UnknownArea, match="import its boundaries"):
        profile_for(session, request, NOW)


def figure(session: Session, indicator: str, year: int, value: float) -> None:
    session.add(
        IndicatorValue(
            indicator=indicator, area_code="BU99990101", year=year, value=value, source="kwb"
        )
    )
    session.commit()


def test_years_compare_only_where_something_proves_it(
    session: Session, place: dict[str, Any]
) -> None:
    for year in (2021, 2022, 2023, 2024):
        figure(session, "a_inw", year, 100)
    bare = gemeente_figures(session, "GM9999", 2024, 2024)
    assert bare.cold.comparable_years["BU99990101"] == (2024,)
    # CBS says: 2024 has the boundaries of 2023, and 2023 those of 2022. Of 2022 it says nothing.
    figure(session, "indeling_ongewijzigd", 2024, 1)
    figure(session, "indeling_ongewijzigd", 2023, 1)
    flagged = gemeente_figures(session, "GM9999", 2024, 2024)
    assert flagged.cold.comparable_years["BU99990101"] == (2022, 2023, 2024)


def test_the_default_period_is_twelve_months_up_to_today() -> None:
    assert default_period(NOW) == (date(2025, 11, 21), date(2026, 11, 20))
    leap = datetime(2028, 2, 29, 12, 0, tzinfo=UTC)
    assert default_period(leap) == (date(2027, 3, 1), date(2028, 2, 29))


def test_system_actor_needs_no_grants() -> None:
    assert SYSTEM.covers("BU99990101", "wijkmanager")
