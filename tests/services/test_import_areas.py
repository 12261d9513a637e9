"""Importing boundaries, on both engines, from the real files and through the command line."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.cli import COMMANDS
from fieldapp.cli.areas import areas as areas_command
from fieldapp.cli.areas_texts import ADVICE, NOTES, WRONG, error_text, refused_text
from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM
from fieldapp.db.geo import find_buurt
from fieldapp.db.models import Area, AuditEntry, BoundaryRevision, ImportRun
from fieldapp.paths import ROOT
from fieldapp.services import import_areas as service
from fieldapp.services.import_areas import DERIVED, ImportReport, import_areas
from fieldapp.sources.errors import Refused, SourceError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DEN_HAAG = ROOT / "surveys/mappings/gemeente-denhaag-2020.yaml"


def square(x: float, y: float, size: float = 0.01) -> dict[str, Any]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def write(path: Path, level: str, *rows: tuple[str, str, dict[str, Any]]) -> Path:
    """A CBS-like file; `level` is BU, WK or GM."""
    features = [
        {
            "type": "Feature",
            "properties": {f"{level}_CODE": code, f"{level}_NAAM": name, "GM_NAAM": "Baarn"},
            "geometry": geometry,
        }
        for code, name, geometry in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def bring(session: Session, file: Path, year: int = 2024, **options: Any) -> ImportReport:
    return import_areas(session, file, year=year, actor=SYSTEM, now=NOW, **options)


def area(session: Session, code: str, year: int = 2024) -> Area:
    session.expire_all()
    return session.scalars(select(Area).where(Area.code == code, Area.boundary_year == year)).one()


def levels(session: Session, year: int) -> dict[str, int]:
    query = select(Area.level, func.count()).where(Area.boundary_year == year)
    return dict(iter(session.execute(query.group_by(Area.level))))


def everything(session: Session) -> list[tuple[Any, ...]]:
    """All areas and the revision, as comparable values."""
    session.expire_all()
    rows: list[tuple[Any, ...]] = [
        (a.boundary_year, a.code, a.name, a.source, a.geom_hash, a.geom.wkb if a.geom else None)
        for a in session.scalars(select(Area).order_by(Area.boundary_year, Area.code))
    ]
    return [*rows, ("revision", session.scalar(select(BoundaryRevision.revision)))]


@pytest.mark.parametrize(
    ("name", "buurten"),
    [
        ("lbm3-2024_buurten_GM0202_arnhem.geojson", 79),
        ("lbm3-2024_buurten_GM0344_utrecht.geojson", 106),
        ("lbm3-2024_buurten_GM0518_den-haag.geojson", 110),
        ("lbm3-2024_buurten_GM0014_groningen.geojson", 104),
        ("lbm3-2024_buurten_GM0106_assen.geojson", 80),
        ("pdok-wijkenbuurten-2024_buurten_GM0308_baarn.geojson", 21),
    ],
)
def test_a_real_file_twice(session: Session, shared_data: Path, name: str, buurten: int) -> None:
    file = shared_data / "grenzen" / name
    codes = [f["properties"] for f in json.loads(file.read_text())["features"]]
    wijken = {(p.get("code") or p["buurtcode"])[2:8] for p in codes}

    first = bring(session, file)
    assert (first.read, first.added, first.changed, first.unchanged) == (buurten, buurten, 0, 0)
    assert levels(session, 2024) == {"buurt": buurten, "wijk": len(wijken), "gemeente": 1}
    assert len(first.derived) == len(wijken) + 1

    before = everything(session)
    second = bring(session, file)
    assert (second.added, second.changed, second.unchanged) == (0, 0, buurten)
    assert second.derived == []
    assert everything(session) == before


def test_every_area_finds_itself(session: Session, shared_data: Path) -> None:
    """A point inside a buurt is found in that buurt, where simplified neighbours do not overlap."""
    bring(session, shared_data / "grenzen/pdok-wijkenbuurten-2024_buurten_GM0308_baarn.geojson")
    rows = session.scalars(select(Area).where(Area.level == "buurt")).all()
    assert len(rows) == 21
    for row in rows:
        assert row.label_lon is not None
        assert row.label_lat is not None
        found = find_buurt(session, row.label_lon, row.label_lat)
        assert found is not None
        assert found.code == row.code


def test_boundary_years_live_side_by_side(session: Session, shared_data: Path) -> None:
    folder = shared_data / "grenzen"
    bring(session, folder / "gemeente-denhaag_buurten_RD.geojson", 2020, mapping=DEN_HAAG)
    bring(session, folder / "lbm3-2024_buurten_GM0518_den-haag.geojson", 2024)
    # CBS counts 44 wijken and 114 buurten in Den Haag (key figures 2019).
    assert levels(session, 2020) == {"buurt": 114, "wijk": 44, "gemeente": 1}
    assert levels(session, 2024)["buurt"] == 110
    assert area(session, "GM0518", 2020).name == "'s-Gravenhage"


def test_merged_gemeenten_keep_their_old_codes(session: Session, shared_data: Path) -> None:
    folder = shared_data / "grenzen"
    bring(session, folder / "cbs-2016_wijken_RD_groningen-tenboer-haren.geojson", 2016)
    bring(session, folder / "lbm3-2024_buurten_GM0014_groningen.geojson", 2024)
    gemeenten = select(Area.name).where(Area.level == "gemeente", Area.boundary_year == 2016)
    assert set(session.scalars(gemeenten)) == {"Groningen", "Ten Boer", "Haren"}
    assert levels(session, 2016)["wijk"] == 18


def test_repairs_are_reported_and_kept_with_the_run(session: Session, shared_data: Path) -> None:
    file = shared_data / "grenzen/cbs-2016_wijken_RD_GM1940_de-fryske-marren.geojson"
    report = bring(session, file, 2016)
    assert len(report.repaired) == 3
    run = session.scalars(select(ImportRun)).one()
    assert (run.kind, run.state, run.progress, run.finished_at) == ("areas", "done", 100, NOW)
    assert run.report["repaired_count"] == 3
    assert len(run.file_sha256) == 64
    deed = session.scalars(select(AuditEntry)).one()
    assert (deed.deed, deed.detail["added"]) == ("areas_imported", 51)


def test_the_whole_country_and_its_water(session: Session, shared_data: Path) -> None:
    folder = shared_data / "grenzen"
    report = bring(session, folder / "cbs_wijken_haaglanden_wgs84.geojson")
    assert (report.read, report.water, report.added) == (72, 2, 70)
    assert area(session, "GM0518").name == "GM0518"  # this file names no gemeenten
    bring(session, folder / "lbm3-2024_gemeenten_NL.geojson")
    assert levels(session, 2024) == {"gemeente": 342, "wijk": 70}
    assert area(session, "GM0518").name == "'s-Gravenhage"
    assert area(session, "WK051801").gemeente_name == "'s-Gravenhage"
    again = bring(session, folder / "cbs_wijken_haaglanden_wgs84.geojson")
    assert (again.unchanged, again.changed) == (70, 0)


def test_parents_are_the_union_of_their_children(session: Session, tmp_path: Path) -> None:
    west, east = square(5.28, 52.21), square(5.29, 52.21)
    other = square(5.32, 52.21)
    file = write(
        tmp_path / "a.geojson",
        "BU",
        ("BU03080000", "West", west),
        ("BU03080001", "Oost", east),
        ("BU03080100", "Verder", other),
    )
    report = bring(session, file)
    assert report.derived == ["WK030800", "WK030801", "GM0308"]
    wijk, gemeente = area(session, "WK030800"), area(session, "GM0308")
    assert wijk.geom is not None
    assert wijk.geom.equals(shapely.box(5.28, 52.21, 5.30, 52.22))
    assert (wijk.name, wijk.parent_code, wijk.source) == ("Wijk 00", "GM0308", DERIVED)
    assert gemeente.geom is not None
    assert gemeente.geom.area == pytest.approx(3e-4)
    assert (gemeente.name, gemeente.parent_code) == ("Baarn", None)

    # A changed child renews its parents; a file of wijken replaces what was derived.
    wider = write(tmp_path / "b.geojson", "BU", ("BU03080001", "Oost", square(5.29, 52.21, 0.02)))
    assert bring(session, wider).derived == ["WK030800", "GM0308"]
    real = write(tmp_path / "w.geojson", "WK", ("WK030800", "Centrum", square(5.28, 52.2, 0.05)))
    report = bring(session, real)
    assert (report.changed, report.derived) == (1, ["GM0308"])
    assert area(session, "WK030800").name == "Centrum"
    assert bring(session, file).derived == []  # the gemeente is made of its wijken
    assert area(session, "WK030800").name == "Centrum"


def test_changes_are_counted_one_by_one(session: Session, tmp_path: Path) -> None:
    rows = [(f"BU0308000{n}", f"Buurt {n}", square(5.2 + n / 50, 52.2)) for n in range(4)]
    bring(session, write(tmp_path / "a.geojson", "BU", *rows[:3]))
    renamed = ("BU03080001", "Nieuwe naam", rows[1][2])
    moved = ("BU03080002", "Buurt 2", square(5.24, 52.2, 0.012))
    report = bring(session, write(tmp_path / "b.geojson", "BU", rows[0], renamed, moved, rows[3]))
    assert (report.added, report.changed, report.unchanged) == (1, 2, 1)
    assert area(session, "BU03080001").name == "Nieuwe naam"


def test_simplified_boundaries_do_not_replace_exact_ones(
    session: Session, shared_data: Path
) -> None:
    folder = shared_data / "grenzen"
    bring(session, folder / "gemeente-denhaag_buurten_RD.geojson", mapping=DEN_HAAG)
    before = area(session, "BU05180271").geom_hash
    report = bring(session, folder / "lbm3-2024_buurten_GM0518_den-haag.geojson")
    assert (report.kept_exact, report.changed, report.added) == (110, 0, 0)
    assert area(session, "BU05180271").geom_hash == before


def test_an_import_renews_the_search_tree(session: Session, tmp_path: Path) -> None:
    bring(session, write(tmp_path / "a.geojson", "BU", ("BU03080000", "A", square(5.28, 52.21))))
    assert find_buurt(session, 5.285, 52.215) is not None
    assert find_buurt(session, 5.385, 52.215) is None
    bring(session, write(tmp_path / "b.geojson", "BU", ("BU03080001", "B", square(5.38, 52.21))))
    found = find_buurt(session, 5.385, 52.215)
    assert found is not None
    assert found.code == "BU03080001"


def test_a_failure_halfway_changes_nothing(session: Session, tmp_path: Path) -> None:
    rows = [(f"BU0308000{n}", f"Buurt {n}", square(5.2 + n / 50, 52.2)) for n in range(4)]
    bring(session, write(tmp_path / "a.geojson", "BU", rows[0]))
    before = everything(session)

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(session, write(tmp_path / "b.geojson", "BU", *rows), progress=stop)
    assert everything(session) == before
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 1


@pytest.mark.parametrize("year", [24, 1899, 20240])
def test_an_impossible_year(session: Session, tmp_path: Path, year: int) -> None:
    file = write(tmp_path / "a.geojson", "BU", ("BU03080000", "A", square(5.28, 52.21)))
    with pytest.raises(SourceError) as caught:
        bring(session, file, year)
    assert caught.value.code == "year_impossible"
    assert everything(session) == [("revision", None)]


def test_progress_counts_to_the_end(session: Session, shared_data: Path) -> None:
    steps: list[tuple[int, int]] = []
    file = shared_data / "grenzen/pdok-wijkenbuurten-2024_buurten_GM0308_baarn.geojson"
    bring(session, file, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(n, 21) for n in range(1, 22)]


# ---- the command line -----------------------------------------------------------------------


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`fieldapp areas ...` on the database of this test."""
    monkeypatch.setenv("FIELDAPP_ENV", "test")
    monkeypatch.setenv("FIELDAPP_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("FIELDAPP_DATA_DIR", str(settings.data_dir))
    return lambda *words: CliRunner().invoke(areas_command, [str(word) for word in words])


def test_import_and_list(run: Any, shared_data: Path) -> None:
    file = shared_data / "grenzen/gemeente-denhaag_buurten_RD.geojson"
    result = run("import", file, "--year", 2020, "--mapping", "gemeente-denhaag-2020", "--json")
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["read"], report["added"], report["refused_count"]) == (114, 114, 0)
    assert result.stderr == ""  # no progress bar where nobody watches
    rows = json.loads(run("list", "--json").stdout)
    assert {(r["boundary_year"], r["level"], r["areas"]) for r in rows} == {
        (2020, "buurt", 114),
        (2020, "wijk", 44),
        (2020, "gemeente", 1),
    }
    assert "no areas" in run("list", "--year", 2016).stdout


