"""Five real gemeenten through the command line, on both engines, twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.db.models import Area, IndicatorValue
from tests.chain.command import environment, fieldapp
from tests.conftest import TestDatabase

# gemeente: (part of the file name, buurten), as counted in data/README.md
FILES = {
    "GM0202": ("arnhem", 79),
    "GM0344": ("utrecht", 106),
    "GM0518": ("den-haag", 110),
    "GM0014": ("groningen", 104),
    "GM0106": ("assen", 80),
}
TOTAL = 79 + 106 + 110 + 104 + 80
SCORES = (
    "lbm_totaal",
    "lbm_klasse",
    "lbm_woningvoorraad",
    "lbm_fysieke_omgeving",
    "lbm_voorzieningen",
    "lbm_sociale_samenhang",
    "lbm_overlast_onveiligheid",
)


def boundaries(shared_data: Path, gemeente: str) -> Path:
    name, _ = FILES[gemeente]
    return shared_data / "grenzen" / f"lbm3-2024_buurten_{gemeente}_{name}.geojson"


def buurten(session: Session) -> dict[str, int]:
    session.expire_all()
    query = select(Area.gemeente_code, func.count()).where(
        Area.level == "buurt", Area.boundary_year == 2024, Area.geom.is_not(None)
    )
    return dict(session.execute(query.group_by(Area.gemeente_code)).all())  # type: ignore[arg-type]


def scores(session: Session) -> dict[str, int]:
    session.expire_all()
    query = select(IndicatorValue.indicator, func.count())
    return dict(session.execute(query.group_by(IndicatorValue.indicator)).all())  # type: ignore[arg-type]


def content(session: Session) -> list[tuple[object, ...]]:
    """Everything that an import could have changed."""
    session.expire_all()
    areas = session.execute(
        select(Area.id, Area.code, Area.boundary_year, Area.name, Area.geom_hash).order_by(Area.id)
    ).all()
    values = session.execute(
        select(IndicatorValue.__table__).order_by(*IndicatorValue.__table__.primary_key.columns)
    ).all()
    return [tuple(row) for row in (*areas, *values)]


def test_five_gemeenten_with_their_scores_and_the_second_time_changes_nothing(
    shared_data: Path, database: TestDatabase, session: Session, tmp_path: Path
) -> None:
    env = environment(database.url, tmp_path / "data")
    for gemeente, (_, count) in FILES.items():
        file = boundaries(shared_data, gemeente)
        areas = fieldapp(env, "areas", "import", file, "--year", "2024")
        assert (areas["read"], areas["refused"], areas["repaired"]) == (count, [], []), gemeente
        figures = fieldapp(env, "indicators", "import", "leefbaarometer", file, "--year", "2024")
        assert figures["added"] == count * len(SCORES), gemeente
    assert buurten(session) == {gemeente: count for gemeente, (_, count) in FILES.items()}
    assert scores(session) == dict.fromkeys(SCORES, TOTAL)

    before = content(session)
    for gemeente in ("GM0344", "GM0106"):
        file = boundaries(shared_data, gemeente)
        areas = fieldapp(env, "areas", "import", file, "--year", "2024")
        assert (areas["added"], areas["changed"]) == (0, 0)
        figures = fieldapp(env, "indicators", "import", "leefbaarometer", file, "--year", "2024")
        assert figures["added"] == 0
        assert figures["unchanged"] == FILES[gemeente][1] * len(SCORES)
    assert content(session) == before


@pytest.mark.parametrize("gemeente", FILES)
def test_the_counts_are_those_of_the_file(shared_data: Path, gemeente: str) -> None:
    """geopandas reads the same number of polygons: the count above is not ours alone."""
    import geopandas

    frame = geopandas.read_file(boundaries(shared_data, gemeente))
    assert len(frame) == frame["code"].nunique() == FILES[gemeente][1]
