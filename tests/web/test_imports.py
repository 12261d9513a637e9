"""Bringing files in through the pages; the worker's part is done here in the same process."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.cli.areas_texts import ADVICE as AREA_ADVICE
from fieldapp.cli.areas_texts import NOTES as AREA_NOTES
from fieldapp.cli.areas_texts import WRONG as AREA_WRONG
from fieldapp.cli.indicators_texts import ADVICE as FIGURE_ADVICE
from fieldapp.cli.indicators_texts import NOTES as FIGURE_NOTES
from fieldapp.cli.indicators_texts import WRONG as FIGURE_WRONG
from fieldapp.config import Settings
from fieldapp.db.models import Area, ImportRun
from fieldapp.services.import_runs import perform
from fieldapp.web.admin.import_texts import ADVICE, NOTES, WRONG
from tests.factories import PASSWORD, make_person
from tests.support.client import CheckingClient


@pytest.fixture
def manager(client: CheckingClient, session: Session) -> CheckingClient:
    """A wijkmanager: brings in data, does not administer."""
    make_person(session, "wijk@example.org", "wijkmanager")
    client.log_in("wijk@example.org", PASSWORD)
    return client


def feature(code: str, name: str, west: float, **more: Any) -> dict[str, Any]:
    ring = [[west, 52.0], [west + 0.01, 52.0], [west + 0.01, 52.01], [west, 52.01], [west, 52.0]]
    return {
        "type": "Feature",
        "properties": {"BU_CODE": code, "BU_NAAM": name, "GM_NAAM": "Lindestad"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        **more,
    }


def geojson(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


GOOD = geojson(feature("BU99990101", "Sterrenbuurt", 5.0), feature("BU99990102", "Maanbuurt", 5.02))


def send(client: CheckingClient, what: str, data: bytes, name: str, **typed: str) -> Any:
    """Fill in the form as it stands and send it with a file."""
    client.get(f"/beheer/gegevens/{what}")
    return client.submit(what, file=(io.BytesIO(data), name), **typed)


def newest(session: Session) -> ImportRun:
    session.expire_all()
    return session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first() or ImportRun()


def work(session: Session, settings: Settings) -> ImportRun:
    """What the worker does with the import that waits."""
    run = newest(session)
    perform(settings, run.id)
    return newest(session)


def areas(session: Session) -> int:
    return session.scalar(select(func.count(Area.id))) or 0


def test_boundaries_are_sent_wait_and_are_reported(
    manager: CheckingClient, session: Session, settings: Settings
) -> None:
    answer = send(manager, "grenzen", GOOD, "buurten 2024.geojson", year="2024")
    run = newest(session)
    assert answer.request.path == f"/beheer/gegevens/{run.id}"
    assert "wacht op verwerking" in manager.text()
    assert list(manager.page.iter("progress"))
    assert "Ververs" in manager.text()
    run = work(session, settings)
    assert session.scalar(select(func.count(ImportRun.id))) == 1  # one row, not two
    manager.get(f"/beheer/gegevens/{run.id}")
    # Two buurten, and the wijk and gemeente that are made of them.
    assert "2 gebieden zijn nieuw" in manager.text()
    assert areas(session) == 4
    assert run.actor_id is not None
    told = manager.get(f"/beheer/gegevens/{run.id}/voortgang").get_json()
    assert told["finished"]
    report = manager.get(f"/beheer/gegevens/{run.id}/verslag.json")
    assert "attachment" in report.headers["Content-Disposition"]
    assert json.loads(report.data)["report"]["added"] == 2
    manager.get("/beheer/gegevens/")
    assert "buurten 2024.geojson" in manager.text()
    send(manager, "grenzen", GOOD, "buurten 2024.geojson", year="2024")
    run = work(session, settings)
    manager.get(f"/beheer/gegevens/{run.id}")
    assert "Alles uit dit bestand was er al" in manager.text()


def test_the_report_names_what_was_repaired_and_refused(
    manager: CheckingClient, session: Session, settings: Settings
) -> None:
    bow = [[5.1, 52.0], [5.11, 52.01], [5.11, 52.0], [5.1, 52.01], [5.1, 52.0]]
    crossed = {"type": "Polygon", "coordinates": [bow]}
    data = geojson(
        feature("BU99990101", "Sterrenbuurt", 5.0),
        feature("BU99990102", "Strik", 5.1, geometry=crossed),
        feature("9990103", "Zonder nullen", 5.02),
    )
    send(manager, "grenzen", data, "x.geojson", year="2024")
    run = work(session, settings)
    manager.get(f"/beheer/gegevens/{run.id}")
    told = manager.text()
    assert "De grens kruiste zichzelf." in told or "De grens raakte zichzelf." in told
    assert "BU99990102" in told
    assert "9990103" in told
    assert "Wat je kunt doen" in told


BROKEN = (
    (GOOD[:-80], "buurten.geojson", "houdt halverwege op", "opnieuw op"),
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "foto.geojson", "", ""),
    (b"dit is tekst", "tekst.geojson", "geen goede GeoJSON", ""),
    (b'{"type": "FeatureCollection", "features": []}', "leeg.geojson", "geen gebieden", ""),
    (geojson(feature("x", "y", 5.0)), "codes.geojson", "Geen enkele regel", ""),
    (geojson(feature("BU99990101", "RD", 150000.0)), "rd.geojson", "", "coördinatenstelsel"),
)


@pytest.mark.parametrize(("data", "name", "what", "todo"), BROKEN)
def test_a_wrong_file_says_what_where_and_what_to_do_and_changes_nothing(
    manager: CheckingClient,
    session: Session,
    settings: Settings,
    data: bytes,
    name: str,
    what: str,
    todo: str,
) -> None:
    send(manager, "grenzen", data, name, year="2024")
    run = work(session, settings)
    assert run.state == "failed"
    assert areas(session) == 0
    manager.get(f"/beheer/gegevens/{run.id}")
    told = manager.text()
    assert "Er is niets veranderd" in told
    assert name in told
    assert what in told
    assert todo in told
    assert "Wat je kunt doen" in told
    manager.get("/beheer/gegevens/")
    assert "Niet gelukt" in manager.text()


def test_an_empty_file_is_refused_at_once(manager: CheckingClient, session: Session) -> None:
    assert send(manager, "grenzen", b"", "leeg.geojson", year="2024").status_code == 422
    assert "Het bestand is leeg" in manager.text()
    assert session.scalars(select(ImportRun)).all() == []


def test_a_file_need_not_be_chosen_twice(
    manager: CheckingClient, session: Session, settings: Settings
) -> None:
    assert send(manager, "grenzen", GOOD, "b.geojson", year="tweeduizend").status_code == 422
    assert "Vul een jaar in van 1995" in manager.text()
    assert "b.geojson is bewaard" in manager.text()
    _, shown = manager.fields("grenzen")
    assert shown["year"] == "tweeduizend"
    manager.submit("grenzen", year="2024")
    assert work(session, settings).state == "done"


def test_another_path_cannot_be_smuggled_in(manager: CheckingClient, session: Session) -> None:
    manager.get("/beheer/gegevens/grenzen")
    smuggled = {"kept_name": "../../secret_key", "kept_sha256": "../.."}
    assert manager.submit("grenzen", year="2024", **smuggled).status_code == 422
    answer = send(manager, "grenzen", GOOD, "../../../etc/passwd.geojson", year="2024")
    assert answer.status_code == 200
    assert newest(session).file_name == "passwd.geojson"


def test_a_file_above_the_limit_is_refused_with_the_other_way_in(
    manager: CheckingClient,
) -> None:
    manager.application.config["MAX_CONTENT_LENGTH"] = 10_000
    send(manager, "grenzen", bytes(20_000), "groot.gpkg", year="2024")
    assert "Het bestand is te groot" in manager.text()
    assert "per gemeente" in manager.text()


def test_figures_with_their_mapping(
    manager: CheckingClient, session: Session, settings: Settings
) -> None:
    send(manager, "grenzen", GOOD, "b.geojson", year="2024")
    work(session, settings)
    rows = b"buurt;inwoners\nBU99990101;1200\nBU99990199;40\n"
    mapping = json.dumps(
        {"code": "buurt", "columns": {"a_inw": "inwoners"}, "delimiter": ";"}
    ).encode()
    manager.get("/beheer/gegevens/cijfers")
    refused = manager.submit(
        "cijfers", file=(io.BytesIO(rows), "eigen.csv"), source="csv", year="2024"
    )
    assert refused.status_code == 422
    assert "Kies het bestand met de kolomindeling" in manager.text()
    manager.submit(
        "cijfers",
        mapping_file=(io.BytesIO(mapping), "indeling.json"),
        source="csv",
        year="2024",
        edition="2024-10",
    )
    run = work(session, settings)
    manager.get(f"/beheer/gegevens/{run.id}")
    told = manager.text()
    assert run.state == "done", told
    assert "2 cijfers zijn toegevoegd" in told
    assert "2024-10" in told
    assert "Codes die bij geen gebied passen" in told
    assert "BU99990199" in told
    assert "Gebieden zonder cijfers" in told


def test_without_a_worker_the_page_says_so_after_a_while(
    manager: CheckingClient, session: Session, settings: Settings
) -> None:
    send(manager, "grenzen", GOOD, "b.geojson", year="2024")
    assert "Draait de worker?" not in manager.text()
    run = newest(session)
    run.created_at = datetime.now(UTC) - timedelta(minutes=1)
    session.commit()
    manager.get(f"/beheer/gegevens/{run.id}")
    assert "De verwerking is nog niet begonnen. Draait de worker?" in manager.text()
    seen = settings.data_dir / "worker.seen"
    seen.touch()
    manager.get(f"/beheer/gegevens/{run.id}")
    assert "Draait de worker?" not in manager.text()
    long_ago = datetime.now(UTC).timestamp() - 3600
    os.utime(seen, (long_ago, long_ago))
    run.state = "running"
    session.commit()
    manager.get(f"/beheer/gegevens/{run.id}")
    assert "De verwerking is onderbroken" in manager.text()


def test_the_list_goes_on_by_pages(manager: CheckingClient, session: Session) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(60):
        session.add(
            ImportRun(
                kind="areas",
                file_name=f"bestand-{number}.gpkg",
                options={"year": 2024},
                state="done",
                created_at=start + timedelta(hours=number),
            )
        )
    session.commit()
    seen: list[str] = []
    address: str | None = "/beheer/gegevens/"
    while address:
        manager.get(address)
        seen += [w for w in manager.text().split() if w.startswith("bestand-")]
        links = {a.get("rel"): a.get("href") for a in manager.page.iter("a")}
        address = links.get("next")
    assert seen == [f"bestand-{n}.gpkg" for n in reversed(range(60))]


def test_imports_of_others_and_people_without_the_role(
    client: CheckingClient, session: Session
) -> None:
    away = make_person(session, "ver@example.org", "beheerder", organisation="elders")
    run = ImportRun(
        kind="areas",
        organisation_id=away.organisation_id,
        file_name="x",
        state="queued",
        created_at=datetime.now(UTC),
    )
    session.add(run)
    session.commit()
    make_person(session, "wijk@example.org", "wijkmanager")
    client.log_in("wijk@example.org", PASSWORD)
    for path in ("", "/voortgang", "/verslag.json"):
        assert client.get(f"/beheer/gegevens/{run.id}{path}").status_code == 404
    client.get("/uitloggen")
    make_person(session, "kees@example.org", "buurtbeheerder", "analist")
    other = client.application.test_client()
    assert isinstance(other, CheckingClient)
    other.log_in("kees@example.org", PASSWORD)
    for path in ("", "grenzen", "cijfers", f"{run.id}"):
        assert other.get(f"/beheer/gegevens/{path}").status_code == 403


def test_every_code_of_a_reader_has_words_here_too() -> None:
    # The command line has a line for each code that readers give; its own tests keep that whole.
    assert set(WRONG) >= set(AREA_WRONG) | set(FIGURE_WRONG)
    assert set(ADVICE) >= set(AREA_ADVICE) | set(FIGURE_ADVICE)
    assert set(NOTES) >= set(AREA_NOTES) | set(FIGURE_NOTES)


def test_the_upload_store_keeps_names_inside_its_folder(tmp_path: Path) -> None:
    from fieldapp.services.import_runs import UploadStore

    store = UploadStore(tmp_path / "imports")
    for name in ("..", "../x", "a/b\\c.csv", "", "\0", "x" * 300, "نص.csv"):
        kept = store.write(io.BytesIO(b"1"), name)
        assert store.path(kept).resolve().is_relative_to((tmp_path / "imports").resolve())
        assert store.path(kept).read_bytes() == b"1"
