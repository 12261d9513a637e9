"""Changing a draft: saved at once, undone and redone, never over another's work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.survey import edit
from fieldapp.db.models import SurveyEdit, SurveyVersion
from fieldapp.services import edit_survey
from fieldapp.services.edit_survey import Operation, begin, change, open_desk, redo, undo
from fieldapp.services.refusal import Refusal
from fieldapp.services.survey_drafts import (
    StaleDraft,
    delete_draft_version,
    next_version,
    publish_draft,
    save_draft,
)
from tests.factories import make_actor, make_person

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def actor(session: Session) -> Actor:
    return make_actor(make_person(session, "ada@example.org", "beheerder"))


@pytest.fixture
def draft(session: Session, actor: Actor) -> SurveyVersion:
    return begin(session, actor, NOW, title="Hoe is de straat?", kind="enquete", language="nl")


def adding(label: str) -> Operation:
    return lambda data: edit.add(data, "short", label=label)[0]


def names(version: SurveyVersion) -> list[str]:
    return [str(row["name"]) for row in version.definition["survey"]]


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(SurveyEdit)) or 0


def test_a_survey_begins_with_a_title_and_gets_a_name(
    session: Session, draft: SurveyVersion
) -> None:
    assert draft.survey.name == "hoe_is_de_straat"
    assert draft.definition["settings"]["languages"] == ["nl"]
    assert draft.definition["title"] == {"nl": "Hoe is de straat?"}


def test_a_copy_has_all_questions_and_a_name_of_its_own(
    session: Session, actor: Actor, draft: SurveyVersion
) -> None:
    change(session, draft.id, actor, NOW, expected="", deed="add", operation=adding("Straat"))
    copy = begin(
        session, actor, NOW, title="De wijk", kind="enquete", language="nl", copy_of=draft.id
    )

    assert names(copy) == ["straat"]
    assert (copy.survey.name, copy.definition["title"]) == ("de_wijk", {"nl": "De wijk"})


def test_changes_are_undone_and_redone_also_after_a_reload(
    session: Session, actor: Actor, draft: SurveyVersion
) -> None:
    for label in ("Een", "Twee"):
        change(session, draft.id, actor, NOW, expected="", deed=label, operation=adding(label))
    session.expire_all()

    assert undo(session, draft.id, actor, NOW) == "Twee"
    assert names(draft) == ["een"]
    assert undo(session, draft.id, actor, NOW) == "Een"
    assert names(draft) == []
    assert undo(session, draft.id, actor, NOW) is None
    desk = open_desk(session, draft.id, actor)
    assert (desk.undo, desk.redo) == (None, "Een")

    assert redo(session, draft.id, actor, NOW) == "Een"
    assert redo(session, draft.id, actor, NOW) == "Twee"
    assert names(draft) == ["een", "twee"]
    assert redo(session, draft.id, actor, NOW) is None


def test_a_new_change_ends_what_could_be_redone(
    session: Session, actor: Actor, draft: SurveyVersion
) -> None:
    change(session, draft.id, actor, NOW, expected="", deed="add", operation=adding("Een"))
    undo(session, draft.id, actor, NOW)
    change(session, draft.id, actor, NOW, expected="", deed="add", operation=adding("Twee"))

    assert open_desk(session, draft.id, actor).redo is None
    assert names(draft) == ["twee"]


def test_of_two_who_change_at_once_the_second_is_told_and_nothing_is_lost(
    session: Session, actor: Actor, draft: SurveyVersion
) -> None:
    seen = draft.definition_sha256
    change(session, draft.id, actor, NOW, expected=seen, deed="add", operation=adding("Eerste"))
    before = kept(session)

    with pytest.raises(StaleDraft):
        change(session, draft.id, actor, NOW, expected=seen, deed="add", operation=adding("Ander"))
    with pytest.raises(StaleDraft):
        undo(session, draft.id, actor, NOW, expected=seen)

    session.expire_all()
    assert names(draft) == ["eerste"]
    assert kept(session) == before


def test_what_changes_nothing_leaves_no_step(
    session: Session, actor: Actor, draft: SurveyVersion
) -> None:
    same = change(session, draft.id, actor, NOW, expected="", deed="x", operation=lambda data: data)

    assert same.definition_sha256 == draft.definition_sha256
    assert kept(session) == 0


def test_a_refused_save_leaves_no_step(
    session: Session, actor: Actor, draft: SurveyVersion
) -> None:
    def wrong(data: edit.Definition) -> edit.Definition:
        return data | {"settings": data["settings"] | {"kind": "praatje"}}

    with pytest.raises(Refusal):
        change(session, draft.id, actor, NOW, expected="", deed="x", operation=wrong)

    session.expire_all()
    assert kept(session) == 0
    assert draft.definition["settings"]["kind"] == "enquete"


def test_history_is_bounded(
    session: Session, actor: Actor, draft: SurveyVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit_survey, "MOST_STEPS", 3)
    for number in range(6):
        change(
            session,
            draft.id,
            actor,
            NOW + timedelta(minutes=number),
            expected="",
            deed=str(number),
            operation=adding(f"Vraag {number}"),
        )

    undone = [undo(session, draft.id, actor, NOW) for _ in range(4)]
    assert undone == ["5", "4", "3", None]


def test_names_under_which_answers_exist_are_known(
    session: Session, actor: Actor, draft: SurveyVersion
) -> None:
    def build(data: edit.Definition) -> edit.Definition:
        return edit.add(data, "yes_no", label="Fijn hier?")[0]

    change(session, draft.id, actor, NOW, expected="", deed="add", operation=build)
    assert open_desk(session, draft.id, actor).kept == frozenset()
    publish_draft(session, draft.id, actor, NOW, ())
    following = next_version(session, draft.id, actor, NOW)

    desk = open_desk(session, following.id, actor)
    assert desk.kept == {"fijn_hier"}
    assert desk.kept_choices == {"fijn_hier": {"ja", "nee"}}


def test_what_is_published_does_not_change(
    session: Session, actor: Actor, draft: SurveyVersion
) -> None:
    change(session, draft.id, actor, NOW, expected="", deed="add", operation=adding("Straat"))
    publish_draft(session, draft.id, actor, NOW, ())
    assert kept(session) == 0

    for call in (
        lambda: open_desk(session, draft.id, actor),
        lambda: undo(session, draft.id, actor, NOW),
        lambda: change(
            session, draft.id, actor, NOW, expected="", deed="x", operation=adding("Nog een")
        ),
    ):
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.problem.code == "not_a_draft"


def test_history_goes_with_the_draft(session: Session, actor: Actor, draft: SurveyVersion) -> None:
    change(session, draft.id, actor, NOW, expected="", deed="add", operation=adding("Een"))
    assert kept(session) == 1
    delete_draft_version(session, draft.id, actor, NOW)

    assert kept(session) == 0


def test_a_draft_in_another_shape_is_read_all_the_same(session: Session, actor: Actor) -> None:
    data = {
        "settings": {"form_id": "los", "version": "1", "kind": "enquete"},
        "title": "Los",
        "survey": [{"type": "text", "label": "Zonder naam"}, {"type": "group", "name": "g"}],
    }
    version = save_draft(session, data, actor, NOW)

    desk = open_desk(session, version.id, actor)
    assert [placed.name for placed in edit.walk(desk.data)] == ["vraag_1", "g"]
    assert desk.data["title"] == {"nl": "Los"}
    change(session, version.id, actor, NOW, expected="", deed="add", operation=adding("Nog een"))
    assert names(version) == ["vraag_1", "g", "nog_een"]
