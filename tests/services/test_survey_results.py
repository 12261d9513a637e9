"""Results over versions: columns that fit, rounds apart, who sees what, no formulas."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor, Grant
from fieldapp.core.submission import Incoming, Location
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from fieldapp.services.survey_results import (
    EXPLANATION,
    Results,
    Wanted,
    write_csv,
    write_workbook,
)
from fieldapp.services.visible import NotThere
from tests.factories import make_actor, make_area, make_person, make_survey

NOON = datetime(2026, 3, 2, 12, 34, 56, tzinfo=UTC)


def definition(version: str, kind: str = "observatie", **changed: Any) -> dict[str, Any]:
    """Version 1 as it is; `changed` replaces rows by name (None: gone)."""
    rows: dict[str, Any] = {
        "leuk": {"type": "select_one jn", "name": "leuk", "label": {"nl": "Leuk?"}},
        "aantal": {"type": "integer", "name": "aantal", "label": {"nl": "Hoeveel?"}},
        "hoe": {"type": "text", "name": "hoe", "label": {"nl": "Hoe?"}},
    }
    rows |= changed
    return {
        "settings": {
            "form_id": "borrel",
            "version": version,
            "kind": kind,
            "default_language": "nl",
            "languages": ["nl"],
        },
        "title": {"nl": "Borrel"},
        "survey": [
            {"type": "group", "name": "blad", "children": [r for r in rows.values() if r]},
            {
                "type": "repeat",
                "name": "kamers",
                "label": {"nl": "Kamer"},
                "children": [{"type": "text", "name": "soort", "label": {"nl": "Soort"}}],
            },
        ],
        "choices": {
            "jn": [
                {"name": "ja", "label": {"nl": "Ja zeker"}},
                {"name": "nee", "label": {"nl": "Nee"}},
            ]
        },
    }


@pytest.fixture
def actor(session: Session) -> Actor:
    return make_actor(make_person(session, "ada@example.org", "beheerder"))


def send(
    session: Session, actor: Actor, version: str, answers: dict[str, Any], **more: Any
) -> uuid.UUID:
    incoming = Incoming(
        id=uuid.uuid4(),
        survey="borrel",
        version=version,
        language="nl",
        captured_at=more.pop("at", NOON),
        answers=answers,
        **more,
    )
    intake = Intake(MediaStore(Path("no-files-here")))
    return receive_submission(session, incoming, actor, NOON + timedelta(days=9), intake).id


def table(found: Results, name: str = "") -> list[dict[str, str]]:
    text = "".join(write_csv(found, name)).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_versions_stand_in_one_column_where_name_and_type_match(
    session: Session, actor: Actor
) -> None:
    first = make_survey(session, definition("1"))
    changed = {"type": "select_one jn", "name": "hoe", "label": {"nl": "Hoe?"}}
    decimal = {"type": "decimal", "name": "aantal", "label": {"nl": "Hoeveel?"}}
    make_survey(session, definition("2", hoe=changed, aantal=decimal))
    send(session, actor, "1", {"leuk": "ja", "aantal": "3", "hoe": "Goed"})
    send(session, actor, "2", {"leuk": "nee", "aantal": "2.5", "hoe": "ja"})
    found = Results(session, Wanted(first.survey_id), actor)
    rows = {row["versie"]: row for row in table(found)}
    assert (rows["1"]["leuk"], rows["1"]["leuk_tekst"]) == ("ja", "Ja zeker")
    assert (rows["1"]["aantal"], rows["2"]["aantal"]) == ("3", "2.5")
    # the newest version has the name; what does not fit stands apart
    assert (rows["2"]["hoe"], rows["2"]["hoe@1"]) == ("ja", "")
    assert (rows["1"]["hoe"], rows["1"]["hoe@1"]) == ("", "Goed")
    remarks = {row["kolom"]: row["opmerking"] for row in table(found, EXPLANATION)}
    assert (remarks["hoe"], remarks["hoe@1"]) == ("", "type")


def test_rounds_are_a_table_of_their_own(session: Session, actor: Actor) -> None:
    version = make_survey(session, definition("1"))
    key = send(session, actor, "1", {"kamers": [{"soort": "keuken"}, {"soort": "hal"}]})
    rows = table(Results(session, Wanted(version.survey_id), actor), "kamers")
    assert [(r["inzending"], r["ronde"], r["soort"]) for r in rows] == [
        (str(key), "1", "keuken"),
        (str(key), "2", "hal"),
    ]


def test_a_text_is_never_a_formula_and_a_number_stays_a_number(
    session: Session, actor: Actor
) -> None:
    version = make_survey(session, definition("1"))
    texts = ("=1+1", "+31", "-5", "@A1", "gewoon")
    for text in texts:
        send(session, actor, "1", {"hoe": text, "aantal": "-7"})
    found = Results(session, Wanted(version.survey_id), actor)
    rows = table(found)
    assert {row["hoe"] for row in rows} == {"'=1+1", "'+31", "'-5", "'@A1", "gewoon"}
    assert {row["aantal"] for row in rows} == {"-7"}
    file = io.BytesIO()
    write_workbook(found, file)
    sheet = load_workbook(file)["inzendingen"]
    head = [cell.value for cell in sheet[1]]
    body = list(sheet.iter_rows(min_row=2))
    hoe, aantal = head.index("hoe"), head.index("aantal")
    assert {(row[hoe].value, row[hoe].data_type) for row in body} == {(t, "s") for t in texts}
    assert {row[aantal].value for row in body} == {-7}


def test_residents_stay_unknown_and_the_day_is_all_there_is(session: Session, actor: Actor) -> None:
    version = make_survey(session, definition("1", kind="enquete"))
    key = send(session, Actor(actor.organisation_id), "1", {"hoe": "Goed"})
    [row] = table(Results(session, Wanted(version.survey_id), actor))
    assert row["dag"] == "2026-03-02"
    assert row["inzending"]
    assert str(key) not in ",".join(row.values())
    assert "12:34" not in ",".join(row.values())


def test_each_sees_the_own_areas_and_places_by_the_cell(session: Session, actor: Actor) -> None:
    make_area(session, "BU99990101")
    make_area(session, "BU99990102", bounds=(5.12, 52.08, 5.14, 52.10))
    version = make_survey(session, definition("1"))
    for lon in (5.1111111, 5.1311111):
        place = Location(lon=lon, lat=52.0911111, accuracy_m=5, source="gps")
        send(session, actor, "1", {"hoe": "Goed"}, location=place)
    everything = table(Results(session, Wanted(version.survey_id), actor))
    assert {row["buurt"] for row in everything} == {"BU99990101", "BU99990102"}
    for row in everything:
        assert float(row["lon"]) not in (5.1111111, 5.1311111)
        assert abs(float(row["lat"]) - 52.0911111) < 0.001
    limited = Actor(actor.organisation_id, 99, "Bo", (Grant("wijkmanager", "BU99990101"),))
    assert [r["buurt"] for r in table(Results(session, Wanted(version.survey_id), limited))] == [
        "BU99990101"
    ]
    field_only = Actor(actor.organisation_id, 98, "Cas", (Grant("buurtbeheerder"),))
    assert table(Results(session, Wanted(version.survey_id), field_only)) == []
    with pytest.raises(NotThere):
        Results(session, Wanted(version.survey_id + 1), actor)


def test_the_period_counts_both_days(session: Session, actor: Actor) -> None:
    version = make_survey(session, definition("1"))
    # a quarter before and after midnight on the clock of here, in winter one hour ahead of UTC
    for at in (datetime(2026, 3, 2, 22, 45, tzinfo=UTC), datetime(2026, 3, 2, 23, 15, tzinfo=UTC)):
        send(session, actor, "1", {"hoe": "Goed"}, at=at)
    day = date(2026, 3, 3)
    found = Results(session, Wanted(version.survey_id, first=day, last=day), actor)
    assert [row["dag"] for row in table(found)] == ["2026-03-03"]
    assert found.count() == 1


def test_many_are_read_in_pieces(
    session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = make_survey(session, definition("1"))
    sent = {str(send(session, actor, "1", {"hoe": str(n)})) for n in range(7)}
    monkeypatch.setattr("fieldapp.db.queries.results.PIECE", 3)
    rows = table(Results(session, Wanted(version.survey_id), actor))
    assert sorted(row["inzending"] for row in rows) == sorted(sent)
