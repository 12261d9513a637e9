"""Figures per area and year, with vintage and edition."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.db.base import Base


class IndicatorValue(Base):
    """One figure. Missing figures have no row: missing is missing, 0 is 0.

    `year` is the year the figure describes (its vintage); `edition` tells publications of the
    same year apart, sorted as text (the latest counts), for example "2024-10".
    """

    __tablename__ = "indicator_value"
    __table_args__ = (
        UniqueConstraint("indicator", "area_code", "year", "edition"),
        Index("ix_indicator_value_area", "area_code", "year"),
        Index("ix_indicator_value_import", "import_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(String(60))
    area_code: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    edition: Mapped[str] = mapped_column(String(40), default="")
    value: Mapped[float]
    status: Mapped[str] = mapped_column(String(20), default="")  # estimate, provisional
    source: Mapped[str] = mapped_column(String(40))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
