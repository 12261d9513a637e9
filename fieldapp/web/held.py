"""Typed work that meets an expired log-in is held, not lost.

The person logs in on a page that carries the signed work along, then sees it once more with a
button to send it. Files cannot travel this way; the page says so.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_security.proxies import _security
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

SALT = "held-work"
KEPT_SECONDS = 12 * 3600
NOT_KEPT = {"csrf_token", "password", "new_password", "new_password_confirm"}


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=SALT)


def ask_log_in() -> Response | tuple[str, int]:
    """Send a reader to the log-in page; hold what a writer typed."""
    target = request.full_path.rstrip("?")
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return redirect(url_for("security.login", next=target))
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        # What another site made this browser send is nobody's work.
        return redirect(url_for("security.login"))
    lost_files = sent_files()
    held = _signer().dumps({"target": target, "fields": sent_fields(), "files": lost_files})
    form = log_in_form(None)
    page = render_template("people/held_log_in.html", form=form, held=held, lost_files=lost_files)
    return page, 401


def sent_fields() -> list[list[str]]:
    """What was typed, as [name, value], without tokens and passwords."""
    return [
        [name, value]
        for name, values in request.form.lists()
        if name not in NOT_KEPT
        for value in values
    ]


def sent_files() -> list[str]:
    """Names of files that came along and cannot be held."""
    return [file.filename for file in request.files.values() if file.filename]


def show_again() -> tuple[str, int] | None:
    """What was typed on a page of before another log-in, to be sent once more; None: nothing."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or not sent_fields():
        return None
    target = request.full_path.rstrip("?")
    page = render_template(
        "people/held.html", target=target, fields=sent_fields(), lost_files=sent_files()
    )
    return page, 400


def log_in_form(data: Any) -> Any:
    """Flask-Security's log-in form on `data` (None: empty)."""
    kind = _security.forms["login_form"].cls
    if kind is None:
        raise RuntimeError("Flask-Security has no log-in form")
    return kind(data)


def open_held(held: str) -> dict[str, Any] | None:
    """The held work, or None when it is not ours or too old."""
    try:
        work: dict[str, Any] = _signer().loads(held, max_age=KEPT_SECONDS)
    except BadSignature:
        return None
    return work
