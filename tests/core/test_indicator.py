"""The catalogue: what ships is sound, and each rule refuses the file that breaks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldapp.core.indicator import CatalogueError, load_catalogue
from fieldapp.core.profile.constants import THEMES
from fieldapp.paths import FRAMEWORKS

SHIPPED = load_catalogue(FRAMEWORKS / "indicators.yaml")


def row(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "code": "leegstand",
        "theme": "wonen",
        "kind": "share",
        "polarity": -1,
        "unit": "%",
        "source": "kwb",
        "name": {"nl": "Onbewoonde woningen", "en": "Unoccupied homes"},
        "columns": {"kwb": {2023: "p_leegsw"}},
    }
    made |= changes
    return {key: value for key, value in made.items() if value != "LEFT OUT"}


def people(code: str = "a_inw", **changes: Any) -> dict[str, Any]:
    columns = {"kwb": {2023: code}}
    return (
        row(code=code, theme="context", kind="count", polarity=0, unit="inwoners", columns=columns)
        | changes
    )


def load(*rows: dict[str, Any]) -> Any:
    sources = {"kwb": {"publisher": "CBS", "table": "KWB", "licence": "CC BY 4.0"}}
    return load_catalogue({"version": "1", "sources": sources, "indicators": list(rows)})


def problems(*rows: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(CatalogueError) as caught:
        load(*rows)
    return {(problem.where, problem.code) for problem in caught.value.problems}


def test_the_shipped_catalogue_is_large_enough_and_scores_every_theme() -> None:
    assert len(SHIPPED) >= 45
    assert {item.theme for item in SHIPPED} == {*THEMES, "context"}
    for theme in THEMES:
        assert len(SHIPPED.scored(theme)) >= 2, theme
        assert SHIPPED.theme_notes[theme]["nl"], theme
        assert SHIPPED.theme_notes[theme]["en"], theme


def test_nothing_that_counts_or_stands_in_for_origin_or_tenure_is_scored() -> None:
    proxies = {item.code for item in SHIPPED if item.is_proxy}
    assert {"p_koopw", "p_wcorpw", "p_huurw", "p_ov_hw", "herkomst_buiten_nederland"} <= proxies
    assert not [i.code for i in SHIPPED if i.scored and (i.is_proxy or i.kind == "count")]
    assert all(item.licence and item.table for item in SHIPPED)


def test_composition_covers_every_background_group_of_the_brief() -> None:
    assert SHIPPED.inhabitants is not None
    assert SHIPPED.inhabitants.code == "a_inw"
    assert SHIPPED.composition() == {
        "age_band": {
            "0-14": "a_00_14",
            "15-24": "a_15_24",
            "25-44": "a_25_44",
            "45-64": "a_45_64",
            "65+": "a_65_oo",
        },
        "household": {
            "eenpersoons": "a_1p_hh",
            "zonder_kinderen": "a_hh_z_k",
            "met_kinderen": "a_hh_m_k",
        },
        "tenure": {"koop": "p_koopw", "huur_corporatie": "p_wcorpw", "huur_overig": "p_ov_hw"},
    }


def test_column_names_follow_the_year_then_any_year() -> None:
    assert SHIPPED["a_opl_laag"].column_names("kwb", 2023) == ("a_opl_lg", "a_opl_bvm")
    assert SHIPPED["eenzaam"].column_names("rivm", 2020) == ("Eenzaam_28",)
    assert SHIPPED["eenzaam"].column_names("rivm", 2024) == ("Eenzaam",)
    assert SHIPPED["leegstand"].column_names("kwb", 2011) == ()


def test_a_sound_row_loads_with_the_publishers_table_and_licence() -> None:
    item = load(row())["leegstand"]
    assert (item.table, item.licence, item.polarity) == ("KWB", "CC BY 4.0", -1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "Leeg stand"}, "bad_code"),
        ({"theme": "sfeer"}, "unknown_theme"),
        ({"kind": "ratio"}, "unknown_kind"),
        ({"polarity": 2}, "unknown_polarity"),
        ({"polarity": True}, "unknown_polarity"),
        ({"polarity": "LEFT OUT"}, "unknown_polarity"),
        ({"unit": " "}, "no_unit"),
        ({"name": {"nl": "Leegstand"}}, "no_text"),
        ({"note": {"nl": "Alleen Nederlands"}}, "no_text"),
        ({"source": "cbs"}, "unknown_source"),
        ({"kleur": "rood"}, "unknown_key"),
        ({"composition": "age_band/13-17"}, "unknown_composition"),
        ({"columns": {}}, "columns_or_derive"),
        ({"columns": {"spss": {2023: "x"}}}, "unknown_format"),
        ({"columns": {"kwb": {"twintig": "x"}}}, "bad_column"),
        ({"columns": {"kwb": {2023: ""}}}, "bad_column"),
        ({"kind": "count"}, "count_scored"),
        ({"theme": "context"}, "context_scored"),
        ({"is_proxy": True}, "proxy_scored"),
        # Not declared as a stand-in, and still one: by its column, its name or its header.
        ({"columns": {"kwb": {2023: "p_wcorpw"}}}, "proxy_scored"),
        ({"columns": {"statline": {2019: "Wonen/Naar eigendom/Koopwoningen (%)"}}}, "proxy_scored"),
        ({"name": {"nl": "Migratieachtergrond", "en": "Background"}}, "proxy_scored"),
    ],
)
def test_a_mistake_is_refused_by_name(changes: dict[str, Any], code: str) -> None:
    where = str(changes.get("code", "leegstand"))
    assert (where, code) in problems(row(**changes))


@pytest.mark.parametrize("column", ["p_1gezw", "a_soz_wb", "p_leegsw", "onv"])
def test_other_columns_are_not_taken_for_stand_ins(column: str) -> None:
    assert not load(row(columns={"kwb": {2023: column}}))["leegstand"].is_proxy


def test_a_share_made_of_a_stand_in_is_not_scored_either() -> None:
    rule = {"of": "a_neu_al", "share_of": "a_inw", "times": 100}
    derived = row(code="aandeel", columns="LEFT OUT", derive=rule)
    found = problems(people(), people("a_neu_al"), derived)
    assert ("aandeel", "proxy_scored") in found


def test_derive_leans_on_counts_that_are_in_the_catalogue() -> None:
    rule = {"of": "a_soz_wb", "share_of": "leegstand", "times": 1000}
    derived = row(code="bijstand", columns="LEFT OUT", derive=rule)
    assert problems(row(), derived) == {("bijstand", "derive_needs_count")}
    with pytest.raises(CatalogueError) as caught:
        load(row(), derived)
    assert [p.params["part"] for p in caught.value.problems] == ["a_soz_wb", "leegstand"]


def test_doubles_are_refused_and_all_mistakes_come_at_once() -> None:
    first = people(composition="age_band/0-14")
    second = people("a_anders", composition="age_band/0-14")
    found = problems(first, second, row(), row(), row(code="x", kind="ratio"))
    assert {
        ("a_anders", "double_composition"),
        ("leegstand", "double_code"),
        ("x", "unknown_kind"),
    } <= found


@pytest.mark.parametrize(
    ("text", "code"),
    [("- een lijst", "not_a_mapping"), ("a: [", "not_yaml"), ("version: '1'", "no_indicators")],
)
def test_a_file_that_is_no_catalogue(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "indicators.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(path)
    assert caught.value.problems[0].code == code


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"weg\.yaml: cannot_read"):
        load_catalogue(tmp_path / "weg.yaml")
