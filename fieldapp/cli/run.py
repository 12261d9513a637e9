"""fieldapp run: web server and worker together; fieldapp worker: the worker alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click

from fieldapp.cli.base import CommandFailed

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
    if demo:
        _load_demo()
    with _worker() if not no_worker else nullcontext():
        _serve(host, port, workers, threads)


def _load_demo() -> None:
    # In a process of its own: what it loads in memory would stay as long as the server runs.
    done = subprocess.run([sys.executable, "-m", "fieldapp", "demo"], check=False)
    if done.returncode:
        raise CommandFailed("the fictional gemeente could not be made; see above")


@contextmanager
def _worker() -> Iterator[None]:
    """The worker beside the web server: begins with it, ends with it."""
    here = os.getpid()
    command = [sys.executable, "-m", "fieldapp", "worker", "--parent", str(here)]
    process = subprocess.Popen(command)  # noqa: S603
    try:
        yield
    finally:
        # The web server's own children leave through here too; the worker is not theirs to stop.
        if os.getpid() == here:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _serve(host: str, port: int, workers: int, threads: int) -> None:
    from fieldapp.web.server import Server, server_options

    click.echo(f"fieldapp: http://{host}:{port}", err=True)
    Server(server_options(host, port, workers, threads)).run()


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
