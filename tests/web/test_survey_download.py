"""Taking a survey along from its page."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from fieldapp.core.survey import definition_hash, load_survey
from fieldapp.db.models import Survey, SurveyVersion
from fieldapp.sources.errors import SourceError
from fieldapp.sources.xlsform.read import read_form
from fieldapp.web.surveys.download import WRONG, sentence
from tests.factories import PASSWORD, make_organisation, make_person, make_survey
from tests.factories.surveys import PUBLISHED
from tests.support.client import CheckingClient

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown",
    "xform": "application/xml",
    "yaml": "application/yaml",
}


@pytest.fixture
def admin(client: CheckingClient, session: Session) -> CheckingClient:
    """Somebody who administers."""
    make_person(session, "beheer@example.org", "beheerder")
    client.log_in("beheer@example.org", PASSWORD)
    return client


def definition(**parts: Any) -> dict[str, Any]:
    return {
        "settings": {"form_id": "eigen", "version": "1", "kind": "enquete"},
        "title": "Eigen",
        "survey": [{"type": "text", "name": "v", "label": "Vraag"}],
        **parts,
    }


def draft(session: Session, data: dict[str, Any], organisation: str = "gemeente") -> int:
    """A draft that an organisation is working on, with whatever is wrong in it."""
    owner = make_organisation(session, organisation).id
    survey = Survey(name="eigen", kind="enquete", organisation_id=owner)
    version = SurveyVersion(
        survey=survey, version="1", state="draft", definition=data, definition_sha256="x" * 64,
        created_at=PUBLISHED,
    )  # fmt: skip
    session.add(version)
    session.commit()
    return version.id


def test_every_form_can_be_taken_along_from_the_page(
    admin: CheckingClient, session: Session
) -> None:
    version = make_survey(session, "observatie")
    admin.get(f"/beheer/vragenlijsten/observatie/{version.version}")
    links = [e.get("href") for e in admin.page.iter("a") if "/download/" in (e.get("href") or "")]
    assert [link.rpartition("/")[2] for link in links if link] == list(TYPES)

    answers = {form: admin.get(link) for form, link in zip(TYPES, links, strict=True) if link}

    assert {form: answer.mimetype for form, answer in answers.items()} == TYPES
    assert all(
        f'attachment; filename="observatie-{version.version}.' in a.headers["Content-Disposition"]
        for a in answers.values()
    )
    sent = answers["xlsx"].data
    backs = [
        read_form("observatie.xlsx", sent).definition,
        read_form("observatie.md", answers["md"].data).definition,
        yaml.safe_load(answers["yaml"].data),
    ]
    stored = version.definition_sha256
    assert [definition_hash(load_survey(back)) for back in backs] == [stored] * 3
    assert b'<data id="observatie"' in answers["xform"].data


def test_tables_go_along(admin: CheckingClient, session: Session) -> None:
    table = {"columns": ["name", "label"], "rows": [["a", "A"]]}
    number = draft(session, definition(tables={"straten": table}))

    answer = admin.get(f"/beheer/vragenlijsten/{number}/download/xlsx")

    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["eigen.xlsx", "straten.csv"]
        assert archive.read("straten.csv") == b"name,label\na,A\n"


def test_a_draft_with_faults_says_so(admin: CheckingClient, session: Session) -> None:
    number = draft(session, definition(survey=[{"type": "text", "name": "v v", "label": "V"}]))

    answer = admin.get(f"/beheer/vragenlijsten/{number}/download/xlsx")

    assert answer.status_code == 303
    assert "heeft nog fouten" in admin.get(answer.location).text


def test_what_a_form_cannot_hold_is_told(admin: CheckingClient, session: Session) -> None:
    row = {"type": "text", "name": "سؤال", "label": "Vraag"}
    number = draft(session, definition(survey=[row]))

    answer = admin.get(f"/beheer/vragenlijsten/{number}/download/xform")

    assert answer.status_code == 303
    assert "ODK kan de naam سؤال niet lezen" in admin.get(answer.location).text


def test_another_organisation_and_another_form_are_not_there(
    admin: CheckingClient, session: Session
) -> None:
    number = draft(session, definition(), "buren")
    own = make_survey(session, "observatie").id

    assert admin.get(f"/beheer/vragenlijsten/{number}/download/xlsx").status_code == 404
    assert admin.get(f"/beheer/vragenlijsten/{own}/download/docx").status_code == 404


PARAMS = {
    "text_too_long": {"length": 40_000, "limit": 32_767},
    "character_not_allowed": {"found": "U+0007"},
    "column_taken": {"column": "label"},
    "file_name_not_allowed": {"found": "a b.csv"},
    "type_from_table": {"type": "rank", "table": "straten"},
    "name_not_for_odk": {"found": "سؤال"},
    "xform_refused": {"reason": "no"},
}


@pytest.mark.parametrize("code", PARAMS)
def test_every_reason_is_a_sentence(code: str) -> None:
    from fieldapp.cli.export_texts import error_text

    assert set(WRONG) == set(PARAMS)
    for told in (sentence, error_text):
        text = told(SourceError(code, "survey > 3", PARAMS[code]))
        assert text.startswith("survey > 3: ")
        assert all(str(value) in text for value in PARAMS[code].values()), text
