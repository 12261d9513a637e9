"""The app as it runs in production (gunicorn, 2 processes of 4 threads), to be killed at will.

    python -m tests.browser.faults.app_process PORT STATIC_FOLDER

Settings come from the environment. STATIC_FOLDER takes the place of fieldapp/static: another
folder is another version of the app. Prints "ready" when it listens.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any


def main(port: int, static: Path) -> None:
    from fieldapp.web import assets

    assets.STATIC = static  # before anybody asks for the version, which is a hash of it

    from fieldapp.app import create_app
    from fieldapp.config import load_settings
    from fieldapp.web.server import Server, server_options

    settings = load_settings()
    compressed = assets.prepare_static(settings.data_dir / "compressed" / static.name)
    app = create_app(settings, compressed_static=compressed)
    options = server_options("127.0.0.1", port, workers=2, threads=4)
    Server(app, {**options, "when_ready": _say_ready}).run()


def _say_ready(_server: Any) -> None:
    threading.Thread(target=_die_with_the_test, daemon=True).start()
    print("ready", flush=True)


def _die_with_the_test() -> None:
    """The other end of stdin is the test: nothing may live on when that was killed."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
