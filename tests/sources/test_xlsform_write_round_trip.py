"""Out and in again is the same survey: as a workbook, as Markdown, with tables and media."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from fieldapp.core.survey import Survey, load_survey, read_survey, survey_to_dict
from fieldapp.services.export_survey import export_survey
from fieldapp.services.media import MediaStore
from fieldapp.sources.errors import SourceError
from fieldapp.sources.xlsform.bundle import unpack
from fieldapp.sources.xlsform.read import read_form
from fieldapp.sources.xlsform.xform import to_xform
from tests.core.survey_files import VALID
from tests.support.odk_validate import refused
from tests.support.surveys_random import definitions

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "surveys").glob("*/survey.yaml"))
FORMS = ("xlsx", "md")
NOTHING = MediaStore(Path("/er-is-niets"))
PULLED = "pulldata('wijken', 'a', 'b', 1)"


def through(survey: Survey, form: str, media: MediaStore = NOTHING) -> dict[str, Any]:
    """The definition that comes back; every problem found on the way is a failure."""
    made = export_survey(survey, form, media)
    name, data, files = made.name, made.content, {}
    if name.endswith(".zip"):
        name, data, files = unpack({name: data})
    reading = read_form(name, data, files)
    assert reading.errors == ()
    assert dict(reading.files) == {
        file: media.read(sha256) for file, sha256 in survey.files.items() if media is not NOTHING
    }
    back = load_survey(reading.definition, strict=False)
    return survey_to_dict(back)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "path", [*SHIPPED, *VALID], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_shipped_surveys_and_fixtures_come_back_the_same(path: Path, form: str) -> None:
    survey = read_survey(path)

    assert through(survey, form) == survey_to_dict(survey)


@pytest.mark.parametrize("form", FORMS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a whole survey takes minutes
)  # fmt: skip
@given(definition=definitions())
def test_surveys_made_by_chance_come_back_the_same(form: str, definition: dict[str, Any]) -> None:
    survey = load_survey(definition)

    assert through(survey, form) == survey_to_dict(survey)


@pytest.mark.parametrize("form", FORMS)
def test_tables_and_media_go_along_in_a_zip(form: str, tmp_path: Path) -> None:
    media = MediaStore(tmp_path)
    files = {"niveau é.png": media.write(b"\x89PNG een"), "uitleg.mp3": media.write(b"ID3 geluid")}
    survey = load_survey(
        {
            "settings": {"form_id": "proef", "version": "1.10", "kind": "observatie"},
            "title": "Proef",
            "survey": [
                {"type": "select_one straten", "name": "s", "label": "Straat",
                 "media": {"image": "niveau é.png", "audio": "uitleg.mp3"}},
                {"type": "calculate", "name": "w", "calculation": PULLED},
            ],
            "tables": {
                "straten": {"columns": ["name", "label"], "rows": [["a", '=1 "x", y'], ["b", ""]]},
                "wijken": {"columns": ["a", "b"], "rows": [["één\ntwee", "1"]]},
            },
            "files": files,
        }
    )  # fmt: skip
    made = export_survey(survey, form, media)

    assert made.name == "proef-1.10.zip"
    with zipfile.ZipFile(BytesIO(made.content)) as archive:
        names = {f"proef.{form}", "straten.csv", "wijken.csv", *files}
        assert set(archive.namelist()) == names
        assert archive.read("niveau é.png") == b"\x89PNG een"
    back = through(survey, form, media)
    assert back.pop("files", files) == files
    assert back == {key: part for key, part in survey_to_dict(survey).items() if key != "files"}


def test_workbooks_of_others_go_out_as_they_came_in_and_odk_takes_them(
    shared_data: Path, tmp_path: Path
) -> None:
    forms: dict[str, str] = {}
    for path in sorted((shared_data / "xlsform").glob("*.xls*")):
        reading = read_form(path.name, path.read_bytes(), kind="enquete")
        if reading.errors:
            continue
        survey = load_survey(reading.definition, strict=False)
        for form in FORMS:
            assert through(survey, form) == survey_to_dict(survey), f"{path.name} as {form}"
        forms[path.name] = to_xform(survey).xml

    assert len(forms) >= 15
    assert refused(forms, tmp_path) == {}


@pytest.mark.parametrize("name", ["../weg.png", "a/b.png", "c:x.png", ".verborgen", "x\ty.png"])
def test_no_file_leaves_the_folder_of_the_zip(name: str, tmp_path: Path) -> None:
    media = MediaStore(tmp_path)
    survey = load_survey(
        {
            "settings": {"form_id": "proef", "version": "1", "kind": "observatie"},
            "title": "Proef",
            "survey": [{"type": "note", "name": "n", "label": "N"}],
            "files": {name: media.write(b"x")},
        }
    )

    with pytest.raises(SourceError) as caught:
        export_survey(survey, "xlsx", media)

    assert caught.value.code == "file_name_not_allowed"
