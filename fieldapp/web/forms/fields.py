"""Question type -> WTForms field, as a table. A new type is a function and a row in MAKERS.

Fields only carry what was typed and what is wrong with it; all rules live in core.
Names of controls that are no question hold a dot, which no question name can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from fieldapp.core.survey import Choice, Question, Text
from fieldapp.core.survey.vocabulary import RESERVED_CHOICES
from fieldapp.web.language import direction

FACES = {"very_sad", "sad", "neutral", "happy", "very_happy"}
LEVELS = {"A+", "A", "B", "C", "D"}
LONGEST_UNDER_FACE = 9  # letters in one word
MANY = 10  # more choices than this, beside other questions, become a drop-down list
SEPARATOR = "."


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo that is safely stored, as the photo macro shows it."""

    url: str
    alt: str
    remove_name: str
    remove_value: str


@dataclass(frozen=True, slots=True)
class PageLook:
    """What drawing needs beside the questions: language, photos, areas, the map."""

    language: str
    kept: Mapping[str, tuple[KeptPhoto, ...]] = field(default_factory=dict)
    areas: tuple[tuple[str, str], ...] = ()  # (code, name)
    map: Mapping[str, str] | None = None
    exact_place: bool = True  # False: an area at most, never a position (residents)
    alone: bool = False  # the only question of its page


@dataclass(frozen=True, slots=True)
class Made:
    """An unbound field with what the macros want to know about it."""

    field: Any
    extra: Mapping[str, Any] = field(default_factory=dict)


def in_words(text: Text | None, language: str) -> str:
    """The text; inside a span with its own language where that differs from the page's."""
    if text is None:
        return ""
    words = text.in_language(language)
    shown = text.language_shown(language)
    if shown == language:
        return words
    return Markup('<span lang="{}" dir="{}">{}</span>').format(shown, direction(shown), words)


def _base(question: Question, look: PageLook) -> dict[str, Any]:
    return {
        "label": in_words(question.label, look.language) or question.name,
        "description": in_words(question.hint, look.language),
        "id": f"q-{question.name}",
    }


def _text(question: Question, look: PageLook) -> Made:
    base = _base(question, look)
    if "multiline" in question.appearances:
        return Made(TextAreaField(**base), {"look": "textarea"})
    return Made(StringField(render_kw={"dir": "auto"}, **base))


def _integer(question: Question, look: PageLook) -> Made:
    return Made(IntegerField(**_base(question, look)))


def _decimal(question: Question, look: PageLook) -> Made:
    return Made(DecimalField(**_base(question, look)))


def _date(question: Question, look: PageLook) -> Made:
    return Made(DateField(**_base(question, look)))


def _acknowledge(question: Question, look: PageLook) -> Made:
    return Made(BooleanField(render_kw={"value": "OK"}, **_base(question, look)))


def _image(question: Question, look: PageLook) -> Made:
    kept = look.kept.get(question.name, ())
    return Made(MultipleFileField(**_base(question, look)), {"look": "photo", "kept": kept})


def _choices_look(question: Question, look: PageLook) -> str:
    own = [choice for choice in question.choices if choice.name not in RESERVED_CHOICES]
    icons = {choice.icon for choice in own}
    if {choice.name for choice in own} == LEVELS:
        return "levels"
    if "likert" in question.appearances and icons == FACES and len(own) == len(FACES):
        words = [w for c in own for w in c.label.in_language(look.language).split()]
        # Five in a row leave about 65 px each on a phone; longer words would be cut in two.
        return "faces" if max(map(len, words)) <= LONGEST_UNDER_FACE else "list"
    if "columns-2" in question.appearances and None not in icons:
        return "tiles"
    many = len(question.choices) > MANY and not look.alone
    return "select" if question.type == "select_one" and many else "list"


def _choice_label(choice: Choice, kind: str, language: str) -> str:
    words = in_words(choice.label, language)
    prefix = f"{choice.name}: "
    if kind == "levels" and words.startswith(prefix):
        # The level is drawn in a circle beside it; only who listens needs to hear it here.
        rest = words.removeprefix(prefix)
        return Markup('<span class="fa-hidden">{}</span>{}').format(prefix, rest)
    return words


def _select(question: Question, look: PageLook) -> Made:
    kind = _choices_look(question, look)
    base = _base(question, look)
    if kind == "select":
        options = [SelectChoice("", _("Kies een antwoord"))]
        for choice in question.choices:  # an <option> takes no markup inside
            tag = {"lang": choice.label.language_shown(look.language)}
            text = choice.label.in_language(look.language)
            options.append(SelectChoice(choice.name, text, render_kw=tag))
        return Made(SelectField(choices=options, **base), {"look": kind})
    options = [
        SelectChoice(choice.name, _choice_label(choice, kind, look.language))
        for choice in question.choices
    ]
    icons = {choice.name: choice.icon for choice in question.choices if choice.icon}
    maker = SelectMultipleField if question.type == "select_multiple" else RadioField
    return Made(maker(choices=options, **base), {"look": kind, "icons": icons})


def _geopoint(question: Question, look: PageLook) -> Made:
    base = _base(question, look)
    if not look.exact_place:
        return Made(area_field(look.areas, base), {"look": "select"})
    parts: dict[str, Any] = {
        "lat": StringField(_("Breedtegraad"), id=f"{base['id']}-lat"),
        "lon": StringField(_("Lengtegraad"), id=f"{base['id']}-lon"),
        "accuracy": HiddenField(id=f"{base['id']}-accuracy"),
        "source": HiddenField(id=f"{base['id']}-source"),
    }
    if look.areas:
        area = {"label": _("Of kies een buurt"), "id": f"{base['id']}-area"}
        parts["area"] = area_field(look.areas, area)
    where = type("WhereForm", (Form,), parts)
    return Made(
        FormField(where, separator=SEPARATOR, **base), {"look": "geopoint", "map": look.map}
    )


def area_field(areas: tuple[tuple[str, str], ...], base: Mapping[str, Any]) -> SelectField:
    """A drop-down list of areas, with "no choice" first."""
    options = [SelectChoice("", _("Kies een buurt")), *(SelectChoice(*area) for area in areas)]
    return SelectField(choices=options, validate_choice=False, **base)


MAKERS: Mapping[str, Callable[[Question, PageLook], Made]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "select_one": _select,
    "select_multiple": _select,
    "image": _image,
    "geopoint": _geopoint,
    "acknowledge": _acknowledge,
    # note is drawn as text (web/forms/page.py); hidden and calculate are never shown
}


def plain(words: str) -> str:
    """Words without markup, for the title of a page."""
    return words.striptags() if isinstance(words, Markup) else words
