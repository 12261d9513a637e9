"""Drafts of surveys: saved unfinished, published whole, never changed after that."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM, Actor
from fieldapp.core.submission import Incoming
from fieldapp.core.survey import definition_hash, load_survey
from fieldapp.db.models import AuditEntry, Draft, Organisation, Survey, SurveyVersion
from fieldapp.services.drafts import start_draft
from fieldapp.services.intake import Intake, Refused, receive_submission
from fieldapp.services.media import MediaStore
from fieldapp.services.open_round import OpenRound, RoundError, open_round
from fieldapp.services.publish_survey import PublishError, publish_survey
from fieldapp.services.refusal import Refusal
from fieldapp.services.retention import apply_retention
from fieldapp.services.survey_drafts import (
    NotAccepted,
    NotFinished,
    StaleDraft,
    delete_draft_version,
    next_version,
    publish_draft,
    save_draft,
    withdraw,
)
from fieldapp.services.survey_versions import parsed
from fieldapp.services.visible import NotThere
from tests.factories import make_actor, make_person, make_round, make_survey

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def definition(
    form_id: str = "buurtborrel", version: str = "2026-1", label: str = "Hoe was het?"
) -> dict[str, Any]:
    return {
        "settings": {
            "form_id": form_id,
            "version": version,
            "kind": "observatie",
            "default_language": "nl",
            "languages": ["nl"],
        },
        "title": {"nl": "Buurtborrel"},
        "survey": [
            {
                "type": "group",
                "name": "blad",
                "appearance": "field-list",
                "children": [{"type": "text", "name": "hoe", "label": {"nl": label}}],
            }
        ],
        "choices": {},
    }


@pytest.fixture
def actor(session: Session) -> Actor:
    return make_actor(make_person(session, "ada@example.org", "beheerder"))


@pytest.fixture
def stranger(session: Session, actor: Actor) -> Actor:
    """A beheerder of another organisation in the same house."""
    other = Organisation(slug="elders", name="Elders", language="nl", theme={})
    session.add(other)
    session.commit()
    return Actor(organisation_id=other.id, name="Bo", grants=actor.grants)


def deeds(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.deed).order_by(AuditEntry.id)))


def refused(code: str, call: Any, *args: Any, **kwargs: Any) -> Mapping[str, Any]:
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    assert caught.value.problem.code == code
    return caught.value.problem.params


def test_a_draft_is_kept_as_written_and_belongs_to_the_organisation(
    session: Session, actor: Actor
) -> None:
    unfinished = definition() | {"survey": [{"type": "select_one nergens", "name": "x"}]}
    draft = save_draft(session, unfinished, actor, NOW)
    session.expire_all()
    assert draft.state == "draft"
    assert draft.definition == unfinished
    assert draft.survey.organisation_id == actor.organisation_id
    assert deeds(session)[-1] == "survey_draft_made"


def test_a_new_draft_gets_a_name_from_its_title_and_a_free_version(
    session: Session, actor: Actor
) -> None:
    data = definition(form_id="", version="") | {"title": {"nl": "Één straat, 2 kanten!"}}
    draft = save_draft(session, data, actor, NOW)
    assert draft.survey.name == draft.definition["settings"]["form_id"] == "een_straat_2_kanten"
    assert draft.version == draft.definition["settings"]["version"] == "2026-1"
    again = save_draft(session, data, actor, NOW)
    assert again.survey.name == "een_straat_2_kanten_2"
    same_survey = save_draft(session, definition("een_straat_2_kanten"), actor, NOW)
    assert (same_survey.survey_id, same_survey.version) == (draft.survey_id, "2026-2")


def test_only_who_saw_the_last_change_can_change(session: Session, actor: Actor) -> None:
    first = save_draft(session, definition(), actor, NOW)
    seen = first.definition_sha256
    changed = definition(label="Hoe was de borrel?")
    second = save_draft(session, changed, actor, LATER, version_id=first.id, expected_sha256=seen)
    assert second.id == first.id
    assert second.definition_sha256 != seen
    with pytest.raises(StaleDraft) as caught:
        save_draft(session, definition(), actor, LATER, version_id=first.id, expected_sha256=seen)
    assert caught.value.version.definition == changed
    session.expire_all()
    assert second.definition == changed


def test_saving_often_is_noted_once_an_hour(session: Session, actor: Actor) -> None:
    draft = save_draft(session, definition(), actor, NOW)
    for minute in range(5):
        data = definition(label=f"Vraag {minute}?")
        save_draft(session, data, actor, NOW + timedelta(minutes=minute), version_id=draft.id)
    assert deeds(session).count("survey_draft_saved") == 1
    later = NOW + timedelta(hours=2)
    save_draft(session, definition(label="Weer?"), actor, later, version_id=draft.id)
    assert deeds(session).count("survey_draft_saved") == 2


def test_publishing_freezes(session: Session, actor: Actor) -> None:
    draft = save_draft(session, definition(), actor, NOW)
    published = publish_draft(session, draft.id, actor, LATER, ())
    survey = load_survey(definition())
    assert (published.state, published.published_at) == ("published", LATER)
    assert published.definition_sha256 == definition_hash(survey)
    assert parsed(published) == survey
    refused("not_a_draft", save_draft, session, definition(), actor, LATER, version_id=draft.id)
    refused("not_a_draft", publish_draft, session, draft.id, actor, LATER, ())
    refused("not_a_draft", delete_draft_version, session, draft.id, actor, LATER)
    session.expire_all()
    assert load_survey(published.definition) == survey


def test_what_is_not_whole_is_not_published(session: Session, actor: Actor) -> None:
    unfinished = definition() | {"survey": [{"type": "select_one nergens", "name": "x"}]}
    draft = save_draft(session, unfinished, actor, NOW)
    with pytest.raises(NotFinished) as caught:
        publish_draft(session, draft.id, actor, NOW, ())
    assert "unknown_list" in {problem.code for problem in caught.value.problems}
    session.expire_all()
    assert draft.state == "draft"


def test_findings_are_accepted_one_by_one_with_a_reason(session: Session, actor: Actor) -> None:
    draft = save_draft(session, definition(), actor, NOW)
    open_findings = ("no_way_out@hoe", "personal_data@hoe")
    with pytest.raises(NotAccepted) as caught:
        publish_draft(session, draft.id, actor, NOW, {"no_way_out@hoe": ""}, open_findings)
    assert caught.value.keys == ("personal_data@hoe",)
    reasons = {"no_way_out@hoe": "", "personal_data@hoe": "Nodig voor de loting", "old@x": "weg"}
    publish_draft(session, draft.id, actor, NOW, reasons, open_findings)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.deed == "survey_published"
    assert entry.actor_id == actor.user_id
    assert entry.detail["accepted"] == {
        "no_way_out@hoe": "",
        "personal_data@hoe": "Nodig voor de loting",
    }


def test_publishing_removes_trials(session: Session, actor: Actor) -> None:
    from fieldapp.services.drafts import start_draft

    draft = save_draft(session, definition(), actor, NOW)
    start_draft(session, draft, None, None, "nl", NOW)
    publish_draft(session, draft.id, actor, NOW, ())
    assert session.scalars(select(Draft)).all() == []


def test_the_next_version_is_a_copy_with_a_higher_number(session: Session, actor: Actor) -> None:
    first = save_draft(session, definition(), actor, NOW)
    refused("is_a_draft", next_version, session, first.id, actor, NOW)
    publish_draft(session, first.id, actor, NOW, ())
    second = next_version(session, first.id, actor, LATER)
    assert (second.version, second.state, second.based_on_id) == ("2026-2", "draft", first.id)
    assert second.definition["settings"]["version"] == "2026-2"
    assert second.definition["survey"] == first.definition["survey"]
    assert first.definition["settings"]["version"] == "2026-1"
    assert next_version(session, first.id, actor, LATER).id == second.id
    publish_draft(session, second.id, actor, LATER, ())
    assert next_version(session, first.id, actor, LATER).version == "2026-3"


def test_what_ships_is_copied_never_changed(
    session: Session, actor: Actor, stranger: Actor
) -> None:
    shipped = make_survey(session, "observatie")
    before = shipped.definition
    refused("form_id_taken", save_draft, session, definition("observatie"), actor, NOW)
    refused("shipped", withdraw, session, shipped.id, actor, NOW)
    copy = next_version(session, shipped.id, actor, NOW)
    organisation = session.get(Organisation, actor.organisation_id)
    assert organisation is not None
    assert copy.survey.organisation_id == organisation.id
    assert copy.survey.name.startswith("observatie_")
    assert copy.survey_id != shipped.survey_id
    assert copy.based_on_id == shipped.id
    assert copy.definition["survey"] == before["survey"]
    assert next_version(session, shipped.id, actor, NOW).id == copy.id
    theirs = next_version(session, shipped.id, stranger, NOW)
    assert theirs.survey_id not in (copy.survey_id, shipped.survey_id)
    session.expire_all()
    assert shipped.definition == before


def test_another_organisation_does_not_exist(
    session: Session, actor: Actor, stranger: Actor
) -> None:
    draft = save_draft(session, definition(), actor, NOW)
    refused("form_id_taken", save_draft, session, definition(), stranger, NOW)
    for call in (next_version, delete_draft_version, withdraw):
        with pytest.raises(NotThere):
            call(session, draft.id, stranger, NOW)
    with pytest.raises(NotThere):
        publish_draft(session, draft.id, stranger, NOW, ())
    with pytest.raises(NotThere):
        save_draft(session, definition(), stranger, NOW, version_id=draft.id)


def test_a_release_never_takes_over_an_own_survey(session: Session, actor: Actor) -> None:
    save_draft(session, definition(), actor, NOW)
    with pytest.raises(PublishError, match="organisation"):
        publish_survey(session, load_survey(definition(version="2027-1")), actor, NOW)


def test_names_and_versions_stay_unique_and_fixed(session: Session, actor: Actor) -> None:
    first = save_draft(session, definition(), actor, NOW)
    other = save_draft(session, definition("anders"), actor, NOW)
    taken = {"version_id": other.id}
    refused("form_id_taken", save_draft, session, definition(), actor, NOW, **taken)
    renamed = save_draft(session, definition("weer_anders"), actor, NOW, version_id=other.id)
    assert renamed.survey.name == "weer_anders"
    publish_draft(session, first.id, actor, NOW, ())
    second = next_version(session, first.id, actor, NOW)
    of_second = {"version_id": second.id}
    refused("version_taken", save_draft, session, definition(), actor, NOW, **of_second)
    refused("form_id_fixed", save_draft, session, definition("nieuw", "9"), actor, NOW, **of_second)
    talk = definition(version="9")
    talk["settings"]["kind"] = "bewonersgesprek"
    refused("kind_fixed", save_draft, session, talk, actor, NOW, **of_second)
    refused("name_not_allowed", save_draft, session, definition("Met Spatie"), actor, NOW)
    odd = definition()
    odd["settings"]["kind"] = "enquette"
    refused("unknown_kind", save_draft, session, odd, actor, NOW)
    refused("not_a_definition", save_draft, session, {"survey": []}, actor, NOW)


def test_a_version_in_use_is_not_withdrawn(session: Session, actor: Actor) -> None:
    first = save_draft(session, definition(), actor, NOW)
    publish_draft(session, first.id, actor, NOW, ())
    make_round(session, first)
    refused("round_open", withdraw, session, first.id, actor, NOW)
    second = next_version(session, first.id, actor, NOW)
    publish_draft(session, second.id, actor, NOW, ())
    assert withdraw(session, first.id, actor, NOW).state == "withdrawn"
    refused("not_published", withdraw, session, first.id, actor, NOW)
    refused("round_open", withdraw, session, second.id, actor, NOW)


def test_a_draft_thrown_away_takes_its_empty_survey_along(session: Session, actor: Actor) -> None:
    draft = save_draft(session, definition(), actor, NOW)
    delete_draft_version(session, draft.id, actor, NOW)
    assert session.scalars(select(Survey)).all() == []
    kept = save_draft(session, definition(), actor, NOW)
    publish_draft(session, kept.id, actor, NOW, ())
    delete_draft_version(session, next_version(session, kept.id, actor, NOW).id, actor, NOW)
    assert session.scalars(select(SurveyVersion.id)).all() == [kept.id]


def test_a_draft_that_changes_is_read_anew(session: Session, actor: Actor) -> None:
    draft = save_draft(session, definition(), actor, NOW)
    assert parsed(draft).question("hoe").label is not None
    save_draft(session, definition(label="Anders?"), actor, NOW, version_id=draft.id)
    label = parsed(draft).question("hoe").label
    assert label is not None
    assert label.in_language("nl") == "Anders?"


def test_an_own_survey_takes_answers_and_rounds_of_its_organisation_only(
    session: Session, actor: Actor, stranger: Actor, tmp_path: Path
) -> None:
    draft = save_draft(session, definition(), actor, NOW)
    version = publish_draft(session, draft.id, actor, NOW, ())
    command = OpenRound(version.survey.name, "Proef", (), NOW.date(), None, False)
    incoming = Incoming(
        id=uuid.uuid4(),
        survey=version.survey.name,
        version=version.version,
        language="nl",
        captured_at=NOW,
        answers={},
    )
    intake = Intake(MediaStore(tmp_path))
    with pytest.raises(RoundError):
        open_round(session, command, stranger, NOW)
    with pytest.raises(Refused) as caught:
        receive_submission(session, incoming, stranger, NOW, intake)
    assert [problem.code for problem in caught.value.problems] == ["unknown_survey"]
    open_round(session, command, actor, NOW)
    assert receive_submission(session, incoming, actor, NOW, intake).status == "created"


def test_retention_removes_trials_after_a_day_and_no_other_draft(
    session: Session, actor: Actor, settings: Settings
) -> None:
    version = save_draft(session, definition(), actor, NOW)
    begun = datetime.now(UTC)
    old, new = begun - timedelta(hours=25), begun - timedelta(hours=23)
    gone = start_draft(session, version, None, None, "nl", old).id
    kept = start_draft(session, version, None, None, "nl", new).id
    own = start_draft(session, version, None, actor, "nl", old).id
    apply_retention(session, settings, SYSTEM, begun, dry_run=False)
    session.expire_all()
    assert session.get(Draft, gone) is None
    assert session.get(Draft, kept) is not None
    assert session.get(Draft, own) is not None
