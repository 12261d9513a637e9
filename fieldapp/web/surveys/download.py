"""A survey to take along: as Excel, Markdown, XForm or YAML."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, abort, flash, redirect
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import SurveyError, load_survey
from fieldapp.services.export_survey import FORMS, Download, export_survey
from fieldapp.services.media import MediaStore
from fieldapp.services.survey_drafts import visible_version
from fieldapp.sources.errors import SourceError
from fieldapp.web.context import db_session, required_actor, settings
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.trail import address_of

WRONG: dict[str, Any] = {
    "text_too_long": _l(
        "Een tekst heeft %(length)s tekens en in een cel van Excel passen er %(limit)s. "
        "Maak de tekst korter, of neem Markdown mee."
    ),
    "character_not_allowed": _l(
        "In een tekst staat een teken dat niet in een bestand past (%(found)s). Haal het weg."
    ),
    "column_taken": _l(
        "Een kolom bij de keuzes heet %(column)s. Die naam betekent in XLSForm iets anders. "
        "Geef de kolom een andere naam."
    ),
    "file_name_not_allowed": _l(
        "%(found)s kan geen naam van een bestand zijn. Kies een naam zonder spaties en leestekens."
    ),
    "type_from_table": _l(
        "Een vraag van het type %(type)s kan in XLSForm geen keuzes uit de tabel %(table)s halen. "
        "Maak er een gewone keuzelijst van."
    ),
    "name_not_for_odk": _l(
        "ODK kan de naam %(found)s niet lezen. Kies voor de naam van de vraag Latijnse letters. "
        "De tekst van de vraag kan in elk schrift."
    ),
    "xform_refused": _l("Hier is geen XForm van te maken. pyxform zegt: %(reason)s"),
}


@blueprint.get("/<int:version_id>/download/<format>")
def download(version_id: int, format: str) -> Any:
    """The file; a .zip when tables or media files go along. Back with a reason when it cannot."""
    if format not in FORMS:
        abort(404)
    version = visible_version(db_session(), version_id, required_actor())
    try:
        definition = load_survey(version.definition, strict=False)
        made = export_survey(definition, format, MediaStore(settings().media_dir))
    except SurveyError:
        flash(
            _("Dit concept heeft nog fouten. Los die eerst op, dan kun je het meenemen."), "error"
        )
        return redirect(address_of(version), 303)
    except SourceError as error:
        flash(sentence(error), "error")
        return redirect(address_of(version), 303)
    return _answer(made)


def sentence(error: SourceError) -> str:
    """What is wrong and what to do, with the place when there is one."""
    told = str(WRONG.get(error.code, error.code)) % error.params
    return f"{error.where}: {told}" if error.where else told


def _answer(made: Download) -> Response:
    answer = Response(made.content, mimetype=made.mimetype)
    plain = made.name.encode("ascii", "ignore").decode()
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(made.name)}"
    )
    return answer
