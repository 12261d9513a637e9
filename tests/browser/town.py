"""Voorbeeldstad (verzonnen) for the browser: the demo, and what a page needs to be worth a look."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.app import create_app
from fieldapp.config import Settings, load_settings
from fieldapp.core.people import SYSTEM, Actor
from fieldapp.core.survey import edit, load_survey
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.migrate import upgrade
from fieldapp.db.models import (
    Attachment,
    Device,
    Draft,
    ImportRun,
    Round,
    Statement,
    Submission,
    SurveyVersion,
    User,
)
from fieldapp.db.queries.people import person_by_email
from fieldapp.db.queries.surveys import published_version, round_by_slug
from fieldapp.demo.people import PASSWORD, round_slug
from fieldapp.paths import SURVEYS
from fieldapp.services.drafts import start_draft
from fieldapp.services.edit_survey import begin, change
from fieldapp.services.intake.files import StoredFile
from fieldapp.services.make_demo import make_demo
from fieldapp.services.messages import send
from fieldapp.services.publish_survey import publish_survey
from fieldapp.services.review_submissions import step
from fieldapp.services.survey_drafts import next_version, save_draft
from fieldapp.services.try_survey import begin_trial, open_trial
from fieldapp.web.context import actor_of

NOW = datetime.now(UTC)
ROUND = round_slug("bewonersenquete")
# The shipped surveys speak Dutch and English; these copies also say that they speak Arabic, so
# that the pages around the questions run from right to left. The questions fall back to Dutch.
ARABIC_COPIES = {"bewonersenquete": "استبيان السكان", "observatie": "ملاحظة"}


@dataclass(frozen=True, slots=True)
class Town:
    """The app on a port; `places` has the values that addresses of pages are filled in with."""

    app: Flask
    url: str
    places: Mapping[str, str]


def town_settings(folder: Path, database_url: str = "") -> Settings:
    """Settings of an app whose data lives in `folder`."""
    return load_settings(
        {
            "FIELDAPP_ENV": "test",
            "FIELDAPP_DATABASE_URL": database_url or f"sqlite:///{folder / 'fieldapp.sqlite'}",
            "FIELDAPP_DATA_DIR": str(folder),
            "FIELDAPP_SECRET_KEY": "only-for-tests-" + "x" * 32,
        }
    )


def build_demo(settings: Settings) -> None:
    """The demo in an empty database."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    upgrade(engine)
    with make_session_factory(engine)() as session:
        make_demo(session, settings, NOW)
    engine.dispose()


@contextmanager
def furnish(settings: Settings) -> Iterator[tuple[Flask, dict[str, str]]]:
    """The app on a demo database to which open, returned and closed things were added."""
    app = create_app(settings)
    house = app.extensions["fieldapp"]
    with house.sessions() as session:
        places = _found(session) | _made(session)
    yield app, places
    house.engine.dispose()


def log_in_as(town: Town, role: str) -> tuple[str, str]:
    """(e-mail, password) of the demo person with this role."""
    return f"{role}@voorbeeld.example", PASSWORD


def _person(session: Session, role: str) -> User:
    found = person_by_email(session, f"{role}@voorbeeld.example")
    assert found is not None
    return found


def _found(session: Session) -> dict[str, str]:
    """What the demo has already."""
    newest = select(Submission.id).order_by(Submission.captured_at.desc())
    caretaker = _person(session, "buurtbeheerder")
    own = newest.where(Submission.user_id == caretaker.id)
    photo = session.scalars(select(Attachment)).first()
    coded = session.scalars(select(Statement.submission_id)).first()
    resident = select(Submission).where(Submission.kind == "enquete")
    finished = next(s for s in session.scalars(resident) if s.round_id is not None)
    run = session.scalars(select(ImportRun.id).order_by(ImportRun.id)).first()
    round_ = round_by_slug(session, ROUND)
    assert photo is not None
    assert round_ is not None
    return {
        "buurt": "BU99900101",
        "gemeente": "GM9990",
        "own": str(session.scalars(own).first()),
        "waiting": str(session.scalars(newest.where(Submission.state == "received")).first()),
        "photographed": str(photo.submission_id),
        "picture": session.scalars(select(Attachment.sha256)).first() or "",
        "attachment": str(photo.id),
        "coded": str(coded),
        "finished": str(finished.id),
        "run": str(run),
        "round": str(round_.id),
        "slug": round_.slug,
        "walk": round_slug("portiekgesprek"),
        "walk_round": str(_walk_round(session)),
        "person": str(caretaker.id),
        "version": _version(session, "bewonersgesprek").version,
    }


