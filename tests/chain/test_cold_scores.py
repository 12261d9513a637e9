"""Cold scores of Utrecht's buurten: the product against a pandas script written from the method.

The same raw files go through the real command line; every indicator's z, every theme's score,
coverage and class must be equal to 1e-9 (tests/chain/cold_by_hand.py).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tests.chain.cold_by_hand import Cold, cold_by_hand
from tests.chain.command import environment, fieldapp
from tests.conftest import TestDatabase
from tests.factories import make_organisation

YEARS = (2023, 2024)
EXACT = 1e-9


def imports(data: Path) -> Iterator[tuple[str | Path, ...]]:
    polygons = data / "grenzen/lbm3-2024_buurten_GM0344_utrecht.geojson"
    figures = data / "cijfers"
    yield "areas", "import", polygons, "--year", "2024"
    for source, name, year in (
        ("kwb", "kwb-2023_GM0344_utrecht.xlsx", "2023"),
        ("kwb", "kwb-2024_GM0344_utrecht.xlsx", "2024"),
        ("statline", "statline_Nabijheid_voorzieningen_2023_GM0344_utrecht.csv", "2023"),
        ("rivm", "rivm_50090NED_2020_18plus_NL.xlsx", "2020"),
        ("leefbaarometer", str(polygons), "2024"),
    ):
        yield "indicators", "import", source, figures / name, "--year", year


def some_buurten(data: Path) -> list[str]:
    """Every fourth of the 106 buurten that have a polygon and so a profile."""
    polygons = data / "grenzen/lbm3-2024_buurten_GM0344_utrecht.geojson"
    return sorted(f["properties"]["code"] for f in json.loads(polygons.read_text())["features"])[
        ::4
    ]


def differences(where: str, ours: dict[str, Any], by_hand: dict[str, Cold]) -> Iterator[str]:
    """What differs between a profile and the script, in words."""
    themes = {theme["code"]: theme["cold"] for theme in ours["themes"]}
    if set(themes) != set(by_hand):
        yield f"{where}: themes {sorted(set(themes) ^ set(by_hand))}"
    for theme in set(themes) & set(by_hand):
        cold, hand = themes[theme], by_hand[theme]
        scored = [i for i in cold["indicators"] if i["z"] is not None]
        z = {i["code"]: i["z"] for i in scored}
        if set(z) != set(hand.z):
            yield f"{where} {theme}: indicators {sorted(set(z) ^ set(hand.z))}"
        for code in set(z) & set(hand.z):
            if abs(z[code] - hand.z[code]) > EXACT:
                yield f"{where} {code}: z {z[code]!r}, by hand {hand.z[code]!r}"
        for indicator in scored:
            if hand.years.get(indicator["code"]) != indicator["year"]:
                yield f"{where} {indicator['code']}: year {indicator['year']}"
        if abs(cold["coverage"] - hand.coverage) > EXACT:
            yield f"{where} {theme}: coverage {cold['coverage']}, by hand {hand.coverage}"
        if (cold["score"] is None) != (hand.score is None):
            yield f"{where} {theme}: score {cold['score']}, by hand {hand.score}"
        elif hand.score is not None and abs(cold["score"] - hand.score) > EXACT:
            yield f"{where} {theme}: score {cold['score']!r}, by hand {hand.score!r}"
        if cold["class"] != hand.grade:
            yield f"{where} {theme}: class {cold['class']}, by hand {hand.grade}"


def test_every_cold_score_of_utrecht_equals_the_script(
    shared_data: Path, database: TestDatabase, session: Session, tmp_path: Path
) -> None:
    env = environment(database.url, tmp_path / "data")
    make_organisation(session)
    for command in imports(shared_data):
        fieldapp(env, *command)
    found: list[str] = []
    compared: Counter[str] = Counter()
    for year in YEARS:
        by_hand = cold_by_hand(shared_data, year)
        codes = some_buurten(shared_data)
        period = ("--from", f"{year}-01-01", "--to", f"{year}-12-31")
        profiles = fieldapp(env, "profile", "build", *codes, *period)
        assert len(codes) >= 20
        assert [profile["area"]["code"] for profile in profiles] == codes
        for code, profile in zip(codes, profiles, strict=True):
            found += differences(f"{code} {year}", profile, by_hand[code])
            compared.update(str(theme["cold"]["class"]) for theme in profile["themes"])
    assert not found, f"{len(found)} differences, the first: " + "\n".join(found[:10])
    # The comparison has seen every outcome, or it would say little.
    assert {"gunstig", "gemiddeld", "zorgelijk", "None"} <= set(compared), compared
