"""Sentences of `fieldapp indicators` for the codes that readers of statistics give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.cli.sentences import fill, line
from fieldapp.sources.errors import SourceError

WRONG: Mapping[str, str] = {
    "file_not_found": "there is no such file",
    "empty_file": "the file is empty",
    "file_too_large": "the file has {megabytes} MB; at most {limit} MB can be read",
    "unpacks_too_large": "the workbook unpacks to {megabytes} MB; at most {limit} MB can be read",
    "not_a_workbook": "this is not an Excel workbook (.xlsx)",
    "old_or_locked_workbook": "this is an old .xls file, or a workbook with a password",
    "damaged_workbook": "the workbook is damaged",
    "too_many_rows": "there are more than {limit} rows",
    "too_many_columns": "there are {columns} columns; at most {limit} can be read",
    "no_header": "no row with the expected names of columns was found",
    "several_sheets": "several sheets hold figures: {sheets}",
    "formula_without_value": "{count} formulas have no stored value: {cells}",
    "not_text": "this is not a text file",
    "not_csv": "the file cannot be read as CSV: {reason}",
    "ragged_row": "row {row} has {cells} cells where there are {columns} columns",
    "no_rows": "there are no rows",
    "not_json": "the file is no valid JSON (line {line})",
    "not_geojson": "the file is no GeoJSON with features",
    "double_column": "several columns could hold {indicator}: {columns}",
    "double_code": "area {code} stands in row {first} and again in row {row}",
    "no_known_columns": "none of the expected columns is there, for example {expected}",
    "no_codes": "no row has an area code; row {row} says {written!r}",
    "mixed_decimals": "numbers are written with a point ({point}) and with a comma ({comma})",
    "year_not_in_catalogue": "the catalogue has no {format} columns for {year}, only for {years}",
    "year_impossible": "{year} is no year of figures; use {first} to {last}",
    "wrong_year": "this file is of {found} ({clue}), not of {asked}",
    "no_period": "the column Perioden names no year: {periods}",
    "no_such_selection": "there are no rows of age {age} and margin {margin} for {year}",
    "unknown_source": "unknown source {value!r}; use one of {allowed}",
    "no_mapping": "an own file needs a mapping with the keys {keys}",
    "mapping_not_used": "source {source} takes no mapping",
    "bad_mapping": "the mapping is wrong: {reason}",
    "mapped_column_absent": "the mapping names columns that are not there: {columns}",
    "edition_has_other_values": "edition {edition} is there with {count} other values: {examples}",
    "edition_too_long": "the edition has {length} characters; at most {limit}",
    "import_at_the_same_time": "another import of the same edition was going on",
    # rows and cells
    "missing": "there is no area code",
    "lost_prefix": "the code lacks GM, WK or BU",
    "lost_zeros": "the code lost its leading zeros",
    "wrong_length": "the code has a wrong length",
    "lower_case": "the code has small letters",
    "not_a_code": "this is no area code",
    "not_a_number": "is no number",
    "excel_error": "is an error of Excel",
    "out_of_range": "cannot be right",
}

ADVICE: Mapping[str, str] = {
    "add_year_to_catalogue": "add the columns of that year to surveys/frameworks/indicators.yaml",
    "check_code": "look the code up at CBS",
    "check_code_column": "check that the code column holds codes such as BU03440111",
    "check_delimiter": "check the delimiter, and put quotes around text that holds it",
    "check_header": "check that the first rows hold the names of columns as published",
    "check_mapping": "correct the mapping",
    "check_path": "check the path",
    "check_source": "check that this is a file of the source you named",
    "check_year": "check --year, or choose the file of that year",
    "choose_source": "choose one of them",
    "download_adults": "download the selection 18 years and over, with the values themselves",
    "download_again": "download it again",
    "give_edition": "name this publication with --edition, for example --edition 2024-10",
    "give_mapping": "pass --mapping FILE.yaml",
    "import_again": "import it again",
    "keep_one_row": "remove the row that is wrong",
    "keep_one_sheet": "keep the sheet with the figures and remove the others",
    "leave_out_mapping": "leave out --mapping",
    "one_decimal_mark": "use one of the two throughout",
    "pass_year": "pass the year of the figures with --year",
    "paste_values": "open and save it in Excel, or paste the formulas as values",
    "remove_double_column": "keep one of them",
    "save_as_csv": "save it as CSV UTF-8",
    "save_as_xlsx": "open it in Excel and save it as .xlsx without a password",
    "split_file": "split the file",
    "use_suggested_code": "probably {suggestion}",
}

NOTES: Mapping[str, str] = {
    "nearly_empty": "{empty} of {of} columns are still empty: a first edition, import it again "
    "when CBS has filled it",
    "estimates": "these figures are estimates of a model, not counts",
    "other_selections": "rows of other ages, margins or years were left out: {ages}",
    "more_refused": "{count} rows were refused; the first {listed} are listed",
    "more_suspects": "{count} cells hold no number; the first {listed} are listed",
}


def error_text(error: SourceError) -> str:
    """One line: where, what is wrong, what to do."""
    text = fill(WRONG, error.code, error.params)
    allowed = error.params.get("allowed") if error.code == "bad_mapping" else None
    if allowed:
        text += f" (allowed: {', '.join(map(str, allowed))})"
    return line(error.where, text, fill(ADVICE, error.advice, error.params))


def refused_text(row: Mapping[str, Any]) -> str:
    """One line on a row that was left out, from the report's own dict."""
    where = f"row {row['row']}" + (f" ({row['code']})" if row["code"] else "")
    text = fill(WRONG, row["reason"], {})
    return line(where, text, fill(ADVICE, row["advice"], row.get("params", {})))


def suspect_text(cell: Mapping[str, Any]) -> str:
    """One line on a cell that should hold a number."""
    return f"{cell['where']}: {cell['text']!r} {fill(WRONG, cell['reason'], {})}"


def note_text(note: Mapping[str, Any]) -> str:
    """A remark about the file as a whole."""
    return fill(NOTES, str(note["code"]), note)
