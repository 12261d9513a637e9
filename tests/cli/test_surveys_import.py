"""fieldapp surveys import: a draft or a published survey, or every fault with its place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.db.models import SurveyVersion
from tests.factories import make_organisation
from tests.sources.xlsform_books import SETTINGS, workbook

HEAD = ["type", "name", "label", "label::Straattaal"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(settings: Settings, tmp_path: Path, session: Session) -> Run:
    """The command as a process of its own, in a folder with two forms."""
    make_organisation(session)
    good = [HEAD, ["text", "v", "Vraag", "Fawaka?"]]
    (tmp_path / "goed.xlsx").write_bytes(workbook(survey=good, settings=SETTINGS))
    wrong = [HEAD, ["soort", "v", "Vraag", ""]]
    (tmp_path / "fout.xlsx").write_bytes(workbook(survey=wrong, settings=SETTINGS))
    env = {
        **os.environ,
        "FIELDAPP_ENV": "test",
        "FIELDAPP_DATABASE_URL": settings.database_url,
        "FIELDAPP_DATA_DIR": str(settings.data_dir),
        "FIELDAPP_SECRET_KEY": settings.secret_key,
    }

    def go(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "fieldapp", "surveys", "import", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )

    return go


def versions(session: Session) -> list[SurveyVersion]:
    session.expire_all()
    return list(session.scalars(select(SurveyVersion)))


def test_a_form_becomes_a_draft_and_its_remarks_are_told(run: Run, session: Session) -> None:
    done = run("goed.xlsx", "--kind", "observatie")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "proef 1: 1 questions\n"
    assert "language 'Straattaal' is read as x-straatta" in done.stderr
    (draft,) = versions(session)
    assert (draft.state, draft.survey.name) == ("draft", "proef")
    assert draft.survey.organisation_id is not None


def test_checked_only_or_published_at_once(run: Run, session: Session) -> None:
    assert run("goed.xlsx", "--kind", "observatie", "--check").returncode == 0
    assert versions(session) == []
    done = run("goed.xlsx", "--kind", "observatie", "--publish", "--tongue", "Straattaal=srn")
    assert done.returncode == 0, done.stderr
    (version,) = versions(session)
    assert version.state == "published"
    assert version.definition["settings"]["languages"] == ["nl", "srn"]


def test_faults_with_their_places(run: Run, session: Session) -> None:
    done = run("fout.xlsx", "--kind", "observatie")
    assert done.returncode != 0
    assert "error: survey, row 2, column type: no type 'soort'" in done.stderr
    assert "Traceback" not in done.stderr
    data = json.loads(run("fout.xlsx", "--kind", "observatie", "--json").stdout)
    assert data["verdict"] == "refused"
    assert [(e["code"], e["row"]) for e in data["errors"]] == [("unknown_type", 2)]
    assert versions(session) == []


def test_what_it_needs_to_know(run: Run) -> None:
    assert "--kind" in run("goed.xlsx").stderr
    assert "--tongue" in run("goed.xlsx", "--tongue", "Straattaal").stderr
    assert "--organisation" in run(
        "goed.xlsx", "--kind", "observatie", "--organisation", "niets"
    ).stderr  # fmt: skip
