"""Imports that wait: what the worker does with them, whatever happens."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import Actor
from fieldapp.db.models import Area, AuditEntry, ImportRun
from fieldapp.db.queries.imports import files_in_use
from fieldapp.db.queries.waiting import unfinished
from fieldapp.services.import_runs import (
    ProgressFile,
    RequestImport,
    give_up,
    perform,
    request_import,
    shipped_mappings,
    upload_store,
)
from tests.factories import make_actor, make_person
from tests.test_jobs import boundaries

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def waiting(
    session: Session, settings: Settings, data: bytes, actor: Actor | None = None, year: int = 2024
) -> ImportRun:
    """An import that was asked for."""
    upload = upload_store(settings).write(io.BytesIO(data), "buurten.geojson")
    command = RequestImport("areas", upload, year)
    return request_import(session, command, actor or Actor(None), NOW)


def again(session: Session, run: ImportRun) -> ImportRun:
    session.expire_all()
    return session.get_one(ImportRun, run.id)


def deeds(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.deed).order_by(AuditEntry.id)))


def test_one_row_from_asking_to_done_and_again_changes_nothing(
    session: Session, settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    person = make_person(session, "wijk@example.org", "wijkmanager")
    data = boundaries(tmp_path, 5).read_bytes()
    run = waiting(session, settings, data, make_actor(person))
    assert unfinished(engine) == [(run.id, NOW)]
    assert run.file_sha256 in files_in_use(session)
    perform(settings, run.id)
    done = again(session, run)
    assert (done.state, done.report["added"], done.actor_id) == ("done", 5, person.id)
    assert done.organisation_id == person.organisation_id
    assert unfinished(engine) == []
    assert files_in_use(session) == set()
    finished = done.finished_at
    perform(settings, run.id)
    assert again(session, run).finished_at == finished
    assert session.scalar(select(func.count(ImportRun.id))) == 1
    assert deeds(session) == ["import_requested", "areas_imported"]


def test_a_year_that_cannot_be_fails_with_its_advice(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    run = waiting(session, settings, boundaries(tmp_path, 1).read_bytes(), year=1066)
    perform(settings, run.id)
    failed = again(session, run)
    assert failed.state == "failed"
    assert failed.report["error"]["code"] == "year_impossible"
    assert deeds(session) == ["import_requested", "import_failed"]


def test_an_upload_that_is_gone_fails(session: Session, settings: Settings, tmp_path: Path) -> None:
    run = waiting(session, settings, boundaries(tmp_path, 1).read_bytes())
    for path in upload_store(settings).folder.rglob("*.geojson"):
        path.unlink()
    perform(settings, run.id)
    assert again(session, run).report["error"]["code"] == "upload_gone"


def test_a_mistake_of_our_own_is_told_and_changes_nothing(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    run = waiting(session, settings, boundaries(tmp_path, 1).read_bytes())
    run.options = {"year": "no number"}  # no page can make this
    session.commit()
    perform(settings, run.id)
    failed = again(session, run)
    assert (failed.state, failed.report["error"]["code"]) == ("failed", "unexpected")
    assert session.scalar(select(func.count(Area.id))) == 0


def test_giving_up_leaves_a_finished_import_alone(
    session: Session, settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    run = waiting(session, settings, boundaries(tmp_path, 1).read_bytes())
    give_up(engine, run.id, NOW)
    assert again(session, run).report["error"]["code"] == "gave_up"
    second = waiting(session, settings, boundaries(tmp_path, 1).read_bytes())
    perform(settings, second.id)
    give_up(engine, second.id, NOW)
    assert again(session, second).state == "done"


def test_progress_is_written_at_most_once_a_second(tmp_path: Path) -> None:
    notes = ProgressFile(tmp_path / "run-1.progress")
    assert notes.read() is None
    notes(1, 4)
    assert notes.read() == 25
    notes(2, 4)  # within the second
    assert notes.read() == 25
    notes.every = 0.0
    notes(4, 4)
    assert notes.read() == 99  # done is said by the import itself
    notes(1, 0)
    assert notes.read() == 99


def test_shipped_mappings_have_titles() -> None:
    assert ("gemeente-denhaag-2020", "Gemeente Den Haag, buurten 2020") in shipped_mappings()


@pytest.mark.parametrize("name", ["../../secret_key", "..", "/etc/passwd"])
def test_a_kept_upload_is_only_what_was_sent(settings: Settings, name: str) -> None:
    assert upload_store(settings).kept(name, "0" * 64) is None
    assert upload_store(settings).kept(name, "../..") is None
