"""The same profiles as files: CSV for Excel, GeoJSON for QGIS.

CSV is made for Dutch Excel, whatever the language of the page: UTF-8 with BOM, semicolons, decimal
comma, CRLF. Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers
are ours and stay numbers. Both files give codes, not words: scripts read them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely

Profile = Mapping[str, Any]
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
WARM = ("n", "mean", "low", "high", "class", "reliability")
COLUMNS = (
    "gebied_code",
    "gebied_naam",
    "gemeente_code",
    "gemeente_naam",
    "van",
    "tot",
    "thema",
    "cijfers_score",
    "cijfers_klasse",
    "cijfers_dekking",
    "cijfers_trend",
    *(
        f"{group}_{name}"
        for group in ("bewoners", "professionals")
        for name in ("stemmen", "gemiddeld", "laag", "hoog", "klasse", "zekerheid")
    ),
    "uitkomst",
    "wringt",
    "groepen_verschillen",
    "methode",
)


def profiles_csv(profiles: Iterable[Profile]) -> str:
    """One row per buurt and theme, with a header."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for profile in profiles:
        for theme in profile["themes"]:
            writer.writerow([cell(value) for value in _row(profile, theme)])
    return out.getvalue()


def cell(value: Any) -> str:
    """A value as Dutch Excel reads it: decimal comma, ja/nee, no formulas, empty when missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, (int, float)):
        return str(value).replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _row(profile: Profile, theme: Mapping[str, Any]) -> list[Any]:
    area, cold = profile["area"], theme["cold"]
    trend = cold["trend"]
    warm = [theme["warm"][group][name] for group in ("bewoners", "professionals") for name in WARM]
    return [
        area["code"],
        area["name"],
        area["gemeente_code"],
        area["gemeente_name"],
        profile["period"]["from"],
        profile["period"]["to"],
        theme["code"],
        cold["score"],
        cold["class"],
        cold["coverage"],
        trend["class"] if trend else None,
        *warm,
        theme["confrontation"],
        theme["wringt"],
        theme["groups_differ"],
        profile["method_version"],
    ]


def profiles_geojson(
    profiles: Sequence[Profile], shapes: Mapping[str, shapely.Geometry]
) -> dict[str, Any]:
    """Areas in EPSG:4326 with the verdict and figures per theme; no shape: geometry null."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": profile["area"]["code"],
                "geometry": geometry_json(shapes.get(profile["area"]["code"])),
                "properties": _properties(profile),
            }
            for profile in profiles
        ],
    }


def _properties(profile: Profile) -> dict[str, Any]:
    area = profile["area"]
    found: dict[str, Any] = {
        "code": area["code"],
        "name": area["name"],
        "gemeente_code": area["gemeente_code"],
        "gemeente_name": area["gemeente_name"],
        "boundary_year": area["boundary_year"],
        "from": profile["period"]["from"],
        "to": profile["period"]["to"],
        "method_version": profile["method_version"],
        "wringt": sum(theme["wringt"] for theme in profile["themes"]),
    }
    for theme in profile["themes"]:
        code, residents = theme["code"], theme["warm"]["bewoners"]
        found |= {
            f"{code}_uitkomst": theme["confrontation"],
            f"{code}_wringt": theme["wringt"],
            f"{code}_cijfers": theme["cold"]["score"],
            f"{code}_bewoners": residents["mean"],
            f"{code}_stemmen": residents["n"],
            f"{code}_professionals": theme["warm"]["professionals"]["mean"],
        }
    return found


def geometry_json(shape: shapely.Geometry | None, tolerance: float = 0.0) -> dict[str, Any] | None:
    """GeoJSON of a shape in degrees, simplified by `tolerance` degrees, to about 10 cm."""
    if shape is None:
        return None
    kept = shapely.simplify(shape, tolerance) if tolerance else shape
    found = json.loads(shapely.to_geojson(kept))
    return {"type": found["type"], "coordinates": _rounded(found["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, 6)
    return [_rounded(one) for one in coordinates] if isinstance(coordinates, list) else coordinates
