"""What must be the same on SQLite and PostGIS, and was not by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from shapely.geometry import MultiPolygon, Point, box
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from fieldapp.db.engine import insert_if_absent, upsert
from fieldapp.db.geo import area_index, cell_100m, find_buurt, to_rd
from fieldapp.db.models import Area, AuditEntry, Organisation, Revision
from tests.factories import make_area


def test_a_geometry_comes_back_as_it_went_in(session: Session) -> None:
    made = make_area(session, "BU99990101", bounds=(5.1, 52.0, 5.2, 52.1))
    session.expire_all()
    found = session.get(Area, made.id)
    assert found is not None
    assert found.geom is not None
    assert found.geom.equals(MultiPolygon([box(5.1, 52.0, 5.2, 52.1)]))


def test_another_kind_of_geometry_is_refused(session: Session) -> None:
    area = make_area(session, "BU99990101")
    area.geom = Point(5, 52)  # type: ignore[assignment]
    with pytest.raises(StatementError, match="expected MULTIPOLYGON"):
        session.commit()


def test_postgis_holds_real_geometry(session: Session, engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        return
    make_area(session, "BU99990101", bounds=(5.1, 52.0, 5.2, 52.1))
    inside = session.scalar(
        text("select st_contains(geom, st_setsrid(st_point(5.15, 52.05), 4326)) from area")
    )
    assert inside is True


def test_a_moment_comes_back_in_utc(session: Session) -> None:
    local = datetime(2026, 7, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    session.add(AuditEntry(at=local, deed="x", subject="y"))
    session.commit()
    session.expire_all()
    stored = session.scalars(select(AuditEntry)).one().at
    assert stored == local
    assert stored.utcoffset() == timedelta(0)


def test_a_moment_without_zone_is_refused(session: Session) -> None:
    session.add(AuditEntry(at=datetime(2026, 7, 1), deed="x", subject="y"))
    with pytest.raises(StatementError, match="without a time zone"):
        session.commit()


def test_names_compare_without_case_beyond_ascii(session: Session) -> None:
    session.add(Organisation(slug="a", name="ÉÉN Şehir"))
    session.commit()
    found = session.scalar(select(Organisation).where(func.lower(Organisation.name) == "één şehir"))
    assert found is not None


def test_like_minds_its_case(session: Session) -> None:
    session.add(Organisation(slug="a", name="Lindestad"))
    session.commit()
    assert session.scalar(select(Organisation).where(Organisation.name.like("linde%"))) is None


def test_a_row_that_points_nowhere_is_refused(session: Session) -> None:
    session.add(AuditEntry(at=datetime.now(UTC), actor_id=4711, deed="x", subject="y"))
    with pytest.raises(IntegrityError):
        session.commit()


def test_insert_if_absent_tells_whether_it_did(session: Session) -> None:
    table = Revision.__table__
    first = insert_if_absent(session, table, ["key"], {"key": "a", "number": 1})  # type: ignore[arg-type]
    second = insert_if_absent(session, table, ["key"], {"key": "a", "number": 2})  # type: ignore[arg-type]
    session.commit()
    assert (first, second) == (True, False)
    assert session.scalars(select(Revision.number)).one() == 1


def test_upsert_overwrites_the_named_columns(session: Session, engine: Engine) -> None:
    statement = upsert(Revision.__table__, engine.dialect.name, ["key"], ["number"])  # type: ignore[arg-type]
    session.execute(statement, [{"key": "a", "number": 1}])
    session.execute(statement, [{"key": "a", "number": 7}])
    session.commit()
    assert session.scalars(select(Revision.number)).one() == 7


def test_a_point_on_a_boundary_belongs_to_the_lowest_code(session: Session) -> None:
    make_area(session, "BU99990102", bounds=(5.2, 52.0, 5.3, 52.1))
    make_area(session, "BU99990101", bounds=(5.1, 52.0, 5.2, 52.1))
    found = find_buurt(session, 5.2, 52.05)
    assert found is not None
    assert found.code == "BU99990101"


def test_a_point_belongs_to_the_newest_boundaries(session: Session) -> None:
    make_area(session, "BU99990101", "oud", bounds=(5.1, 52.0, 5.2, 52.1), year=2020)
    make_area(session, "BU99990102", "nieuw", bounds=(5.1, 52.0, 5.2, 52.1), year=2024)
    found = find_buurt(session, 5.15, 52.05)
    assert found is not None
    assert (found.code, found.boundary_year) == ("BU99990102", 2024)


def test_the_index_is_renewed_when_boundaries_change(session: Session) -> None:
    assert area_index(session) is None
    make_area(session, "BU99990101", bounds=(5.1, 52.0, 5.2, 52.1))
    assert find_buurt(session, 5.15, 52.05) is not None


def test_rd_of_the_point_where_the_grid_begins() -> None:
    # The tower of Amersfoort: x = 155,000, y = 463,000 by definition of the Dutch grid.
    x, y = to_rd(5.38720621, 52.15517440)
    assert abs(x - 155_000) < 1.5
    assert abs(y - 463_000) < 1.5


def test_a_cell_hides_the_place_within_it() -> None:
    here = cell_100m(5.38720621, 52.15517440)
    x, y = to_rd(*here)
    assert (round(x) % 100, round(y) % 100) == (50, 50)
    # 20 m away, in the same cell of 100 m: the same answer.
    assert cell_100m(5.3874, 52.1552) == here
