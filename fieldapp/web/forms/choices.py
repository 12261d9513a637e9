"""Closed questions: which control, in which look, with which words and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from fieldapp.core.survey import Choice, Question
from fieldapp.core.survey.vocabulary import RESERVED_CHOICES
from fieldapp.web.forms.look import Asked
from fieldapp.web.forms.made import Made, base

FACES = ("very_sad", "sad", "neutral", "happy", "very_happy")
LEVELS = {"A+", "A", "B", "C", "D"}
LONGEST_UNDER_FACE = 9  # letters in one word
MANY = 10  # more choices than this, beside other questions, become a drop-down list
# A word of the appearance column -> the look of a list of choices; the first that is there counts.
LOOKS: Mapping[str, str] = {
    "norm-photo": "norm_photo",
    "cards": "cards",
    "story-themes": "tiles",
    "likert": "likert",
    "columns": "columns",
    "columns-pack": "columns",
    "horizontal": "columns",
    "horizontal-compact": "columns",
    "compact": "columns",
}
ELEMENTS: Mapping[str, tuple[str, ...]] = {  # of a stairwell: words in names
    "schoon": ("schoon",),
    "heel": ("heel",),
    "hal": ("hal", "brievenbus", "entree"),
    "verlichting": ("verlichting", "licht", "lamp"),
    "deur": ("deur", "bel"),
}


def select(question: Question, path: str, asked: Asked) -> Made:
    """select_one, select_multiple and rank."""
    offered = asked.choices(question, path)
    if question.type == "rank":
        return _rank(question, path, asked, offered)
    look = _look(question, asked, offered)
    if look == "select":
        return _drop_down(question, path, asked, offered)
    around = base(question, path, asked)
    options = [
        SelectChoice(choice.name, _choice_label(choice, look, path, asked)) for choice in offered
    ]
    maker = SelectMultipleField if question.type == "select_multiple" else RadioField
    made = maker(choices=options, validate_choice=False, **around)
    return Made(made, {"look": look, **_extra(question, look, asked, offered)})


def _extra(
    question: Question, look: str, asked: Asked, offered: Sequence[Choice]
) -> dict[str, Any]:
    media = {choice.name: asked.media(choice.media) for choice in offered if choice.media}
    extra: dict[str, Any] = {
        "icons": _icons(look, offered),
        "images": {name: found["image"] for name, found in media.items() if "image" in found},
        "audio": {name: found["audio"] for name, found in media.items() if "audio" in found},
        "video": {name: found["video"] for name, found in media.items() if "video" in found},
        "quick": "quick" in question.appearances,
    }
    if look in ("norm_photo", "levels"):
        extra["photos"] = extra["images"]
    if look == "norm_photo":
        extra["element"] = _element(question)
    if look == "columns":
        extra["columns"] = _columns(question)
    return extra


def _rank(question: Question, path: str, asked: Asked, offered: Sequence[Choice]) -> Made:
    options = [SelectChoice(one.name, asked.plain(one.label, path)) for one in offered]
    made = SelectMultipleField(
        choices=options, validate_choice=False, **base(question, path, asked)
    )
    return Made(made, {"look": "rank"})


def _drop_down(question: Question, path: str, asked: Asked, offered: Sequence[Choice]) -> Made:
    options = [SelectChoice("", _("Kies een antwoord"))]
    for choice in offered:  # an <option> takes no markup inside
        tag = {"lang": choice.label.language_shown(asked.look.language)}
        options.append(SelectChoice(choice.name, asked.plain(choice.label, path), render_kw=tag))
    made = SelectField(choices=options, validate_choice=False, **base(question, path, asked))
    return Made(made, {"look": "select"})


def _own(offered: Sequence[Choice]) -> list[Choice]:
    return [choice for choice in offered if choice.name not in RESERVED_CHOICES]


def _look(question: Question, asked: Asked, offered: Sequence[Choice]) -> str:
    own = _own(offered)
    icons = {choice.icon for choice in own}
    words = question.appearances
    if question.type == "select_one" and {"minimal", "autocomplete", "dropdown"} & words:
        return "select"
    if {choice.name for choice in own} == LEVELS and "norm-photo" not in words:
        return "levels"
    if "faces" in words or ("likert" in words and icons == set(FACES) and len(own) == len(FACES)):
        return _faces(own, asked, rows="faces_rows" if "faces" in words else "list")
    if "columns-2" in words and None not in icons:
        return "tiles"
    for word, look in LOOKS.items():
        if word in words:
            return look
    if any(word.startswith("columns-") for word in words):
        return "columns"
    many = len(offered) > MANY and not asked.look.alone
    pictures = any(choice.media for choice in offered)
    return "select" if question.type == "select_one" and many and not pictures else "list"


def _faces(own: Sequence[Choice], asked: Asked, *, rows: str) -> str:
    """Five in a row leave about 65 px each on a phone; longer words would be cut in two."""
    words = [word for one in own for word in one.label.in_language(asked.look.language).split()]
    longest = max(map(len, words), default=0)
    return "faces" if longest <= LONGEST_UNDER_FACE and len(own) <= len(FACES) else rows


def _icons(look: str, offered: Sequence[Choice]) -> dict[str, str]:
    icons = {choice.name: choice.icon for choice in offered if choice.icon}
    if look in ("faces", "faces_rows") and not icons:
        own = _own(offered)
        if all(choice.signal is not None for choice in own):
            own = sorted(own, key=lambda choice: choice.signal or 0.0)
        last = max(len(own) - 1, 1)
        return {one.name: FACES[round(i * (len(FACES) - 1) / last)] for i, one in enumerate(own)}
    return icons


def _element(question: Question) -> str:
    named = f"{question.list_name} {question.name}".lower()
    return next((e for e, words in ELEMENTS.items() if any(w in named for w in words)), "")


def _columns(question: Question) -> int:
    for word in question.appearances:
        name, _dash, count = word.partition("-")
        if name == "columns" and count.isdecimal():
            return int(count)
    return 0


def _choice_label(choice: Choice, look: str, path: str, asked: Asked) -> str:
    words = asked.words(choice.label, path)
    prefix = f"{choice.name}: "
    if look in ("levels", "norm_photo") and words.startswith(prefix):
        # The level is drawn in a circle beside it; only who listens needs to hear it here.
        rest = words.removeprefix(prefix)
        return Markup('<span class="fa-hidden">{}</span>{}').format(prefix, rest)
    return words
