"""fieldapp surveys export: every form, to a file or the screen, one clear line when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.survey import definition_hash, load_survey
from fieldapp.sources.xlsform.read import read_form
from tests.factories import make_survey


class Command:
    """`fieldapp surveys export` as a process of its own, on the database of the test."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "FIELDAPP_ENV": "test",
            "FIELDAPP_DATABASE_URL": settings.database_url,
            "FIELDAPP_DATA_DIR": str(settings.data_dir),
            "FIELDAPP_SECRET_KEY": settings.secret_key,
        }

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "fieldapp", "surveys", "export", *arguments],
            cwd=self.folder, env=self.environment, capture_output=True, check=False,
        )  # fmt: skip


@pytest.fixture
def export(settings: Settings, tmp_path: Path) -> Command:
    folder = tmp_path / "werk"
    folder.mkdir()
    return Command(settings, folder)


def test_a_workbook_lands_beside_you_and_holds_the_survey(
    export: Command, session: Session
) -> None:
    version = make_survey(session, "observatie")

    done = export("observatie")

    assert done.returncode == 0, done.stderr
    name = f"observatie-{version.version}.xlsx"
    assert done.stdout.decode().strip() == name
    back = read_form(name, (export.folder / name).read_bytes()).definition
    assert definition_hash(load_survey(back)) == version.definition_sha256


def test_other_forms_go_where_you_say(export: Command, session: Session) -> None:
    version = make_survey(session, "observatie")

    file = export("observatie", "--version", version.version, "--format", "md", "-o", "vorm.md")
    screen = export("observatie", "--format", "yaml", "-o", "-")

    assert (file.returncode, screen.returncode) == (0, 0), file.stderr + screen.stderr
    back = read_form("vorm.md", (export.folder / "vorm.md").read_bytes()).definition
    found = (back, yaml.safe_load(screen.stdout))
    assert [definition_hash(load_survey(each)) for each in found] == [version.definition_sha256] * 2


def test_media_that_is_not_here_is_named_and_left_out(export: Command, session: Session) -> None:
    make_survey(
        session,
        {
            "settings": {"form_id": "proef", "version": "1", "kind": "enquete"},
            "title": "Proef",
            "survey": [{"type": "note", "name": "n", "label": "N", "media": {"image": "weg.png"}}],
            "files": {"weg.png": "0" * 64},
        },
    )

    done = export("proef")

    assert done.returncode == 0
    assert done.stdout.decode().strip() == "proef-1.zip"
    assert "weg.png" in done.stderr.decode()


@pytest.mark.parametrize("arguments", [("bestaat_niet",), ("observatie", "--version", "1999")])
def test_what_is_not_there_is_one_line(
    export: Command, session: Session, arguments: tuple[str, ...]
) -> None:
    make_survey(session, "observatie")

    done = export(*arguments)

    assert done.returncode != 0
    assert done.stderr.decode().strip().count("\n") == 0
    assert arguments[-1] in done.stderr.decode()
    assert list(export.folder.iterdir()) == []