def test_the_report_names_rows(run: Any, tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.geojson",
        "BU",
        ("BU03080000", "Goed", square(5.28, 52.21)),
        ("BU3080001", "Fout", square(5.30, 52.21)),
    )
    result = run("import", file, "--year", 2024)
    assert result.exit_code == 0
    assert "2 read, 1 added" in result.stdout
    assert "row 2 (BU3080001)" in result.stdout
    assert "probably BU03080001" in result.stdout


def test_errors_are_one_line_with_advice(run: Any, tmp_path: Path) -> None:
    rd = write(tmp_path / "rd.geojson", "BU", ("BU03080000", "A", square(146_000, 470_000, 500)))
    result = run("import", rd, "--year", 2024)
    assert result.exit_code != 0
    assert "--crs EPSG:28992" in str(result.exception)
    assert "\n" not in str(result.exception)
    assert run("import", rd, "--year", 2024, "--crs", "EPSG:28992").exit_code == 0


def test_the_command_is_in_the_table() -> None:
    assert COMMANDS["areas"][0] == "fieldapp.cli.areas"


def test_every_code_has_words() -> None:
    """Codes that the sources use, read from their text: none may reach a person bare."""
    boundaries = [*(ROOT / "fieldapp/sources/boundaries").glob("*.py")]
    text = "\n".join(
        path.read_text()
        for path in (*boundaries, ROOT / "fieldapp/sources/errors.py", Path(service.__file__))
    )
    whole_file = set(re.findall(r'(?:SourceError|GeometryRefused)\(\s*"(\w+)"', text))
    assert len(whole_file) > 20
    assert whole_file <= set(WRONG)
    notes = set(re.findall(r'Note\("(\w+)"', text))
    assert len(notes) == 4
    assert notes == set(NOTES)
    # Whatever has words is used, so that a renamed code cannot leave its words behind.
    used = set(re.findall(r'"(\w+)"', text))
    assert set(ADVICE) <= used
    core = (ROOT / "fieldapp/core/area.py").read_text()
    reasons = set(re.findall(r'"([a-z]+_[a-z_]+)"', core)) | {"missing"}
    assert {f"code_{reason}" for reason in reasons} <= set(WRONG)


def test_texts_never_fail_for_lack_of_a_value() -> None:
    assert error_text(SourceError("not_json", "a.geojson")).startswith("a.geojson: ")
    assert "row 3" in refused_text(Refused(3, "", "geometry_unreadable"))
