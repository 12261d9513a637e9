"""All pages of a survey in one document, for the phone: drawn once, filled in by scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale

from fieldapp.core.dates import HERE, clock_changes
from fieldapp.core.filling import first_answers
from fieldapp.core.survey import Survey
from fieldapp.core.survey.model import leaves
from fieldapp.db.queries.places import BuurtChoice
from fieldapp.services.drafts import AREA_PAGE, AREA_WHERE, as_first_raw
from fieldapp.services.filled import fill_in
from fieldapp.services.place_question import ENQUETE, geopoint_question, unkept_places
from fieldapp.services.rounds import with_keys
from fieldapp.web.forms.area_page import area_form
from fieldapp.web.forms.items import Item, needs_widgets
from fieldapp.web.forms.look import Asked, PageLook
from fieldapp.web.forms.page import page_form
from fieldapp.web.forms.texts import DERIVED, TEXTS, UNKNOWN
from fieldapp.web.forms.walk import page_heading

SEED = 1
YEARS_KEPT = 3  # that a phone may go on with a form it once took along
# What the phone itself can find wrong (static/js/engine/form.js, read.js, rare.js) or the place.
TOLD = (
    *("required", "constraint", "choice_not_offered", "too_many_values", "unknown_choice"),
    *("not_an_integer", "not_a_number", "number_too_large", "ranked_twice", "not_a_date"),
    *("outside_range", "not_on_the_scale", "not_a_moment", "not_a_point", "point_off_earth"),
    *("too_few_points", "not_a_file_name", "location_half", "location_rd", "location_accuracy"),
)


@dataclass(frozen=True, slots=True)
class WholePage:
    """One page of the form: its items under a heading, or with the heading in its only question."""

    name: str
    heading: str
    heading_is_question: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class WholeForm:
    """Everything that is drawn; `settings` is what the scripts read (static/js/phone/form.js)."""

    survey: Survey
    language: str
    pages: tuple[WholePage, ...]
    widgets: bool
    settings: Mapping[str, Any]


def whole_form(
    survey: Survey,
    language: str,
    moment: datetime,
    *,
    areas: Sequence[BuurtChoice] = (),
    map_: Mapping[str, str] | None = None,
) -> WholeForm:
    """The survey as a new form, all of it, with what is not asked (yet) for scripts to put in.

    Defaults that are worked out are left blank: they hang on the moment and the draft, which the
    phone knows. `areas` are the buurten to choose from; `map_` as in macros/map.html.
    """
    asked = _asked(survey, language, moment, areas, map_)
    pages = [_page(asked, page.name) for page in survey.pages]
    if geopoint_question(survey) is None:
        pages.insert(0, _area_page(survey, areas))
    widgets = any(needs_widgets(page.items, unasked=True) for page in pages)
    return WholeForm(survey, language, tuple(pages), widgets, _settings(survey, language, moment))


def _asked(
    survey: Survey,
    language: str,
    moment: datetime,
    areas: Sequence[BuurtChoice],
    map_: Mapping[str, str] | None,
) -> Asked:
    here = moment.astimezone(HERE)
    found = first_answers(survey, now=here, seed=SEED, language=language)
    worked_out = {q.name for q in leaves(survey.items) if q.default_logic is not None}
    raw = with_keys(survey.items, _without(as_first_raw(survey, found), worked_out))
    filled = fill_in(survey, _numbered(raw), now=here, seed=SEED, language=language)
    shown = tuple((area.code, area.name) for area in areas)
    look = PageLook(language=language, areas=shown, map=map_, whole=True)
    return Asked(filled, look)


def _without(raw: Any, names: set[str]) -> Any:
    if isinstance(raw, list):
        return [_without(one, names) for one in raw]
    if isinstance(raw, dict):
        return {key: _without(value, names) for key, value in raw.items() if key not in names}
    return raw


def _numbered(raw: Any, path: str = "") -> Any:
    """The same with keys of rounds that are the same each time: one document for all drafts."""
    if isinstance(raw, list):
        return [_numbered(one, f"{path}.{number}") for number, one in enumerate(raw)]
    if isinstance(raw, dict):
        named = {key: _numbered(value, f"{path}.{key}") for key, value in raw.items()}
        return {**named, ".round": path.strip(".")} if ".round" in raw else named
    return raw


def _page(asked: Asked, name: str) -> WholePage:
    form = page_form(asked.survey.page(name), asked, "")
    heading, is_question = page_heading(asked, name, form)
    return WholePage(name, heading, is_question, form.items)


def _area_page(survey: Survey, areas: Sequence[BuurtChoice]) -> WholePage:
    form = area_form(areas, {}, "", resident=survey.kind == ENQUETE)
    return WholePage(AREA_PAGE, form.fields[0].label.text, True, form.items)


def _settings(survey: Survey, language: str, moment: datetime) -> dict[str, Any]:
    from fieldapp.core.survey.engine_json import engine_json  # only where scripts follow along

    point = geopoint_question(survey)
    return {
        "engine": engine_json(survey, language),
        "survey": survey.name,
        "version": survey.version,
        "kind": survey.kind,
        "language": language,
        "title": survey.title.in_language(language),
        "point": point.name if point is not None else "",
        "area": {"page": AREA_PAGE, "name": AREA_WHERE},
        "clock": clock_changes(moment.year - 1, moment.year + YEARS_KEPT),
        "unkept": sorted(unkept_places(survey)),
        "problems": _problem_texts(language),
    }


def _problem_texts(language: str) -> dict[str, str]:
    """Code -> sentence with {holes}, and "" -> what is said of any other."""
    with force_locale(language.replace("-", "_")):
        told = {code: str(TEXTS[code]) for code in TOLD if code not in DERIVED}
        told[""] = str(UNKNOWN)
    return {code: _with_holes(text) for code, text in told.items()}


class _Holes(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _with_holes(text: str) -> str:
    """%(found)s as {found}, which scripts fill in."""
    return text % _Holes()
