"""One page of a survey as a WTForms form that carries what was typed and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from fieldapp.core.survey import Page, Problem, Question
from fieldapp.core.survey.model import Group
from fieldapp.core.survey.model import Item as Row
from fieldapp.core.survey.vocabulary import SILENT_TYPES
from fieldapp.services.rounds import KEY, at
from fieldapp.web.forms.fields import MAKERS, plain
from fieldapp.web.forms.items import (
    FieldItem,
    GroupItem,
    Item,
    NoteItem,
    RepeatItem,
    RoundItem,
    all_items,
)
from fieldapp.web.forms.look import BLANK, Asked
from fieldapp.web.forms.made import Made
from fieldapp.web.forms.shown import typed_pairs
from fieldapp.web.forms.texts import problem_text
from fieldapp.web.forms.token import FIELD_NAME, DraftToken
from fieldapp.web.forms.words import shown_value

MOST_ROUNDS = 100
# Drawn as words: the labels of choices stand at every question of such a table (phones are narrow).
WORDS_ONLY = frozenset({"label"})


class PageForm(BaseForm):  # type: ignore[misc]
    """A form over questions of one page. Not `Form`: a question may well be called `data`."""

    items: tuple[Item, ...] = ()

    @property
    def fields(self) -> list[Any]:
        """The fields of the questions that are asked, in order, without the token."""
        return [item.field for item in all_items(self.items) if isinstance(item, FieldItem)]

    @property
    def seen(self) -> list[str]:
        """The paths of all that can be answered or read on this page."""
        return [item.path for item in all_items(self.items) if not getattr(item, "empty", False)]

    def mark(self, problems: Iterable[Problem]) -> None:
        """Hang each problem at its field; what belongs to no field stands on top."""
        shown = {field.name for field in self.fields}
        for problem in problems:
            text = problem_text(problem)
            if problem.where not in shown:
                self.form_errors.append(text)
                continue
            found = self._fields[problem.where]
            target = next(iter(found.form)) if hasattr(found, "form_class") else found
            if text not in target.errors:
                target.errors = [*target.errors, text]


def meta_with(token: str) -> DefaultMeta:
    """WTForms' settings of one page: our token as its CSRF protection, no translations of its own.

    `translations` stay empty because every message comes from core through texts.py.
    """
    values = {
        "csrf": True,
        "csrf_class": DraftToken,
        "csrf_field_name": FIELD_NAME,
        "draft_token": token,
        "get_translations": lambda self, form: None,
    }
    meta: DefaultMeta = type("PageMeta", (DefaultMeta,), values)()
    return meta


def page_form(page: Page, asked: Asked, token: str) -> PageForm:
    """The form of one page: the questions that are asked, filled with what was typed."""
    form = PageForm([], meta=meta_with(token))
    alone = sum(1 for q in page.questions if q.type in MAKERS) == 1 and not _has_rounds(page.items)
    maker = _Maker(form, replace(asked, look=replace(asked.look, alone=alone)))
    form.items = maker.level(page.items, "", 2)
    form.process(MultiDict(maker.typed))
    maker.dress()
    return form


def _has_rounds(rows: Sequence[Row]) -> bool:
    return any(
        isinstance(row, Group) and (row.is_repeat or _has_rounds(row.children)) for row in rows
    )


class _Maker:
    """Walks the rows of a page and makes an item of each."""

    def __init__(self, form: PageForm, asked: Asked) -> None:
        self.form, self.asked = form, asked
        self.typed: list[tuple[str, str]] = []
        self.made: list[tuple[str, Question, Made]] = []
        self.around: list[str] = []  # headings of the rounds that are being made
        self.where: dict[str, str] = {}

    def level(self, rows: Sequence[Row], prefix: str, level: int) -> tuple[Item, ...]:
        """The items of these rows; `level` is that of the next heading."""
        items: list[Item] = []
        for row in rows:
            if isinstance(row, Question):
                if row.type in SILENT_TYPES or row.name in self.asked.filled.unkept:
                    continue
                items.append(self.question(row, prefix + row.name))
            elif row.is_repeat:
                items.append(self.repeat(row, prefix + row.name, level))
            else:
                items.append(self.group(row, prefix, level))
        return tuple(items)

    def asks(self, path: str) -> bool:
        """Whether it is asked; in a round that is not there yet, everything seems so."""
        return BLANK in path or self.asked.look.show_all or self.asked.filled.asks(path)

    def question(self, question: Question, path: str) -> Item:
        """A field, or words."""
        asked, media = self.asks(path), self.asked.media(question.media)
        if question.type not in MAKERS or WORDS_ONLY & question.appearances:
            words = self.asked.words(question.label, path, live=True)
            return NoteItem(words, path, asked, self.hint(question, path), media)
        if self.asked.only_shown(path):
            return self.shown(question, path, asked)
        made = MAKERS[question.type](question, path, self.asked)
        self.form[path] = made.field
        self.made.append((path, question, made))
        self.where[path] = ", ".join(self.around)
        self.typed += typed_pairs(question, path, self.asked)
        guidance = self.asked.words(question.guidance_hint, path)
        return FieldItem(
            field=self.form[path],
            path=path,
            asked=asked,
            type=question.type,
            appearance=question.appearance,
            role=question.role or "",
            mixed=self.asked.look.whole and question.parameter("randomize") == "true",
            guidance=guidance,
            media=media,
            empty=BLANK not in path and not self.asked.filled.can_answer(question, path),
        )

    def hint(self, row: Row, path: str) -> str:
        """The words below a label; they follow other answers too."""
        return self.asked.words(row.hint, path, live=True, part="hint")

    def shown(self, question: Question, path: str, asked: bool) -> NoteItem:
        """An answer that is worked out: to read, not to type."""
        words = self.asked.words(question.label, path, live=True)
        value = at(self.asked.filled.answers, path)
        hint, media = self.hint(question, path), self.asked.media(question.media)
        said = shown_value(self.asked.survey, question, value, self.asked.look.language)
        return NoteItem(words, path, asked, hint, media, said, worked_out=True)

    def dress(self) -> None:
        """Hang on each field what the macros want to know; after the form read what was typed."""
        for path, question, made in self.made:
            field = self.form[path]
            for name, value in made.extra.items():
                setattr(field, name, value)
            field.where = self.where[path]
            field.media = self.media_with_words(question, path)
            if self.asked.must(question, path):
                field.flags.required = True

    def media_with_words(self, question: Question, path: str) -> dict[str, str]:
        """Addresses of the media of the label, and what the picture shows, in words."""
        found = self.asked.media(question.media)
        if found:
            label = self.asked.plain(question.label, path) or question.name
            found["alt"] = _("Afbeelding bij: %(label)s", label=label)
        return found

    def group(self, group: Group, prefix: str, level: int) -> GroupItem:
        """A fieldset under a heading."""
        path = prefix + group.name
        label = self.asked.words(group.label, path, live=True)
        return GroupItem(
            path=path,
            label=label,
            hint=self.hint(group, path),
            items=self.level(group.children, prefix, level + bool(label)),
            asked=self.asks(path),
            level=min(level, 6),
            appearance=group.appearance,
        )

    def repeat(self, repeat: Group, path: str, level: int) -> RepeatItem:
        """All rounds, and an empty one for scripts where there may be more."""
        count = self.asked.filled.rounds(path) if BLANK not in path else _first_rounds(repeat)
        if self.asked.look.show_all:
            count = max(count, 1)
        may_grow = repeat.repeat_count is None
        # A page that is a repeat has its label as its heading already.
        says_label = bool(repeat.label) and repeat.page != repeat.name
        below = level + says_label
        rounds = tuple(
            self.round(repeat, f"{path}/{index}", index + 1, below) for index in range(count)
        )
        depth = path.count(BLANK)
        name = plain(self.asked.words(repeat.label, path)) or _("Ronde")
        return RepeatItem(
            path=path,
            label=self.asked.words(repeat.label, path, live=True),
            hint=self.hint(repeat, path),
            rounds=rounds,
            blank=self.round(repeat, f"{path}/{BLANK}{depth}", 0, below)
            if may_grow or self.asked.look.whole
            else None,
            may_grow=may_grow and count < MOST_ROUNDS,
            counted=not may_grow,
            add_label=_("%(name)s toevoegen", name=name),
            asked=self.asks(path),
            level=min(level, 6),
            appearance=repeat.appearance,
            says_label=says_label,
        )

    def round(self, repeat: Group, path: str, number: int, level: int) -> RoundItem:
        """One round with its number; 0 is the empty one."""
        name = plain(self.asked.words(repeat.label, path)) or _("Ronde")
        shown = str(number) if number else "{number}"
        heading = _("%(name)s %(number)s", name=name, number=shown)
        kept = self.asked.typed(path) if number and BLANK not in path else None
        self.around.append(heading)
        items = self.level(repeat.children, f"{path}/", level + 1)
        self.around.pop()
        return RoundItem(
            path=path,
            number=number,
            heading=heading,
            key=str(kept.get(KEY, "")) if isinstance(kept, dict) else "",
            items=items,
            level=min(level, 6),
            remove_label=(
                _("%(heading)s weghalen", heading=heading) if repeat.repeat_count is None else ""
            ),
        )


def _first_rounds(repeat: Group) -> int:
    """How many rounds a repeat begins with."""
    return int(repeat.repeat_count is None)
