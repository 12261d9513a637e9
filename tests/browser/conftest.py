"""The app on a real port, and a Chromium that looks at it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from fieldapp.config import Settings
from tests.browser.town import Town, build_demo, furnish, town_settings
from tests.support.chromium import ChromiumMissing, launch_options

# A busy machine takes its time; what comes at once is not waited for.
PATIENCE = 20_000  # ms
expect.set_options(timeout=PATIENCE)


class _Quiet(WSGIRequestHandler):
    """Answers without a line per request in the test report."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium per module (two Playwrights cannot run at once); each test makes its context."""
    try:
        options = launch_options()
    except ChromiumMissing as missing:
        pytest.skip(f"no Chromium: {missing}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


@pytest.fixture
def live_app(settings: Settings) -> Iterator[Flask]:
    """The app of this test's settings."""
    from fieldapp.app import create_app

    app = create_app(settings)
    yield app
    app.extensions["fieldapp"].engine.dispose()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address at which this app answers, such as http://127.0.0.1:41234."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def live_server(live_app: Flask) -> Iterator[str]:
    """The app of this test's settings on a port."""
    with serving(live_app) as url:
        yield url


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file and photos with the demo in them; copied for each module that wants it."""
    folder = tmp_path_factory.mktemp("demo")
    build_demo(town_settings(folder))
    return folder


@pytest.fixture(scope="module")
def town(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Voorbeeldstad (verzonnen) on a port, with every kind of page in it; SQLite."""
    folder = tmp_path_factory.mktemp("town") / "data"
    shutil.copytree(demo_folder, folder)
    with furnish(town_settings(folder)) as (app, places), serving(app) as url:
        yield Town(app, url, places)
