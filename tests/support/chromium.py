"""Where a Chromium is, and how to start it so that tests see the same browser everywhere."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

PATH_SETTING = "FIELDAPP_TEST_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIXED_PLACES = (
    Path("/usr/bin/chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
PLAYWRIGHT_FOLDERS = (
    Path.home() / ".cache/ms-playwright",
    Path.home() / "Library/Caches/ms-playwright",
)
PLAYWRIGHT_PROGRAMS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
)
# Nothing the browser does on its own account may reach the network or the measurements.
QUIET = (
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
)


class ChromiumMissing(Exception):
    """No Chromium on this machine; the message says what to do."""


def find_chromium() -> Path:
    """The browser's program file; ChromiumMissing when there is none."""
    given = os.environ.get(PATH_SETTING)
    if given:
        if not os.access(given, os.X_OK):
            raise ChromiumMissing(f"{PATH_SETTING} names {given}, which cannot be run")
        return Path(given)
    for place in _places():
        if os.access(place, os.X_OK):
            return place
    raise ChromiumMissing(
        "no Chromium found; on Debian: sudo tools/system_packages.sh; elsewhere: "
        f".venv/bin/playwright install chromium, or set {PATH_SETTING}"
    )


def launch_options(*extra: str) -> dict[str, Any]:
    """Keyword arguments for Playwright's ``chromium.launch`` and ``launch_persistent_context``."""
    return {
        "executable_path": str(find_chromium()),
        # Chromium's sandbox refuses root, which is who runs in most containers.
        "chromium_sandbox": os.geteuid() != 0,
        "args": [*QUIET, *extra],
    }


def clear_locks(profile: Path) -> None:
    """Make a profile folder usable again after its browser was killed."""
    for lock in profile.glob("Singleton*"):
        lock.unlink(missing_ok=True)


def _places() -> list[Path]:
    on_path = [Path(found) for name in NAMES if (found := shutil.which(name))]
    own = [
        program
        for folder in PLAYWRIGHT_FOLDERS
        for pattern in PLAYWRIGHT_PROGRAMS
        for program in sorted(folder.glob(pattern), reverse=True)
    ]
    return [*on_path, *FIXED_PLACES, *own]
