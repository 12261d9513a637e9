"""Real figures of Utrecht, redone with pandas and scipy from the text of the method alone."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from scipy.stats import kendalltau, theilslopes

from fieldapp.core.profile.cold import cold_profiles
from fieldapp.core.profile.values import ColdInput
from tests.core.profile.samples import Spec

PICKS = {
    "misdrijven": (-1, lambda row: {2024: (row.get("veiligheid") or {}).get("per1000")}),
    "inkomen": (1, lambda row: {2024: row["demografie"].get("inkomenPerInwoner")}),
    "huisarts": (-1, lambda row: {2024: row["demografie"].get("afstandHuisarts")}),
    "gezondheid": (1, lambda row: (row.get("gezondheid") or {}).get("trend") or {}),
}


@pytest.fixture(scope="module")
def utrecht(shared_data):
    path = shared_data / "cijfers" / "buurtcijfers-2024_GM0344.json"
    return json.loads(path.read_text(encoding="utf-8"))["buurten"]


@pytest.fixture(scope="module")
def table(utrecht):
    """One row per figure: area, indicator, year, value."""
    rows = [
        (row["code"], code, int(year), float(value))
        for row in utrecht
        for code, (_, pick) in PICKS.items()
        for year, value in pick(row).items()
        if value is not None
    ]
    return pd.DataFrame(rows, columns=["area", "indicator", "year", "value"])


@pytest.fixture(scope="module", params=["inwoners", "gelijk"])
def people(request, utrecht):
    """Inhabitants as given (some are not known: equal weights), and with the gaps as 0."""
    known = {row["code"]: row["demografie"].get("inwoners") for row in utrecht}
    if request.param == "gelijk":
        return {**known, next(iter(known)): None}
    return {code: n or 0 for code, n in known.items()}


@pytest.fixture(scope="module")
def found(table, people):
    values = {}
    for row in table.itertuples():
        values.setdefault(row.indicator, {}).setdefault(row.area, {})[row.year] = row.value
    given = ColdInput(
        indicators=[Spec(code, "welzijn", polarity=sign) for code, (sign, _) in PICKS.items()],
        values=values,
        inhabitants=people,
        year=2024,
        gemeente_codes=list(people),
        comparable_years=dict.fromkeys(people, range(2012, 2025)),
        themes=("welzijn",),
    )
    return {area: theme for area, (theme,) in cold_profiles(people, given).items()}


def median_by_weight(frame, column):
    frame = frame.sort_values(column)
    return frame.loc[frame["w"].cumsum() >= frame["w"].sum() / 2, column].iloc[0]


def z_by_pandas(table, people):
    """Area x indicator -> z for 2024."""
    columns = {}
    for code, (sign, _) in PICKS.items():
        frame = table[(table.indicator == code) & (table.year == 2024)].set_index("area")
        weights = pd.Series(people).reindex(frame.index)
        frame = frame.assign(w=1.0 if weights.isna().any() else weights.astype(float))
        median = median_by_weight(frame, "value")
        mad = median_by_weight(frame.assign(far=(frame["value"] - median).abs()), "far")
        assert mad > 0
        columns[code] = (sign * (frame["value"] - median) / (1.4826 * mad)).clip(-3, 3)
    return pd.DataFrame(columns)


def test_every_z_and_every_score(table, people, found):
    expected = z_by_pandas(table, people)
    assert len(expected) > 100
    for area, row in expected.iterrows():
        for one in found[area].indicators:
            if pd.isna(row[one.code]):
                continue
            assert one.z == pytest.approx(row[one.code], abs=1e-9)
        if row.notna().sum() >= 2 and row.notna()["gezondheid"]:
            assert found[area].score == pytest.approx(row.mean(), abs=1e-9)


def test_trend_of_health_over_five_rounds(table, people, found):
    health = table[table.indicator == "gezondheid"].pivot(
        index="area", columns="year", values="value"
    )
    equal = any(n is None for n in people.values())
    medians = {}
    for year in health:
        column = health[year].dropna().rename("value").to_frame()
        column["w"] = 1.0 if equal else [float(people[area]) for area in column.index]
        medians[year] = median_by_weight(column, "value")
    compared = 0
    for area, row in health.dropna().iterrows():
        gaps = (row - pd.Series(medians)).round(9)
        (trend,) = [i.trend for i in found[area].indicators if i.code == "gezondheid"]
        if gaps.nunique() < len(gaps):
            continue  # scipy has no exact p with ties; test_trend counts those out in full
        years = gaps.index.to_numpy(dtype=float)
        assert trend.slope == pytest.approx(theilslopes(gaps.to_numpy(), years)[0], abs=1e-9)
        p = kendalltau(years, gaps.to_numpy(), method="exact").pvalue
        assert trend.p == pytest.approx(p, abs=1e-12)
        assert (trend.class_ != "stabiel") == (p < 0.10)
        compared += 1
    assert compared > 50
