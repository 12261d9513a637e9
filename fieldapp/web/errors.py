"""Errors as people read them: what happened, what to do. The API answers in JSON."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from fieldapp.services.media import CannotKeep
from fieldapp.services.visible import NotThere, NotYours
from fieldapp.web.api.identity import BadToken, OtherPerson, problem_answer
from fieldapp.web.context import db_session
from fieldapp.web.held import ask_log_in, sent_fields, sent_files, show_again

log = logging.getLogger("fieldapp")

WAIT_SECONDS = 60

# status: (title, what to do)
TEXTS: dict[int, tuple[Any, Any]] = {
    400: (
        _l("Dit verzoek begrijpen we niet"),
        _l("Ga terug naar de vorige pagina en probeer het nog een keer."),
    ),
    403: (
        _l("Je mag deze pagina niet zien"),
        _l("Vraag de beheerder van je organisatie om toegang."),
    ),
    404: (
        _l("Deze pagina bestaat niet"),
        _l("Controleer het adres, of ga naar de startpagina."),
    ),
    405: (
        _l("Dit kan hier niet"),
        _l("Ga terug naar de vorige pagina en probeer het nog een keer."),
    ),
    413: (
        _l("Het bestand is te groot"),
        _l("Ga terug en kies een kleiner bestand. Wat je al had opgeslagen, is er nog."),
    ),
    429: (
        _l("Het is even te druk"),
        _l("Wacht een minuut en probeer het dan nog een keer."),
    ),
    503: (
        _l("Het is even te druk"),
        _l("Wacht een minuut en probeer het dan opnieuw."),
    ),
    500: (
        _l("Er ging iets mis bij ons"),
        _l("Wat al was opgeslagen, is er nog. Probeer het over een paar minuten opnieuw."),
    ),
}


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def error_page(status: int) -> tuple[Any, int]:
    """The page, or for the API the JSON, of an HTTP error."""
    title, advice = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    if _wants_json():
        return jsonify(error={"code": f"http_{status}", "message": str(title)}), status
    page = render_template("errors/error.html", status=status, title=title, advice=advice)
    return page, status


def busy_page() -> tuple[Any, int, dict[str, str]]:
    """503: the database or the disk takes nothing now. What was typed can be sent once more."""
    later = {"Retry-After": str(WAIT_SECONDS)}
    typed = [] if _wants_json() or request.method != "POST" else sent_fields()
    if not typed:
        return (*error_page(503), later)
    title, advice = TEXTS[503]
    page = render_template(
        "errors/busy.html",
        title=title,
        advice=advice,
        target=request.full_path.rstrip("?"),
        fields=typed,
        lost_files=sent_files(),
        # Residents have no cookie, and forms with a token of their own need none.
        with_csrf="csrf_token" in request.form,
    )
    return page, 503, later


def _unavailable(error: Exception) -> Any:
    log.warning("busy: %s %s: %s", request.method, request.path, " ".join(str(error).split())[:200])
    try:
        db_session().rollback()
        return busy_page()
    except SQLAlchemyError:
        # Not even who is logged in can be read: plain words, without the house style.
        title, advice = TEXTS[503]
        later = {"Content-Type": "text/plain; charset=utf-8", "Retry-After": str(WAIT_SECONDS)}
        return f"{title}. {advice}\n", 503, later


def init_errors(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(CSRFError)
    def csrf(_error: CSRFError) -> Any:
        if not current_user.is_authenticated:
            return ask_log_in()
        return show_again() or error_page(400)

    for kind in (OperationalError, PoolTimeout, CannotKeep):
        app.register_error_handler(kind, _unavailable)

    @app.errorhandler(BadToken)
    def bad_token(_error: BadToken) -> Any:
        message = _("Dit token is niet geldig of verlopen. Maak een nieuw token.")
        return problem_answer(401, "bad_token", message)

    @app.errorhandler(OtherPerson)
    def other_person(_error: OtherPerson) -> Any:
        message = _("Log in als de persoon die dit heeft ingevuld. Het staat nog op de telefoon.")
        return problem_answer(401, "log_in", message)

    @app.errorhandler(NotThere)
    def not_there(_error: NotThere) -> Any:
        return error_page(404)

    @app.errorhandler(NotYours)
    def not_yours(_error: NotYours) -> Any:
        return error_page(403)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.code is None or error.response is not None or error.code < 400:
            return error
        return error_page(error.code)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Any:
        if app.config["TESTING"]:
            raise error
        log.exception("unexpected error on %s %s", request.method, request.path)
        return error_page(500)
