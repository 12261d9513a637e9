"""gunicorn with our app, loaded once and shared by its workers."""

from __future__ import annotations

import ctypes
import gc
import signal
from contextlib import suppress
from typing import Any

from flask import Flask
from flask_babel import force_locale, get_translations
from gunicorn.app.base import BaseApplication
from sqlalchemy.orm import configure_mappers

from fieldapp.app import create_app
from fieldapp.config import load_settings
from fieldapp.web.assets import prepare_static
from fieldapp.web.language import interface_languages, own_name


def server_options(host: str, port: int, workers: int, threads: int) -> dict[str, Any]:
    """Gunicorn's settings."""
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "preload_app": True,  # workers share the memory of what was loaded before they were made
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 15,
        "max_requests": 0,
        "loglevel": "warning",
        "proc_name": "fieldapp",
        "post_fork": _after_fork,
        "post_worker_init": _leave_ctrl_c_to_the_first,
    }


def _after_fork(_server: Any, worker: Any) -> None:
    # A database connection must not be shared by two processes.
    worker.app.callable.extensions["fieldapp"].engine.dispose(close=False)


def _leave_ctrl_c_to_the_first(_worker: Any) -> None:
    # Ctrl+C reaches every process of the terminal at once. The first one ends its workers; one that
    # also ends by itself is interrupted while ending, and says so with a traceback.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def load_app() -> Flask:
    """The app with its compressed static files, to be shared by processes forked from here."""
    settings = load_settings()
    app = create_app(settings, compressed_static=prepare_static(settings.data_dir / "static"))
    warm_up(app)
    # What is loaded now stays; the collector need not touch it, so its pages stay shared.
    gc.collect()
    _give_back_memory()
    gc.freeze()
    return app


def warm_up(app: Flask) -> None:
    """Load what every web process would else load for itself at its first pages."""
    configure_mappers()
    env, loader = app.jinja_env, app.jinja_loader
    for name in loader.list_templates() if loader else ():
        if name.endswith(".html"):
            env.get_template(name)
    with app.test_request_context():
        for language in interface_languages():
            own_name(language)
            with force_locale(language):
                get_translations()


def _give_back_memory() -> None:
    """Return what loading used for a moment, else each process writes in its own copy of it."""
    with suppress(AttributeError, OSError):  # a C library other than glibc
        ctypes.CDLL(None).malloc_trim(0)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured in code, around an app that is loaded already."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.ready = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return self.ready
