"""Areas: gemeente, wijk, buurt by CBS code and year; complex and portiek by organisation."""

from __future__ import annotations

from shapely.geometry import MultiPolygon
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.db.base import Base
from fieldapp.db.geometry import Geom


class Area(Base):
    """One area within one boundary year. Codes are text; the join to figures goes by code."""

    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("boundary_year", "code"),
        CheckConstraint(
            "level in ('gemeente', 'wijk', 'buurt', 'complex', 'portiek')", name="level"
        ),
        Index("ix_area_gemeente_code", "gemeente_code", "boundary_year", "level"),
        Index("ix_area_geom", "geom", postgresql_using="gist").ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    boundary_year: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    level: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str | None] = mapped_column(String(40))
    gemeente_code: Mapped[str] = mapped_column(String(6))
    gemeente_name: Mapped[str] = mapped_column(String(120), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    geom: Mapped[MultiPolygon | None] = mapped_column(Geom("MULTIPOLYGON"))
    # Where a name or mark is drawn: a point inside the area, degrees.
    label_lon: Mapped[float | None]
    label_lat: Mapped[float | None]
    changed: Mapped[bool | None]  # CBS: other boundaries than the year before
    simplified: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")
    geom_hash: Mapped[str] = mapped_column(String(64), default="")


class BoundaryRevision(Base):
    """One row; raised by every boundary import, so that search trees in memory renew."""

    __tablename__ = "boundary_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)
