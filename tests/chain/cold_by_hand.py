"""The cold scores of a gemeente's buurten, straight from the publishers' files with pandas.

Written from design/method.md chapter 1 and surveys/frameworks/indicators.yaml alone, without a
look at fieldapp's own code and sharing none of it, so that two people's reading of the method can
be compared. Also runs by itself: python -m tests.chain.cold_by_hand DATA_FOLDER YEAR

Where the method leaves room it is read as follows:
- x of an area in year y is its latest value in y-3 .. y, for the areas of the reference as well;
- inhabitants, the weights, are taken by that same rule;
- where MAD is 0 the weighted standard deviation (of the whole group, not of a sample) takes the
  place of 1.4826 x MAD; the median stays the centre.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

CATALOGUE = Path(__file__).resolve().parents[2] / "surveys/frameworks/indicators.yaml"
NO_NUMBER = {-99995.0, -99997.0, -99999999.0}
OLDEST = 3
FEWEST = 8
Series = pd.Series  # area code -> number


@dataclass(frozen=True)
class Cold:
    """One theme of one buurt: z by indicator, their mean (None: too few figures)."""

    z: dict[str, float]
    years: dict[str, int]
    coverage: float
    score: float | None
    grade: str | None


def number(cell: Any) -> float:
    """A cell as a number; NaN where the publisher gave none."""
    text = str(cell).strip().replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return math.nan if value in NO_NUMBER else value


def table(frame: pd.DataFrame, codes: pd.Series, gemeente: str) -> pd.DataFrame:
    """Rows of this gemeente's buurten by code; every cell still as the publisher wrote it."""
    codes = codes.astype(str).str.strip()
    keep = codes.str.startswith(f"BU{gemeente[2:]}")
    return frame[keep].set_index(codes[keep])


def read_tables(data: Path, gemeente: str = "GM0344") -> dict[tuple[str, int], pd.DataFrame]:
    """(format, year) -> the raw table of one gemeente (Utrecht: the files that are here)."""
    figures = data / "cijfers"
    tables = {}
    for year in (2023, 2024):
        kwb = pd.read_excel(figures / f"kwb-{year}_{gemeente}_utrecht.xlsx", dtype=object)
        tables["kwb", year] = table(kwb, kwb["gwb_code_10"], gemeente)
    near = pd.read_csv(
        figures / f"statline_Nabijheid_voorzieningen_2023_{gemeente}_utrecht.csv",
        sep=";",
        encoding="utf-8-sig",
        dtype=str,
        keep_default_na=False,
    )
    tables["statline", 2023] = table(near, near["Regioaanduiding/Codering (code)"], gemeente)
    health = pd.read_excel(figures / "rivm_50090NED_2020_18plus_NL.xlsx", dtype=object)
    values = health[health["Marges"].astype(str).str.strip() == "MW00000"]
    tables["rivm", 2020] = table(values, values["WijkenEnBuurten"], gemeente)
    polygons = data / "grenzen" / f"lbm3-2024_buurten_{gemeente}_utrecht.geojson"
    rows = [f["properties"] for f in json.loads(polygons.read_text())["features"]]
    scores = pd.DataFrame([row["raw"] for row in rows])
    codes = pd.Series([row["code"] for row in rows])
    tables["leefbaarometer", 2024] = table(scores, codes, gemeente)
    return tables


def column(frame: pd.DataFrame, names: str | list[str] | None) -> Series | None:
    """The first of these columns that the file has, as numbers without the missing ones."""
    for name in [names] if isinstance(names, str) else names or []:
        if name in frame.columns:
            return frame[name].map(number).astype(float)
    return None


def values_by_year(
    indicators: list[dict[str, Any]], tables: Mapping[tuple[str, int], pd.DataFrame]
) -> dict[str, dict[int, Series]]:
    """Indicator -> year -> area -> value, derived shares included."""
    found: dict[str, dict[int, Series]] = {i["code"]: {} for i in indicators}
    for (form, year), frame in tables.items():
        here: dict[str, Series] = {}
        for indicator in indicators:
            named = indicator.get("columns", {}).get(form, {})
            values = column(frame, named.get(year, named.get("*")))
            if values is not None:
                here[indicator["code"]] = values
        for indicator in indicators:
            rule = indicator.get("derive")
            if rule and all(
                part in here for part in (*parts(rule, "of"), *parts(rule, "share_of"))
            ):
                above = sum((here[part] for part in parts(rule, "of")), start=0.0)
                below = sum((here[part] for part in parts(rule, "share_of")), start=0.0)
                here[indicator["code"]] = rule["times"] * above / below.where(below > 0)
        for code, values in here.items():
            values = values.dropna()
            if len(values):
                before = found[code].get(year)
                # One figure in two files of a year: here it never happens that both have it.
                assert before is None or not set(before.index) & set(values.index), code
                found[code][year] = values if before is None else pd.concat([before, values])
    return found


