"""The features of XLSForm as small forms, and what becomes of each: for docs/xlsform.md.

A form is written as Markdown, read, judged, written out again and read once more. Nothing here
knows beforehand whether a feature is supported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fieldapp.core.survey import load_survey, survey_to_dict
from fieldapp.core.survey.vocabulary import METADATA_TYPES
from fieldapp.services.export_survey import table_csv
from fieldapp.sources.xlsform.codes import NOTES
from fieldapp.sources.xlsform.read import Reading, read_form
from fieldapp.sources.xlsform.write_markdown import write_markdown
from fieldapp.sources.xlsform.write_rows import Sheet, sheets
from fieldapp.sources.xlsform.xform import to_xform

SOURCE = Path(__file__).resolve().parents[1] / "vectors" / "xlsform_features.yaml"
SHEETS = ("survey", "choices", "external_choices", "entities", "osm")
LIST = [{"list_name": "l", "name": name, "label": name.upper()} for name in ("a", "b")]
SETTINGS = {"form_id": "proef", "version": "1", "kind": "observatie"}
WORDLESS = METADATA_TYPES | {"calculate", "hidden", "audit", "csv-external", "xml-external"}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of the page; `form` and `without` are sheets with rows, `files` lie beside them."""

    section: str
    name: str
    nl: str
    form: Mapping[str, Any]
    files: Mapping[str, bytes]
    without: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the page, a line about it, and its rows."""

    title: str
    about: str
    features: tuple[Feature, ...]


def sections() -> tuple[Section, ...]:
    """All of the file, in its order."""
    found = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return tuple(
        Section(
            part["section"],
            part.get("about", ""),
            tuple(_feature(part["section"], row) for row in part["rows"]),
        )
        for part in found
    )


def _feature(section: str, row: Mapping[str, Any]) -> Feature:
    form = {name: row[name] for name in (*SHEETS, "settings") if name in row}
    without = {**form, "survey": row["without"]} if "without" in row else None
    files = {name: text.encode() for name, text in row.get("files", {}).items()}
    return Feature(section, row["feature"], row["nl"], form, files, without)


def markdown(form: Mapping[str, Any]) -> bytes:
    """The form as a Markdown file; rows without a name or label get one."""
    rows = {name: [dict(row) for row in form.get(name, ())] for name in SHEETS}
    rows["survey"] = [_complete(row, number) for number, row in enumerate(rows["survey"], start=1)]
    rows["choices"] += _labels(LIST, rows["survey"])
    rows["settings"] = [SETTINGS | form.get("settings", {})]
    pages = [_sheet(name, [_texts(row) for row in found]) for name, found in rows.items() if found]
    return write_markdown(pages).encode()


def _complete(row: Row, number: int) -> Row:
    kind = row["type"]
    if kind.startswith("end ") or kind.startswith("end_"):
        return row
    row.setdefault("name", f"v{number}")
    if kind not in WORDLESS and not any(key.startswith("label") for key in row):
        row["label"] = f"Vraag {number}"
    return row


def _labels(choices: list[Row], asked: list[Row]) -> list[Row]:
    """The usual list, with a label in each language that the questions have."""
    columns = [key for row in asked for key in row if key.startswith("label")] or ["label"]
    return [
        {"list_name": row["list_name"], "name": row["name"], **dict.fromkeys(columns, row["label"])}
        for row in choices
    ]


def _texts(row: Mapping[str, Any]) -> Row:
    return {key: str(cell) for key, cell in row.items()}


def _sheet(name: str, rows: list[Row]) -> Sheet:
    return Sheet(name, tuple(dict.fromkeys(key for row in rows for key in row)), tuple(rows))


def read(feature: Feature) -> Reading:
    """The form of a feature, taken in."""
    return read_form("proef.md", markdown(feature.form), feature.files)


def remarks(reading: Reading) -> tuple[str, ...]:
    """The codes of warnings that take something away; notes only tell what was done."""
    return tuple(found.code for found in reading.warnings if found.code not in NOTES)


def comes_back(reading: Reading) -> bool:
    """Whether the survey written as XLSForm and read again is the same, and pyxform takes it."""
    assert reading.survey is not None
    survey = load_survey(reading.definition, strict=False)
    to_xform(survey)
    tables = {f"{name}.csv": table_csv(table) for name, table in survey.tables.items()}
    again = read_form(
        "proef.md", write_markdown(sheets(survey)).encode(), {**tables, **reading.files}
    )
    back = load_survey(again.definition, strict=False)
    return survey_to_dict(back) == survey_to_dict(survey)
