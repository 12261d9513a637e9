"""The demo as stored: complete, marked as fiction, and the same after a second run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.cli.base import CommandFailed
from fieldapp.cli.demo import demo
from fieldapp.config import Settings, load_settings
from fieldapp.db.base import Base
from fieldapp.db.models import (
    Area,
    Attachment,
    FollowUp,
    IndicatorValue,
    Organisation,
    Round,
    RoundDoor,
    Statement,
    Submission,
    User,
)
from fieldapp.demo.compose import DemoWorld, demo_world
from fieldapp.demo.pictures import HEIGHT, SUBJECTS, WIDTH, draw_picture
from fieldapp.services.make_demo import DemoRefused, make_demo
from fieldapp.services.media import MediaStore
from fieldapp.services.photos import prepare_photo
from fieldapp.services.profiles import default_period, gemeente_profiles
from tests.conftest import TestDatabase

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a week after the last day of demo_world()


@pytest.fixture(scope="module")
def whole() -> DemoWorld:
    return demo_world()


@pytest.fixture(scope="module")
def small(whole: DemoWorld) -> DemoWorld:
    """One in eight voices: enough for every path, and quick."""
    some = whole.submissions[::8]
    ids = {submission.id for submission in some}
    told = tuple(one for one in whole.statements if one.submission_id in ids)
    return replace(whole, submissions=some, statements=told)


def _counts(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_everything_is_stored_and_a_second_run_changes_nothing(
    session: Session, settings: Settings, whole: DemoWorld
) -> None:
    steps: list[tuple[int, int]] = []
    report = make_demo(session, settings, NOW, lambda *step: steps.append(step), whole)
    before = _counts(session)
    assert report.submissions == before["submission"] == len(whole.submissions)
    assert report.statements == before["statement"] == len(whole.statements)
    assert report.figures == before["indicator_value"] == len(whole.indicator_values)
    assert report.photos == before["attachment"] > 0
    assert report.areas == before["area"]
    assert report.people == before["user"] == len(whole.people)
    assert report.rounds == before["round"] == 5
    assert before["submission_conflict"] == 0
    waiting = session.scalars(select(Submission.captured_at).where(Submission.state == "received"))
    assert report.accepted == len(whole.submissions) - len(found := waiting.all())
    assert 0 < len(found) < 60
    assert min(found) >= max(found) - timedelta(days=14)
    assert steps[-1] == (len(whole.submissions), len(whole.submissions))
    _check_places(session, whole)
    _check_statements(session)
    _check_names(session)
    _check_drawings(session, settings)
    _check_doors(session, whole)

    later = NOW + timedelta(days=40)  # no world given: composed again, for the same days
    again = make_demo(session, settings, later)
    assert (again.submissions, again.statements, again.people, again.areas) == (0, 0, 0, 0)
    assert again.accepted == 0
    assert _counts(session) == before
    _check_stories(session, whole)


def _check_places(session: Session, world: DemoWorld) -> None:
    """Each voice lies in the buurt that it speaks of; residents' own surveys name nobody."""
    wanted = {submission.id: submission.area_code for submission in world.submissions}
    stored = session.execute(select(Submission.id, Submission.area_code, Submission.area_status))
    for row in stored:
        assert (row.area_code, row.area_status) == (wanted[row.id], "found")
    kinds = set(session.scalars(select(Submission.kind)))
    assert kinds == {"bewonersgesprek", "portiekgesprek", "observatie", "enquete", "professional"}
    named = select(Submission).where(Submission.kind == "enquete", Submission.user_id.is_not(None))
    assert session.scalars(named).all() == []


def _check_statements(session: Session) -> None:
    """Statements are pieces of the answers."""
    stored = {row.id: row for row in session.scalars(select(Submission))}
    for statement in session.scalars(select(Statement)):
        submission = stored[statement.submission_id]
        answer = submission.answers[statement.question]["v"]
        assert answer[statement.starts : statement.ends] == statement.text
        assert submission.coded_at is not None
        assert len(statement.codes) == 1


def _check_names(session: Session) -> None:
    """Everything shown says that it is invented."""
    organisation = session.scalars(select(Organisation)).one()
    assert organisation.fictional
    names = [
        organisation.name,
        *session.scalars(select(Area.name)),
        *session.scalars(select(Area.gemeente_name)),
        *session.scalars(select(Round.name)),
        *session.scalars(select(User.name)),
    ]
    assert [name for name in names if "(verzonnen)" not in name] == []
    assert all("verzonnen" in source for source in session.scalars(select(Area.source)))
    assert set(session.scalars(select(IndicatorValue.source))) == {"verzonnen"}


