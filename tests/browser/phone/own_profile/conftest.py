"""Tests of phones with a profile folder of their own, and a server that can die; SQLite."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from fieldapp.config import Settings, load_settings
from fieldapp.db.engine import make_engine, make_session_factory
from tests.browser.phone.shell import Server, furnish
from tests.support.chromium import ChromiumMissing, find_chromium


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """One Playwright; each test starts browsers of its own profile."""
    try:
        find_chromium()
    except ChromiumMissing as missing:
        pytest.skip(f"no Chromium: {missing}")
    with sync_playwright() as found:
        yield found


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    """One engine is enough: what is looked at lives on the phone."""
    shutil.copy(sqlite_template, tmp_path / "fieldapp.sqlite")
    return load_settings(
        {
            "FIELDAPP_ENV": "test",
            "FIELDAPP_DATABASE_URL": f"sqlite:///{tmp_path / 'fieldapp.sqlite'}",
            "FIELDAPP_DATA_DIR": str(tmp_path / "data"),
            "FIELDAPP_SECRET_KEY": "only-for-tests-" + "x" * 32,
        }
    )


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    """A running server with two caretakers."""
    engine = make_engine(settings.database_url)
    with make_session_factory(engine)() as session:
        furnish(session)
    engine.dispose()
    made = Server(settings)
    made.start()
    yield made
    made.stop()
