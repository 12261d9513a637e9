"""Verschil: what is different between two versions, and whether their results read together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Survey
from fieldapp.core.survey.compare import Change, Match, RowChange, compare
from fieldapp.db.models import SurveyVersion
from fieldapp.services.survey_drafts import visible_version
from fieldapp.services.visible import NotThere
from fieldapp.web.context import db_session, required_actor
from fieldapp.web.language import current_language, direction, own_name
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.overview import readable
from fieldapp.web.surveys.trail import address_of, survey_trail, title_of
from fieldapp.web.surveys.version import KINDS

HAPPENED: Mapping[str, tuple[Any, str]] = {
    "added": (_l("nieuw"), "agree"),
    "removed": (_l("weg"), "wringt"),
    "moved": (_l("verplaatst"), "few"),
    "changed": (_l("veranderd"), "few"),
}
COLUMNS: Mapping[str, Any] = {
    "title": _l("Titel"),
    "intro": _l("Inleiding"),
    "thanks": _l("Bedankje"),
    "languages": _l("Talen"),
    "default_language": _l("Eerste taal"),
    "style": _l("Vorm"),
    "type": _l("Soort vraag"),
    "label": _l("Tekst"),
    "hint": _l("Uitleg"),
    "guidance_hint": _l("Uitleg voor wie vraagt"),
    "constraint_message": _l("Melding bij een fout antwoord"),
    "required_message": _l("Melding als het antwoord ontbreekt"),
    "relevant": _l("Alleen als"),
    "required": _l("Verplicht als"),
    "constraint": _l("Controle op het antwoord"),
    "calculation": _l("Berekening"),
    "choice_filter": _l("Welke antwoorden te kiezen zijn"),
    "read_only": _l("Alleen lezen als"),
    "repeat_count": _l("Aantal keer"),
    "appearance": _l("Vorm"),
    "parameters": _l("Instellingen"),
    "default": _l("Vooraf ingevuld"),
    "theme": _l("Thema"),
    "role": _l("Rol"),
    "choice": _l("Antwoord"),
    "order": _l("Volgorde van de antwoorden"),
    "signal": _l("Signaal van een antwoord"),
    "image": _l("Afbeelding"),
    "audio": _l("Geluid"),
    "video": _l("Video"),
}
TEXTS = frozenset({"title", "intro", "thanks", "label", "hint", "guidance_hint", "choice"})
REMARKS: Mapping[str, Any] = {
    "": _l("samen te lezen"),
    "added": _l("alleen in de nieuwe versie"),
    "removed": _l("alleen in de oude versie"),
    "type": _l("niet samen te lezen: een ander soort vraag"),
    "repeats": _l("niet samen te lezen: de vraag wordt nu vaker of minder vaak gesteld"),
    "choices": _l("samen te lezen, maar de antwoorden verschillen: %(names)s"),
    "label": _l("samen te lezen, maar de vraag luidt anders"),
}


@blueprint.get("/<int:version_id>/verschil")
def difference(version_id: int) -> Any:
    """This version beside another of the same survey; `met` is its id, else the one it follows."""
    after = visible_version(db_session(), version_id, required_actor())
    others = [v for v in after.survey.versions if v.id != after.id]
    before = _other(after, others)
    new, old = readable(after), readable(before) if before is not None else None
    found = compare(old, new) if old is not None and new is not None else None
    title = title_of(after)
    return render_template(
        "surveys/difference.html",
        title=title,
        after=after,
        before=before,
        others=others,
        readable=new is not None and (before is None or old is not None),
        difference=found,
        head=[_change(c) for c in found.head] if found else [],
        rows=[_row(row, old, new) for row in found.rows] if found and old and new else [],
        matches=[_match(m, old, new) for m in found.matches] if found and old and new else [],
        trail=survey_trail((title, address_of(after)), (_("Verschil"), None)),
        action=url_for("surveys.difference", version_id=after.id),
    )


def _other(after: SurveyVersion, others: list[SurveyVersion]) -> SurveyVersion | None:
    asked = request.args.get("met", "")
    wanted = int(asked) if asked.isdecimal() and len(asked) < 10 else after.based_on_id
    if asked and wanted not in {v.id for v in others}:
        abort(404)
    chosen = next((v for v in others if v.id == wanted), None)
    if chosen is None and after.based_on_id is not None and not asked:
        try:  # a copy of a survey that ships with fieldapp
            return visible_version(db_session(), after.based_on_id, required_actor())
        except NotThere:
            return None
    return chosen or next((v for v in reversed(others) if v.id < after.id), None)


def _change(change: Change) -> dict[str, Any]:
    column, _space, choice = change.column.partition(" ")
    words = str(COLUMNS.get(column, column))
    if choice:
        words = f"{words} “{choice}”"
    is_text = bool(change.language)
    before, after = change.before, change.after
    if column == "type":
        before, after = (str(KINDS.get(kind, kind)) for kind in (before, after))
    return {
        "column": words,
        "language": own_name(change.language) if is_text else "",
        "tag": change.language,
        "dir": direction(change.language) if is_text else "ltr",
        "code": not is_text and column != "type",
        "before": before,
        "after": after,
    }


def _name(survey: Survey, name: str) -> str:
    row = survey.by_name.get(name) or survey.groups.get(name)
    label = getattr(row, "label", None)
    return label.in_language(current_language()) if label is not None else name


def _row(row: RowChange, old: Survey, new: Survey) -> dict[str, Any]:
    words, mark = HAPPENED[row.kind]
    return {
        "name": row.name,
        "label": _name(old if row.kind == "removed" else new, row.name),
        "happened": words,
        "mark": mark,
        "moved": row.moved and row.kind == "changed",
        "changes": [_change(change) for change in row.changes],
    }


def _match(match: Match, old: Survey, new: Survey) -> dict[str, Any]:
    remark = str(REMARKS[match.remark])
    if match.choices:
        remark = remark % {"names": ", ".join(match.choices)}
    return {
        "name": match.name,
        "label": _name(old if match.remark == "removed" else new, match.name),
        "remark": remark,
        "together": match.together,
    }
