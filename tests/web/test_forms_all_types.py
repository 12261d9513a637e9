"""A survey with every type, groups and rounds in rounds: walked without scripts, read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, Draft, Submission
from tests.core.survey_files import FOLDER
from tests.factories import PASSWORD, make_area, make_person, make_survey
from tests.support.client import CheckingClient, living, text_of
from tests.support.walk import go, jpeg, page_form, typed, upload

EMAIL = "kees@example.org"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 60
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isom" + b"\0" * 60
PDF = b"%PDF-1.4\n" + b"\0" * 60


def all_types(**settings: Any) -> dict[str, Any]:
    definition: dict[str, Any] = yaml.safe_load((FOLDER / "valid" / "all_types.yaml").read_text())
    definition["settings"] |= settings
    return definition


@pytest.fixture
def caretaker(client: CheckingClient, session: Session) -> CheckingClient:
    """A caretaker on the first page of the survey with everything."""
    make_area(session)
    make_survey(session, all_types())
    make_person(session, EMAIL, "buurtbeheerder")
    client.log_in(EMAIL, PASSWORD)
    client.get("/veld/")
    client.submit("begin", survey="alles")
    return client


def draft(session: Session) -> Draft:
    session.expire_all()
    return session.scalars(select(Draft)).one()


def stored(session: Session) -> Submission:
    session.expire_all()
    return session.scalars(select(Submission)).one()


def page(client: CheckingClient, session: Session, name: str) -> None:
    """Go to a page of the open form."""
    client.get(f"/veld/formulier/{draft(session).id}/{name}")


def headings(client: CheckingClient) -> list[str]:
    """The headings of the rounds on the page."""
    return [
        text_of(e) for e in living(page_form(client)) if e.get("data-round-heading") is not None
    ]


def shown(client: CheckingClient) -> list[str]:
    """The paths of the questions that stand on the page."""
    boxes = (e for e in living(page_form(client)) if e.get("data-type"))
    return [box.get("data-path") or "" for box in boxes]


TEXT_PAGE = {
    "straat": "Lindestraat",
    "verhaal": "Er ligt afval.",
    "huisnummer": "12",
    "aantal": "3",
    "fietsen": "2",
    "breedte_stoep": "1,5",
    "cijfer": "7",
    "cijfer_lijst": "0.25",
    "code": "8710000",
}
TIME_PAGE = {
    "dag": "2026-05-04",
    "maand/month": "5",
    "maand/year": "2026",
    "jaar/year": "2025",
    "tijd": "14:03",
    "moment": "2026-05-04T14:03",
}
CHOICE_PAGE = {
    "hond": "nee",
    "dieren": ["kat", "egel"],
    "klein": "ja",
    "eens": "neutraal",
    "wijk": "zuid",
    "boom": "linde",
    "gemengd": ["vogel"],
    "volgorde": ["egel", "kat", "vogel"],
    "gelezen": "OK",
    "vaak_a": "ja",
    "vaak_b": "weet_niet",
}
PLACES_PAGE = {
    "plek/lat": "52,09",
    "plek/lon": "5,11",
    "tweede_plek/lat": "52,0951",
    "tweede_plek/lon": "5,1151",
    "route": "52,09 5,11\n52,091 5,112",
    "vlak": "52,09 5,11\n52,091 5,112\n52,092 5,11",
}


def walk_to_rounds(client: CheckingClient) -> None:
    go(client, **TEXT_PAGE)
    go(client, **TIME_PAGE)
    go(client, **CHOICE_PAGE)
    assert "Er is een vraag bij gekomen." in client.text()  # now the wijk has streets to offer
    go(client, straat_in_wijk="eikenlaan")
    files = {"foto": [upload(jpeg())], "geluid": [upload(WAV, "stem.wav")]}
    go(client, **files, film=[upload(MP4, "f.mp4")], bestand=[upload(PDF, "brief.pdf")])
    go(client, **PLACES_PAGE)
    assert headings(client)[0] == "Kamer 1"


def test_every_type_from_control_to_stored_answer(
    caretaker: CheckingClient, session: Session
) -> None:
    walk_to_rounds(caretaker)
    go(
        caretaker,
        **{
            "kamers/0/soort": "Keuken",
            "kamers/0/foto_kamer": [upload(jpeg("red"))],
            "kamers/0/geluid_kamer": [upload(WAV + b"1", "zoem.wav")],
            "kamers/0/plek_kamer/lat": "52,1",
            "kamers/0/plek_kamer/lon": "5,1",
            "kamers/0/lengte": "3,5",
            "kamers/0/schimmel": "nee",
            "kamers/0/ramen/0/hoogte": "120",
        },
    )
    assert go(caretaker, hoeveel="2") == 302
    go(caretaker, **{"kinderen/0/naam": "Ayşe", "kinderen/1/naam": "Bo"})
    assert "U noemde 1 kamers." in caretaker.text()
    go(caretaker)
    found = stored(session)
    answers = {name: entry["v"] for name, entry in found.answers.items()}
    assert answers["breedte_stoep"] == 1.5
    assert (answers["aantal"], answers["cijfer"], answers["cijfer_lijst"]) == (3, 7, 0.25)
    assert (answers["code"], answers["huisnummer"]) == ("8710000", "12")
    assert answers["wielen"] == 4
    assert (answers["dag"], answers["maand"], answers["jaar"]) == (
        "2026-05-04",
        "2026-05-01",
        "2025-01-01",
    )
    assert answers["tijd"].startswith("14:03")
    assert answers["moment"].startswith("2026-05-04T14:03")
    assert answers["volgorde"] == ["egel", "kat", "vogel"]
    assert found.answers["boom"] == {"v": "linde", "l": "Linde"}
    assert found.answers["straat_in_wijk"]["l"] == "Eikenlaan"
    assert answers["gelezen"] == "OK"
    assert "naam_hond" not in answers
    assert (found.lat, found.lon) == (52.09, 5.11)
    assert "plek" not in answers
    assert [float(part) for part in answers["tweede_plek"].split()[:2]] == [52.0951, 5.1151]
    assert len(answers["route"].split(";")) == 2
    corners = [part.split()[:2] for part in answers["vlak"].split(";")]
    assert corners[0] == corners[-1]
    assert len(corners) == 4
    (room,) = answers["kamers"]
    assert room["soort"] == {"v": "Keuken"}
    assert room["schimmel"] == {"v": "nee", "l": "Nee"}
    assert room["lengte"] == {"v": 3.5}
    assert room["breedte"] == {"v": None}
    assert room["ramen"] == {"v": [{"hoogte": {"v": 120}}]}
    assert [one["naam"]["v"] for one in answers["kinderen"]] == ["Ayşe", "Bo"]
    kept = {a.question: a for a in session.scalars(select(Attachment))}
    assert {name: a.media_type for name, a in kept.items()} == {
        "foto": "image/jpeg",
        "geluid": "audio/wav",
        "film": "video/mp4",
        "bestand": "application/pdf",
        "foto_kamer": "image/jpeg",
        "geluid_kamer": "audio/wav",
    }
    assert room["geluid_kamer"]["v"] == [kept["geluid_kamer"].file_name]
    caretaker.get(f"/veld/inzending/{found.id}")
    words = caretaker.text()
    for expected in ("Kamer 1", "Keuken", "Raam 1", "120", "Kind 2", "mei 2026", "Eikenlaan"):
        assert expected in words
    assert "52,0951 noord, 5,1151 oost" in words
    ranked = next(e for e in caretaker.page.iter("ol") if "fa-ranking" in (e.get("class") or ""))
    assert [text_of(li) for li in ranked] == ["Egel", "Kat", "Vogel"]
    link = next(e for e in caretaker.page.iter("a") if "zoem" in text_of(e)).get("href") or ""
    with caretaker.get(link) as response:
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.data == WAV + b"1"


def test_a_round_comes_and_goes_and_nothing_typed_is_lost(
    caretaker: CheckingClient, session: Session
) -> None:
    walk_to_rounds(caretaker)
    go(caretaker, step="add:kamers", **{"kamers/0/soort": "Keuken", "kamers/0/lengte": "lang"})
    assert headings(caretaker)[:3] == ["Kamer 1", "Raam 1", "Kamer 2"]
    assert typed(caretaker, "kamers/0/soort") == "Keuken"
    assert typed(caretaker, "kamers/0/lengte") == "lang"  # wrong, and kept all the same
    red, blue = upload(jpeg("red")), upload(jpeg("blue"))
    go(
        caretaker,
        step="add:kamers/1/ramen",
        **{
            "kamers/0/foto_kamer": [red],
            "kamers/1/foto_kamer": [blue],
            "kamers/1/soort": "Hal",
            "kamers/1/ramen/0/hoogte": "90",
        },
    )
    assert headings(caretaker) == ["Kamer 1", "Raam 1", "Kamer 2", "Raam 1", "Raam 2"]
    of_hal = draft(session).raw["kamers"][1]["foto_kamer"]
    go(caretaker, step="remove:kamers/0", **{"kamers/1/ramen/1/hoogte": "60"})
    assert headings(caretaker) == ["Kamer 1", "Raam 1", "Raam 2"]
    assert typed(caretaker, "kamers/0/soort") == "Hal"
    assert typed(caretaker, "kamers/0/ramen/1/hoogte") == "60"
    assert draft(session).raw["kamers"][0]["foto_kamer"] == of_hal
    assert "Kamer 1 is weggehaald." in caretaker.text()
    go(caretaker, step="restore", **{"kamers/0/soort": "Gang"})
    assert typed(caretaker, "kamers/0/soort") == "Keuken"
    assert typed(caretaker, "kamers/1/soort") == "Gang"
    assert draft(session).raw["kamers"][1]["foto_kamer"] == of_hal
    assert len(draft(session).files) == 6
    go(caretaker, step="remove:kamers/0")
    go(caretaker, **{"kamers/0/ramen/1/hoogte": "60"})
    assert "weggehaald" not in caretaker.text()
    page(caretaker, session, "kamers")
    assert headings(caretaker) == ["Kamer 1", "Raam 1", "Raam 2"]


def test_photos_of_a_removed_round_are_not_sent(
    caretaker: CheckingClient, session: Session
) -> None:
    walk_to_rounds(caretaker)
    go(caretaker, step="add:kamers", **{"kamers/0/foto_kamer": [upload(jpeg("red"))]})
    go(
        caretaker,
        step="remove:kamers/0",
        **{"kamers/1/foto_kamer": [upload(jpeg("blue"))], "kamers/1/soort": "Hal"},
    )
    go(caretaker)
    go(caretaker, hoeveel="0")
    go(caretaker)
    (room,) = stored(session).answers["kamers"]["v"]
    photos = [a for a in session.scalars(select(Attachment)) if a.question == "foto_kamer"]
    assert [a.file_name for a in photos] == room["foto_kamer"]["v"]
    assert len(photos) == 1


def test_a_question_that_comes_with_an_answer_is_shown_once_more(
    caretaker: CheckingClient, session: Session
) -> None:
    go(caretaker, **TEXT_PAGE)
    go(caretaker)
    assert "naam_hond" not in shown(caretaker)
    assert go(caretaker, hond="ja", klein="nee") == 302
    assert "Er is een vraag bij gekomen." in caretaker.text()
    assert "naam_hond" in shown(caretaker)
    assert typed(caretaker, "klein") == "nee"
    assert "Deze vraag is nodig" not in caretaker.text()  # nobody left it blank yet
    assert go(caretaker) == 422
    assert "Deze vraag is nodig" in caretaker.text()
    go(caretaker, naam_hond="Fikkie", hond="nee")  # it goes again: on, without a stop
    assert "Foto’s en geluid" in caretaker.text()
    page(caretaker, session, "blad_keuze")
    go(caretaker, hond="ja")
    assert typed(caretaker, "naam_hond") == "Fikkie"


def test_choices_follow_the_answer_before(caretaker: CheckingClient, session: Session) -> None:
    go(caretaker, **TEXT_PAGE)
    go(caretaker)

    def offered() -> list[str]:
        return [
            e.get("value") or ""
            for e in living(page_form(caretaker))
            if e.get("name") == "straat_in_wijk"
        ]

    assert offered() == []
    go(caretaker)  # nothing to offer, nothing to wait for
    assert "Foto’s en geluid" in caretaker.text()
    page(caretaker, session, "blad_keuze")
    go(caretaker, wijk="noord")
    assert offered() == ["lindestraat"]
    go(caretaker, straat_in_wijk="lindestraat")
    page(caretaker, session, "blad_keuze")
    assert go(caretaker, wijk="zuid") == 422  # the street is not in the other wijk
    assert offered() == ["eikenlaan", "beukpad"]


def test_shuffled_choices_keep_their_order_for_one_form(
    caretaker: CheckingClient, session: Session
) -> None:
    def order() -> list[str]:
        page(caretaker, session, "blad_keuze")
        return [
            e.get("value") or "" for e in living(page_form(caretaker)) if e.get("name") == "gemengd"
        ]

    first = order()
    assert sorted(first) == ["egel", "kat", "vogel"]
    assert [order() for _ in range(3)] == [first] * 3


def test_a_fixed_number_of_rounds_has_no_buttons(
    caretaker: CheckingClient, session: Session
) -> None:
    page(caretaker, session, "blad_vast")
    assert headings(caretaker) == []
    go(caretaker, hoeveel="3")
    assert "Er zijn 3 vragen bij gekomen." in caretaker.text()
    assert headings(caretaker) == ["Kind 1", "Kind 2", "Kind 3"]
    buttons = [e.get("value") or "" for e in living(page_form(caretaker)) if e.tag == "button"]
    assert not [value for value in buttons if value.startswith(("add:", "remove:"))]
    go(caretaker, **{"kinderen/2/naam": "Cem"})
    page(caretaker, session, "blad_vast")
    go(caretaker, hoeveel="1")
    page(caretaker, session, "blad_vast")
    assert headings(caretaker) == ["Kind 1"]
    go(caretaker, hoeveel="3")  # what was typed comes back
    assert typed(caretaker, "kinderen/2/naam") == "Cem"


def test_a_form_of_rounds_may_not_be_forged(caretaker: CheckingClient, session: Session) -> None:
    page(caretaker, session, "kamers")
    for step in ("add:kinderen", "add:straat", "add:kamers/7/ramen", "remove:kamers/9", "remove:x"):
        go(caretaker, step=step)
        assert headings(caretaker) == ["Kamer 1", "Raam 1"], step
    for step in ("remove:", "add:", "restore"):
        go(caretaker, step=step)
    assert headings(caretaker) == ["Kamer 1", "Raam 1"]


def test_rounds_sent_by_a_script_are_taken_as_they_come(
    caretaker: CheckingClient, session: Session
) -> None:
    walk_to_rounds(caretaker)
    action, fields = caretaker.fields("kamers")
    key = fields["kamers/0/.round"]
    fields |= {
        "kamers/0/soort": "Keuken",
        "kamers/3/.round": "",
        "kamers/3/soort": "Zolder",
        "kamers/3/ramen/.rounds": "1",
        "kamers/3/ramen/0/.round": "",
        "kamers/3/ramen/0/hoogte": "40",
    }
    caretaker.post(action, data={**fields, "form/step": "next"}, follow_redirects=True)
    rooms = draft(session).raw["kamers"]
    assert [room["soort"] for room in rooms] == ["Keuken", "Zolder"]
    assert rooms[0][".round"] == key
    assert rooms[1][".round"] not in ("", key)
    assert rooms[1]["ramen"][0]["hoogte"] == "40"


def test_guidance_and_media_and_answers_in_words(
    caretaker: CheckingClient, session: Session
) -> None:
    assert "Kijk op het bordje" in caretaker.text()
    assert "Wat gebeurt er in …?" in caretaker.text()
    go(caretaker, **TEXT_PAGE)
    page(caretaker, session, "blad_tekst")
    assert "Wat gebeurt er in Lindestraat?" in caretaker.text()
    assert "Dat zijn 4 wielen." in caretaker.text()


@pytest.mark.parametrize(
    ("question", "data", "words"),
    [
        ("geluid", b"Dit is tekst.", "geen geluid"),
        ("film", WAV, "geen film"),
        ("bestand", b"MZ\x90\0" + b"\0" * 40, "bewaren we niet"),
        ("bestand", b"\x7fELF" + b"\0" * 40, "bewaren we niet"),
        ("geluid", b"", "is leeg"),
    ],
)
def test_a_wrong_file_is_named_and_the_rest_is_kept(
    caretaker: CheckingClient, session: Session, question: str, data: bytes, words: str
) -> None:
    page(caretaker, session, "blad_bestanden")
    sent = {"foto": [upload(jpeg())], question: [upload(data, "proef.bin")]}
    assert go(caretaker, **sent) == 422
    assert words in caretaker.text()
    assert "proef.bin" in caretaker.text()
    assert [file["question"] for file in draft(session).files] == ["foto"]


def test_a_residents_survey_asks_and_keeps_no_other_place(
    client: CheckingClient, session: Session, tmp_path: Path
) -> None:
    make_area(session)
    make_survey(session, all_types(form_id="alles_enquete", kind="enquete"))
    make_person(session, EMAIL, "buurtbeheerder")
    client.log_in(EMAIL, PASSWORD)
    client.get("/veld/gesprek")
    client.submit("begin", survey="alles_enquete")
    found = draft(session)
    client.get(f"/veld/formulier/{found.id}/blad_plekken")
    assert shown(client) == ["plek"]
    go(client, **PLACES_PAGE, **{"kamers/0/plek_kamer/lat": "52.1"})
    assert not {"tweede_plek", "route", "vlak"} & set(draft(session).raw)
