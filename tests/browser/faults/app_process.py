"""The app as it runs in production (gunicorn, 2 processes of 4 threads), to be killed at will.

    PYTHONPATH=RELEASE python -P app_process.py PORT

Settings come from the environment; RELEASE is a folder with a copy of the package. Prints "ready"
when it listens.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any


def main(port: int) -> None:
    from fieldapp.web.server import Server, load_app, server_options

    options = server_options("127.0.0.1", port, workers=2, threads=4)
    Server(load_app(), {**options, "when_ready": _say_ready}).run()


def _say_ready(_server: Any) -> None:
    threading.Thread(target=_die_with_the_test, daemon=True).start()
    print("ready", flush=True)


def _die_with_the_test() -> None:
    """The other end of stdin is the test: nothing may live on when that was killed."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]))
