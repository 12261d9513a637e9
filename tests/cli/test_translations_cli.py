"""fieldapp translations on the texts of surveys."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from fieldapp.cli.translations import survey_texts

SURVEY = """
settings:
  {form_id: proef, version: "1", kind: observatie, default_language: nl, languages: [nl, tr]}
title: Proef
intro: |-
  Eén.
  Twee.
survey:
  - type: group
    name: wat
    label: "Deuren: ${n}"
    children:
      - {type: text, name: a, label: "**Waar** is het?"}
"""
GOOD = {
    "Proef": "Deneme",
    "Eén.\nTwee.": "Bir.\nİki.",
    "Deuren: ${n}": "Kapılar: ${n}",
    "**Waar** is het?": "**Nerede**?",
}


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    folder = tmp_path / "proef"
    (folder / "texts").mkdir(parents=True)
    (folder / "survey.yaml").write_text(SURVEY, encoding="utf-8")
    keep(folder / "survey.yaml", GOOD)
    return folder / "survey.yaml"


def keep(definition: Path, texts: dict[str, str]) -> Path:
    file = definition.parent / "texts" / "tr.yaml"
    file.write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")
    return file


def test_whole_translations_have_no_faults(definition: Path) -> None:
    assert list(survey_texts.problems(definition)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"Proef": ""}, "proef/tr: not translated: 'Proef'"),
        (
            {"Deuren: ${n}": "Kapılar"},
            "proef/tr: placeholders differ from the Dutch text: 'Deuren: ${n}'",
        ),
        (
            {"**Waar** is het?": "Nerede?"},
            "proef/tr: tags differ from the Dutch text: '**Waar** is het?'",
        ),
        ({"Weg": "Gitti"}, "proef/tr: no longer used: 'Weg'"),
    ],
)
def test_each_fault_is_named(definition: Path, change: dict[str, str], fault: str) -> None:
    keep(definition, GOOD | change)
    assert list(survey_texts.problems(definition)) == [fault]


def test_a_language_without_a_file_is_named(definition: Path) -> None:
    (definition.parent / "texts" / "tr.yaml").unlink()
    assert list(survey_texts.problems(definition)) == ["proef/tr: no file texts/tr.yaml"]


def test_update_adds_what_is_new_and_keeps_what_was(definition: Path) -> None:
    file = keep(definition, {"Proef": "Deneme", "Eén.\nTwee.": "Bir.\nİki.", "Weg": "Gitti: ${x}"})
    assert list(survey_texts.update(definition)) == ["proef/tr: 4 texts, 2 to translate"]
    stored = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert stored == {
        "Proef": "Deneme",
        "Eén.\nTwee.": "Bir.\nİki.",
        "Deuren: ${n}": "",
        "**Waar** is het?": "",
    }
    assert '# "Weg":\n#   "Gitti: ${x}"' in file.read_text(encoding="utf-8")


def test_the_surveys_that_ship_are_whole() -> None:
    assert [
        fault for one in survey_texts.definitions() for fault in survey_texts.problems(one)
    ] == []
