"""Drafts: stored before judged, sent once however often, the place that was changed last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Draft, Submission, SubmissionConflict
from fieldapp.services.draft_pages import PageInput, free_name, save_page
from fieldapp.services.drafts import (
    AREA_PAGE,
    changed_place,
    start_draft,
    state_of,
    submit_draft,
    would_send,
)
from fieldapp.services.intake import Intake, Refused
from fieldapp.services.media import MediaStore
from fieldapp.services.profiles.voices import stored_answers
from tests.factories import make_actor, make_area, make_person, make_round, make_survey

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    return Intake(MediaStore(tmp_path / "media"))


def started(session: Session, survey: str = "observatie", **round_: Any) -> tuple[Draft, Any]:
    version = make_survey(session, survey)
    actor = make_actor(make_person(session, "", "buurtbeheerder"))
    return start_draft(session, version, None, actor, "nl", NOW), actor


def save(session: Session, draft: Draft, intake: Intake, page: str, **values: str) -> None:
    sent = PageInput(page, {name: [value] for name, value in values.items()})
    save_page(session, state_of(session, draft), sent, LATER, intake)


def test_pages_follow_the_answers(session: Session, intake: Intake) -> None:
    draft, _actor = started(session)
    assert state_of(session, draft).pages == ("blad_foto", "blad_wat", "blad_waar")
    save(session, draft, intake, "blad_waar", meer="ja")
    state = state_of(session, draft)
    assert state.pages[-1] == "blad_meer"
    assert state.page_after("blad_waar") == "blad_meer"
    assert state.page_before("blad_wat") == "blad_foto"
    assert state.page_before("blad_foto") is None
    assert state.page_after("blad_meer") is None


def test_a_required_answer_is_missed_on_its_own_page(session: Session, intake: Intake) -> None:
    draft, actor = started(session)
    state = state_of(session, draft)
    assert [p.code for p in state.problems_on("blad_wat")] == ["required"]
    assert state.problems_on("blad_foto") == ()
    with pytest.raises(Refused):
        submit_draft(session, state, actor, LATER, intake)
    assert session.get(Draft, draft.id) is not None


def test_sending_again_from_a_stale_copy_is_the_same(session: Session, intake: Intake) -> None:
    draft, actor = started(session)
    save(session, draft, intake, "blad_wat", wat="mooi")
    state = state_of(session, draft)
    first = submit_draft(session, state, actor, LATER, intake)
    second = submit_draft(session, state, actor, LATER + timedelta(minutes=1), intake)
    assert (first.status, second.status) == ("created", "same")
    assert first.received_at == second.received_at
    assert session.scalars(select(Submission)).one().captured_at == NOW
    assert session.scalars(select(SubmissionConflict)).all() == []


def test_blank_and_not_asked_differ(session: Session, intake: Intake) -> None:
    draft, actor = started(session)
    save(session, draft, intake, "blad_wat", wat="mooi")
    save(session, draft, intake, "blad_waar")
    submit_draft(session, state_of(session, draft), actor, LATER, intake)
    answers = session.scalars(select(Submission)).one().answers
    assert answers["portiek"] == {"v": None}
    assert "niveau_schoon" not in answers  # only asked after "schoon"


def test_text_with_a_nul_is_kept_without_it(session: Session, intake: Intake) -> None:
    draft, _actor = started(session, "bewonersgesprek")
    save(session, draft, intake, "blad_verhaal", verhaal="lamp\0stuk")
    session.expire_all()
    assert draft.raw["verhaal"] == "lampstuk"


def test_an_untouched_draft_is_used_again(session: Session, intake: Intake) -> None:
    version = make_survey(session)
    actor = make_actor(make_person(session, "", "buurtbeheerder"))
    one = start_draft(session, version, None, actor, "nl", NOW)
    assert start_draft(session, version, None, actor, "nl", LATER).id == one.id
    assert one.started_at == LATER
    save(session, one, intake, "blad_foto")
    assert start_draft(session, version, None, actor, "nl", LATER).id != one.id


def test_residents_never_share_a_draft(session: Session) -> None:
    make_area(session)
    version = make_survey(session, "bewonersenquete")
    round_ = make_round(session, version, "BU99990101")
    one = start_draft(session, version, round_, None, "nl", NOW)
    assert start_draft(session, version, round_, None, "nl", NOW).id != one.id


@pytest.mark.parametrize(
    ("areas", "asks", "place"),
    [
        (["BU99990101"], False, {"area_code": "BU99990101", "source": "area"}),
        (["GM9999"], True, {}),
        (["BU99990101", "BU99990102"], True, {}),
        ([], True, {}),
    ],
)
def test_only_a_round_of_one_buurt_knows_where(
    session: Session, areas: list[str], asks: bool, place: dict[str, str]
) -> None:
    make_area(session)
    make_area(session, "BU99990102", "Zonnebuurt")
    version = make_survey(session, "bewonersenquete")
    round_ = make_round(session, version, *areas)
    draft = start_draft(session, version, round_, None, "nl", NOW)
    assert (state_of(session, draft).pages[0] == AREA_PAGE) == asks
    assert draft.location == place


POINT = {"lat": "52.1", "lon": "5.1", "accuracy_m": "8", "source": "gps"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, POINT, POINT),
        (POINT, {**POINT, "area_code": "BU1"}, {"area_code": "BU1", "source": "area"}),
        (
            {"area_code": "BU1", "source": "area"},
            {**POINT, "area_code": "BU1"},
            POINT,
        ),
        (POINT, POINT, POINT),
        (POINT, {}, {}),
        (
            {},
            {"lat": "x", "lon": "", "source": "hand"},
            {"lat": "x", "lon": "", "source": "manual"},
        ),
        ({"area_code": "BU1"}, {"area_code": ""}, {}),
    ],
    ids=["point", "area after", "point after", "untouched", "cleared", "wrong", "area cleared"],
)
def test_the_place_that_was_changed_counts(
    old: dict[str, str], new: dict[str, str], expected: dict[str, str]
) -> None:
    found = changed_place(old, new)
    assert {key: value for key, value in found.items() if key != "accuracy_m" or value} == expected


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("image.jpg", set(), "image.jpg"),
        ("image.jpg", {"image.jpg"}, "image-2.jpg"),
        ("image.jpg", {"image.jpg", "image-2.jpg"}, "image-3.jpg"),
        ("C:\\foto's\\lamp.png", set(), "lamp.png"),
        ("../../etc/passwd", set(), "passwd.jpg"),
        ("", set(), "foto.jpg"),
        ("...", set(), "foto.jpg"),
        ("صورة.jpg", set(), "صورة.jpg"),
    ],
)
def test_file_names_are_plain_and_free(name: str, taken: set[str], expected: str) -> None:
    assert free_name(name, taken) == expected


META = {
    "settings": {
        "form_id": "meta",
        "version": "1",
        "kind": "observatie",
        "default_language": "nl",
        "languages": ["nl"],
    },
    "title": {"nl": "Meta"},
    "survey": [
        {"type": "today", "name": "vandaag"},
        {"type": "start", "name": "begin"},
        {
            "type": "repeat",
            "name": "bomen",
            "label": {"nl": "Boom"},
            "children": [
                {"type": "text", "name": "soort", "label": {"nl": "Soort"}, "default": "linde"},
                {"type": "date", "name": "sinds", "label": {"nl": "Sinds"}, "default": "today()"},
            ],
        },
    ],
}


def test_a_trial_of_a_draft_version_says_what_would_be_sent(session: Session) -> None:
    make_area(session)
    version = make_survey(session, META)
    version.state = "draft"
    session.commit()
    draft = start_draft(session, version, None, None, "nl", NOW)
    state = state_of(session, draft)
    tried = would_send(state)
    (tree,) = tried.stored["bomen"]["v"]
    assert tree == {"soort": {"v": "linde"}, "sinds": {"v": "2026-05-04"}}
    assert tried.stored["vandaag"] == {"v": "2026-05-04"}
    assert tried.incoming.answers["bomen"] == [{"soort": "linde", "sinds": "2026-05-04"}]
    assert session.scalars(select(Submission)).all() == []
    assert session.get(Draft, draft.id) is not None


def test_stored_rounds_are_read_back_as_the_same_answers(session: Session, intake: Intake) -> None:
    version = make_survey(session, META)
    actor = make_actor(make_person(session, "", "buurtbeheerder"))
    draft = start_draft(session, version, None, actor, "nl", NOW)
    state = state_of(session, draft)
    submit_draft(session, state, actor, LATER, intake)
    kept = session.scalars(select(Submission)).one().answers
    read = stored_answers(state.survey, kept)
    assert read["bomen"] == [{"soort": "linde", "sinds": date(2026, 5, 4)}]
