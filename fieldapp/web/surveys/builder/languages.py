"""/beheer/vragenlijsten/<id>/bewerken/talen: languages side by side, the holes marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fieldapp.core.survey import edit
from fieldapp.core.survey.edit.texts import place_of_key
from fieldapp.services.edit_survey import Desk
from fieldapp.services.refusal import Refusal
from fieldapp.services.survey_drafts import StaleDraft
from fieldapp.web.language import own_name
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.builder import texts
from fieldapp.web.surveys.builder.desk import desk_of, frame, refused, save
from fieldapp.web.surveys.builder.outline import label_of

# what people in Dutch neighbourhoods speak most, after the languages that ship
OFFERED = (
    *("nl", "en", "tr", "ar", "pl", "uk", "fr", "de", "es", "pt", "ro", "bg", "ru", "so", "ti"),
    *("fa", "ku", "zh", "vi", "pap", "rif", "hu", "it", "ur", "sr", "el", "am", "sq", "id", "hi"),
)
TEXT = "t:"


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text: source and translation. `id` for the control, `where` and `what` in words."""

    key: str
    id: str
    where: str
    what: str
    source: str
    text: str
    row: str
    long: bool


def offered_languages() -> list[tuple[str, str]]:
    """(tag, own name)."""
    return [(tag, own_name(tag)) for tag in OFFERED]


@blueprint.get("/<int:version_id>/bewerken/talen", endpoint="edit_texts")
def texts_page(version_id: int) -> Any:
    """Source and one other language."""
    try:
        desk = desk_of(version_id)
    except Refusal as refusal:
        return refused(version_id, refusal)
    return _show(desk, _wanted(desk, request.args.get("naar", "")))


@blueprint.post("/<int:version_id>/bewerken/talen")
def texts_do(version_id: int) -> Any:
    """Translations as typed, or a language more or less."""
    try:
        desk = desk_of(version_id)
        button, _colon, tag = str(request.form.get("do") or "texts").partition(":")
        language = tag or str(request.form.get("language") or "")
        if button == "language_add":
            save(version_id, button, lambda data: edit.add_language(data, language))
        elif button == "language_remove":
            save(version_id, button, lambda data: edit.remove_language(data, language))
        else:
            button, language = "texts", _wanted(desk, str(request.form.get("to") or ""))
            save(version_id, button, lambda data: _take(data, language))
    except StaleDraft:
        return _stale(version_id)
    except edit.EditError as error:
        flash(texts.wrong(error.code), "error")
        return redirect(url_for("surveys.edit_texts", version_id=version_id), 303)
    except Refusal as refusal:
        return refused(version_id, refusal)
    focus = str(request.form.get("focus") or "")
    return redirect(
        url_for(
            "surveys.edit_texts",
            version_id=version_id,
            naar=language,
            gedaan=button,
            gaten=request.form.get("holes") or None,
            _anchor=focus or None,
        ),
        303,
    )


def _take(data: edit.Definition, language: str) -> edit.Definition:
    """Every text of the form that is another than before, in one change."""
    for key, typed in request.form.items():
        if not key.startswith(TEXT):
            continue
        place = place_of_key(key.removeprefix(TEXT))
        said = typed.replace("\0", "").replace("\r\n", "\n").strip()
        if said != edit.text_at(data, place, language):
            data = edit.set_text(data, place, language, said)
    return data


def _wanted(desk: Desk, asked: str) -> str:
    """The language on the right: the one asked for, else the first other one."""
    settings = desk.data["settings"]
    others = [tag for tag in settings["languages"] if tag != settings["default_language"]]
    return asked if asked in others else next(iter(others), "")


def _stale(version_id: int) -> Any:
    from fieldapp.web.context import db_session

    db_session().rollback()
    desk = desk_of(version_id)
    return _show(desk, _wanted(desk, str(request.form.get("to") or "")), stale=True), 409


def _show(desk: Desk, language: str, *, stale: bool = False) -> str:
    settings = desk.data["settings"]
    holes = bool(request.values.get("gaten") or request.values.get("holes"))
    rows = _rows(desk, language) if language else []
    counts = edit.completeness(desk.data)
    return render_template(
        "surveys/builder/languages.html",
        **frame(desk, "surveys.edit_texts"),
        language_to=language,
        rows=[row for row in rows if not holes or not row.text],
        holes=holes,
        missing=sum(not row.text for row in rows),
        languages=[
            (tag, own_name(tag), counts[tag][0], counts[tag][1], tag == language)
            for tag in settings["languages"]
            if tag != settings["default_language"]
        ],
        offered=[(t, name) for t, name in offered_languages() if t not in settings["languages"]],
        done=texts.deed_words(request.args.get("gedaan")),
        stale=stale,
    )


def _rows(desk: Desk, language: str) -> list[TextRow]:
    source = desk.data["settings"]["default_language"]
    made = []
    for number, place in enumerate(edit.places(desk.data)):
        original = edit.text_at(desk.data, place, source)
        typed = request.form.get(TEXT + place.key)
        made.append(
            TextRow(
                key=TEXT + place.key,
                id=f"t-{number}",
                where=_where(desk, place),
                what=_("Antwoord") if place.sort == "choice" else _column(place.column),
                source=original,
                text=typed if typed is not None else edit.text_at(desk.data, place, language),
                row=place.owner if place.sort == "row" else "",
                long="\n" in original or len(original) > 60,
            )
        )
    return made


def _column(column: str) -> str:
    return str(texts.COLUMN_WORDS.get(column, column))


def _where(desk: Desk, place: edit.TextPlace) -> str:
    """The heading that the text belongs under."""
    language = desk.data["settings"]["default_language"]
    if place.sort == "survey":
        return str(_("Vragenlijst"))
    if place.sort == "choice":
        users = edit.users_of_list(desk.data, place.owner)
        if not users:
            return place.owner
        return label_of(edit.find(desk.data, users[0]).row, language)
    return label_of(edit.find(desk.data, place.owner).row, language)
