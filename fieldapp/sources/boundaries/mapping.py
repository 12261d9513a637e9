"""A column mapping in YAML: how a municipal file names its code and name. See surveys/mappings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import yaml

from fieldapp.core.area import CbsLevel
from fieldapp.sources.boundaries.formats import CodePart, Format, fold
from fieldapp.sources.errors import SourceError
from fieldapp.sources.mapping_file import read_yaml

_KEYS = frozenset(
    {
        "title",
        "level",
        "code",
        "name",
        "gemeente_column",
        "gemeente_name",
        "inhabitants",
        "water",
        "changed",
        "simplified",
    }
)
_PART_KEYS = frozenset({"text", "column", "width", "last"})


def read_mapping(path: Path) -> Format:
    """Read a mapping file; SourceError says which key is wrong."""
    try:
        data = read_yaml(path)
    except OSError as error:
        raise SourceError("file_missing", path.name, advice="check_path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        detail = " ".join(str(error).split())[:200]
        raise SourceError("mapping_not_yaml", path.name, {"detail": detail}) from error
    return mapping_format(data, where=path.name)


def mapping_format(data: Any, *, where: str) -> Format:
    """A Format from parsed YAML; unknown keys are refused, so that a typing error is seen."""
    if not isinstance(data, Mapping):
        raise SourceError("mapping_wrong", where, {"key": ""}, "see_mapping_example")
    for key in sorted(set(map(str, data)) - _KEYS):
        raise SourceError("mapping_wrong", where, {"key": key}, "see_mapping_example")
    level = data.get("level")
    if level is not None and level not in get_args(CbsLevel):
        raise SourceError("mapping_wrong", where, {"key": "level"}, "see_mapping_example")
    parts = _parts(data.get("code"), where)
    area_name = _column(data, "name", where)
    columns = {part.column for part in parts if part.column} | {area_name}
    return Format(
        name=str(data.get("title") or where),
        needs=frozenset(fold(column) for column in columns),
        code=parts,
        area_name=area_name,
        level=level,
        gemeente_name=data.get("gemeente_column"),
        fixed_gemeente=data.get("gemeente_name"),
        inhabitants=_columns(data, "inhabitants"),
        water=_columns(data, "water"),
        changed=_columns(data, "changed"),
        simplified=bool(data.get("simplified", False)),
    )


def _column(data: Mapping[str, Any], key: str, where: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SourceError("mapping_wrong", where, {"key": key}, "see_mapping_example")
    return value.strip()


def _columns(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key)
    return () if value is None else (str(value),)


def _parts(value: Any, where: str) -> tuple[CodePart, ...]:
    """`code` is a column name, or a list of texts and columns that are joined."""
    items = [{"column": value}] if isinstance(value, str) else value
    if not isinstance(items, list) or not items:
        raise SourceError("mapping_wrong", where, {"key": "code"}, "see_mapping_example")
    parts = []
    for number, item in enumerate(items, start=1):
        place = f"code[{number}]"
        if isinstance(item, str):
            item = {"text": item}
        if not isinstance(item, Mapping) or not set(item) <= _PART_KEYS:
            raise SourceError("mapping_wrong", where, {"key": place}, "see_mapping_example")
        part = CodePart(
            text=str(item.get("text", "")),
            column=str(item.get("column", "")),
            width=_whole(item.get("width"), where, place),
            last=_whole(item.get("last"), where, place),
        )
        if bool(part.text) == bool(part.column):
            raise SourceError("mapping_wrong", where, {"key": place}, "see_mapping_example")
        parts.append(part)
    return tuple(parts)


def _whole(value: Any, where: str, place: str) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 10:
        raise SourceError("mapping_wrong", where, {"key": place}, "see_mapping_example")
    return value
