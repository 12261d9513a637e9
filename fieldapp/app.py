"""create_app: settings, engine, extensions, blueprints; read from top to bottom."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from fieldapp import __version__
from fieldapp.config import Settings, load_settings
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.services.media import MediaStore
from fieldapp.web import assets, errors, headers, language
from fieldapp.web.access import init_access
from fieldapp.web.blueprints import register_all
from fieldapp.web.context import House, init_context
from fieldapp.web.hosts import init_hosts
from fieldapp.web.navigation import init_navigation
from fieldapp.web.people.security import init_security
from fieldapp.web.requests import init_requests
from fieldapp.web.theme_route import init_theme

log = logging.getLogger("fieldapp")


def create_app(settings: Settings | None = None, *, compressed_static: Path | None = None) -> Flask:
    """The web application. `compressed_static`: folder made by assets.prepare_static, if any."""
    settings = settings or load_settings()
    app = Flask(__name__, static_folder=None)
    _configure(app, settings)
    init_requests(app)
    init_hosts(app, settings)
    engine = make_engine(settings.database_url)
    init_context(
        app, House(settings, engine, make_session_factory(engine), MediaStore(settings.media_dir))
    )
    init_access(app)
    csrf = CSRFProtect(app)
    language.init_language(app)
    init_security(app)
    assets.init_assets(app, compressed_static)
    init_theme(app)
    init_navigation(app)
    headers.init_headers(app, settings)
    errors.init_errors(app)
    register_all(app, csrf)
    if settings.proxies:
        # Each proxy adds an address; scheme and name come from the nearest one alone.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=1
        )
    if settings.environment == "production":
        if not settings.base_url.startswith("https://"):
            log.warning("FIELDAPP_BASE_URL is not https: others can read what is sent.")
        elif not settings.proxies:
            log.warning(
                "FIELDAPP_BASE_URL is https, so a proxy stands in front; set FIELDAPP_PROXIES, "
                "or everybody seems to come from its address."
            )
        if settings.is_sqlite:
            log.warning("SQLite in production: one machine, no PostGIS. See README, 'Production'.")
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=10_000,  # 200 rounds of a repeat with some 40 questions
        SESSION_COOKIE_NAME="fieldapp",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        # The session's own end is the end; a token that dies earlier would cost typed work.
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=settings.environment == "test",
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["app_version"] = __version__
