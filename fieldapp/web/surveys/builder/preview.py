"""/beheer/vragenlijsten/<id>/voorbeeld: one page of a draft as people get it, in a frame.

Drawn by the same code as the real page (web/forms), with nothing stored: every question of the
page is there, also those that are asked only under a condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from fieldapp.core.survey import Page, Survey, edit, judge_survey
from fieldapp.core.survey.model import Group, Item
from fieldapp.services.filled import Filled, fill_in
from fieldapp.services.survey_drafts import visible_version
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.forms.fields import plain
from fieldapp.web.forms.items import needs_widgets
from fieldapp.web.forms.look import Asked, PageLook, in_words
from fieldapp.web.forms.page import PageForm, page_form
from fieldapp.web.forms.walk import PageView
from fieldapp.web.headers import content_security_policy
from fieldapp.web.language import direction, interface_languages, use_language
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.builder.texts import problem_words

# it may stand in a frame of ours, and nothing in it is ever sent
FRAMED = {
    "frame-ancestors 'none'": "frame-ancestors 'self'",
    "form-action 'self'": "form-action 'none'",
}


class _Everything(frozenset[str]):
    """Every path there can be: a preview asks all."""

    def __contains__(self, path: object) -> bool:
        return True


@blueprint.get("/<int:version_id>/voorbeeld", endpoint="preview")
def preview_page(version_id: int) -> Response:
    """The page on which a row stands; the first one without ?rij=."""
    version = visible_version(db_session(), version_id, required_actor())
    data = edit.normal(version.definition)
    tags = data["settings"]["languages"]
    asked = request.args.get("in", "")
    language = asked if asked in tags else data["settings"]["default_language"]
    use_language(language if language in interface_languages() else "nl")
    survey, problems = judge_survey(data)
    page = _page(survey, request.args.get("rij", "")) if survey else None
    context = {"language": language, "direction": direction(language)}
    if survey is None or page is None:
        reasons = [problem_words(problem) for problem in problems] if survey is None else []
        body = render_template("surveys/builder/preview_none.html", reasons=reasons[:3], **context)
    else:
        body = _draw(survey, page, language, context)
    response = make_response(body)
    policy = content_security_policy(settings().tile_url)
    for usual, here in FRAMED.items():
        policy = policy.replace(usual, here)
    response.headers["Content-Security-Policy"] = policy
    return response


def _page(survey: Survey, row: str) -> Page | None:
    """The page that shows a row; of a group that is spread over pages its first."""
    question = survey.by_name.get(row)
    group = survey.groups.get(row)
    name = (question or group).page if (question or group) is not None else ""  # type: ignore[union-attr]
    if not name and group is not None:
        inside = _first_page(group.children)
        name = inside or ""
    if name in survey.pages_by_name:
        return survey.page(name)
    return None if row and (question or group) else next(iter(survey.pages), None)


def _first_page(items: Sequence[Item]) -> str:
    for item in items:
        if item.page:
            return item.page
        if isinstance(item, Group):
            return _first_page(item.children)
    return ""


def _rounds(items: Sequence[Item]) -> dict[str, Any]:
    """Raw answers in which every repeat has one round."""
    raw: dict[str, Any] = {}
    for item in items:
        if isinstance(item, Group):
            inside = _rounds(item.children)
            raw |= {item.name: [inside]} if item.is_repeat else inside
    return raw


def _filled(survey: Survey) -> Filled:
    filled = fill_in(survey, _rounds(survey.items), now=now())
    return replace(filled, found=replace(filled.found, relevant=_Everything()))


def _draw(survey: Survey, page: Page, language: str, context: dict[str, str]) -> str:
    look = PageLook(language=language, exact_place=survey.kind != "enquete")
    form = page_form(page, Asked(_filled(survey), look), "")
    view = _view(survey, page, form, language)
    return render_template("surveys/builder/preview.html", view=view, form=form, **context)


def _view(survey: Survey, page: Page, form: PageForm, language: str) -> PageView:
    names = [one.name for one in survey.pages]
    heading, is_question = _heading(survey, page, form, language)
    title = plain(heading)
    if is_question and form.fields[0].flags.required:
        title = f"{title} {_('verplicht')}"
    return PageView(
        form=form,
        items=form.items,
        heading=heading,
        title=title,
        heading_is_question=is_question,
        survey_title=plain(in_words(survey.title, language)),
        intro=(),
        action="#",
        step=names.index(page.name) + 1,
        steps=len(names),
        back=page.name != names[0],
        next_label=_("Volgende") if page.name != names[-1] else _("Versturen"),
        for_resident=survey.kind == "enquete",
        widgets=needs_widgets(form.items),
    )


def _heading(survey: Survey, page: Page, form: PageForm, language: str) -> tuple[str, bool]:
    """(the h1, whether it is the label of the only question), as a real page has it."""
    if page.label is not None:
        return in_words(page.label, language), False
    fields = form.fields
    only = len(form.items) == 1 and form.items[0].kind == "field"
    if only and len(fields) == 1 and fields[0].type != "BooleanField":
        return fields[0].label.text, True
    return in_words(survey.title, language), False
