"""The public example workbooks get the verdict of pyxform, but for a few that we say aloud."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import pytest

from fieldapp.sources.xlsform.read import read_form

# workbook -> (our verdict, pyxform's, why they differ)
DELIBERATE = {
    "ok__case_insensitivity.xlsx": (
        "refused", "taken", "entities and osm: the issue asks to refuse them with a clear word",
    ),
    "ok__flat_xlsform_test.xlsx": (
        "refused", "warned", "public_key: an encrypted form is refused with a clear word",
    ),
    "bug__xl_date_ambiguous.xlsx": (
        "refused", "warned",
        "choice_filter `label::English != ''` is no expression: pyxform does not look, ODK "
        "Validate refuses it too",
    ),
}  # fmt: skip
NAMES = (
    "bug__ODKValidateWarnings.xlsx bug__badly_named_choices_sheet.xls bug__blank_second_row.xls "
    "bug__duplicate_columns.xlsx bug__extra_columns.xls bug__group_name_test.xls "
    "bug__xl_date_ambiguous.xlsx ok__calculate.xls ok__cascading_select_test_equivalent.xls "
    "ok__case_insensitivity.xlsx ok__choice_name_same_as_select_name.xls ok__default_time_demo.xls "
    "ok__extra_columns.xlsx ok__flat_xlsform_test.xlsx ok__gps.xls ok__group.xlsx ok__hidden.xls "
    "ok__include.xlsx ok__include_json.xls ok__loop.xls ok__simple_loop.xls "
    "ok__specify_other.xlsx ok__unknown_question_type.xls ok__widgets.xls ok__xml_escaping.xls "
    "ok__yes_or_no_question.xlsx"
).split()


def verdict_of_pyxform(file: Path) -> str:
    """pyxform by itself, on the file."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    logging.getLogger("pyxform").setLevel(logging.ERROR)
    said: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            convert(file, warnings=said)
        except PyXFormError:
            return "refused"
    return "warned" if said else "taken"


def test_these_are_all_of_them(shared_data: Path) -> None:
    assert sorted(NAMES) == sorted(file.name for file in (shared_data / "xlsform").iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_is_that_of_pyxform(shared_data: Path, name: str) -> None:
    file = shared_data / "xlsform" / name
    expected = verdict_of_pyxform(file)
    found = read_form(name, file.read_bytes(), kind="observatie", language="en")
    if name in DELIBERATE:
        ours, theirs, _why = DELIBERATE[name]
        assert (found.verdict, expected) == (ours, theirs)
    else:
        assert found.verdict == expected
    assert (found.survey is None) == bool(found.errors)


@pytest.mark.parametrize("name", NAMES)
def test_every_problem_names_a_sheet_or_a_file(shared_data: Path, name: str) -> None:
    data = (shared_data / "xlsform" / name).read_bytes()
    reading = read_form(name, data, kind="observatie")
    for problem in (*reading.errors, *reading.warnings):
        assert {"sheet", "row", "column"} <= set(problem.params), problem
        assert problem.params["sheet"] or problem.params.get("file"), problem


def test_numbers_of_an_old_workbook_are_whole(shared_data: Path) -> None:
    """.xls knows no whole numbers: 8 is kept as 8.0."""
    data = (shared_data / "xlsform/ok__widgets.xls").read_bytes()
    survey = read_form("ok__widgets.xls", data, kind="observatie").survey
    assert survey is not None
    assert [choice.name for choice in survey.choices["list2"]] == list("12345678")
    assert survey.question("my_select1").default == "8"


def test_the_reasons_of_what_is_refused(shared_data: Path) -> None:
    reasons = {}
    for name in NAMES:
        data = (shared_data / "xlsform" / name).read_bytes()
        reading = read_form(name, data, kind="observatie")
        reasons[name] = {(p.code, p.params["row"]) for p in reading.errors}
    assert ("missing_name", 3) in reasons["bug__group_name_test.xls"]
    assert ("column_twice", 1) in reasons["bug__duplicate_columns.xlsx"]
    assert ("type_not_supported", 3) in reasons["ok__include.xlsx"]
    assert ("type_not_supported", 2) in reasons["ok__include_json.xls"]
    assert ("unknown_type", 52) in reasons["ok__unknown_question_type.xls"]
    assert ("path_not_supported", 5) in reasons["bug__xl_date_ambiguous.xlsx"]
    assert ("encryption_not_supported", 2) in reasons["ok__flat_xlsform_test.xlsx"]
    assert ("type_not_supported", 4) in reasons["ok__case_insensitivity.xlsx"]
    assert ("entities_not_supported", None) in reasons["ok__case_insensitivity.xlsx"]