def _walk_round(session: Session) -> int:
    """The round that goes to stairwells."""
    found = round_by_slug(session, round_slug("portiekgesprek"))
    assert found is not None
    return found.id


def _version(session: Session, survey: str) -> SurveyVersion:
    found = published_version(session, survey)
    assert found is not None
    return found


def _made(session: Session) -> dict[str, str]:
    """A returned observation, a round that is over, one to come, one in Arabic, open forms."""
    manager = actor_of(_person(session, "wijkmanager"))
    own = session.scalars(
        select(Submission)
        .where(Submission.user_id == _person(session, "buurtbeheerder").id)
        .order_by(Submission.captured_at)
    ).first()
    assert own is not None
    _return(session, own, manager)
    _phones(session)
    survey = _version(session, "bewonersenquete")
    today, days = NOW.date(), timedelta(days=1)
    _round(session, survey, "voorbij", today - 90 * days, today - 30 * days)
    _round(session, survey, "straks", today + 30 * days, None)
    _round(session, _arabic(session, "bewonersenquete"), "arabisch", today - days, None)
    return {"returned": str(own.id)} | _drafts(session) | _concept(session)


def _return(session: Session, own: Submission, manager: Actor) -> None:
    """Back to the caretaker, by the service; what was accepted first waits again."""
    own.state = "received"
    session.commit()
    step(session, own.id, "returned", "Op de foto staat een kenteken.", manager, NOW)


def _phones(session: Session) -> None:
    """Phones for the board: one with work stuck, one that was nudged, one without worries."""
    two_days = NOW - timedelta(days=2)
    stuck: dict[str, Any] = {
        "unsent": 3,
        "refused": 1,
        "drafts": 2,
        "oldest_unsent_at": two_days,
        "persisted": False,
        "free_bytes": 41_000_000,
        "clock_off_s": -7_500,
        "app_version": "a1b2c3d4e5",
    }
    fine: dict[str, Any] = {"persisted": True, "sealed": True, "free_bytes": 12_400_000_000}
    silent: dict[str, Any] = {"unsent": 1, "oldest_unsent_at": two_days, "last_seen_at": two_days}
    rows = (
        ("buurtbeheerder", "Chrome op Android", stuck),
        ("gespreksvoerder", "Safari op iPhone", silent),
        ("wijkmanager", "Firefox op Windows", fine),
    )
    for role, name, told in rows:
        person = _person(session, role)
        seen = {"first_seen_at": two_days, "last_seen_at": NOW, **told}
        session.add(
            Device(
                device_id=uuid.uuid4(),
                organisation_id=person.organisation_id,
                user_id=person.id,
                name=name,
                **seen,
            )
        )
    manager, talker = _person(session, "wijkmanager"), _person(session, "gespreksvoerder")
    session.commit()
    send(session, actor_of(manager), talker, "nudge", "", NOW)


def _round(
    session: Session, version: SurveyVersion, slug: str, opens: date, closes: date | None
) -> None:
    example = round_by_slug(session, ROUND)
    assert example is not None
    session.add(
        Round(
            slug=slug,
            name="Enquête (verzonnen)",
            organisation_id=example.organisation_id,
            survey_id=version.survey_id,
            area_codes=example.area_codes,
            opens_on=opens,
            closes_on=closes,
            is_public=True,
        )
    )
    session.commit()


def _arabic(session: Session, name: str) -> SurveyVersion:
    """The copy of a shipped survey that also speaks Arabic."""
    data = yaml.safe_load((SURVEYS / name / "survey.yaml").read_text())
    data["settings"]["form_id"] = f"{name}_ar"
    data["settings"]["languages"] = list(dict.fromkeys([*data["settings"]["languages"], "ar"]))
    title = data["title"] if isinstance(data["title"], dict) else {"nl": data["title"]}
    data["title"] = {**title, "ar": ARABIC_COPIES[name]}
    # a picture that goes with the survey: one that lies in the media store already
    data["files"] = {"plaat.jpg": session.scalars(select(Attachment.sha256)).first()}
    return publish_survey(session, load_survey(data), SYSTEM, NOW)[0]


