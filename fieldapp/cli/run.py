"""fieldapp run: web server and worker together; fieldapp worker: the worker alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, NoReturn

import click

from fieldapp.cli.base import CommandFailed

if TYPE_CHECKING:
    from flask import Flask

STOP_SECONDS = 20  # as long as the web server lets its own requests finish


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="Start the web server only.")
@click.option("--demo", is_flag=True, help="First fill the database with the fictional gemeente.")
def run(host: str, port: int, workers: int, threads: int, no_worker: bool, demo: bool) -> None:
    """Start the web server and the worker. Stop with Ctrl+C."""
    # Links and QR codes lead to where the server really listens, unless a setting says otherwise.
    os.environ.setdefault("FIELDAPP_BASE_URL", f"http://{host}:{port}")
    from fieldapp.cli.base import workbench

    with workbench():
        pass  # refuses a database that is not at head, before anything starts
    _check_free(host, port)
    if demo:
        _load_demo()
    from fieldapp.web.server import load_app

    app = load_app()
    with _worker(app) if not no_worker else nullcontext():
        _serve(app, host, port, workers, threads)


def _check_free(host: str, port: int) -> None:
    """One readable line now, instead of gunicorn's five tries later."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise CommandFailed(
                f"cannot listen on {host}:{port}: {reason}; choose another with --port"
            ) from error


def _load_demo() -> None:
    # In a process of its own: what it loads in memory would stay as long as the server runs.
    done = subprocess.run([sys.executable, "-m", "fieldapp", "demo"], check=False)
    if done.returncode:
        raise CommandFailed("the fictional gemeente could not be made; see above")


@contextmanager
def _worker(app: Flask) -> Iterator[None]:
    """The worker beside the web server: begins with it, ends with it.

    Forked from the loaded app, so that web and worker share the memory of what both need. No
    thread and no database connection exists yet at this moment.
    """
    here = os.getpid()
    child = os.fork()
    if child == 0:
        _be_worker(app, here)
    try:
        yield
    finally:
        # The web server's own children leave through here too; the worker is not theirs to stop.
        if os.getpid() == here:
            _stop(child)


def _be_worker(app: Flask, parent: int) -> NoReturn:
    from fieldapp.jobs import run_worker

    try:
        run_worker(app.extensions["fieldapp"].settings, parent=parent)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)  # run_worker itself ends the process with 0


def _stop(child: int) -> None:
    """End the worker; gunicorn reaps children and may have seen it go before us."""
    for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, number)
            if _gone_within(child, seconds):
                return


def _gone_within(child: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, _status = os.waitpid(child, os.WNOHANG)
        if done == child:
            return True
        time.sleep(0.05)
    return False


def _serve(app: Flask, host: str, port: int, workers: int, threads: int) -> None:
    from fieldapp.web.server import Server, server_options

    click.echo(f"fieldapp: http://{host}:{port}", err=True)
    Server(app, server_options(host, port, workers, threads)).run()


@click.command()
@click.option("--parent", type=int, hidden=True, help="Stop when this process is gone.")
def worker(parent: int | None) -> None:
    """Start the worker alone: imports and other long work. Stop with Ctrl+C."""
    from fieldapp.cli.base import workbench

    if os.name == "nt":
        raise CommandFailed("the worker needs Linux or macOS")
    with workbench() as bench:
        settings = bench.settings
    from fieldapp.jobs import run_worker

    run_worker(settings, parent=parent)
