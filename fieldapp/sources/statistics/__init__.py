"""Readers of statistics, one per publisher's format; all give a StatisticsFile.

read_statistics("kwb", path, year=2023, catalogue=catalogue)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fieldapp.core.indicator import Catalogue
from fieldapp.sources.errors import SourceError
from fieldapp.sources.statistics import kwb, leefbaarometer, own_csv, rivm, statline
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

Reader = Callable[..., StatisticsFile]

# `csv` is the only one that takes a mapping.
SOURCES: Final[Mapping[str, Reader]] = {
    "kwb": kwb.read,
    "statline": statline.read,
    "rivm": rivm.read,
    "leefbaarometer": leefbaarometer.read,
    "csv": own_csv.read,
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
    reader = SOURCES.get(source)
    if reader is None:
        params = {"value": source, "allowed": list(SOURCES)}
        raise SourceError("unknown_source", str(source), params, "choose_source")
    extra: dict[str, Any] = {"mapping": mapping} if source == "csv" else {}
    if mapping is not None and source != "csv":
        raise SourceError("mapping_not_used", source, {"source": source}, "leave_out_mapping")
    file = reader(Path(path), year=year, catalogue=catalogue, **extra)
    label = file.stated_edition if edition is None else edition
    return replace(file, values=tuple(replace(value, edition=label) for value in file.values))
