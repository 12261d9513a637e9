"""Coordinate systems: what a file states, what its numbers say, and the way to EPSG:4326."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely import MultiPolygon

from fieldapp.sources.errors import Note, SourceError

Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]
WGS84 = "EPSG:4326"
RD = "EPSG:28992"

# Names that mean longitude, latitude in degrees; ETRS89 differs from it by centimetres.
_DEGREES = frozenset({"EPSG:4326", "EPSG:4258", "OGC:CRS84", "CRS84", "EPSG:4979"})
# RD New, alone and with NAP heights.
_RD = frozenset({"EPSG:28992", "EPSG:7415"})
_URN = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/)(.+)", re.I)

# Where numbers of the Netherlands, its sea included, lie: kind -> (min x, min y, max x, max y).
EXTENTS: dict[str, Box] = {
    WGS84: (2.0, 50.0, 8.0, 56.0),
    RD: (-120_000.0, 290_000.0, 320_000.0, 760_000.0),
    "swapped_degrees": (50.0, 2.0, 56.0, 8.0),
    "swapped_rd": (290_000.0, -120_000.0, 760_000.0, 290_000.0),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The CRS to read a layer in, the kind of numbers most rows have, and what to tell."""

    crs: str
    looks: str
    notes: tuple[Note, ...] = ()


def name_crs(stated: str, where: str) -> str:
    """`EPSG:28992` or `EPSG:4326` for any spelling of those, else the authority code as known.

    SourceError `crs_unknown` when the name means nothing.
    """
    text = stated.strip()
    match = _URN.fullmatch(text)
    if match:
        parts = [part for part in re.split(r"[:/]", match[1]) if part]
        text = f"{parts[0]}:{parts[-1]}"
    text = f"EPSG:{text}" if text.isdigit() else text.upper()
    if text in _DEGREES:
        return WGS84
    if text in _RD:
        return RD
    try:
        found = pyproj.CRS.from_user_input(stated if match is None and "[" in stated else text)
    except pyproj.exceptions.CRSError as error:
        raise SourceError("crs_unknown", where, {"crs": stated[:80]}, "pass_crs") from error
    authority = found.to_authority()
    return f"{authority[0]}:{authority[1]}" if authority else text


def box_kind(box: Sequence[float]) -> str:
    """Which of EXTENTS a bounding box lies in, else `elsewhere` (also for NaN)."""
    for kind, (west, south, east, north) in EXTENTS.items():
        if west <= box[0] and box[2] <= east and south <= box[1] and box[3] <= north:
            return kind
    return "elsewhere"


def choose_crs(stated: str | None, asked: str | None, kinds: Counter[str], where: str) -> Choice:
    """Which CRS a layer is in, from what it states, what the user says and its own numbers.

    The numbers have the last word: a file whose numbers do not fit is refused with advice,
    because a wrong guess would put every voice in another buurt.
    """
    said = name_crs(stated, where) if stated else None
    wanted = name_crs(asked, where) if asked else None
    looks = max(kinds, key=lambda kind: (kinds[kind], kind in EXTENTS, kind))
    if looks.startswith("swapped"):
        raise SourceError("axes_swapped", where, {"kind": looks}, "swap_axes")
    if said is None and wanted is None and looks == RD:
        raise SourceError("crs_missing", where, {"looks": RD}, "pass_crs")
    crs = wanted or said or WGS84
    if crs in EXTENTS and looks != crs:
        params = {"crs": crs, "looks": looks if looks in EXTENTS else ""}
        advice = "pass_crs" if looks in EXTENTS else "check_crs"
        raise SourceError("crs_does_not_fit", where, params, advice)
    if wanted and said and wanted != said:
        return Choice(crs, looks, (Note("crs_overruled", {"stated": said, "used": wanted}),))
    return Choice(crs, looks)


def to_wgs84(geometries: Sequence[MultiPolygon], crs: str) -> list[MultiPolygon]:
    """Geometries in longitude, latitude."""
    if crs == WGS84:
        return list(geometries)
    project: Any = _projection(crs)
    array: Any = np.array(geometries, dtype=object)
    return list(shapely.transform(array, project, interleaved=False))


@lru_cache(maxsize=8)
def _projection(crs: str) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    transformer = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)

    def project(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        lon, lat = transformer.transform(x, y)
        return lon, lat

    return project