def _concept(session: Session) -> dict[str, str]:
    """A survey that is being made: a page with faces, a question under a condition, a language."""
    actor = actor_of(_person(session, "beheerder"))
    draft = begin(session, actor, NOW, title="Hoe is de straat?", kind="enquete", language="nl")

    def fill(data: edit.Definition) -> edit.Definition:
        data, page = edit.add(data, "page", label="Wonen")
        data, faces = edit.add(data, "faces", beside=page, label="Hoe is het in de straat?")
        data, _ = edit.add(data, "choose_more", beside=faces, label="Wat is er aan de hand?")
        data = edit.set_cell(data, "wat_is_er_aan_de_hand", "relevant", f"${{{faces}}} != ''")
        data, _ = edit.add(data, "repeat", label="Kamer")
        data, _ = edit.add(data, "short", beside="kamer", label="Welke kamer?")
        return edit.add_language(data, "ar")

    change(session, draft.id, actor, NOW, expected="", deed="add", operation=fill)
    return {"concept": str(draft.id)} | _tried(session, actor)


def _tried(session: Session, actor: Actor) -> dict[str, str]:
    """A survey of one's own, made from one that ships, that is checked, compared and tried."""
    shipped = _version(session, "bewonersenquete")
    made = next_version(session, shipped.id, actor, NOW)
    data = deepcopy(made.definition)
    asked = next(row for page in data["survey"] for row in page["children"] if "label" in row)
    asked["label"] = {"nl": "Wat is uw telefoonnummer?", "ar": "ما هو رقم هاتفك؟"}
    made = save_draft(session, data, actor, NOW, version_id=made.id)
    tried = open_trial(session, made.id, actor, NOW)
    walks = {f"trying_{tag}": str(begin_trial(session, tried, tag, NOW).id) for tag in ("nl", "ar")}
    ids = {"survey_id": str(shipped.survey_id), "tried": str(tried.id)}
    return {"trial": str(tried.trial_token), **walks, **ids}


SAID = {"gaat_goed": "De buren letten op elkaar."}
# Place in an address -> (survey, what is filled in already).
COLLEAGUE: Mapping[str, tuple[str, dict[str, Any]]] = {
    "observing": ("observatie", {"wat": "veilig", "meer": "ja"}),
    "stairwell": (
        "portiekgesprek",
        {"deuren": [{"deur": "gesproken"}, {"deur": "dicht"}], "huishoudens_gesproken": "3"},
    ),
    "talking": ("bewonersgesprek", {"themas": ["wonen", "veiligheid"]}),
    "reading": ("professional", {"themas": ["wonen"]}),
}


def _drafts(session: Session) -> dict[str, str]:
    """Forms half filled in, one of them with a photo."""
    caretaker = actor_of(_person(session, "buurtbeheerder"))
    made: dict[str, Draft] = {}
    for place, (survey, raw) in COLLEAGUE.items():
        version = _version(session, survey)
        made[place] = _draft(session, version, None, caretaker, raw)
    arabic = _arabic(session, "observatie")
    made["ar_observing"] = _draft(session, arabic, None, caretaker, COLLEAGUE["observing"][1], "ar")
    for place, slug, language in (("answering", ROUND, "nl"), ("ar_answering", "arabisch", "ar")):
        version = _version(session, "bewonersenquete" + ("_ar" if language == "ar" else ""))
        made[place] = _draft(session, version, slug, None, SAID, language)
    photo = _kept_photo(session)
    made["observing"].files = [photo]
    session.commit()
    return {place: str(draft.id) for place, draft in made.items()} | {"photo": photo["sha256"]}


def _draft(
    session: Session,
    version: SurveyVersion,
    slug: str | None,
    actor: Actor | None,
    raw: dict[str, Any],
    language: str = "nl",
) -> Draft:
    round_ = round_by_slug(session, slug) if slug else None
    draft = start_draft(session, version, round_, actor, language, NOW)
    draft.raw = {**draft.raw, **raw}
    draft.updated_at = NOW + timedelta(seconds=1)  # touched, so that it counts as begun
    session.commit()
    return draft


def _kept_photo(session: Session) -> dict[str, Any]:
    """A photo that the demo stored, as a draft keeps it."""
    photo = session.scalars(select(Attachment)).first()
    assert photo is not None
    return StoredFile(
        "foto",
        photo.file_name,
        photo.sent_sha256,
        photo.sha256,
        photo.size,
        photo.width or 1,
        photo.height or 1,
    ).as_json()
