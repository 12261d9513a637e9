"""A page of a survey as a new form shows it, without a draft: for who is making the survey."""

from __future__ import annotations

from fieldapp.core.dates import HERE
from fieldapp.core.filling import first_answers
from fieldapp.core.survey import Survey
from fieldapp.services.drafts import as_sent
from fieldapp.services.filled import fill_in
from fieldapp.services.rounds import with_keys
from fieldapp.web.context import now
from fieldapp.web.forms.fields import plain
from fieldapp.web.forms.items import needs_widgets
from fieldapp.web.forms.look import Asked, PageLook, in_words
from fieldapp.web.forms.page import PageForm, page_form
from fieldapp.web.forms.walk import PageView, page_heading

SEED = 1


def blank_page(
    survey: Survey, page: str, language: str, *, show_all: bool = False, token: str = ""
) -> tuple[PageView, PageForm]:
    """(view, form) for survey/page_body.html. KeyError when the survey has no such page.

    `show_all` draws what is not asked now too. Nothing is stored; the form leads nowhere.
    """
    moment = now().astimezone(HERE)
    answers = first_answers(survey, now=moment, seed=SEED, language=language)
    raw = with_keys(survey.items, {name: as_sent(value) for name, value in answers.items()})
    filled = fill_in(survey, raw, now=moment, seed=SEED, language=language)
    asked = Asked(filled, PageLook(language, show_all=show_all))
    form = page_form(survey.page(page), asked, token)
    heading, is_question = page_heading(asked, page, form)
    names = [one.name for one in survey.pages]
    place = names.index(page)
    intro = survey.intro.in_language(language) if place == 0 and survey.intro else ""
    view = PageView(
        form=form,
        items=form.items,
        heading=heading,
        title=plain(heading),
        heading_is_question=is_question,
        survey_title=plain(in_words(survey.title, language)),
        intro=tuple(intro.splitlines()),
        action="#",
        step=place + 1,
        steps=len(names),
        back=place > 0,
        next_label="",
        for_resident=survey.kind == "enquete",
        seen=" ".join(form.seen),
        widgets=needs_widgets(form.items),
    )
    return view, form
