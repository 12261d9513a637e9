"""A survey as a file for somebody else: XLSForm workbook, Markdown, XForm, or our own YAML."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from fieldapp.core.survey import Survey, survey_to_dict
from fieldapp.core.survey.model import Table
from fieldapp.services.media import MediaStore
from fieldapp.sources.errors import SourceError
from fieldapp.sources.xlsform.write_markdown import write_markdown
from fieldapp.sources.xlsform.write_rows import sheets
from fieldapp.sources.xlsform.write_workbook import write_workbook
from fieldapp.sources.xlsform.xform import to_xform

FILE_NAME = re.compile(r'(?!\.)[^/\\:*?"<>|\x00-\x1f]{1,200}')
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # equal content gives an equal zip
ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand over. `missing`: media files that the survey names and that are not kept."""

    name: str
    content: bytes
    mimetype: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a survey. `alone`: tables are inside, no files need to go along."""

    suffix: str
    mimetype: str
    write: Callable[[Survey], bytes]
    alone: bool = False


def _yaml(survey: Survey) -> bytes:
    import yaml

    text = yaml.safe_dump(survey_to_dict(survey), allow_unicode=True, sort_keys=False, width=100)
    return text.encode()


FORMS: Mapping[str, Form] = {
    "xlsx": Form(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda survey: write_workbook(sheets(survey)),
    ),
    "md": Form("md", "text/markdown", lambda survey: write_markdown(sheets(survey)).encode()),
    "xform": Form("xml", "application/xml", lambda survey: to_xform(survey).xml.encode()),
    "yaml": Form("yaml", "application/yaml", _yaml, alone=True),
}


def export_survey(survey: Survey, form: str, media: MediaStore) -> Download:
    """The survey as one file; a .zip when tables (CSV) or media files go with it.

    `form` is a key of FORMS. Raises SourceError, with the place, for what that form cannot hold.
    """
    kind = FORMS[form]
    stem = re.sub(r"[^\w.-]+", "_", f"{survey.name}-{survey.version}")
    content = kind.write(survey)
    if kind.alone or not (survey.tables or survey.files):
        return Download(f"{stem}.{kind.suffix}", content, kind.mimetype)
    found, missing = _media(survey, media)
    tables = {f"{name}.csv": table_csv(table) for name, table in survey.tables.items()}
    files = {f"{survey.name}.{kind.suffix}": content, **tables, **found}
    return Download(f"{stem}.zip", _zip(files), ZIP, missing)


def table_csv(table: Table) -> bytes:
    """A table as CSV, UTF-8, heading first. Cells stay as they are: programs read them."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return target.getvalue().encode()


def _media(survey: Survey, media: MediaStore) -> tuple[dict[str, bytes], tuple[str, ...]]:
    found: dict[str, bytes] = {}
    missing: list[str] = []
    for name, sha256 in survey.files.items():
        try:
            found[name] = media.read(sha256)
        except FileNotFoundError:
            missing.append(name)
    return found, tuple(missing)


def _zip(files: Mapping[str, bytes]) -> bytes:
    _check_names(files)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        if not FILE_NAME.fullmatch(name):
            raise SourceError("file_name_not_allowed", "files", {"found": name[:80]})
