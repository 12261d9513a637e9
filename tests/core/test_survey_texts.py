"""Translations beside survey.yaml: every text finds its own, and nothing stale stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.core.survey import SurveyError, read_survey

SURVEY = """
settings:
  {form_id: proef, version: "1", kind: observatie, default_language: nl, languages: [nl, tr]}
title: Proef
thanks: "Dank je wel."
survey:
  - type: group
    name: wat
    label: Wat
    children:
      - {type: select_one jn, name: a, label: "Waar?", hint: {nl: Wat, tr: Ne (ipucu)}}
choices:
  jn: [{name: ja, label: Ja}]
"""


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    file = tmp_path / "survey.yaml"
    file.write_text(SURVEY, encoding="utf-8")
    return file


def translate(definition: Path, text: str, language: str = "tr") -> None:
    (definition.parent / "texts" / f"{language}.yaml").write_text(text, encoding="utf-8")


def test_each_text_finds_its_translation_and_one_in_place_wins(definition: Path) -> None:
    translate(definition, '"Proef": "Deneme"\n"Wat": "Ne"\n"Ja": "Evet"\n"Waar?": "Nerede?"\n')
    survey = read_survey(definition)
    question = survey.question("a")
    assert survey.title.in_language("tr") == "Deneme"
    assert survey.pages[0].label is not None
    assert survey.pages[0].label.in_language("tr") == "Ne"
    assert question.label is not None
    assert question.label.in_language("tr") == "Nerede?"
    assert question.hint is not None
    assert question.hint.in_language("tr") == "Ne (ipucu)"
    assert question.choices[0].label.in_language("tr") == "Evet"
    assert survey.thanks is not None
    assert survey.thanks.values == {"nl": "Dank je wel."}


@pytest.mark.parametrize(
    ("language", "text", "code", "where"),
    [
        ("tr", '"Is er niet meer": "Yok"', "stale_text", "texts/tr.yaml > Is er niet meer"),
        ("tr", '"Ja": 1', "needs_quotes", "texts/tr.yaml > Ja"),
        ("fr", '"Ja": "Oui"', "unknown_language", "choices > jn > ja > label"),
    ],
)
def test_a_translation_that_fits_nothing_is_named(
    definition: Path, language: str, text: str, code: str, where: str
) -> None:
    translate(definition, text, language)
    with pytest.raises(SurveyError) as caught:
        read_survey(definition)
    assert (code, where) in [(item.code, item.where) for item in caught.value.problems]
