"""The pages about buurten as a wijkmanager reads them, without scripts, on both engines."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from fieldapp.core.profile.confront import NOG_NIET, VERDICTS, WRINGT
from fieldapp.db.geo import to_rd
from fieldapp.db.models import Area
from fieldapp.web.context import house
from fieldapp.web.review import words
from fieldapp.web.review.exports import cell
from fieldapp.web.review.gemeente import sections
from fieldapp.web.review.pages import BuurtItem
from fieldapp.web.review.period import read_period
from tests.factories import PASSWORD, make_area, make_organisation, make_person
from tests.factories.profiles import (
    BEST,
    BEST_SCORE,
    CODES,
    GEMEENTE,
    SECOND,
    make_gemeente,
    make_quote,
    make_voice,
    make_voices,
)
from tests.support.client import CheckingClient, text_of
from tests.support.queries import counted

PERIOD = "periode=eigen&van=2026-01-01&tot=2026-06-30"
TODAY = (date(2025, 7, 1), date(2026, 6, 30))


def log_in(
    client: CheckingClient,
    session: Session,
    *roles: str,
    area: str | None = None,
    organisation: str = "gemeente",
) -> None:
    email = f"{uuid.uuid4().hex[:8]}@example.org"
    person = make_person(session, email, *roles, area=area, organisation=organisation)
    client.log_in(person.email, PASSWORD)


def theme_text(client: CheckingClient, code: str) -> str:
    return text_of(next(e for e in client.page.iter("li") if e.get("id") == code))


def first_marks(client: CheckingClient, code: str) -> list[str]:
    """What the drawings of one theme say to who cannot see them."""
    row = next(e for e in client.page.iter("li") if e.get("id") == code)
    return [text_of(d) for d in row.iter() if str(d.tag).endswith("desc")]


# --- the gemeente -----------------------------------------------------------------------------


def test_buurten_are_ordered_by_where_it_wringt_then_by_too_few_heard(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session)
    make_voices(session, 6, BEST, "slecht")  # favourable figures, unhappy people
    make_voices(session, 6, SECOND, "goed")
    make_voices(session, 4, CODES[4], "slecht")
    log_in(client, session, "wijkmanager")
    client.get(f"/buurten/gemeente/{GEMEENTE}?{PERIOD}")

    text = client.text()
    assert "In 1 van de 10 buurten wringt het" in text
    assert "In 8 buurten zijn te weinig mensen gehoord." in text
    order = re.findall(r"Buurt (\d{4}) (wringt op 1 thema|te weinig stemmen|geen verschil)", text)
    few = [code[-4:] for code in CODES[2:]]
    assert order == [
        ("0101", "wringt op 1 thema"),
        *((code, "te weinig stemmen") for code in few),
        ("0102", "geen verschil"),
    ]
    assert "Verborgen zorg: veiligheid" in text
    assert "6 stemmen van bewoners, 0 van professionals" in text


def test_search_finds_by_name_and_code_and_says_when_nothing_is_found(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session, name="Zuilén")
    log_in(client, session, "wijkmanager")

    client.get(f"/buurten/gemeente/{GEMEENTE}?q=zuilen%200102")
    links = [a.get("href") for a in client.page.iter("a") if a.get("class") == "fa-rows__link"]
    assert links == [f"/buurten/{SECOND}"]
    client.get(f"/buurten/gemeente/{GEMEENTE}?q=%3Cscript%3E")
    assert "Geen buurt gevonden" in client.text()


def test_the_start_page_says_what_to_do_without_boundaries(
    client: CheckingClient, session: Session
) -> None:
    log_in(client, session, "wijkmanager")
    client.get("/buurten/")
    assert "Er zijn nog geen buurten" in client.text()
    assert "fieldapp areas import" in client.text()


def test_one_gemeente_is_opened_at_once_and_several_can_be_searched(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session)
    log_in(client, session, "wijkmanager")
    assert client.get("/buurten/").headers["Location"] == f"/buurten/gemeente/{GEMEENTE}"

    other = make_area(session, "BU99980101", "Dorp")
    other.gemeente_name = "Verweg"
    session.commit()
    client.get("/buurten/")
    assert "Lindestad 10 buurten, grenzen van 2024" in client.text()
    assert "Verweg 1 buurt, grenzen van 2024" in client.text()
    client.get("/buurten/?q=VERW")
    assert "Lindestad" not in client.text()


def test_the_map_of_a_gemeente_tells_states_and_links(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session)
    make_voices(session, 6, BEST, "slecht")
    log_in(client, session, "wijkmanager")
    found = client.get(f"/buurten/gemeente/{GEMEENTE}/kaart.geojson?{PERIOD}").get_json(force=True)
    states = {f["properties"]["code"]: f["properties"] for f in found["features"]}

    assert len(states) == 10
    assert states[BEST]["state"] == "wringt"
    assert states[BEST]["state_label"] == "wringt op 1 thema"
    assert states[SECOND]["state"] == "few"
    assert client.get(states[BEST]["url"]).status_code == 200


# --- the buurt --------------------------------------------------------------------------------


def test_the_profile_begins_with_where_it_wringt(client: CheckingClient, session: Session) -> None:
    make_gemeente(session)
    make_voices(session, 6, BEST, "slecht")
    log_in(client, session, "wijkmanager")
    client.get(f"/buurten/{BEST}?{PERIOD}")

    assert (
        "Bewoners zijn over veiligheid minder tevreden dan de cijfers doen verwachten."
        in client.text()
    )
    themes = [e.get("id") for e in client.page.iter("li") if "fa-theme" in (e.get("class") or "")]
    assert themes[0] == "veiligheid"
    assert len(themes) == 7
    row = theme_text(client, "veiligheid")
    assert "Verborgen zorg" in row
    assert "veel gunstiger dan elders" in row
    assert "Licentie: CC BY 4.0" in row
    score = f"+{BEST_SCORE:.2f}".replace(".", ",")
    cold, residents = first_marks(client, "veiligheid")[:2]
    assert score in cold
    assert "waarschijnlijk tussen -1,00 en -1,00" in residents
    assert "Te weinig stemmen, nog 5 te gaan." in row  # the professionals


def test_below_the_threshold_nothing_is_told_but_how_many_are_still_needed(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session)
    make_voices(session, 4, BEST, "slecht")
    log_in(client, session, "wijkmanager")
    client.get(f"/buurten/{BEST}?{PERIOD}")

    row = theme_text(client, "veiligheid")
    assert "Nog niet te duiden" in row
    assert "Te weinig stemmen, nog 1 te gaan." in row
    assert "-1,00" not in row
    assert "ontevreden" not in row
    assert len(first_marks(client, "veiligheid")) == 1  # only the figures are drawn
    data = client.get(f"/buurten/{BEST}/profiel.json?{PERIOD}").get_json()
    safety = next(theme for theme in data["themes"] if theme["code"] == "veiligheid")
    assert safety["warm"]["bewoners"]["mean"] is None
    head, *rows = client.get(f"/buurten/{BEST}/profiel.csv?{PERIOD}").text.splitlines()
    values = dict(zip(head.split(";"), rows[2].split(";"), strict=True))
    assert (values["thema"], values["bewoners_gemiddeld"]) == ("veiligheid", "")


def test_a_subject_that_few_spoke_of_is_counted_but_not_named(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session)
    voices = [make_voice(session, portiek=f"p{n}") for n in range(6)]
    for voice in voices[:4]:
        make_quote(session, voice, "Het is donker.", approved=False)
    log_in(client, session, "wijkmanager")
    client.get(f"/buurten/{BEST}?{PERIOD}")
    assert "Straatverlichting" not in theme_text(client, "veiligheid")
    assert "1 onderwerp waar minder dan 5 mensen over spraken" in client.text()

    make_quote(session, voices[4], "Het is donker.", approved=False)
    client.get(f"/buurten/{BEST}?{PERIOD}")
    assert re.search(r"5 stemmen, vooral niet goed", theme_text(client, "veiligheid"))


def test_only_approved_quotes_are_shown(client: CheckingClient, session: Session) -> None:
    make_gemeente(session)
    voices = [make_voice(session, portiek=f"p{n}") for n in range(6)]
    make_quote(session, voices[0], "De lamp is al een jaar stuk.")
    make_quote(session, voices[1], "Mijn buurvrouw heet Fatima.", approved=False)
    log_in(client, session, "wijkmanager")
    client.get(f"/buurten/{BEST}?{PERIOD}")

    row = theme_text(client, "veiligheid")
    assert row.index("De lamp is al een jaar stuk.") < row.index("Waar dit op rust")
    assert "bewoner, maart 2026" in row
    assert "Fatima" not in client.text()


def test_what_nobody_looked_at_yet_is_said(client: CheckingClient, session: Session) -> None:
    make_gemeente(session)
    make_voice(session, state="received")
    make_voice(session, state="rejected")
    log_in(client, session, "wijkmanager")
    client.get(f"/buurten/{BEST}?{PERIOD}")
    assert "1 inzending in dit profiel is nog niet bekeken" in client.text()
    assert "1 stem van een bewoner" in client.text()


def test_the_map_of_a_buurt_gives_cells_and_never_the_place(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session)
    place = (5.004567, 52.004567)
    make_voice(session, kind="observatie", point=place)
    make_voice(session, kind="observatie", point=place)
    make_voice(session, kind="bewonersgesprek", point=(5.008, 52.008))  # never on the map
    log_in(client, session, "wijkmanager")
    response = client.get(f"/buurten/{BEST}/kaart.geojson?{PERIOD}")
    cells = [
        f for f in response.get_json(force=True)["features"] if f["properties"]["state"] == "cell"
    ]

    assert [f["properties"]["name"] for f in cells] == ["2 observaties"]
    square = shapely.from_geojson(str(cells[0]["geometry"]).replace("'", '"'))
    assert square.contains(shapely.Point(place))
    # A cell of the Dutch grid, wherever in it the place is: corners on whole hundreds of metres.
    metres = [to_rd(lon, lat) for lon, lat in shapely.get_coordinates(square)]
    assert all(abs(round(m, -2) - m) < 0.2 for corner in metres for m in corner)
    assert square.area == pytest.approx(shapely.box(*square.bounds).area, rel=0.1)
    assert "5.004567" not in response.text


# --- who may see what -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "area", "path", "status"),
    [
        ("wijkmanager", None, f"/buurten/{BEST}", 200),
        ("analist", None, f"/buurten/{BEST}", 200),
        ("wijkmanager", "WK999901", f"/buurten/{BEST}", 200),
        ("wijkmanager", "WK999902", f"/buurten/{BEST}", 403),
        ("wijkmanager", "WK999902", f"/buurten/{BEST}/profiel.json", 403),
        ("wijkmanager", "WK999902", f"/buurten/{BEST}/profiel.csv", 403),
        ("wijkmanager", "WK999902", f"/buurten/{BEST}/profiel.geojson", 403),
        ("wijkmanager", "WK999902", f"/buurten/{BEST}/kaart.geojson", 403),
        ("wijkmanager", "WK999801", f"/buurten/gemeente/{GEMEENTE}", 403),
        ("buurtbeheerder", None, f"/buurten/{BEST}", 403),
        ("buurtbeheerder", None, "/buurten/", 403),
        ("wijkmanager", None, "/buurten/BU00000000", 404),
        ("wijkmanager", None, f"/buurten/{GEMEENTE}", 404),
        ("wijkmanager", None, "/buurten/%00", 404),
        ("wijkmanager", None, "/buurten/gemeente/GM0000", 404),
        ("wijkmanager", None, "/buurten/gemeente/%00", 404),
    ],
)
def test_who_may_see_what(
    client: CheckingClient, session: Session, role: str, area: str | None, path: str, status: int
) -> None:
    make_gemeente(session)
    log_in(client, session, role, area=area)
    assert client.get(path).status_code == status


def test_a_wijk_sees_only_its_own_buurten(client: CheckingClient, session: Session) -> None:
    make_gemeente(session)
    log_in(client, session, "wijkmanager", area="WK999902")
    for path in ("", "/kaart.geojson", "/profielen.csv", "/profielen.geojson"):
        text = client.get(f"/buurten/gemeente/{GEMEENTE}{path}").text
        assert CODES[5] in text
        assert BEST not in text


def test_without_a_log_in_the_way_leads_there(client: CheckingClient, session: Session) -> None:
    make_gemeente(session)
    response = client.get(f"/buurten/{BEST}")
    assert response.status_code == 302
    assert "/inloggen" in response.headers["Location"]


def test_voices_and_own_areas_of_another_organisation_stay_there(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session)
    make_voices(session, 6, BEST, "slecht")
    log_in(client, session, "wijkmanager", organisation="andere")
    client.get(f"/buurten/{BEST}?{PERIOD}")
    assert "0 stemmen van bewoners" in client.text()

    own = session.query(Area).filter_by(code=BEST).one()
    own.organisation_id = make_organisation(session, "gemeente").id
    session.commit()
    assert client.get(f"/buurten/{BEST}?{PERIOD}").status_code == 404


def test_navigation_shows_what_a_role_may_enter(client: CheckingClient, session: Session) -> None:
    make_gemeente(session)

    def items() -> list[str]:
        bar = next(e for e in client.page.iter("nav") if "fa-nav" in (e.get("class") or ""))
        return [text_of(a) for a in bar.iter("a")]

    log_in(client, session, "analist")
    client.get(f"/buurten/{BEST}")
    assert items()[0] == "Buurten"
    assert "Coderen" in items()
    assert "Beheer" not in items()


# --- files ------------------------------------------------------------------------------------


def test_csv_is_what_dutch_excel_reads(client: CheckingClient, session: Session) -> None:
    make_gemeente(session, name="=HYPERLINK(1)")
    make_voices(session, 6, BEST, "slecht")
    log_in(client, session, "wijkmanager")
    response = client.get(f"/buurten/gemeente/{GEMEENTE}/profielen.csv?{PERIOD}")

    assert response.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == 10 * 7
    row = next(r for r in rows if (r["gebied_code"], r["thema"]) == (BEST, "veiligheid"))
    assert row["gebied_naam"] == "'=HYPERLINK(1) 0101"
    assert float(row["cijfers_score"].replace(",", ".")) == pytest.approx(BEST_SCORE)
    assert row["bewoners_gemiddeld"] == "-1,0"  # a number, so no apostrophe
    assert row["bewoners_stemmen"] == "6"
    assert row["uitkomst"] == "verborgen_zorg"
    assert row["wringt"] == "ja"
    assert row["professionals_gemiddeld"] == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+31", "'+31"),
        ("-x", "'-x"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("Noord", "Noord"),
        (-0.5, "-0,5"),
        (0, "0"),
        (False, "nee"),
        (None, ""),
    ],
)
def test_cells(value: Any, text: str) -> None:
    assert cell(value) == text


def test_geojson_carries_boundaries_and_verdicts(client: CheckingClient, session: Session) -> None:
    make_gemeente(session)
    make_voices(session, 6, BEST, "slecht")
    log_in(client, session, "wijkmanager")
    one = client.get(f"/buurten/{BEST}/profiel.geojson?{PERIOD}").get_json(force=True)
    every = client.get(f"/buurten/gemeente/{GEMEENTE}/profielen.geojson?{PERIOD}")

    (feature,) = one["features"]
    shape = shapely.from_geojson(str(feature["geometry"]).replace("'", '"'))
    assert shape.equals(shapely.box(5.0, 52.0, 5.01, 52.01))
    assert feature["properties"]["veiligheid_uitkomst"] == "verborgen_zorg"
    assert feature["properties"]["veiligheid_wringt"] is True
    assert feature["properties"]["veiligheid_bewoners"] == -1
    assert len(every.get_json(force=True)["features"]) == 10


# --- speed ------------------------------------------------------------------------------------


def test_the_number_of_queries_stays_the_same(
    client: CheckingClient, session: Session, app: Flask
) -> None:
    make_gemeente(session, CODES[:8])
    make_voices(session, 5, BEST)
    make_quote(session, make_voice(session), "Het is licht.")
    log_in(client, session, "wijkmanager")
    paths = (
        "/buurten/?alle=1",
        f"/buurten/gemeente/{GEMEENTE}?{PERIOD}",
        f"/buurten/gemeente/{GEMEENTE}/kaart.geojson?{PERIOD}",
        f"/buurten/{BEST}?{PERIOD}",
    )

    def cost(path: str) -> int:
        client.get(path)  # the first computes and keeps
        with app.app_context(), counted(house().engine) as seen:
            client.get(path)
        return len(seen)

    before = [cost(path) for path in paths]
    for number, code in enumerate(("BU99990201", "BU99990401", "BU99990402")):
        if session.query(Area).filter_by(code=code).first() is None:
            make_area(session, code, f"Erbij {number}", bounds=(5.2, 52.0, 5.21, 52.01))
    for number in range(10):
        voice = make_voice(session, portiek=f"nog {number}", kind="bewonersgesprek")
        make_quote(session, voice, "Het is donker.")
        make_voice(session, kind="observatie", point=(5.001 + number / 2000, 52.005))

    assert [cost(path) for path in paths] == before
    assert max(before) <= 25


# --- period and words -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "start", "end", "problem"),
    [
        ({}, *TODAY, ""),
        ({"periode": "onzin"}, *TODAY, ""),
        ({"periode": "2025"}, date(2025, 1, 1), date(2025, 12, 31), ""),
        ({"periode": "2026-k2"}, date(2026, 4, 1), date(2026, 6, 30), ""),
        ({"periode": "2025-k4"}, date(2025, 10, 1), date(2025, 12, 31), ""),
        ({"periode": "2026-k4"}, *TODAY, ""),  # has not begun
        ({"van": "2026-02-01", "tot": "2026-02-28"}, date(2026, 2, 1), date(2026, 2, 28), ""),
        ({"periode": "eigen", "van": "2026-02-02", "tot": "2026-02-01"}, *TODAY, "Draai ze om"),
        ({"periode": "eigen", "van": "gisteren", "tot": ""}, *TODAY, "Vul twee datums in"),
        ({"periode": "eigen", "van": "9999-12-31", "tot": "9999-12-31"}, *TODAY, "Vul twee"),
        ({"periode": "eigen", "van": "1990-01-01", "tot": "2020-01-01"}, *TODAY, "tien jaar"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_periods(app: Flask, args: dict[str, str], start: date, end: date, problem: str) -> None:
    with app.test_request_context("/"), force_locale("nl"):
        found = read_period(args, TODAY)
        assert (found.start, found.end) == (start, end)
        assert problem in found.problem
        assert bool(problem) == bool(found.problem)
        again = read_period(found.query, TODAY)  # as links carry it along
        assert (again.start, again.end, again.problem) == (start, end, "")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_wrong_period_is_said_and_nothing_breaks(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session)
    log_in(client, session, "wijkmanager")
    for path in (f"/buurten/{BEST}", f"/buurten/gemeente/{GEMEENTE}"):
        client.get(f"{path}?periode=eigen&van=2026-02-02&tot=2026-02-01")
        assert "Draai ze om" in client.text()


def test_every_code_of_the_method_has_words() -> None:
    readme = Path(words.__file__).parents[2] / "core/profile/README.md"
    chapter = re.search(r"## Reason, note and step codes\n(.*?)\n## ", readme.read_text(), re.S)
    assert chapter
    codes = set(re.findall(r"`([a-z_]+)`", chapter[1])) - {"missing"}
    assert len(codes) > 20
    known: set[str] = set()
    for table in vars(words).values():
        if isinstance(table, dict):
            known |= set(table)
    assert codes <= known
    assert set(VERDICTS.values()) | {NOG_NIET} == set(words.VERDICTS) == set(words.STATES)
    assert {code for code, state in words.STATES.items() if state == "wringt"} == WRINGT


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_more_themes_that_wring_come_first_then_the_name(app: Flask) -> None:
    def item(code: str, name: str, state: str) -> BuurtItem:
        return BuurtItem(name, code, "", state, "", (), "", "")

    items = [
        item("a", "Aalhof", "wringt"),
        item("b", "Zeehof", "wringt"),
        item("c", "berkhof", "wringt"),
        item("d", "Acacia", "few"),
    ]
    with app.test_request_context("/"), force_locale("nl"):
        found = list(sections(items, {"a": 1, "b": 3, "c": 1, "d": 0}))
    assert [[i.name for i in section.items] for section in found] == [
        ["Zeehof", "Aalhof", "berkhof"],
        ["Acacia"],
    ]
