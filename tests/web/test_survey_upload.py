"""Bringing a questionnaire in on the page, as a browser without scripts does it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fieldapp.config import Settings
from fieldapp.db.models import Survey, SurveyVersion
from tests.bad_input.workbooks import GOOD, OLE
from tests.factories import PASSWORD, make_person
from tests.sources.xlsform_books import SETTINGS, workbook
from tests.support.client import CheckingClient, text_of

PAGE = "/beheer/vragenlijsten/inlezen"
CLEAN = workbook(
    survey=[["type", "name", "label::Nederlands (nl)"], ["text", "v", "Hoe gaat het?"]],
    settings=[["form_id", "form_title", "kind"], ["praatje", "Praatje", "observatie"]],
)
# a column that nobody knows is a remark
REMARKED = workbook(
    survey=[["type", "name", "label", "opmerking"], ["text", "v", "Hoe gaat het?", "kort"]],
    settings=SETTINGS,
)
KLINGON = workbook(
    survey=[["type", "name", "label::Nederlands (nl)", "label::Straattaal"],
            ["text", "v", "Hoe gaat het?", "Fawaka?"]],
    settings=[*SETTINGS],
)  # fmt: skip


@pytest.fixture
def admin(client: CheckingClient, session: Session) -> CheckingClient:
    """Somebody who administers."""
    make_person(session, "beheer@example.org", "beheerder")
    client.log_in("beheer@example.org", PASSWORD)
    client.get(PAGE)
    return client


def send(client: CheckingClient, *files: tuple[bytes, str], **typed: Any) -> TestResponse:
    """Choose files on the last page and press the button; the first answer."""
    given = [(io.BytesIO(data), name) for data, name in files]
    return client.submit("inlezen", follow=False, also={"files": given}, **typed)


def drafts(session: Session) -> list[SurveyVersion]:
    session.expire_all()
    return list(session.scalars(select(SurveyVersion).order_by(SurveyVersion.id)))


def cells(client: CheckingClient) -> list[list[str]]:
    """The rows of the tables on the last page."""
    rows = [row for table in client.page.iter("table") for row in table.iter("tr")]
    return [[text_of(cell) for cell in row] for row in rows]


def test_only_a_beheerder_may_bring_in(client: CheckingClient, session: Session) -> None:
    assert client.get(PAGE).status_code == 302
    make_person(session, "wijk@example.org", "wijkmanager")
    client.log_in("wijk@example.org", PASSWORD)
    assert client.get(PAGE).status_code == 403


def test_a_clean_form_becomes_a_draft(admin: CheckingClient, session: Session) -> None:
    answer = send(admin, (CLEAN, "praatje.xlsx"))
    assert answer.status_code == 303
    (draft,) = drafts(session)
    assert (draft.survey.name, draft.state) == ("praatje", "draft")
    assert draft.survey.kind == "observatie"
    assert draft.definition["title"] == {"nl": "Praatje"}
    admin.get(answer.headers["Location"])
    assert "Praatje" in admin.text()
    assert "De vragenlijst is ingelezen" in admin.text()


def test_faults_are_shown_with_their_place_and_nothing_is_kept(
    admin: CheckingClient, session: Session
) -> None:
    form = workbook(
        survey=[["type", "name", "label", "relevant"],
                ["text", "v", "Vraag", "${w} = 1"],
                ["soort", "x", "Vraag", ""]],
        settings=SETTINGS,
    )  # fmt: skip
    answer = send(admin, (form, "vragen.xlsx"), kind="observatie", language="en")
    assert answer.status_code == 422
    rows = cells(admin)
    assert "survey, rij 2, kolom relevant" in [row[0] for row in rows]
    assert "survey, rij 3, kolom type" in [row[0] for row in rows]
    assert "De vraag “w” bestaat niet" in admin.text()
    assert drafts(session) == []
    # what was typed stays, and the file need not be chosen again
    _action, fields = admin.fields("inlezen")
    assert (fields["kind"], fields["language"]) == ("observatie", "en")
    assert fields["kept"].endswith(" vragen.xlsx")


def test_remarks_are_read_first_and_then_accepted(admin: CheckingClient, session: Session) -> None:
    answer = send(admin, (REMARKED, "vragen.xlsx"), kind="observatie")
    assert answer.status_code == 200
    assert "Deze vragenlijst kan worden ingelezen" in admin.text()
    assert drafts(session) == []
    answer = send(admin)  # the file is still there
    assert answer.status_code == 303
    assert [draft.survey.name for draft in drafts(session)] == ["proef"]


def test_other_files_are_looked_at_anew(admin: CheckingClient, session: Session) -> None:
    send(admin, (REMARKED, "vragen.xlsx"), kind="observatie")
    rows = [["type", "name", "label", "notitie"], ["text", "w", "Anders", "lang"]]
    other = workbook(survey=rows, settings=SETTINGS)
    assert send(admin, (other, "anders.xlsx")).status_code == 200
    assert drafts(session) == []
    _action, fields = admin.fields("inlezen")
    assert fields["kept"].endswith(" anders.xlsx")  # one form at a time


def test_a_file_that_is_missing_is_sent_after(admin: CheckingClient, session: Session) -> None:
    form = workbook(
        survey=[["type", "name", "label"], ["select_one_from_file straten.csv", "v", "Straat?"]],
        settings=SETTINGS,
    )
    assert send(admin, (form, "vragen.xlsx"), kind="observatie").status_code == 422
    assert "straten.csv" in admin.text()
    answer = send(admin, (b"name,label\nkerk,Kerkstraat\n", "straten.csv"))
    assert answer.status_code == 303, admin.text()
    assert drafts(session)[0].definition["tables"]["straten"]["rows"] == [["kerk", "Kerkstraat"]]


def test_a_language_that_nobody_knows_is_asked(admin: CheckingClient, session: Session) -> None:
    send(admin, (KLINGON, "vragen.xlsx"), kind="observatie")
    assert "Welke taal is “Straattaal”?" in admin.text()
    answer = send(admin, tongue_0="sw")
    while answer.status_code == 200:
        answer = send(admin, tongue_0="sw")
    assert drafts(session)[0].definition["settings"]["languages"] == ["nl", "sw"]


def test_a_kind_is_asked_when_the_file_has_none(admin: CheckingClient, session: Session) -> None:
    assert send(admin, (GOOD, "vragen.xlsx")).status_code == 422
    assert "Kies er een" in admin.text()
    assert send(admin, kind="enquete").status_code == 303
    assert drafts(session)[0].survey.kind == "enquete"


def test_without_a_file_it_says_so(admin: CheckingClient) -> None:
    assert send(admin).status_code == 422
    assert "Kies een bestand" in admin.text()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("oud.xls", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "wachtwoord"),
        ("half.xlsx", GOOD[:900], "beschadigd"),
        ("plaat.png", b"\x89PNG\r\n\x1a\n" + bytes(99), "geen Excel-bestand"),
        ("leeg.xlsx", b"", "leeg"),
    ],
)
def test_a_file_that_is_no_form(admin: CheckingClient, name: str, data: bytes, words: str) -> None:
    answer = send(admin, (data, name))
    assert answer.status_code == 422
    assert words in admin.text()


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "iets"}, {"language": "xx"}, {"kept": "../../etc/passwd x"}, {"kept": "0" * 64},
        {"agreed": "x" * 5000}, {"unknown": "a\nb\n" * 500}, {"kept": f"{'a' * 64} ../x"},
    ],
)  # fmt: skip
def test_what_no_page_sends(admin: CheckingClient, typed: dict[str, str]) -> None:
    admin.get(PAGE)
    action, fields = admin.fields("inlezen")
    answer = admin.post(action, data={**fields, **typed})
    assert answer.status_code == 422


def test_a_token_is_needed(admin: CheckingClient, session: Session) -> None:
    data = {"files": (io.BytesIO(CLEAN), "praatje.xlsx")}
    assert admin.post(PAGE, data=data).status_code == 400
    assert drafts(session) == []


def test_bringing_in_twice_makes_a_next_version(admin: CheckingClient, session: Session) -> None:
    for _ in range(2):
        admin.get(PAGE)
        assert send(admin, (CLEAN, "praatje.xlsx")).status_code == 303
    assert [draft.version for draft in drafts(session)] == ["1", "2"]
    assert session.scalar(select(func.count(Survey.id))) == 1


def test_another_kind_under_the_same_name_is_refused(
    admin: CheckingClient, session: Session
) -> None:
    send(admin, (CLEAN, "praatje.xlsx"))
    (draft,) = drafts(session)
    draft.state, draft.published_at = "published", draft.created_at
    session.commit()
    admin.get(PAGE)
    assert send(admin, (CLEAN, "praatje.xlsx"), kind="enquete").status_code == 422
    assert "van een andere soort" in admin.text()


def test_the_page_leads_here(admin: CheckingClient, settings: Settings) -> None:
    admin.get("/beheer/vragenlijsten")
    links = {link.get("href") for link in admin.page.iter("a")}
    assert PAGE in links
