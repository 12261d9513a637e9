"""What Alembic must know about our column types and about what is not ours."""

from __future__ import annotations

from typing import Any

from fieldapp.db.geometry import Geom
from fieldapp.db.types import UtcDateTime

NOT_OURS = {"spatial_ref_sys"}


def _include_object(dialect: str) -> Any:
    def include(obj: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
        if kind == "table":
            return name not in NOT_OURS and getattr(obj, "schema", None) in (None, "public")
        # GiST indexes exist on PostgreSQL only; Alembic forgets ddl_if.
        return not (kind == "index" and dialect != "postgresql" and str(name).endswith("_geom"))

    return include


def _compare_type(
    _context: Any, _inspected_column: Any, _column: Any, inspected: Any, declared: Any
) -> bool | None:
    if isinstance(declared, Geom):
        kind = getattr(inspected, "geometry_type", None)
        return kind is not None and (kind, inspected.srid) != (
            declared.geometry_type,
            declared.srid,
        )
    return None


def _render_item(kind: str, obj: Any, autogen: Any) -> str | bool:
    if kind == "type" and isinstance(obj, Geom):
        autogen.imports.add("from fieldapp.db.geometry import Geom")
        return f"Geom({obj.geometry_type!r})"
    if kind == "type" and isinstance(obj, UtcDateTime):
        autogen.imports.add("from fieldapp.db.types import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and type(obj).__name__ in ("JSON", "JSONB"):
        autogen.imports.add("from fieldapp.db.types import Json")
        return "Json"
    return False


def context_options(dialect: str) -> dict[str, Any]:
    """Options for Alembic's migration context on this dialect."""
    return {
        "include_object": _include_object(dialect),
        "compare_type": _compare_type,
        "render_item": _render_item,
        "render_as_batch": True,
    }
