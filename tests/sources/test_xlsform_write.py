"""Surveys as sheets, workbooks and Markdown: everything is there, and nothing of it runs."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyxform.xls2json_backends import md_to_dict, xlsx_to_dict

from fieldapp.core.survey import Survey, Text, load_survey, read_survey
from fieldapp.sources.errors import SourceError
from fieldapp.sources.xlsform.write_markdown import read_cell, write_cell, write_markdown
from fieldapp.sources.xlsform.write_rows import Sheet, language_label, number, sheets
from fieldapp.sources.xlsform.write_workbook import LONGEST_CELL, write_workbook
from fieldapp.sources.xlsform.xform import to_xform
from tests.core.survey_files import VALID
from tests.support.surveys_random import texts

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "surveys").glob("*/survey.yaml"))
NL, EN, AR = "Nederlands (nl)", "English (en)", "العربية (ar)"


def survey(*rows: dict[str, Any], **parts: Any) -> Survey:
    settings = {
        "form_id": "proef",
        "version": "2026-1",
        "kind": "observatie",
        "default_language": "nl",
        "languages": ["nl", "ar", "en"],
    }
    settings |= parts.pop("settings", {})
    return load_survey({"settings": settings, "title": "Proef", "survey": list(rows), **parts})


def question(label: Any = "Vraag", **cells: Any) -> dict[str, Any]:
    return {"type": "text", "name": "v", "label": label, **cells}


def rows(found: Survey, sheet: str = "survey") -> tuple[dict[str, str], ...]:
    return next(each.rows for each in sheets(found) if each.name == sheet)


# --- rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "label"),
    [
        ("nl", "Nederlands (nl)"),
        ("ar", "العربية (ar)"),
        ("tr", "Türkçe (tr)"),
        ("uk", "Українська (uk)"),
        ("rif", "Tarifit (rif)"),
        ("zh-Hant", "中文 (zh-Hant)"),
        ("x-heel-vreemd", "X-heel-vreemd (x-heel-vreemd)"),
    ],
)
def test_languages_by_their_own_name(tag: str, label: str) -> None:
    assert language_label(tag) == label


def test_every_language_has_a_label_column_in_the_order_of_the_survey() -> None:
    found = sheets(survey(question({"nl": "Ja", "en": "Yes"})))[0]

    assert found.columns[:5] == ("type", "name", f"label::{NL}", f"label::{AR}", f"label::{EN}")
    assert found.rows == (
        {"type": "text", "name": "v", f"label::{NL}": "Ja", f"label::{EN}": "Yes"},
    )


def test_a_text_that_misses_a_language_is_filled_only_where_asked() -> None:
    made = survey(question({"nl": "Ja", "en": "Yes"}))

    assert sheets(made, fill=True)[0].rows[0][f"label::{AR}"] == "Ja"


def test_groups_and_repeats_open_and_close() -> None:
    inner = {"type": "repeat", "name": "kamers", "repeat_count": "2", "children": [question()]}
    made = survey({"type": "group", "name": "huis", "children": [inner]})

    assert [(row["type"], row["name"]) for row in rows(made)] == [
        ("begin_group", "huis"),
        ("begin_repeat", "kamers"),
        ("text", "v"),
        ("end_repeat", "kamers"),
        ("end_group", "huis"),
    ]
    assert rows(made)[0]["appearance"] == "field-list"
    assert rows(made)[1]["repeat_count"] == "2"


def test_intro_and_thanks_are_notes_at_begin_and_end_with_names_of_their_own() -> None:
    made = survey(question(name="intro"), intro="Wie vraagt dit", thanks={"nl": "Dank", "en": "Ta"})
    first, _, last = rows(made)

    assert first == {
        "type": "note", "name": "intro_2", f"label::{NL}": "Wie vraagt dit", "role": "intro",
    }  # fmt: skip
    assert (last["name"], last["role"], last[f"label::{EN}"]) == ("thanks", "thanks", "Ta")


def test_settings_hold_the_title_in_every_language() -> None:
    made = survey(
        question(), title={"nl": "Proef", "en": "Trial"},
        settings={"style": "pages", "instance_name": "concat(${v}, '!')"},
    )  # fmt: skip

    assert rows(made, "settings") == (
        {
            "form_title": "Proef",
            "form_title_en": "Trial",
            "form_id": "proef",
            "version": "2026-1",
            "kind": "observatie",
            "default_language": NL,
            "style": "pages",
            "instance_name": "concat(${v}, '!')",
        },
    )


def test_cells_of_a_question() -> None:
    made = survey(
        question(),
        question(
            name="w",
            guidance_hint={"en": "Look closely", "nl": "Kijk goed"},
            media={"big-image": {"nl": "groot.png"}, "image": {"nl": "klein.png"}},
            required="yes",
            read_only="${v} = 1",
            trigger=["v"],
            calculation="now()",
            theme="wonen",
            role="portiek",
        ),
    )

    assert rows(made)[1] == {
        "type": "text", "name": "w", f"label::{NL}": "Vraag",
        f"guidance_hint::{NL}": "Kijk goed", f"guidance_hint::{EN}": "Look closely",
        f"image::{NL}": "klein.png", f"big-image::{NL}": "groot.png",
        "required": "yes", "read_only": "${v} = 1", "trigger": "${v}", "calculation": "now()",
        "theme": "wonen", "role": "portiek",
    }  # fmt: skip


def test_choices_with_columns_of_their_own() -> None:
    choice = {"name": "a", "label": "A", "signal": -1, "icon": "happy", "columns": {"wijk": "=W"}}
    made = survey(
        {"type": "select_one kies", "name": "k", "label": "K", "theme": "wonen",
         "choice_filter": "wijk = 'x'"},
        choices={"kies": [choice]},
    )  # fmt: skip

    assert rows(made, "choices") == (
        {"list_name": "kies", "name": "a", f"label::{NL}": "A", "icon": "happy", "signal": "-1",
         "wijk": "=W"},
    )  # fmt: skip
    assert rows(made)[0]["choice_filter"] == "wijk = 'x'"


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (-1.0, "-1"), (0.5, "0.5"), (1 / 3, "0.3333333333333333")]
)
def test_signals_as_text_lose_nothing(value: float, text: str) -> None:
    assert number(value) == text
    assert float(text) == value


@pytest.mark.parametrize("column", ["signal", "Label", "image", "label::English (en)", "name"])
def test_a_choice_column_that_means_something_else_is_refused(column: str) -> None:
    made = survey(
        {"type": "select_one kies", "name": "k", "label": "K"},
        choices={"kies": [{"name": "a", "label": "A", "columns": {column: "x"}}]},
    )

    with pytest.raises(SourceError) as caught:
        sheets(made)

    assert (caught.value.code, caught.value.params) == ("column_taken", {"column": column})


def test_choices_from_a_table_name_the_file() -> None:
    table = {"columns": ["name", "label"], "rows": [["a", "A"]]}
    made = survey(
        {"type": "select_one straten", "name": "s", "label": "S", "parameters": "value=name"},
        {"type": "select_multiple straten", "name": "m", "label": "M"},
        tables={"straten": table},
    )

    assert [row["type"] for row in rows(made)] == [
        "select_one_from_file straten.csv",
        "select_multiple_from_file straten.csv",
    ]


@pytest.mark.parametrize(
    ("kind", "table", "code"),
    [
        ("rank", "straten", "type_from_table"),
        ("select_one", "alle straten", "file_name_not_allowed"),
    ],
)
def test_what_xlsform_cannot_take_from_a_file_is_refused(kind: str, table: str, code: str) -> None:
    made = survey(
        {"type": f"{kind} {table}", "name": "s", "label": "S"},
        tables={table: {"columns": ["name", "label"], "rows": []}},
    )

    with pytest.raises(SourceError) as caught:
        sheets(made)

    assert caught.value.code == code


# --- read back by the readers of pyxform ------------------------------------------------------


@pytest.mark.parametrize(
    "path", [*SHIPPED, *VALID], ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_pyxform_reads_back_every_cell(path: Path) -> None:
    written = sheets(read_survey(path))
    from_workbook = xlsx_to_dict(write_workbook(written))
    from_markdown = md_to_dict(BytesIO(write_markdown(written).encode()))

    for sheet in written:
        if sheet.rows:
            assert from_workbook[sheet.name] == list(sheet.rows)
            found = from_markdown[sheet.name]
            assert [{k: read_cell(v) for k, v in row.items()} for row in found] == list(sheet.rows)


# --- workbooks --------------------------------------------------------------------------------

FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+31 20", "-5", "@SUM(A1)", "#N/A", "#REF!", "=")


def workbook(*labels: str) -> bytes:
    asked = [question(label, name=f"v{number}") for number, label in enumerate(labels)]
    return write_workbook(sheets(survey(*asked)))


def test_formulas_are_text_for_every_spreadsheet() -> None:
    data = workbook(*FORMULAS)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        page = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        styles = archive.read("xl/styles.xml").decode()
    cells = [cell for cell in page.iter() if cell.tag.endswith("}c")]

    assert not [part for part in page.iter() if part.tag.endswith("}f")]
    assert {cell.get("t") for cell in cells if len(cell)} == {"inlineStr"}
    assert re.search(r'quotePrefix="(1|true)"', styles)
    sheet = openpyxl.load_workbook(BytesIO(data))["survey"]
    assert tuple(row[2] for row in sheet.iter_rows(min_row=2, values_only=True)) == FORMULAS
    quoted = [sheet.cell(row, 3).quotePrefix for row in range(2, 2 + len(FORMULAS))]
    assert [bool(each) for each in quoted] == [not text.startswith("#") for text in FORMULAS]


def test_the_longest_text_of_excel_fits_and_one_more_does_not() -> None:
    emoji = "😀" * (LONGEST_CELL // 2)  # each is two units in UTF-16, as Excel counts

    assert workbook("x" * LONGEST_CELL, emoji)
    for label in ("x" * (LONGEST_CELL + 1), emoji + "xx"):
        with pytest.raises(SourceError) as caught:
            workbook("kort", label)
        assert caught.value.code == "text_too_long"
        assert caught.value.where == f"survey > 3 > label::{NL}"
        assert caught.value.params["limit"] == 32_767


@pytest.mark.parametrize("write", [write_workbook, write_markdown])
@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\ufffe", "\ud800"])
def test_control_characters_are_refused_with_their_place(write: Any, sign: str) -> None:
    with pytest.raises(SourceError) as caught:
        write(sheets(survey(question(f"a{sign}b"))))

    assert caught.value.code == "character_not_allowed"
    assert caught.value.where == f"survey > 2 > label::{NL}"
    assert caught.value.params["found"] == f"U+{ord(sign):04X}"


def test_line_ends_are_one_kind() -> None:
    sheet = openpyxl.load_workbook(BytesIO(workbook("een\r\ntwee\rdrie")))["survey"]

    assert sheet.cell(2, 3).value == "een\ntwee\ndrie"
    assert "een<br>twee<br>drie" in write_markdown(sheets(survey(question("een\r\ntwee\rdrie"))))


# --- Markdown ---------------------------------------------------------------------------------


def through_pyxform(text: str) -> str:
    """What a Markdown file keeps of one cell."""
    page = Sheet("survey", ("type", "label"), ({"type": "note", "label": text},))
    found: str = md_to_dict(BytesIO(write_markdown([page]).encode()))["survey"][0]["label"]
    return read_cell(found)


@pytest.mark.parametrize(
    "text",
    ["a | b", "a\\", "\\|", "|", "a\n\nb", "<br>", "&lt;br>", "&amp;lt;br>\n<br>", "#", "---|---",
     "&\n<br>&lt;br>&amp;", "&amp;<br>", "&amp;\n"],
)  # fmt: skip
def test_a_cell_of_markdown_comes_back(text: str) -> None:
    assert through_pyxform(text) == text
    assert "\n" not in write_cell(text)


@given(st.one_of(texts(), st.text("&amplt;<br>\n|\\", min_size=1).map(str.strip).filter(bool)))
def test_any_cell_of_markdown_comes_back(text: str) -> None:
    assert through_pyxform(text) == text


# --- XForm ------------------------------------------------------------------------------------


def test_the_xform_asks_in_every_language_and_never_shows_a_dash() -> None:
    made = survey(question({"nl": "Hoe gaat het?", "en": "How are you?"}), intro="Welkom")
    root = ElementTree.fromstring(to_xform(made).xml)
    texts_of = {
        part.get("lang"): [value.text for value in part.iter() if value.tag.endswith("}value")]
        for part in root.iter()
        if part.tag.endswith("}translation")
    }

    assert texts_of == {
        NL: ["Welkom", "Hoe gaat het?"],
        AR: ["Welkom", "Hoe gaat het?"],
        EN: ["Welkom", "How are you?"],
    }


def test_what_pyxform_refuses_is_told_in_its_words() -> None:
    good = survey(question())
    label = Text({"nl": "Hallo ${niemand}"}, "nl")  # load_survey refuses it too
    with pytest.raises(SourceError) as caught:
        to_xform(replace(good, items=(replace(good.questions[0], label=label),)))

    assert caught.value.code == "xform_refused"
    assert "niemand" in caught.value.params["reason"]
