"""/beheer/vragenlijsten/<id>/bewerken: the outline, the row being edited, the phone beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from fieldapp.core.survey import edit, judge_survey
from fieldapp.services.edit_survey import Desk, redo, undo
from fieldapp.services.refusal import Refusal
from fieldapp.services.survey_drafts import StaleDraft
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.language import own_name
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.builder import texts
from fieldapp.web.surveys.builder.desk import desk_of, frame, refused, save, spot
from fieldapp.web.surveys.builder.outline import label_of, outline
from fieldapp.web.surveys.builder.sheet import make_sheet
from fieldapp.web.surveys.builder.work import Work, read_work

# what most surveys are made of; the other kinds are one step away
COMMON = (
    "choose_one",
    "yes_no",
    "faces",
    "short",
    "story",
    "whole",
    "photo",
    "where",
    "note",
    "page",
)
STALE = 409
WRONG_INPUT = 422


@blueprint.get("/<int:version_id>/bewerken", endpoint="edit")
def edit_page(version_id: int) -> Any:
    """The desk."""
    try:
        desk = desk_of(version_id)
    except Refusal as refusal:
        return refused(version_id, refusal)
    row = request.args.get("rij", "")
    return _show(desk, row if row in edit.all_names(desk.data) else "")


@blueprint.post("/<int:version_id>/bewerken")
def edit_do(version_id: int) -> Any:
    """One change: of the fields of a row, and of what the pressed button says."""
    try:
        desk = desk_of(version_id)
        work = read_work(desk, request.form)
        if work.button in ("undo", "redo"):
            return _step(desk, work)
        save(version_id, work.button, work.do)
    except StaleDraft:
        return _stale(version_id)
    except edit.EditError as error:
        flash(texts.wrong(error.code), "error")
        return redirect(spot(version_id, str(request.form.get("row") or "")), 303)
    except Refusal as refusal:
        return refused(version_id, refusal)
    if work.errors:
        typed = MultiDict(request.form)
        return _show(desk_of(version_id), work.row, typed, work.errors), WRONG_INPUT
    return redirect(_after(version_id, work), 303)


def _after(version_id: int, work: Work) -> str:
    more = {"formule": "1"} if work.button == "formula" else {}
    focus = work.focus or str(request.form.get("focus") or "")
    return spot(version_id, work.row, focus=focus or "b-title", done=work.button, **more)


def _step(desk: Desk, work: Work) -> Any:
    """Undo or redo; the row one was at stays in view when it is there still."""
    step = undo if work.button == "undo" else redo
    expected = str(request.form.get("expected") or "")
    step(db_session(), desk.version.id, required_actor(), now(), expected=expected)
    names = edit.all_names(desk_of(desk.version.id).data)
    row = work.row if work.row in names else ""
    done = {"undo": "undone", "redo": "redone"}[work.button]
    return redirect(spot(desk.version.id, row, focus=f"b-{work.button}", done=done), 303)


def _stale(version_id: int) -> Any:
    """Somebody else was first: their survey, with what was typed here still in the fields."""
    db_session().rollback()
    desk = desk_of(version_id)
    row = str(request.form.get("row") or "")
    lost = "" if row in edit.all_names(desk.data) else str(request.form.get("label") or "")
    typed = MultiDict(request.form) if request.form.get("editor") else None
    page = _show(desk, "" if lost or row not in edit.all_names(desk.data) else row, typed, {},
                 stale=True, lost=lost)  # fmt: skip
    return page, STALE


def _show(
    desk: Desk,
    row: str,
    typed: MultiDict[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    stale: bool = False,
    lost: str = "",
) -> str:
    _survey, found = judge_survey(desk.data)
    problems = edit.by_row(desk.data, found)
    formula = request.args.get("formule") == "1"
    sheet = make_sheet(desk, row, typed=typed, errors=errors, formula=formula) if row else None
    done = request.args.get("gedaan", "")
    return render_template(
        "surveys/builder/edit.html",
        **frame(desk, "surveys.edit"),
        outline=outline(desk.data, row, problems),
        count=sum(not placed.is_group for placed in edit.walk(desk.data)),
        row=row,
        sheet=sheet,
        title=label_of(edit.find(desk.data, row).row, desk.data["settings"]["default_language"])
        if row
        else "",
        problems=[texts.problem_words(problem) for problem in problems.get(row, ())]
        if desk.data["survey"]
        else [],
        common=[edit.KINDS[code] for code in COMMON],
        shelves=_shelves(),
        kind_words=texts.KIND_WORDS,
        limit_words=texts.LIMIT_WORDS,
        patterns=tuple(texts.PATTERN_WORDS.items()),
        roles=tuple(texts.ROLE_WORDS.items()),
        adds_to=_adds_to(desk, row),
        undo=texts.deed_words(desk.undo) if desk.undo else "",
        redo=texts.deed_words(desk.redo) if desk.redo else "",
        done=texts.deed_words(done),
        focus=request.args.get("focus", ""),
        stale=stale,
        lost=lost,
        preview=_preview(desk, row),
        preview_languages=[(tag, own_name(tag)) for tag in desk.data["settings"]["languages"]],
        preview_language=_preview_language(desk),
    )


def _preview_language(desk: Desk) -> str:
    asked = request.args.get("in", "")
    settings = desk.data["settings"]
    return asked if asked in settings["languages"] else str(settings["default_language"])


def _preview(desk: Desk, row: str) -> str:
    """The address of the page in the phone; another one after each change."""
    asked = {"rij": row, "in": _preview_language(desk), "v": desk.version.definition_sha256[:12]}
    query = urlencode({key: value for key, value in asked.items() if value})
    here = f"#q-{_path(desk, row)}-box" if row else ""
    return f"{url_for('surveys.preview', version_id=desk.version.id)}?{query}{here}"


def _path(desk: Desk, row: str) -> str:
    """Where the answer to a question stands on the page, in the first round of its repeats."""
    around = edit.find(desk.data, row).repeats
    return "".join(f"{name}/0/" for name in around) + row


def _adds_to(desk: Desk, row: str) -> str:
    """Where a new question comes, in words."""
    if not row:
        return str(_("Onderaan de vragenlijst"))
    placed = edit.find(desk.data, row)
    name = label_of(placed.row, desk.data["settings"]["default_language"])
    if placed.is_group:
        return str(_("Onderaan in: %(name)s", name=name))
    return str(_("Na: %(name)s", name=name))


def _shelves() -> list[tuple[str, list[edit.Kind]]]:
    """(heading, kinds) of what can be added and is not among the usual."""
    return [
        (
            str(words),
            [k for k in edit.KINDS.values() if k.shelf == shelf and k.code not in COMMON],
        )
        for shelf, words in texts.SHELVES.items()
    ]
