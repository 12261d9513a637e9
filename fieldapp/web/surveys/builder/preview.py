"""/beheer/vragenlijsten/<id>/voorbeeld: one page of a draft as people get it, in a frame.

Drawn by the same code as the real page (web/forms), with nothing stored: every question of the
page is there, also those that are asked only under a condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from fieldapp.core.survey import Page, Survey, edit, judge_survey
from fieldapp.core.survey.model import Group, Item
from fieldapp.services.survey_drafts import visible_version
from fieldapp.web.context import db_session, required_actor, settings
from fieldapp.web.forms.preview import blank_page
from fieldapp.web.headers import content_security_policy
from fieldapp.web.language import direction, interface_languages, use_language
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.builder.texts import problem_words

# it may stand in a frame of ours, and nothing in it is ever sent
FRAMED = {
    "frame-ancestors 'none'": "frame-ancestors 'self'",
    "form-action 'self'": "form-action 'none'",
}


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
    found = question or group
    name = found.page if found is not None else ""
    if not name and group is not None:
        name = _first_page(group.children)
    if name in survey.pages_by_name:
        return survey.page(name)
    return None if found is not None else next(iter(survey.pages), None)


def _first_page(items: Sequence[Item]) -> str:
    for item in items:
        if item.page:
            return item.page
        if isinstance(item, Group):
            return _first_page(item.children)
    return ""


def _draw(survey: Survey, page: Page, language: str, context: dict[str, str]) -> str:
    view, form = blank_page(survey, page.name, language, show_all=True)
    if view.heading_is_question and form.fields[0].flags.required:
        view = replace(view, title=f"{view.title} {_('verplicht')}")  # the h1 says so too
    return render_template("surveys/builder/preview.html", view=view, form=form, **context)
