"""What goes after its term, what stays, and what the document says about it."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.cli.retention import retention
from fieldapp.config import Settings, load_settings
from fieldapp.core.people import SYSTEM
from fieldapp.db.geo import to_rd
from fieldapp.db.models import (
    ApiToken,
    Attachment,
    AuditEntry,
    Draft,
    ImportRun,
    Submission,
    SubmissionConflict,
)
from fieldapp.services.media import MediaStore
from fieldapp.services.retention import RULES, apply_retention, document, months_before
from tests.factories import make_organisation, make_person, make_survey
from tests.web.test_forms_all_types import all_types

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def run(session: Session, settings: Settings, *, dry_run: bool = False) -> dict[str, int]:
    done = apply_retention(session, settings, SYSTEM, NOW, dry_run=dry_run)
    session.expire_all()
    return {item.code: item.count for item in done if item.count}


def age(path: Path, days: float) -> None:
    moment = days_ago(days).timestamp()
    os.utime(path, (moment, moment))


def draft(session: Session, touched: datetime, *shas: str) -> Draft:
    made = Draft(
        id=uuid.uuid4(),
        survey_version_id=make_survey(session).id,
        user_id=make_person(session).id,  # of nobody it would be a trial
        language="nl",
        files=[{"question": "foto", "sha256": sha} for sha in shas],
        started_at=touched,
        updated_at=touched,
    )
    session.add(made)
    session.commit()
    return made


def test_other_points_in_answers_become_cells_too(session: Session, settings: Settings) -> None:
    """Of a line nothing stays; a conflict keeps no position at all."""
    settings = replace(settings, submission_months=120)  # words and conflicts stay longer here
    version = make_survey(session, all_types())
    point, line = "52.0912345 5.1234567 0 3", "52.09 5.12 0 0; 52.091 5.121 0 0"
    room = {"soort": {"v": "Keuken"}, "plek_kamer": {"v": point}}
    answers = {"tweede_plek": {"v": point}, "route": {"v": line}, "kamers": {"v": [room]}}
    old = submission(session, datetime(2024, 11, 20, 11, 0, tzinfo=UTC), lon=None)
    young = submission(session, datetime(2026, 11, 1, tzinfo=UTC), lon=None)
    for one in (old, young):
        one.survey_version_id, one.answers = version.id, answers
    sent = {"tweede_plek": point, "kamers": [{"soort": "Hal", "plek_kamer": point}]}
    conflict = SubmissionConflict(
        submission_id=old.id,
        content_sha256="1" * 64,
        received_at=datetime(2024, 1, 1, tzinfo=UTC),
        content={"answers": sent, "files": []},
    )
    session.add(conflict)
    session.commit()
    assert run(session, settings) == {"points": 2}
    lat, lon = (float(part) for part in old.answers["tweede_plek"]["v"].split()[:2])
    x, y = to_rd(5.1234567, 52.0912345)
    cell_x, cell_y = to_rd(lon, lat)
    assert (cell_x // 100, cell_y // 100) == (x // 100, y // 100)
    assert (cell_x % 100, cell_y % 100) == pytest.approx((50, 50), abs=0.2)
    in_round = old.answers["kamers"]["v"][0]
    assert in_round == {"soort": {"v": "Keuken"}, "plek_kamer": old.answers["tweede_plek"]}
    assert old.answers["route"] == {"v": None}
    assert conflict.content["answers"] == {"kamers": [{"soort": "Hal"}]}
    assert young.answers == answers
    assert run(session, settings) == {}


def submission(
    session: Session, captured: datetime, lon: float | None = 5.1234567, accuracy: float | None = 8
) -> Submission:
    lat = 52.0912345 if lon is not None else None
    made = Submission(
        id=uuid.uuid4(),
        organisation_id=make_organisation(session).id,
        survey_version_id=make_survey(session).id,
        kind="observatie",
        channel="api",
        language="nl",
        captured_at=captured,
        received_at=captured,
        lon=lon,
        lat=lat,
        geom=Point(lon, lat) if lon is not None else None,
        accuracy_m=accuracy,
        location_source="gps",
        area_code="BU99990101",
        area_status="found",
        state="accepted",
        answers={},
        content_sha256="0" * 64,
    )
    session.add(made)
    session.commit()
    return made


def test_old_drafts_go_with_their_photos_and_young_ones_stay(
    session: Session, settings: Settings
) -> None:
    media = MediaStore(settings.media_dir)
    old, young, sent, lost, fresh = (media.write(bytes([n])) for n in range(5))
    for sha in (old, young, sent, lost):
        age(media.path(sha), 40)
    draft(session, days_ago(30.1), old)
    draft(session, days_ago(29.9), young)
    held = submission(session, days_ago(5))
    session.add(
        Attachment(
            submission_id=held.id,
            question="foto",
            file_name="f.jpg",
            sent_sha256=sent,
            sha256=sent,
            media_type="image/jpeg",
            size=1,
            width=1,
            height=1,
        )
    )
    session.commit()
    assert run(session, settings, dry_run=True) == {"drafts": 1, "media": 2}
    assert len(session.scalars(select(Draft)).all()) == 2
    assert media.path(old).exists()
    assert run(session, settings) == {"drafts": 1, "media": 2}
    assert len(session.scalars(select(Draft)).all()) == 1
    there = {sha for sha in (old, young, sent, lost, fresh) if media.path(sha).exists()}
    assert there == {young, sent, fresh}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.deed == "retention_applied")).one()
    assert entry.detail == {"drafts": 1, "media": 2}
    assert run(session, settings) == {}


def test_a_photo_written_again_counts_as_young(settings: Settings) -> None:
    media = MediaStore(settings.media_dir)
    sha = media.write(b"x")
    age(media.path(sha), 40)
    media.write(b"x")
    assert media.path(sha).stat().st_mtime > days_ago(1).timestamp()


def test_tokens_go_ninety_days_after_their_end(session: Session, settings: Settings) -> None:
    person = make_person(session)
    ends = {
        "long over": (days_ago(91), None),
        "just over": (days_ago(89), None),
        "revoked": (NOW + timedelta(days=9), days_ago(91)),
        "works": (NOW + timedelta(days=9), None),
    }
    for name, (expires, revoked) in ends.items():
        session.add(
            ApiToken(
                user_id=person.id,
                name=name,
                role="beheerder",
                token_sha256=name,
                created_at=days_ago(200),
                expires_at=expires,
                revoked_at=revoked,
            )
        )
    session.commit()
    assert run(session, settings) == {"tokens": 2}
    assert set(session.scalars(select(ApiToken.name))) == {"just over", "works"}


def test_uploads_go_unless_an_import_still_needs_them(session: Session, settings: Settings) -> None:
    folders = {}
    for name, days in (("old", 31), ("young", 29), ("waits", 31), ("mapping", 31)):
        sha = (name.encode().hex() * 64)[:64]
        folders[name] = settings.data_dir / "imports" / sha
        folders[name].mkdir(parents=True)
        (folders[name] / "b.gpkg").write_bytes(b"1")
        age(folders[name], days)
    waiting = ImportRun(
        kind="areas",
        file_name="b.gpkg",
        file_sha256=folders["waits"].name,
        options={"mapping": {"name": "m.yaml", "sha256": folders["mapping"].name}},
        state="queued",
        created_at=days_ago(31),
    )
    session.add(waiting)
    session.commit()
    assert run(session, settings) == {"uploads": 1}
    assert [name for name, path in folders.items() if path.exists()] == [
        "young",
        "waits",
        "mapping",
    ]


def test_exact_points_become_the_centre_of_their_cell(session: Session, settings: Settings) -> None:
    settings = replace(settings, submission_months=120)  # words and conflicts stay longer here
    old = submission(session, datetime(2024, 11, 20, 11, 0, tzinfo=UTC))
    young = submission(session, datetime(2024, 11, 20, 13, 0, tzinfo=UTC))
    vague = submission(session, datetime(2020, 1, 1, tzinfo=UTC), accuracy=250)
    submission(session, datetime(2020, 1, 1, tzinfo=UTC), lon=None)
    conflict = SubmissionConflict(
        submission_id=old.id,
        content_sha256="1" * 64,
        received_at=datetime(2024, 1, 1, tzinfo=UTC),
        content={"location": {"lon": 5.1234567, "lat": 52.0912345, "accuracy_m": 4}, "files": []},
    )
    session.add(conflict)
    session.commit()
    x, y = to_rd(5.1234567, 52.0912345)
    assert run(session, settings) == {"points": 2}
    assert old.lon is not None
    assert old.lat is not None
    cell_x, cell_y = to_rd(old.lon, old.lat)
    # The same hundreds of metres, and in the middle of them; degrees are kept to 0.1 m.
    assert (cell_x // 100, cell_y // 100) == (x // 100, y // 100)
    assert (cell_x % 100, cell_y % 100) == pytest.approx((50, 50), abs=0.2)
    assert (old.geom.x, old.geom.y) == (old.lon, old.lat)  # type: ignore[union-attr]
    assert (old.area_code, old.accuracy_m) == ("BU99990101", 71)
    assert (conflict.content["location"]["lon"], conflict.content["location"]["lat"]) == (
        old.lon,
        old.lat,
    )
    assert young.lon == pytest.approx(5.1234567, abs=1e-12)
    assert vague.lon == pytest.approx(5.1234567, abs=1e-12)
    assert run(session, settings) == {}
    assert run(session, replace(settings, point_months=12)) == {"points": 1}


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        (datetime(2026, 11, 20, tzinfo=UTC), 24, datetime(2024, 11, 20, tzinfo=UTC)),
        (datetime(2026, 1, 5, tzinfo=UTC), 1, datetime(2025, 12, 5, tzinfo=UTC)),
        (datetime(2026, 3, 31, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2024, 3, 31, tzinfo=UTC), 1, datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_months_before(moment: datetime, months: int, expected: datetime) -> None:
    assert months_before(moment, months) == expected


def test_the_command_asks_to_choose_and_answers_in_json(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_ENV", "test")
    monkeypatch.setenv("FIELDAPP_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("FIELDAPP_DATA_DIR", str(settings.data_dir))
    assert CliRunner().invoke(retention, []).exit_code != 0
    told = CliRunner().invoke(retention, ["--dry-run", "--json"])
    assert told.exit_code == 0, told.output
    answer = json.loads(told.output)
    assert answer["dry_run"]
    assert [rule["code"] for rule in answer["rules"]] == [rule.code for rule in RULES]
    assert CliRunner().invoke(retention, ["--apply"]).exit_code == 0


def test_the_document_is_the_table() -> None:
    settings = load_settings({"FIELDAPP_SECRET_KEY": "x" * 32, "FIELDAPP_ENV": "test"})
    written = (ROOT / "docs/retention.md").read_text()
    assert written == "\n".join(document(settings)) + "\n"
