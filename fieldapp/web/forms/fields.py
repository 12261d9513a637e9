"""Question type -> WTForms field, as a table. A new type is a function and a row in MAKERS.

Fields only carry what was typed and what is wrong with it; all rules live in core. The name of a
control is the path of its answer (`kamers/0/soort`); parts of an answer and controls of our own
hold a `/` too (`plek/lat`, `form/step`), which no question name can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    Form,
    FormField,
    IntegerField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice

from fieldapp.core.survey import Question
from fieldapp.core.survey.vocabulary import FILE_TYPES, SAME_PLACE
from fieldapp.services.photos import LONGEST_SIDE
from fieldapp.web.context import now
from fieldapp.web.forms.choices import select
from fieldapp.web.forms.look import Asked
from fieldapp.web.forms.made import SEPARATOR, Made, base
from fieldapp.web.forms.places import geopoint, line

YEARS_BACK, YEARS_AHEAD = 110, 10
MOST_PICKED = 60  # steps of a range that a drop-down list can hold
CAPTURE = {"new-front": "user", "new": "environment"}
ACCEPT = {"image": "image/*", "audio": "audio/*", "video": "video/*"}
PICTURES = ("draw", "annotate", "signature")
LONGEST = {"audio": 300, "video": 60}  # seconds
LONGEST_NOTE = 180  # of a spoken note (appearance voice)


def _text(question: Question, path: str, asked: Asked) -> Made:
    around = base(question, path, asked)
    words = question.appearances
    if "story" in words:
        return Made(TextAreaField(**around), {"look": "story"})
    if "multiline" in words:
        rows = question.parameter("rows")
        extra = {"rows": int(rows)} if rows.isdecimal() else {}
        return Made(TextAreaField(**around), {"look": "textarea", **extra})
    keyboard = {"inputmode": "numeric"} if "numbers" in words else {}
    return Made(StringField(render_kw={"dir": "auto", **keyboard}, **around))


def _barcode(question: Question, path: str, asked: Asked) -> Made:
    around = base(question, path, asked)
    return Made(StringField(render_kw={"autocomplete": "off"}, **around), {"look": "barcode"})


def _integer(question: Question, path: str, asked: Asked) -> Made:
    extra = {"look": "counter"} if "counter" in question.appearances else {}
    return Made(IntegerField(**base(question, path, asked)), extra)


def _decimal(question: Question, path: str, asked: Asked) -> Made:
    return Made(DecimalField(**base(question, path, asked)))


def number(text: str, otherwise: float) -> float:
    """A number from the parameters column."""
    try:
        return float(text)
    except ValueError:
        return otherwise


def _range(question: Question, path: str, asked: Asked) -> Made:
    start = number(question.parameter("start"), 1.0)
    end = number(question.parameter("end"), 10.0)
    step = number(question.parameter("step"), 1.0) or 1.0
    around = base(question, path, asked)
    count = abs(end - start) / abs(step)
    whole = all(one.is_integer() for one in (start, end, step))
    if "picker" in question.appearances and count <= MOST_PICKED:
        sign = 1 if end >= start else -1
        values = [start + sign * abs(step) * i for i in range(int(count + 1e-9) + 1)]
        shown = [str(int(v)) if v.is_integer() else f"{v:.10g}" for v in values]
        options = [SelectChoice("", _("Kies een antwoord")), *(SelectChoice(s, s) for s in shown)]
        return Made(
            SelectField(choices=options, validate_choice=False, **around), {"look": "select"}
        )
    limits = {"start": start, "end": end, "step": abs(step)}
    if whole:
        limits = {key: int(value) for key, value in limits.items()}
    maker = IntegerField if whole else DecimalField
    ticks = {"ticks": False} if "no-ticks" in question.appearances else {}
    return Made(maker(**around), {"look": "range", "range": {**limits, **ticks}})


def _date(question: Question, path: str, asked: Asked) -> Made:
    around = base(question, path, asked)
    if not {"month-year", "year"} & question.appearances:
        return Made(DateField(**around))
    this_year = now().year
    years = range(this_year + YEARS_AHEAD, this_year - YEARS_BACK, -1)
    parts: dict[str, Any] = {}
    if "month-year" in question.appearances:
        months = [SelectChoice("", _("Maand"))]
        months += [SelectChoice(str(m), _month(m)) for m in range(1, 13)]
        parts["month"] = _part(_("Maand"), f"{around['id']}-month", months)
    options = [SelectChoice("", _("Jaar")), *(SelectChoice(str(y), str(y)) for y in years)]
    parts["year"] = _part(_("Jaar"), f"{around['id']}-year", options)
    look = "month_year" if "month" in parts else "year"
    return Made(
        FormField(type("DayForm", (Form,), parts), separator=SEPARATOR, **around), {"look": look}
    )


def _part(label: str, own_id: str, options: list[SelectChoice]) -> SelectField:
    return SelectField(label, id=own_id, choices=options, validate_choice=False)


def _month(number_: int) -> str:
    return str(format_date(date(2000, number_, 1), "LLLL"))


def _time(question: Question, path: str, asked: Asked) -> Made:
    return Made(TimeField(**base(question, path, asked)))


def _moment(question: Question, path: str, asked: Asked) -> Made:
    return Made(DateTimeLocalField(**base(question, path, asked)))


def _acknowledge(question: Question, path: str, asked: Asked) -> Made:
    return Made(BooleanField(render_kw={"value": "OK"}, **base(question, path, asked)))


def _file(question: Question, path: str, asked: Asked) -> Made:
    drawn = next((word for word in PICTURES if word in question.appearances), None)
    look = drawn or {"image": "photo", "file": "files"}.get(question.type, question.type)
    shown: dict[str, Any] = {}
    if question.type in ACCEPT:
        shown["accept"] = ACCEPT[question.type]
    capture = next((CAPTURE[word] for word in CAPTURE if word in question.appearances), None)
    if capture is not None and drawn is None:
        shown["capture"] = capture
    voice = question.type == "audio" and "voice" in question.appearances
    extra = {
        "look": look,
        "kept": asked.look.kept.get(path, ()),
        "longest": LONGEST_NOTE if voice else LONGEST.get(question.type),
        "voice": voice,
        "ghost": _ghost(question, path, asked),
        "same_place": SAME_PLACE in question.appearances,
        "max_pixels": _max_pixels(question),
    }
    return Made(MultipleFileField(render_kw=shown, **base(question, path, asked)), extra)


def _ghost(question: Question, path: str, asked: Asked) -> dict[str, str] | None:
    """The earlier photo that this one is taken over: its path, and its address when it is kept."""
    earlier = asked.survey.by_name.get(question.earlier_photo)
    if earlier is None or question.type != "image" or earlier.type != "image":
        return None
    inside = earlier.repeats == question.repeats
    where = path[: -len(question.name)] + earlier.name if inside else earlier.name
    kept = asked.look.kept.get(where, ())
    return {"path": where, "url": kept[0].url if kept else ""}


def _max_pixels(question: Question) -> int | None:
    """The longest side that is asked for; never more than the server keeps."""
    asked_for = question.parameter("max-pixels")
    return min(int(asked_for), LONGEST_SIDE) or None if asked_for.isdecimal() else None


Maker = Callable[[Question, str, Asked], Made]
MAKERS: Mapping[str, Maker] = {
    "text": _text,
    "barcode": _barcode,
    "integer": _integer,
    "decimal": _decimal,
    "range": _range,
    "date": _date,
    "time": _time,
    "dateTime": _moment,
    "select_one": select,
    "select_multiple": select,
    "rank": select,
    "geopoint": geopoint,
    "geotrace": line,
    "geoshape": line,
    "acknowledge": _acknowledge,
    **dict.fromkeys(FILE_TYPES, _file),
    # note is drawn as text (web/forms/page.py); hidden, calculate and metadata are never shown
}


def plain(words: str) -> str:
    """Words without markup, for the title of a page."""
    return words.striptags() if isinstance(words, Markup) else words
