"""One page of a survey as a WTForms form that carries what was typed and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from fieldapp.core.survey import Page, Problem, Question
from fieldapp.core.survey.vocabulary import SILENT_TYPES
from fieldapp.web.forms.fields import MAKERS, SEPARATOR, PageLook, in_words
from fieldapp.web.forms.texts import problem_text
from fieldapp.web.forms.token import FIELD_NAME, DraftToken

# Key of a stored location -> name of its part in the geopoint form.
PLACE_PARTS = {
    "lat": "lat",
    "lon": "lon",
    "accuracy_m": "accuracy",
    "source": "source",
    "area_code": "area",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the page: a field, or a note in its own words."""

    field: Any = None
    note: str = ""


class PageForm(BaseForm):  # type: ignore[misc]
    """A form over questions of one page. Not `Form`: a question may well be called `data`."""

    items: tuple[Item, ...] = ()

    @property
    def fields(self) -> list[Any]:
        """The questions' fields in order, without the token."""
        return [item.field for item in self.items if item.field is not None]

    def mark(self, problems: Iterable[Problem]) -> None:
        """Hang each problem at its field; what belongs to no field stands on top."""
        for problem in problems:
            text = problem_text(problem)
            if problem.where not in self._fields:
                self.form_errors.append(text)
                continue
            found = self._fields[problem.where]
            target = found.form["lat"] if hasattr(found, "form_class") else found
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


def page_form(
    page: Page,
    relevant: Collection[str],
    raw: Mapping[str, Any],
    location: Mapping[str, Any],
    token: str,
    look: PageLook,
) -> PageForm:
    """The form of one page: the questions that are asked, filled with what was typed.

    `raw` maps question name to text or list of texts; `location` is the draft's.
    """
    shown = [q for q in page.questions if q.name in relevant and q.type not in SILENT_TYPES]
    askers = [q for q in shown if q.type in MAKERS]
    look = replace(look, alone=len(askers) == 1)
    made = {q.name: MAKERS[q.type](q, look) for q in askers}
    form = PageForm([(name, m.field) for name, m in made.items()], meta=meta_with(token))
    form.process(MultiDict(_typed(askers, raw, location, look)))
    for question in askers:
        _dress(form[question.name], question, made[question.name].extra)
    form.items = tuple(_item(q, form, look) for q in shown)
    return form


def _dress(field: Any, question: Question, extra: Mapping[str, Any]) -> None:
    for name, value in extra.items():
        setattr(field, name, value)
    if question.always_required:
        field.flags.required = True


def _item(question: Question, form: PageForm, look: PageLook) -> Item:
    if question.name in form:
        return Item(field=form[question.name])
    return Item(note=in_words(question.label, look.language))


def _typed(
    questions: list[Question],
    raw: Mapping[str, Any],
    location: Mapping[str, Any],
    look: PageLook,
) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for question in questions:
        if question.type == "geopoint":
            pairs += _typed_place(question, location, look)
            continue
        value = raw.get(question.name, "")
        values = value if isinstance(value, list) else [value]
        pairs += [(question.name, str(one)) for one in values if one != ""]
    return pairs


def _typed_place(
    question: Question, location: Mapping[str, Any], look: PageLook
) -> list[tuple[str, str]]:
    if not look.exact_place:
        return [(question.name, str(location.get("area_code") or ""))]
    return [
        (f"{question.name}{SEPARATOR}{part}", str(location.get(key) or ""))
        for key, part in PLACE_PARTS.items()
    ]
