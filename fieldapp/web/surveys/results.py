"""Uitkomsten: the answers to a survey over its versions, to take along as CSV or Excel."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    render_template,
    request,
    send_file,
    stream_with_context,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey.results import MAIN
from fieldapp.db.queries.surveys import all_surveys
from fieldapp.services.survey_results import (
    EXPLANATION,
    Results,
    Wanted,
    write_csv,
    write_workbook,
)
from fieldapp.web.admin.trail import trail
from fieldapp.web.context import db_session, required_actor
from fieldapp.web.surveys.trail import title_of

# For who reads submissions too, each in their own areas: another door than the room for surveys.
results = Blueprint("results", __name__, url_prefix="/uitkomsten")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REMARKS = {
    "type": _l("Een andere soort vraag in versie %(versions)s. Staat in een eigen kolom."),
    "repeats": _l("Wordt in versie %(versions)s vaker of minder vaak gesteld. Eigen kolom."),
}


@results.get("")
def page() -> Any:
    """Choose a survey, versions and a period; what comes then, and the downloads."""
    actor = required_actor()
    surveys = [
        (survey, next(v for v in reversed(survey.versions) if v.state != "draft"))
        for survey in all_surveys(db_session(), actor.organisation_id)
        if any(v.state != "draft" for v in survey.versions)
    ]
    wrong = _wrong()
    wanted = _wanted() if not wrong else None
    found = Results(db_session(), wanted, actor) if wanted is not None else None
    return render_template(
        "surveys/results.html",
        surveys=[(survey.id, title_of(version)) for survey, version in surveys],
        chosen=request.args.get("vragenlijst", ""),
        first=request.args.get("van", ""),
        last=request.args.get("tot", ""),
        wrong=wrong,
        found=found,
        offered=_offered(found) if found is not None else [],
        count=found.count() if found is not None else 0,
        apart=_apart(found) if found is not None else [],
        downloads=_downloads(found) if found is not None else [],
        trail=trail((_("Uitkomsten"), None)),
    ), (422 if wrong else 200)


def _offered(found: Results) -> list[tuple[int, str, bool]]:
    """(id, version, whether it is among the chosen)."""
    return [(v.id, v.version, v.id in found.definitions) for v in found.offered]


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    return date.fromisoformat(text) if text else None


def _wrong() -> str:
    try:
        first, last = _day("van"), _day("tot")
    except ValueError:
        return str(_("Schrijf een datum als jaar-maand-dag, zoals 2026-11-20."))
    if last is not None and last == date.max:
        return str(_("Deze datum is te ver weg."))
    if first is not None and last is not None and last < first:
        return str(_("De laatste dag ligt voor de eerste. Draai ze om."))
    return ""


def _wanted() -> Wanted | None:
    chosen = request.args.get("vragenlijst", "")
    if not chosen:
        return None
    ids = [chosen, *request.args.getlist("versie")]
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in ids):
        abort(404)
    survey_id, *version_ids = map(int, ids)
    return Wanted(survey_id, tuple(version_ids), _day("van"), _day("tot"))


def _apart(found: Results) -> list[tuple[str, str]]:
    """(column, why it does not stand with its namesake)."""
    return [
        (column.key, str(REMARKS[column.remark]) % {"versions": ", ".join(column.versions)})
        for column in found.plan.columns
        if column.remark
    ]


def _downloads(found: Results) -> list[tuple[str, str]]:
    asked: dict[str, Any] = {
        key: request.args.getlist(key) for key in ("vragenlijst", "versie", "van", "tot")
    }
    made = [(_("Excel, alles in één bestand"), url_for("results.workbook", **asked))]
    for table in found.tables:
        words = _("CSV, de inzendingen") if table == MAIN else _("CSV, %(table)s", table=table)
        made.append((words, url_for("results.table", **asked, tabel=table or None)))
    made.append((_("CSV, uitleg van de kolommen"), url_for("results.legend", **asked)))
    return made


def _asked() -> Results:
    wanted = _wanted() if not _wrong() else None
    if wanted is None:
        abort(404)
    return Results(db_session(), wanted, required_actor())


def _csv(found: Results, table: str, name: str) -> Response:
    answer = Response(stream_with_context(write_csv(found, table)), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@results.get("/tabel.csv")
def table() -> Any:
    """One table, written while it is read."""
    found = _asked()
    wanted = request.args.get("tabel", MAIN)
    if wanted not in found.tables:
        abort(404)
    name = f"{found.survey.name}-{wanted}" if wanted else found.survey.name
    return _csv(found, wanted, name)


@results.get("/uitleg.csv")
def legend() -> Any:
    """What each column is."""
    found = _asked()
    return _csv(found, EXPLANATION, f"{found.survey.name}-uitleg")


@results.get("/alles.xlsx")
def workbook() -> Any:
    """All tables in one workbook."""
    found = _asked()
    file = io.BytesIO()  # the rows went to disk (openpyxl); this is the zip of them
    write_workbook(found, file)
    file.seek(0)
    answer = send_file(
        file, mimetype=EXCEL, as_attachment=True, download_name=f"{found.survey.name}.xlsx"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
