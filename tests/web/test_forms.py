"""One page of a survey as a form: field by type, look by appearance, texts by language."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from fieldapp.core.survey import Problem, Survey, load_survey, read_survey
from fieldapp.paths import SURVEYS
from fieldapp.services.filled import fill_in
from fieldapp.web.forms import Asked, PageForm, PageLook, page_form
from fieldapp.web.forms.items import all_items
from fieldapp.web.forms.token import make_token, start_token, start_token_fits, token_fits
from tests.core.survey_files import valid

NOW = datetime(2026, 5, 4, 12, 0)


def form_of(
    survey: Survey, page: str, language: str = "nl", raw: Any = None, **look: Any
) -> PageForm:
    filled = fill_in(survey, raw or {}, now=NOW, seed=1, language=language)
    return page_form(survey.page(page), Asked(filled, PageLook(language, **look)), "token")


def shown(form: PageForm, kind: str) -> list[Any]:
    """What is asked now, of one kind."""
    return [item for item in all_items(form.items) if item.kind == kind]


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Any:
    with app.test_request_context():
        yield


def test_every_type_has_its_field() -> None:
    form = form_of(valid("every_type"), "wat")
    assert {field.name: field.type for field in form.fields} == {
        "tekst": "StringField",
        "aantal": "IntegerField",
        "bedrag": "DecimalField",
        "een": "RadioField",
        "meer": "SelectMultipleField",
        "dag": "DateField",
        "foto": "MultipleFileField",
        "plek": "FormField",
        "akkoord": "BooleanField",
    }
    assert [item.words for item in shown(form, "note")] == ["Uitleg"]


def test_what_was_typed_stays_as_typed() -> None:
    raw = {"tekst": "a", "aantal": "acht", "bedrag": "1,5x", "meer": ["ja", "nee"], "een": "zzz"}
    form = form_of(valid("every_type"), "wat", raw=raw)
    assert form["aantal"]._value() == "acht"
    assert form["bedrag"]._value() == "1,5x"
    assert form["meer"].data == ["ja", "nee"]


@pytest.mark.parametrize(
    ("survey", "page", "question", "look"),
    [
        ("observatie", "blad_wat", "wat", "tiles"),
        ("observatie", "blad_wat", "niveau_schoon", "levels"),
        ("observatie", "blad_wat", "niveau_overlast", "faces"),
        ("observatie", "blad_waar", "meer", "columns"),
        ("observatie", "blad_meer", "notitie", "textarea"),
        ("observatie", "blad_foto", "foto", "photo"),
        ("observatie", "blad_waar", "plek", "place"),
        ("portiekgesprek", "blad_schoon_heel", "norm_schoon", "norm_photo"),
        ("bewonersgesprek", "blad_verhaal", "verhaal", "story"),
        ("bewonersenquete", "blad_thuis", "thuis_voelen", "faces"),
        ("bewonersenquete", "blad_taal", "taal", "list"),
        ("bewonersenquete", "blad_woning", "woning", "list"),  # "ontevreden" is too wide
        ("bewonersgesprek", "blad_achtergrond", "taal", "select"),
        ("bewonersgesprek", "blad_verhaal", "themas", "tiles"),
        ("portiekgesprek", "blad_zorgen", "gedeelde_zorgen", "list"),
    ],
)
def test_look_follows_appearance(survey: str, page: str, question: str, look: str) -> None:
    shipped = read_survey(SURVEYS / survey / "survey.yaml")
    assert form_of(shipped, page)[question].look == look


def test_texts_fall_back_field_by_field_and_say_their_language() -> None:
    form = form_of(valid("every_type"), "wat", "en")
    assert form["tekst"].label.text == "Text"
    assert form["aantal"].label.text == '<span lang="nl" dir="ltr">Aantal</span>'
    labels = [option.choice.label for option in form["een"]]
    assert labels == ["Yes", "No"]


def test_labels_of_authors_are_no_markup() -> None:
    definition = {
        "settings": {
            "form_id": "x",
            "version": "1",
            "kind": "observatie",
            "default_language": "nl",
            "languages": ["nl"],
        },
        "title": {"nl": "x"},
        "survey": [
            {
                "type": "group",
                "name": "p",
                "children": [
                    {"type": "text", "name": "data", "label": {"nl": "<script>alert(1)</script>"}}
                ],
            }
        ],
    }
    form = form_of(load_survey(definition), "p", "en")
    assert form["data"].label.text == (
        '<span lang="nl" dir="ltr">&lt;script&gt;alert(1)&lt;/script&gt;</span>'
    )


def test_problems_hang_at_their_field() -> None:
    form = form_of(valid("every_type"), "wat")
    form.mark([Problem("not_an_integer", "aantal", {"found": "acht"}), Problem("x", "elders")])
    form.mark([Problem("location_half", "plek")])
    assert form["aantal"].errors == [
        "“acht” is geen heel getal. Vul alleen cijfers in, bijvoorbeeld 12."
    ]
    assert form["plek"].form["lat"].errors
    assert len(form.form_errors) == 1


def test_residents_are_never_asked_for_a_position() -> None:
    areas = (("BU99990101", "Sterrenbuurt"),)
    form = form_of(valid("every_type"), "wat", exact_place=False, areas=areas)
    assert form["plek"].type == "SelectField"
    assert [choice.value for choice in form["plek"].iter_choices()] == ["", "BU99990101"]


def test_a_token_is_for_one_draft_and_one_owner() -> None:
    draft, other = uuid.uuid4(), uuid.uuid4()
    token = make_token(draft, 7)
    assert token_fits(token, draft, 7)
    assert not token_fits(token, other, 7)
    assert not token_fits(token, draft, 8)
    assert not token_fits(token, draft, None)
    assert not token_fits(token + "x", draft, 7)
    assert not token_fits("", draft, 7)
    assert start_token_fits(start_token("lente"), "lente")
    assert not start_token_fits(start_token("lente"), "zomer")
    assert not start_token_fits(token, "lente")
