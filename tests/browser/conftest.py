"""The app on a real port, and a Chromium that looks at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from fieldapp.config import Settings
from tests.support.chromium import ChromiumMissing, launch_options


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


@pytest.fixture
def live_server(live_app: Flask) -> Iterator[str]:
    """The address at which the app answers, such as http://127.0.0.1:41234."""
    server = make_server("127.0.0.1", 0, live_app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
