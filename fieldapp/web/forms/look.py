"""What drawing a page needs beside its questions: language, kept files, areas, map, media."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from fieldapp.core.filling import is_read_only, is_required, offered_choices
from fieldapp.core.submission import NOWHERE, Location
from fieldapp.core.survey import Choice, Question, Survey, Text
from fieldapp.core.survey.choices import survey_choices
from fieldapp.core.survey.fill import NOTHING, fill_parts
from fieldapp.core.survey.fill import Filled as Shown
from fieldapp.services.filled import Filled
from fieldapp.services.rounds import at
from fieldapp.web.forms.words import in_people_words, shown_value
from fieldapp.web.language import direction

MOST_CHOICES = 200  # of a filtered list that is drawn whole
BLANK = "__"  # begins the number of a round that scripts fill in


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A file that is safely stored, as the macros show it. `name`: of what is no photo."""

    url: str
    alt: str
    remove_name: str
    remove_value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PageLook:
    """The surroundings of a page. `kept`: stored files by the path of their answer."""

    language: str
    kept: Mapping[str, tuple[KeptPhoto, ...]] = field(default_factory=dict)
    areas: tuple[tuple[str, str], ...] = ()  # (code, name)
    map: Mapping[str, str] | None = None
    exact_place: bool = True  # False: an area at most, never a position (residents)
    alone: bool = False  # the only question of its page
    show_all: bool = False  # a preview: also what is not asked now
    whole: bool = False  # a whole form for scripts: choices and rounds that may come are there
    media_url: Callable[[str], str] = "/vragenlijst-media/{}".format


def in_words(text: Text | None, language: str) -> str:
    """The text; inside a span with its own language where that differs from the page's."""
    return spoken(text, text.in_language(language), language) if text is not None else ""


def spoken(text: Text, words: str, language: str) -> str:
    """Words of a text, marked with their language where that is another than the page's."""
    shown = text.language_shown(language)
    if shown == language:
        return words
    return Markup('<span lang="{}" dir="{}">{}</span>').format(shown, direction(shown), words)


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey as it is asked now: what is relevant, which rounds, choices and words there are."""

    filled: Filled
    look: PageLook
    location: Mapping[str, Any] = field(default_factory=dict)
    place: Location = NOWHERE

    @property
    def survey(self) -> Survey:
        """The survey."""
        return self.filled.survey

    def typed(self, path: str) -> Any:
        """What was typed at a path."""
        return at(self.filled.raw, path)

    def choices(self, question: Question, path: str) -> tuple[Choice, ...]:
        """The choices that are offered now, in their order."""
        if question.list_name is None:
            return ()
        if BLANK in path or self.look.whole:
            found = survey_choices(question, self.survey)
            if BLANK in path or len(found) <= MOST_CHOICES:
                return found
        return offered_choices(self.survey, path, self.filled.found)

    def must(self, question: Question, path: str) -> bool:
        """Whether an answer is wanted, given the other answers."""
        if BLANK in path:
            return question.always_required
        return is_required(self.survey, path, self.filled.found)

    def only_shown(self, path: str) -> bool:
        """Whether the answer is worked out and cannot be changed."""
        return BLANK not in path and is_read_only(self.survey, path, self.filled.found)

    def filled_in(self, words: str, path: str) -> str:
        """Words with answers in their places, each apart from the direction of the words."""
        parts = fill_parts(words, self.survey, path, self.filled.found)
        return Markup("").join(
            part if isinstance(part, str) else Markup("<bdi>{}</bdi>").format(self.said(part))
            for part in parts
        )

    def said(self, part: Shown) -> str:
        """An answer inside a text, as people write it."""
        if part.value is None or part.value == "":
            return NOTHING
        if part.question is None:
            return in_people_words(part.value)
        return shown_value(self.survey, part.question, part.value, self.look.language)

    def plain(self, text: Text | None, path: str) -> str:
        """The words in the page's language, with answers filled in; no markup."""
        if text is None:
            return ""
        words = text.in_language(self.look.language)
        if "${" not in words:
            return words
        return self.filled_in(words, path).striptags()  # type: ignore[attr-defined,no-any-return]

    def words(self, text: Text | None, path: str, *, live: bool = False, part: str = "") -> str:
        """The words; in a span with their own language where that differs from the page's.

        `live` marks words that change with other answers, for scripts (static/js/live.js); `part`
        is "hint" for what is no label.
        """
        if text is None:
            return ""
        language = self.look.language
        said = text.in_language(language)
        words = spoken(text, self.filled_in(said, path) if "${" in said else said, language)
        if live and "${" in said:
            kind = Markup(' data-fill-part="{}"').format(part) if part else ""
            words = Markup('<span data-fill="{}"{}>{}</span>').format(path, kind, words)
        return words

    def media(self, media: Mapping[str, Text]) -> dict[str, str]:
        """Kind of medium -> address, of the files that are there in the page's language."""
        found: dict[str, str] = {}
        for kind, name in media.items():
            sha256 = self.survey.files.get(name.in_language(self.look.language))
            if sha256:
                found[kind] = self.look.media_url(sha256)
        return found
