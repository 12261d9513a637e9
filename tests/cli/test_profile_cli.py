"""fieldapp profile build: lines for people, JSON for scripts, one clear line when it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from tests.factories import make_organisation
from tests.factories.profiles import BEST, BEST_SCORE, SECOND, make_gemeente, make_voices

PERIOD = ("--from", "2026-01-01", "--to", "2026-06-30")


class Command:
    """`fieldapp profile build` as a process of its own, on the database of the test."""

    def __init__(self, settings: Settings) -> None:
        self.environment = {
            **os.environ,
            "FIELDAPP_ENV": "test",
            "FIELDAPP_DATABASE_URL": settings.database_url,
            "FIELDAPP_DATA_DIR": str(settings.data_dir),
            "FIELDAPP_SECRET_KEY": settings.secret_key,
        }

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "fieldapp", "profile", "build", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def build(settings: Settings) -> Command:
    return Command(settings)


def test_one_code_gives_an_object_and_several_a_list(build: Command, session: Session) -> None:
    make_gemeente(session)
    make_voices(session, 6, BEST, "slecht")

    one = json.loads(build(BEST, *PERIOD, "--json").stdout)
    assert one["area"]["code"] == BEST
    assert one["period"] == {"from": "2026-01-01", "to": "2026-06-30"}
    assert {"method_version", "reference", "vintages", "themes"} <= set(one)
    safety = next(theme for theme in one["themes"] if theme["code"] == "veiligheid")
    assert safety["cold"]["score"] == pytest.approx(BEST_SCORE)
    assert safety["warm"]["bewoners"]["n"] == 6
    assert safety["confrontation"] == "verborgen_zorg"

    two = json.loads(build(BEST, SECOND.lower(), *PERIOD, "--json").stdout)
    assert [profile["area"]["code"] for profile in two] == [BEST, SECOND]


def test_lines_begin_with_where_it_wringt(build: Command, session: Session) -> None:
    make_gemeente(session)
    make_voices(session, 6, BEST, "slecht")
    result = build(BEST, *PERIOD)

    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == f"{BEST}  Buurt 0101, Lindestad"
    assert lines[3].startswith(f"veiligheid  {BEST_SCORE:+.2f} gunstig")
    assert lines[3].endswith("verborgen_zorg  << wringt")
    assert "-1.00 [-1.00 -1.00] n=6" in lines[3]


def test_the_year_of_the_figures_can_be_asked(build: Command, session: Session) -> None:
    make_gemeente(session)
    make_organisation(session)
    old = json.loads(build(BEST, *PERIOD, "--year", "2020", "--json").stdout)
    usual = json.loads(build(BEST, *PERIOD, "--json").stdout)

    assert old["year"] == 2020
    assert all(theme["cold"]["score"] is None for theme in old["themes"])
    assert usual["year"] == 2026
    assert any(theme["cold"]["score"] is not None for theme in usual["themes"])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("BU00000000",), 1, "there is no buurt 'BU00000000'"),
        ((BEST, "BU00000000"), 1, "there is no buurt 'BU00000000'"),
        (("GM9999",), 1, "there is no buurt 'GM9999'"),
        ((BEST, "--from", "2026-02-02", "--to", "2026-02-01"), 1, "swap the dates"),
        ((BEST, "--organisation", "niemand"), 1, "there is no organisation 'niemand'"),
        ((BEST, "--from", "gisteren"), 2, "does not match the format"),
        ((), 2, "Missing argument"),
    ],
)
def test_errors_are_one_clear_line(
    build: Command, session: Session, arguments: tuple[str, ...], status: int, words: str
) -> None:
    make_gemeente(session)
    make_voices(session, 1)
    result = build(*arguments)

    assert result.returncode == status
    assert result.stdout == ""
    assert words in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_with_several_organisations_one_must_be_named(build: Command, session: Session) -> None:
    make_gemeente(session)
    make_voices(session, 6)
    make_organisation(session, "andere")
    assert "andere, gemeente" in build(BEST, *PERIOD).stderr
    named = json.loads(build(BEST, *PERIOD, "--organisation", "andere", "--json").stdout)
    assert all(theme["warm"]["bewoners"]["n"] == 0 for theme in named["themes"])
