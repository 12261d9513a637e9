"""fieldapp run: web server and worker together; fieldapp worker: the worker alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import click

from fieldapp.cli.base import CommandFailed


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="Start the web server only.")
@click.option("--demo", is_flag=True, help="First fill the database with the fictional gemeente.")
def run(host: str, port: int, workers: int, threads: int, no_worker: bool, demo: bool) -> None:
    """Start the web server and the worker. Stop with Ctrl+C."""
    from fieldapp.cli.base import workbench

    with workbench():
        pass  # refuses a database that is not at head, before anything starts
    if demo:
        _load_demo()
    worker = None if no_worker else _start_worker()
    try:
        _serve(host, port, workers, threads)
    finally:
        if worker is not None:
            worker.send_signal(signal.SIGTERM)
            worker.wait(timeout=20)


def _load_demo() -> None:
    from fieldapp.cli.demo import load_and_tell

    load_and_tell()


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "fieldapp", "worker"])


def _serve(host: str, port: int, workers: int, threads: int) -> None:
    from fieldapp.web.server import Server, server_options

    click.echo(f"fieldapp: http://{host}:{port}", err=True)
    Server(server_options(host, port, workers, threads)).run()


@click.command()
def worker() -> None:
    """Start the worker alone: imports and other long work. Stop with Ctrl+C."""
    from fieldapp.cli.base import workbench

    if os.name == "nt":
        raise CommandFailed("the worker needs Linux or macOS")
    with workbench() as bench:
        settings = bench.settings
    from fieldapp.jobs import run_worker

    run_worker(settings)