def parts(rule: Mapping[str, Any], name: str) -> list[str]:
    return [rule[name]] if isinstance(rule[name], str) else list(rule[name])


def latest(by_year: Mapping[int, Series], year: int) -> tuple[Series, dict[str, int]]:
    """Per area the latest value in year-3 .. year, and the year it is of."""
    value: dict[str, float] = {}
    of_year: dict[str, int] = {}
    for candidate in range(year - OLDEST, year + 1):
        for area, x in by_year.get(candidate, pd.Series(dtype=float)).items():
            value[str(area)] = float(x)
            of_year[str(area)] = candidate
    return pd.Series(value, dtype=float), of_year


def weighted_median(x: np.ndarray, w: np.ndarray) -> float:
    """The smallest value at which the cumulative weight reaches half of the whole."""
    order = np.argsort(x, kind="stable")
    reached = np.cumsum(w[order])
    return float(x[order][np.searchsorted(reached, reached[-1] / 2)])


def z_scores(x: Series, inhabitants: Series, polarity: int) -> Series:
    """z of every area of the reference group, clamped to [-3, 3]; empty when it is too small."""
    if len(x) < FEWEST:
        return pd.Series(dtype=float)
    weights = inhabitants.reindex(x.index)
    known = not weights.isna().any() and weights.sum() > 0
    w = weights.to_numpy(float) if known else np.ones(len(x))
    v = x.to_numpy(float)
    middle = weighted_median(v, w)
    scale = 1.4826 * weighted_median(np.abs(v - middle), w)
    if scale == 0:
        mean = np.average(v, weights=w)
        scale = math.sqrt(np.average((v - mean) ** 2, weights=w))
    if scale == 0:
        return pd.Series(0.0, index=x.index)
    return (polarity * (x - middle) / scale).clip(-3, 3)


def grade(score: float | None) -> str | None:
    if score is None:
        return None
    return "gunstig" if score >= 0.5 else "zorgelijk" if score <= -0.5 else "gemiddeld"


def cold_by_hand(data: Path, year: int) -> dict[str, dict[str, Cold]]:
    """Buurt -> theme -> Cold, for Utrecht in one year."""
    indicators = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["indicators"]
    tables = read_tables(data)
    values = values_by_year(indicators, tables)
    inhabitants, _ = latest(values["a_inw"], year)
    scored = [i for i in indicators if i["polarity"] != 0 and i["kind"] != "count"]
    z: dict[str, Series] = {}
    years: dict[str, dict[str, int]] = {}
    for indicator in scored:
        x, years[indicator["code"]] = latest(values[indicator["code"]], year)
        z[indicator["code"]] = z_scores(x, inhabitants, indicator["polarity"])
    themes: dict[str, list[str]] = {}
    for indicator in scored:
        themes.setdefault(indicator["theme"], []).append(indicator["code"])
    buurten = sorted(set(tables["kwb", 2023].index) | set(tables["kwb", 2024].index))
    return {
        area: {theme: one_theme(area, codes, z, years) for theme, codes in themes.items()}
        for area in buurten
    }


def one_theme(
    area: str, codes: list[str], z: Mapping[str, Series], years: Mapping[str, Mapping[str, int]]
) -> Cold:
    own = {code: float(z[code][area]) for code in codes if area in z[code].index}
    coverage = len(own) / len(codes)
    score = sum(own.values()) / len(own) if own and coverage >= 0.5 else None
    return Cold(own, {c: years[c][area] for c in own}, coverage, score, grade(score))


def lines(result: Mapping[str, Mapping[str, Cold]]) -> Iterator[str]:
    for area, themes in result.items():
        for theme, cold in themes.items():
            score = "-" if cold.score is None else f"{cold.score:+.4f}"
            yield f"{area}  {theme:<11} {score:>8}  {cold.coverage:.2f}  {cold.grade or '-'}"


if __name__ == "__main__":
    print("\n".join(lines(cold_by_hand(Path(sys.argv[1]), int(sys.argv[2])))))
