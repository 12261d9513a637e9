"""Every form we export is one that ODK takes: pyxform makes it, ODK Validate accepts it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from fieldapp.core.expression import Context, evaluate, parse
from fieldapp.core.survey import Survey, load_survey, read_survey
from fieldapp.sources.errors import SourceError
from fieldapp.sources.xlsform.xform import READABLE, to_xform
from tests.core.survey_files import VALID, valid
from tests.support.odk_validate import refused
from tests.support.surveys_random import CASED, definitions

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "surveys").glob("*/survey.yaml"))


def test_shipped_surveys_and_fixtures_are_valid_xforms(tmp_path: Path) -> None:
    forms = {str(path): to_xform(read_survey(path)).xml for path in (*SHIPPED, *VALID)}

    assert len(SHIPPED) >= 5
    assert refused(forms, tmp_path) == {}


@pytest.mark.parametrize("remark", ["translation", "label"])
def test_pyxform_has_no_remark_on_shipped_surveys(remark: str) -> None:
    for path in SHIPPED:
        assert [text for text in to_xform(read_survey(path)).warnings if remark in text] == []


def test_surveys_made_by_chance_are_valid_xforms(tmp_path: Path) -> None:
    forms: dict[str, str] = {}

    @settings(
        max_examples=60, phases=[Phase.generate], deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(definitions(CASED))
    def collect(definition: dict[str, object]) -> None:
        forms[f"{len(forms)}"] = to_xform(load_survey(definition)).xml

    collect()

    assert len(forms) >= 60
    assert refused(forms, tmp_path) == {}


def test_a_form_with_an_unknown_function_is_seen(tmp_path: Path) -> None:
    """The check itself: without it a broken Java would go unnoticed."""
    good = to_xform(valid("skip_logic")).xml
    bad = re.sub(r'relevant="[^"]+"', 'relevant="bestaat-niet(1)"', good, count=1)
    assert bad != good

    assert set(refused({"goed": good, "fout": bad}, tmp_path)) == {"fout"}


# --- what JavaRosa would stumble over ---------------------------------------------------------


def survey(*rows: dict[str, Any]) -> Survey:
    settings = {"form_id": "proef", "version": "1", "kind": "observatie"}
    return load_survey({"settings": settings, "title": "Proef", "survey": list(rows)})


@pytest.mark.parametrize("name", ["سؤال", "שאלה", "問", "คำถาม", "ș"])
def test_names_in_other_scripts_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        to_xform(survey({"type": "text", "name": name, "label": "V"}))
    assert (caught.value.code, caught.value.where) == ("name_not_for_odk", name)

    # and rightly so
    form = to_xform(survey({"type": "text", "name": "naam", "label": "V"})).xml
    assert set(refused({"f": form.replace("naam", name)}, tmp_path)) == {"f"}


def test_every_letter_that_we_let_through_is_taken(tmp_path: Path) -> None:
    letters = [chr(sign) for sign in range(0x30, 0x600) if READABLE.fullmatch(chr(sign))]
    asked = [{"type": "text", "name": f"q{sign}", "label": "V"} for sign in letters]

    assert {"é", "ß", "ı", "ğ", "Ж", "ї", "ω", "9"} <= set(letters)
    assert refused({"f": to_xform(survey(*asked)).xml}, tmp_path) == {}


def test_a_group_with_nothing_to_see_is_taken(tmp_path: Path) -> None:
    silent = {"type": "calculate", "name": "som", "calculation": "1 + 1"}
    inner = {"type": "group", "name": "binnen", "children": [silent]}
    made = survey(
        {"type": "group", "name": "buiten", "children": [inner]},
        {"type": "repeat", "name": "rondes", "children": [silent | {"name": "som2"}]},
        {"type": "text", "name": "v", "label": "V"},
    )

    assert refused({"f": to_xform(made).xml}, tmp_path) == {}


@pytest.mark.parametrize("text", ["a|b", "2 * 3", "it's | ok", "1 - 1", "\"'\" | '\"'"])
def test_a_default_that_looks_like_an_expression_stays_a_text(text: str, tmp_path: Path) -> None:
    made = survey({"type": "text", "name": "v", "label": "V", "default": text})
    assert made.question("v").default_logic is None

    xml = to_xform(made).xml
    value = re.search(r'setvalue [^>]*value="([^"]*)"', xml)
    assert value is not None
    assert evaluate(parse(unescape(value[1], {"&quot;": '"'})).tree, Context(answers={})) == text
    assert refused({"f": xml}, tmp_path) == {}