def _check_drawings(session: Session, settings: Settings) -> None:
    """Drawings are kept like photos."""
    media = MediaStore(settings.media_dir)
    for attachment in session.scalars(select(Attachment)):
        assert len(media.read(attachment.sha256)) == attachment.size


def _check_doors(session: Session, world: DemoWorld) -> None:
    """Every portiek is on the walking list; a few promises are open, most were kept."""
    listed = set(session.scalars(select(RoundDoor.name)))
    assert listed == {portiek.name for places in world.portieken.values() for portiek in places}
    promised = session.scalars(select(FollowUp)).all()
    still = [one for one in promised if one.done_at is None]
    assert 5 <= len(still) < len(promised) / 2
    assert all(one.done_at > one.made_at for one in promised if one.done_at is not None)


def _check_stories(session: Session, world: DemoWorld) -> None:
    """The profile of each buurt, from the database, shows what its story promises."""
    organisation = session.scalars(select(Organisation)).one()
    period = default_period(NOW)
    views = gemeente_profiles(session, organisation.id, "GM9990", *period, NOW)
    profiles = {view.area_code: view.data for view in views}
    assert len(profiles) == 12
    for buurt in world.stories.buurten:
        themes = {theme["code"]: theme for theme in profiles[buurt.code]["themes"]}
        theme = themes[buurt.shows.get("theme", "wonen")]
        if "confrontation" in buurt.shows:
            assert theme["confrontation"] == buurt.shows["confrontation"], buurt.name
        if "trend" in buurt.shows:
            assert theme["cold"]["trend"]["class"] == buurt.shows["trend"], buurt.name
        if "too_few" in buurt.shows:
            assert theme["warm"]["bewoners"]["mean"] is None


def test_a_run_that_was_stopped_is_finished_by_the_next(
    session: Session, settings: Settings, small: DemoWorld
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_demo(session, settings, NOW, stop, small)
    session.rollback()
    assert _counts(session)["submission"] == 30
    make_demo(session, settings, NOW, world=small)
    counts = _counts(session)
    assert counts["submission"] == len(small.submissions)
    assert counts["statement"] == len(small.statements)


def test_production_refuses(session: Session, tmp_path: Path) -> None:
    production = load_settings(
        {
            "FIELDAPP_ENV": "production",
            "FIELDAPP_SECRET_KEY": "x" * 40,
            "FIELDAPP_BASE_URL": "https://veld.example.org",
            "FIELDAPP_DATA_DIR": str(tmp_path),
        }
    )
    before = _counts(session)
    with pytest.raises(DemoRefused, match="production"):
        make_demo(session, production, NOW)
    assert _counts(session) == before


@pytest.fixture
def environment(database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings as the command line finds them."""
    monkeypatch.setenv("FIELDAPP_DATABASE_URL", database.url)
    monkeypatch.setenv("FIELDAPP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FIELDAPP_SECRET_KEY", "only-for-tests-" + "x" * 32)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_answers_in_json_and_names_the_log_ins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FIELDAPP_ENV", "test")
    answer = CliRunner().invoke(demo, ["--json"], catch_exceptions=False)
    data = json.loads(answer.stdout)
    assert data["submissions"] > 760
    assert "beheerder@voorbeeld.example" in data["log_ins"]
    again = CliRunner().invoke(demo, [], catch_exceptions=False)
    assert again.stdout.startswith("Voorbeeldstad (verzonnen) is there already")
    assert "no person, place or figure is real" in again.stdout


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_refuses_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDAPP_ENV", "production")
    monkeypatch.setenv("FIELDAPP_BASE_URL", "https://veld.example.org")
    with pytest.raises(CommandFailed, match="production"):
        CliRunner().invoke(demo, [], catch_exceptions=False)


@pytest.mark.parametrize("subject", sorted(SUBJECTS))
def test_drawings_are_photos_that_the_intake_takes(subject: str) -> None:
    data = draw_picture(subject, "a", good=True)
    photo = prepare_photo(data, max_bytes=1_000_000)
    assert (photo.width, photo.height) == (WIDTH, HEIGHT)
    assert draw_picture(subject, "a", good=True) == data
    assert draw_picture(subject, "a", good=False) != data
