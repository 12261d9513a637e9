"""Read the catalogue; every mistake in it at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from fieldapp.core.indicator.check import check_row, check_together, looks_like_proxy
from fieldapp.core.indicator.model import (
    Catalogue,
    CatalogueError,
    CatalogueProblem,
    Derive,
    Indicator,
    Kind,
    Polarity,
    Publisher,
)
from fieldapp.core.indicator.read import mapping, texts


def load_catalogue(data: Mapping[str, Any] | str | Path) -> Catalogue:
    """Read a catalogue from a mapping or a YAML file; CatalogueError with all mistakes."""
    if isinstance(data, (str, Path)):
        data = _read_yaml(Path(data))
    publishers = {
        code: Publisher(code, *(str(row.get(key, "")) for key in ("publisher", "table", "licence")))
        for code, row in mapping(data.get("sources")).items()
    }
    rows = [mapping(row) for row in data.get("indicators") or ()]
    problems = [problem for row in rows for problem in check_row(row, publishers)]
    problems += check_together(rows)
    if not rows:
        problems.append(CatalogueProblem("no_indicators", "indicators"))
    if problems:
        raise CatalogueError(problems)
    indicators = tuple(_build(row, publishers) for row in rows)
    return Catalogue(
        version=str(data.get("version", "")),
        indicators=indicators,
        publishers=publishers,
        theme_notes=mapping(data.get("themes")),
        _by_code={item.code: item for item in indicators},
    )


def _read_yaml(path: Path) -> Mapping[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = {"reason": error.strerror or type(error).__name__}
        raise CatalogueError([CatalogueProblem("cannot_read", path.name, reason)]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0]
        raise CatalogueError(
            [CatalogueProblem("not_yaml", path.name, {"reason": first})]
        ) from error
    if not isinstance(data, Mapping):
        raise CatalogueError([CatalogueProblem("not_a_mapping", path.name)])
    return data


def _build(row: Mapping[str, Any], publishers: Mapping[str, Publisher]) -> Indicator:
    publisher = publishers[row["source"]]
    derive, note = mapping(row.get("derive")), mapping(row.get("note"))
    columns = {
        format_: {
            year: name if isinstance(name, str) else tuple(name) for year, name in years.items()
        }
        for format_, years in mapping(row.get("columns")).items()
    }
    return Indicator(
        code=row["code"],
        name_nl=row["name"]["nl"],
        name_en=row["name"]["en"],
        theme=row["theme"],
        unit=str(row["unit"]),
        kind=cast("Kind", row["kind"]),
        polarity=cast("Polarity", row["polarity"]),
        source=row["source"],
        table=str(row.get("table", publisher.table)),
        licence=str(row.get("licence", publisher.licence)),
        columns=columns,
        derive=Derive(texts(derive["of"]), texts(derive["share_of"]), float(derive["times"]))
        if derive
        else None,
        note_nl=str(note.get("nl", "")),
        note_en=str(note.get("en", "")),
        is_proxy=bool(row.get("is_proxy")) or looks_like_proxy(row),
        composition=row.get("composition"),
    )
