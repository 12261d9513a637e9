"""/inzendingen/bestand: the file to which a phone wrote what it could not send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from wtforms import FileField

from fieldapp.core.submission import Incoming
from fieldapp.core.survey import Problem
from fieldapp.services.import_queue import (
    MB,
    Item,
    Load,
    WrongQueueFile,
    import_queue,
)
from fieldapp.web.admin.forms import AdminForm
from fieldapp.web.api.read_submission import Reader
from fieldapp.web.context import db_session, intake, now, required_actor
from fieldapp.web.problems import problems_as_json

blueprint = Blueprint("queue_import", __name__)
MOST_UPLOAD = 300 * MB  # a phone's whole queue, with its photos

WRONG: dict[str, Any] = {
    "not_a_zip": _l(
        "Dit bestand is geen .zip van een telefoon, of het is niet heel. Zet het opnieuw over en "
        "pak het niet uit."
    ),
    "no_submissions": _l(
        "In dit bestand staan geen formulieren. Kies het bestand dat de telefoon heeft gemaakt."
    ),
    "with_password": _l("Dit bestand heeft een wachtwoord. Kies het bestand zoals het was."),
    "too_many_entries": _l("In dit bestand staan te veel bestanden. Er passen er %(most)s in."),
    "too_many_submissions": _l(
        "In dit bestand staan te veel formulieren. Er passen er %(most)s in."
    ),
    "too_large": _l("Uitgepakt is dit bestand te groot. Er past %(most)s MB in."),
}
OUTCOMES: dict[str, tuple[Any, str]] = {
    "created": (_l("Nieuw: nu aangekomen"), "agree"),
    "same": (_l("Was er al"), "none"),
    "conflict": (_l("Er was al iets anders met dit nummer. Beide zijn bewaard."), "wringt"),
    "refused": (_l("Niet aangenomen"), "wringt"),
}
OWN_PROBLEMS: dict[str, Any] = {
    "document_broken": _l("Dit formulier is beschadigd of te groot en kan niet worden gelezen."),
}


class QueueForm(AdminForm):
    """The file."""

    file = FileField(_l("Bestand van de telefoon (.zip)"))


@dataclass(frozen=True, slots=True)
class Row:
    """One submission on the page with results."""

    item: Item
    words: str
    badge: str
    problems: Sequence[str]


@blueprint.url_value_preprocessor
def more_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A queue with photos is larger than other forms; before anything reads the request."""
    if current_user.is_authenticated:
        request.max_content_length = MOST_UPLOAD


@blueprint.get("/inzendingen/bestand")
def page() -> str:
    """Choose the file."""
    return _page(QueueForm())


@blueprint.post("/inzendingen/bestand")
def take_in() -> Any:
    """Take in what is in it; say of each form what came of it."""
    form = QueueForm()
    file = request.files.get("file")
    if file is None or not file.filename:
        form.refuse("file", _("Kies het bestand dat de telefoon heeft gemaakt."))
        return _page(form), 422
    try:
        items = import_queue(db_session(), file.stream, _read, required_actor(), now(), intake())
    except WrongQueueFile as error:
        form.refuse("file", WRONG[error.code] % error.params)
        return _page(form), 422
    return _page(QueueForm(formdata=None), [_row(item) for item in items])


def _read(document: bytes, load: Load) -> tuple[Incoming | None, Sequence[Problem]]:
    reader = Reader()
    return reader.read_text(document, load), reader.problems


def _row(item: Item) -> Row:
    words, badge = OUTCOMES[item.outcome]
    return Row(item, str(words), badge, [_words(problem) for problem in item.problems])


def _words(problem: Problem) -> str:
    own = OWN_PROBLEMS.get(problem.code)
    return str(own) if own else str(problems_as_json([problem])[0]["message"])


def _page(form: QueueForm, rows: Sequence[Row] = ()) -> str:
    return render_template(
        "queue_import/page.html",
        form=form,
        rows=rows,
        count={name: sum(row.item.outcome == name for row in rows) for name in OUTCOMES},
        most=MOST_UPLOAD // MB,
        back_url=url_for("people.start"),
    )
