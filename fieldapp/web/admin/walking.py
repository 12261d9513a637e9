"""/beheer/rondes/<id>/looplijst: which stairwells a round goes to."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import FileField, TextAreaField

from fieldapp.core.door_list import MOST_LINES, ListedDoor, as_lines, read_door_list
from fieldapp.db.models import Round
from fieldapp.db.queries.admin import round_of
from fieldapp.db.queries.walks import round_doors
from fieldapp.services.walks import set_doors
from fieldapp.web.admin import blueprint
from fieldapp.web.admin.forms import AdminForm, text
from fieldapp.web.admin.trail import trail
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.doors.words import line_words

MOST_CHARACTERS = 200_000
SHOWN = 10  # faults at once


class DoorListForm(AdminForm):
    """Lines to paste, or a file with the same lines."""

    lines = TextAreaField(
        _l("Portieken, één per regel"),
        description=_l(
            "In de volgorde waarin je loopt. Achter een puntkomma mag het aantal deuren, en daarna "
            "de buurt. Bijvoorbeeld: Lindestraat 12-26; 8"
        ),
    )
    file = FileField(
        _l("Of een bestand"),
        description=_l("Een CSV-bestand met dezelfde kolommen. Het vervangt wat hierboven staat."),
    )

    def read(self) -> list[ListedDoor]:
        """The stairwells; what is wrong is said at the field."""
        typed, field = self._typed()
        if len(typed) > MOST_CHARACTERS:
            self.refuse(
                field, _("Dit is te lang. Er passen %(limit)s portieken.", limit=MOST_LINES)
            )
            return []
        found, problems = read_door_list(typed)
        for problem in problems[:SHOWN]:
            self.refuse(field, line_words(problem))
        return found

    def _typed(self) -> tuple[str, str]:
        sent = request.files.get("file")
        data = sent.read(4 * MOST_CHARACTERS + 1) if sent is not None and sent.filename else b""
        if not data:
            return text(self.lines.data), "lines"
        try:
            return data.decode("utf-8-sig"), "file"
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace"), "file"  # as Excel saves it


@blueprint.route("/rondes/<int:round_id>/looplijst", methods=("GET", "POST"))
def walking_list(round_id: int) -> Any:
    """Look at the list, or put another in its place."""
    found = _found(round_id)
    form = DoorListForm(lines=_lines(found))
    if form.is_submitted():
        doors = form.read()
        if form.is_right:
            for problem in set_doors(db_session(), found, doors, required_actor(), now())[:SHOWN]:
                form.refuse("lines", line_words(problem))
        if form.is_right:
            flash(
                ngettext(
                    "De looplijst heeft nu %(num)s portiek.",
                    "De looplijst heeft nu %(num)s portieken.",
                    len(doors),
                ),
                "ok",
            )
            return redirect(url_for("admin.round_page", round_id=found.id), 303)
    page = render_template("admin/walking.html", form=form, round=found, trail=_trail(found))
    return page, (200 if form.is_right else 422)


def _lines(found: Round) -> str:
    doors = round_doors(db_session(), [found.id]).get(found.id, [])
    only = found.area_codes[0] if len(found.area_codes) == 1 else None
    return as_lines(
        [
            ListedDoor(
                door.name, door.doors, "" if door.area_code == only else door.area_code or ""
            )
            for door in doors
        ]
    )


def _found(round_id: int) -> Round:
    found = round_of(db_session(), round_id, required_actor().organisation_id)
    if found is None:
        abort(404)
    return found


def _trail(found: Round) -> Any:
    return trail(
        (_("Rondes"), url_for("admin.rounds")),
        (found.name, url_for("admin.round_page", round_id=found.id)),
        (_("Looplijst"), None),
    )
