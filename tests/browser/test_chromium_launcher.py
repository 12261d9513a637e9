"""The browser that tests drive: found, started, and missed with advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chromium import (
    PATH_SETTING,
    ChromiumMissing,
    clear_locks,
    find_chromium,
    launch_options,
)


@pytest.mark.browser
def test_it_starts_and_runs_a_page() -> None:
    from playwright.sync_api import sync_playwright

    try:
        options = launch_options()
    except ChromiumMissing as missing:
        pytest.skip(str(missing))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        page = browser.new_page()
        page.set_content("<p id=p>buurt</p>")
        assert page.inner_text("#p") == "buurt"
        browser.close()


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(PATH_SETTING, str(tmp_path / "none"))

    with pytest.raises(ChromiumMissing, match=PATH_SETTING):
        find_chromium()


def test_locks_of_a_killed_browser_go_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / "SingletonLock").symlink_to("host-123")
    (tmp_path / "Cookies").touch()

    clear_locks(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["Cookies"]
