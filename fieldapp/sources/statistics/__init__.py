"""Readers of statistics, one per publisher's format; all give a StatisticsFile.

read_statistics("kwb", path, year=2023, catalogue=catalogue)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from fieldapp.core.indicator import Catalogue
from fieldapp.sources.errors import SourceError
from fieldapp.sources.statistics.model import (
    StatisticsFile,
    StatReport,
    StatValue,
    Suspect,
)

__all__ = [
    "SOURCES",
    "StatReport",
    "StatValue",
    "StatisticsFile",
    "Suspect",
    "read_statistics",
]

# Source -> module with its `read`. Imported when asked for: they carry pandas, and the web and the
# command line come by here without reading a file.
SOURCES: Final[Mapping[str, str]] = {
    "kwb": "kwb",
    "statline": "statline",
    "rivm": "rivm",
    "leefbaarometer": "leefbaarometer",
    "csv": "own_csv",
}


def read_statistics(
    source: str,
    path: Path,
    *,
    year: int,
    catalogue: Catalogue,
    mapping: Mapping[str, Any] | Path | None = None,
    edition: str | None = None,
) -> StatisticsFile:
    """Read one file of a source in SOURCES for one year; nothing is stored.

    `edition` is put on every value; without it the day that the file itself states, which may be
    empty. Raises SourceError when the file as a whole cannot be used.
    """
    if source not in SOURCES:
        params = {"value": source, "allowed": list(SOURCES)}
        raise SourceError("unknown_source", str(source), params, "choose_source")
    # `csv` is the only one that takes a mapping.
    extra: dict[str, Any] = {"mapping": mapping} if source == "csv" else {}
    if mapping is not None and source != "csv":
        raise SourceError("mapping_not_used", source, {"source": source}, "leave_out_mapping")
    reader = import_module(f"{__name__}.{SOURCES[source]}")
    file: StatisticsFile = reader.read(Path(path), year=year, catalogue=catalogue, **extra)
    if edition is None:
        return file
    return replace(file, values=tuple(v._replace(edition=edition) for v in file.values))
