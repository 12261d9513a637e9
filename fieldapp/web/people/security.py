"""Flask-Security: log-in, log-out, change of password. Roles come from memberships."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, abort, request
from flask_security import Security, SQLAlchemySessionUserDatastore, user_authenticated
from werkzeug.local import LocalProxy

from fieldapp.db.models import User
from fieldapp.db.models.people import RoleName
from fieldapp.services.log_ins import note_log_in
from fieldapp.web.context import db_session, now
from fieldapp.web.people.forms import MESSAGES, LogInForm, PasswordForm

REMEMBER_DAYS = 30


def init_security(app: Flask) -> None:
    """Set up Flask-Security on our own tables."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_LENGTH_MIN=10,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
        SECURITY_CHANGEABLE=True,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_TRACKABLE=False,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False, "test_environment": True},
        SECURITY_LOGIN_URL="/inloggen",
        SECURITY_LOGOUT_URL="/uitloggen",
        SECURITY_CHANGE_URL="/wachtwoord",
        SECURITY_POST_LOGIN_VIEW="/start",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_POST_CHANGE_VIEW="/start",
        SECURITY_LOGIN_USER_TEMPLATE="people/log_in.html",
        SECURITY_CHANGE_PASSWORD_TEMPLATE="people/change_password.html",  # noqa: S106
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_REDIRECT_ALLOW_SUBDOMAINS=False,
        REMEMBER_COOKIE_DURATION=REMEMBER_DAYS * 86400,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=app.config["SESSION_COOKIE_SECURE"],
    )
    app.config.update({f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()})
    session = cast("Any", LocalProxy(db_session))
    datastore = SQLAlchemySessionUserDatastore(session, User, RoleName)
    Security(app, datastore, login_form=LogInForm, change_password_form=PasswordForm)
    # Its own tokens never end and carry every role; ours (fieldapp tokens add) do neither.
    app.login_manager.request_loader(None)  # type: ignore[attr-defined]
    app.before_request(_leave_out)
    user_authenticated.connect(_note_log_in, app)


def _note_log_in(_app: Flask, user: User, **_more: Any) -> None:
    note_log_in(db_session(), user.id, now())


def _leave_out() -> None:
    """Pages that come with Flask-Security and that nothing here uses."""
    if request.endpoint in ("security.verify", "security.static"):
        abort(404)
