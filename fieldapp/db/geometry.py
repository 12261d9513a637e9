"""The geometry column type: PostGIS through GeoAlchemy2, well-known bytes on SQLite."""

from __future__ import annotations

from typing import Any

import shapely
from geoalchemy2 import Geometry
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator, TypeEngine

WGS84 = 4326


class Geom(TypeDecorator[BaseGeometry]):
    """Shapely in and out: a PostGIS geometry column, or well-known bytes on SQLite."""

    impl = LargeBinary
    cache_ok = True
    # GeoAlchemy2's table listeners read these; we declare the GiST index ourselves.
    spatial_index = False
    use_typmod = None
    use_N_D_index = False

    def __init__(self, geometry_type: str, srid: int = WGS84) -> None:
        super().__init__()
        self.geometry_type = geometry_type
        self.srid = srid

    def load_dialect_impl(self, dialect: Dialect | None) -> TypeEngine[Any]:
        # While a class is declared GeoAlchemy2 calls this without a dialect.
        if dialect is not None and dialect.name == "postgresql":
            return dialect.type_descriptor(
                Geometry(self.geometry_type, srid=self.srid, spatial_index=False)
            )
        return LargeBinary()

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.geom_type.upper() != self.geometry_type:
            raise ValueError(f"expected {self.geometry_type}, got {value.geom_type}")
        if dialect.name == "postgresql":
            return from_shape(value, srid=self.srid)
        return shapely.to_wkb(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        if value is None:
            return None
        return to_shape(value) if dialect.name == "postgresql" else shapely.from_wkb(value)
