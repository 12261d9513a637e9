"""Figures in the database: nothing twice, nothing lost, nothing half."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.db.models import Area, AuditEntry, ImportRun, IndicatorValue
from fieldapp.db.queries.indicators import by_indicator, edition_counts, latest_figures
from fieldapp.services.import_areas import import_areas
from fieldapp.services.import_indicators import IndicatorReport, import_indicators
from fieldapp.sources.errors import SourceError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADER = ("gwb_code", "regio", "a_inw", "p_leegsw")
MAPPING = {"code": "code", "columns": {"opkomst_gemeenteraad": "opkomst"}}


def book(path: Path, *rows: tuple[object, ...]) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (HEADER, *rows):
        sheet.append(list(row))
    made.save(path)
    return path


def kwb(session: Session, path: Path, year: int = 2023, edition: str = "") -> IndicatorReport:
    return import_indicators(
        session, "kwb", path, year=year, actor=SYSTEM, now=NOW, edition=edition or None
    )


def add_areas(session: Session, year: int, *codes: str) -> None:
    for code in codes:
        gemeente = "GM" + code[2:6]
        level = "gemeente" if code == gemeente else "buurt"
        session.add(
            Area(boundary_year=year, code=code, name=f"Naam {code}", level=level,
                 gemeente_code=gemeente)
        )  # fmt: skip
    session.commit()


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(IndicatorValue)) or 0


def test_the_same_file_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("BU03440111", "Welgelegen", 1810, 8))
    first = kwb(session, path, edition="2024-10")
    again = kwb(session, path, edition="2024-10")
    assert (first.added, first.unchanged) == (2, 0)
    assert (again.added, again.unchanged) == (0, 2)
    assert count(session) == 2
    assert {row.import_id for row in session.scalars(select(IndicatorValue))} == {1}


def test_a_file_without_a_date_keeps_its_edition_when_it_comes_again(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "opkomst.csv"
    path.write_text("code;opkomst\nBU03440111;51,5\n", encoding="utf-8")
    reports = [
        import_indicators(
            session, "csv", path, year=2026, actor=SYSTEM, now=moment, mapping=MAPPING
        )
        for moment in (NOW, NOW + timedelta(days=3))
    ]
    assert [r.edition_from for r in reports] == ["import", "earlier"]
    assert [r.edition for r in reports] == ["2026-03-01T12:00:00"] * 2
    assert count(session) == 1


def test_editions_live_side_by_side_and_the_latest_counts(session: Session, tmp_path: Path) -> None:
    late = book(tmp_path / "b.xlsx", ("BU03440111", "x", 1815, "."))
    early = book(tmp_path / "a.xlsx", ("BU03440111", "x", 1810, 8))
    kwb(session, late, edition="2025-03")
    kwb(session, early, edition="2024-10")  # imported later, published earlier
    figures = latest_figures(session, ["BU03440111"])
    assert by_indicator(figures) == {
        "a_inw": {"BU03440111": {2023: 1815.0}},
        # Missing in the later edition: what was known stays known, with its edition.
        "leegstand": {"BU03440111": {2023: 8.0}},
    }
    assert {f.indicator: f.edition for f in figures} == {"a_inw": "2025-03", "leegstand": "2024-10"}
    assert [(e.edition, e.values) for e in edition_counts(session)] == [
        ("2024-10", 2), ("2025-03", 1),
    ]  # fmt: skip


def test_figures_are_chosen_by_year_and_indicator(session: Session, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("BU03440111", "x", 1, 8), ("BU03440112", "y", 2, 9))
    kwb(session, path, 2023)
    kwb(session, path, 2024)
    codes = ["BU03440111", "BU03440112"]
    found = latest_figures(session, codes, indicators=["a_inw"], first_year=2024, last_year=2024)
    assert [(f.area_code, f.year, f.value) for f in found] == [
        ("BU03440111", 2024, 1.0), ("BU03440112", 2024, 2.0),
    ]  # fmt: skip


def test_other_values_under_the_same_edition_are_refused_whole(
    session: Session, tmp_path: Path
) -> None:
    kwb(session, book(tmp_path / "a.xlsx", ("BU03440111", "x", 1810, 8)), edition="2024-10")
    changed = book(tmp_path / "b.xlsx", ("BU03440112", "y", 5, 1), ("BU03440111", "x", 9, 8))
    with pytest.raises(SourceError) as caught:
        kwb(session, changed, edition="2024-10")
    assert caught.value.code == "edition_has_other_values"
    assert caught.value.params["examples"] == ["a_inw BU03440111: 1810, 9"]
    assert count(session) == 2
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 1


def test_codes_without_an_area_are_kept_and_listed_by_name(
    session: Session, tmp_path: Path
) -> None:
    add_areas(session, 2022, "GM0344", "BU03440111")
    add_areas(session, 2025, "GM0344", "BU03440111", "BU03440112", "BU03440199")
    path = book(
        tmp_path / "a.xlsx",
        ("GM0344", "Utrecht", 4, 1),
        ("BU03440111", "Welgelegen", 1, 1),
        ("BU03440999", "Oude buurt", 2, 1),
        ("BU05180170", "Oostduinen", 3, 1),
    )
    match = kwb(session, path, 2024).match
    assert match.boundary_years == {"GM0344": 2025}  # one year away; 2022 is two
    assert match.matched == 2
    assert [(a.code, a.name) for a in match.unmatched] == [("BU03440999", "Oude buurt")]
    assert [(a.code, a.name) for a in match.elsewhere] == [("BU05180170", "Oostduinen")]
    assert [a.code for a in match.without_values] == ["BU03440112", "BU03440199"]
    assert len(latest_figures(session, ["BU03440999", "BU05180170"])) == 4


def test_the_run_and_the_audit_are_kept(session: Session, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("BU03440111", "x", 1810, "."), (17, "y", 1, 1))
    kwb(session, path, edition="2024-10")
    run = session.scalars(select(ImportRun)).one()
    assert (run.kind, run.source, run.state, run.progress) == ("indicators", "kwb", "done", 100)
    assert run.options["year"] == 2023
    assert run.report["read"]["refused_count"] == 1
    assert run.report["read"]["missing"]["leegstand"] == {"dot": 1}
    assert session.scalars(select(AuditEntry)).one().deed == "indicators_imported"


@pytest.mark.parametrize("year", [1900, 2011])
def test_a_refused_file_leaves_nothing(session: Session, tmp_path: Path, year: int) -> None:
    path = book(tmp_path / "a.xlsx", ("BU03440111", "x", 1810, 8))
    with pytest.raises(SourceError):
        kwb(session, path, year)
    assert count(session) == 0
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_utrecht_on_real_files(session: Session, shared_data: Path) -> None:
    polygons = shared_data / "grenzen/lbm3-2024_buurten_GM0344_utrecht.geojson"
    path = shared_data / "cijfers/kwb-2023_GM0344_utrecht.xlsx"
    import_areas(session, polygons, year=2024, actor=SYSTEM, now=NOW)
    report = kwb(session, path)
    raw = load_workbook(path)
    cells = list(raw.worksheets[0].iter_rows(values_only=True))
    raw.close()
    header = [str(name) for name in cells[0]]
    rows = [dict(zip(header, line, strict=True)) for line in cells[1:]]
    # Buurten without a polygon: five business parks with next to no inhabitants.
    drawn = set(session.scalars(select(Area.code)))
    missing = [(r["gwb_code"], r["regio"]) for r in rows if r["gwb_code"] not in drawn]
    assert [(a.code, a.name) for a in report.match.unmatched] == sorted(missing)
    assert len(missing) == 5
    figures = by_indicator(latest_figures(session, [str(r["gwb_code"]) for r in rows]))
    assert {code: years[2023] for code, years in figures["a_inw"].items()} == {
        r["gwb_code"]: float(r["a_inw"]) for r in rows
    }
