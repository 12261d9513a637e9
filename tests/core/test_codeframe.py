from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from fieldapp.core.codeframe import CodeFrameError, codeframe_from, load_codeframe


def both(text: str) -> dict[str, str]:
    return {"nl": text, "en": f"{text} (en)"}


def code(name: str, **crosswalk: list[str]) -> dict[str, Any]:
    texts = {key: both(key) for key in ("label", "definition", "belongs", "not_belongs")}
    return {"code": name, **texts, "crosswalk": crosswalk}


def frame() -> dict[str, Any]:
    return {
        "name": "proef",
        "version": 1,
        "crosswalks": {
            "leefbaarometer": ["voorzieningen", "overlast"],
            "rotterdam_zuid": ["wonen"],
        },
        "themes": [
            {"code": "wonen", "number": 4, "label": both("Wonen"), "codes": [
                code("wonen.groen", leefbaarometer=["voorzieningen"]),
                code("wonen.vuil", leefbaarometer=["overlast"], rotterdam_zuid=["wonen"])]},
            {"code": "veiligheid", "number": 3, "label": both("Veilig"), "codes": [
                code("veiligheid.licht", leefbaarometer=["overlast"])]},
        ],
    }  # fmt: skip


def problems(data: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(CodeFrameError) as caught:
        codeframe_from(data)
    return {(problem.code, problem.where) for problem in caught.value.problems}


def test_lookup(tmp_path: Path) -> None:
    file = tmp_path / "kader.yaml"
    file.write_text(yaml.safe_dump(frame()), encoding="utf-8")
    found = load_codeframe(file)
    assert found == codeframe_from(frame())
    assert [theme.number for theme in found.themes] == [4, 3]
    assert found.code("wonen.vuil").theme == "wonen"
    assert found.theme_of("wonen.vuil") is found.theme("wonen") is found.theme_of("wonen")
    assert found.code("wonen.vuil").label.in_language("en") == "label (en)"


def test_crosswalk_both_ways() -> None:
    found = codeframe_from(frame())
    assert found.crosswalk("wonen.groen", "leefbaarometer") == ("voorzieningen",)
    assert found.crosswalk("wonen", "leefbaarometer") == ("voorzieningen", "overlast")
    assert found.crosswalk("wonen.groen", "rotterdam_zuid") == ()
    names = [item.code for item in found.codes_for("leefbaarometer", "overlast")]
    assert names == ["wonen.vuil", "veiligheid.licht"]
    with pytest.raises(KeyError):
        found.crosswalk("wonen", "bestaat_niet")
    with pytest.raises(KeyError):
        found.codes_for("leefbaarometer", "bestaat_niet")


def test_all_problems_at_once() -> None:
    data = frame()
    wonen, veilig = data["themes"]
    wonen["codes"][0]["crosswalk"] = {"leefbaarometr": ["x"]}
    wonen["codes"][1]["crosswalk"]["leefbaarometer"] = ["overlst"]
    del wonen["codes"][1]["belongs"]["en"]
    wonen["kleur"] = "rood"
    veilig["number"] = 4
    veilig["codes"][0]["code"] = "wonen.licht"
    assert problems(data) == {
        ("unknown_framework", "wonen > wonen.groen > crosswalk > leefbaarometr"),
        ("unknown_crosswalk_name", "wonen > wonen.vuil > crosswalk > leefbaarometer"),
        ("missing_text", "wonen > wonen.vuil > belongs"),
        ("unknown_column", "wonen > kleur"),
        ("duplicate_number", "themes > 4"),
        ("code_outside_theme", "veiligheid > wonen.licht > code"),
    }


def test_duplicates_and_emptiness() -> None:
    data = frame()
    data["themes"][0]["codes"].append(code("wonen.groen"))
    data["themes"].append({"code": "leeg", "number": 9, "label": both("Leeg"), "codes": []})
    assert problems(data) == {
        ("duplicate_code", "themes > wonen.groen"),
        ("not_a_list", "leeg > codes"),
    }


def test_cells_of_the_wrong_shape() -> None:
    data = frame()
    wonen, veilig = data["themes"]
    veilig["code"] = "wonen"
    wonen["number"] = "4"
    wonen["codes"][0] = "los"
    wonen["codes"][1]["crosswalk"] = ["los"]
    data["crosswalks"]["leefbaarometer"] = "overlast"
    assert {
        ("not_an_integer", "wonen > number"),
        ("not_a_mapping", "wonen > codes > 1"),
        ("not_a_mapping", "wonen > wonen.vuil > crosswalk"),
        ("not_a_list", "crosswalks > leefbaarometer"),
        ("duplicate_theme", "themes > wonen"),
    } <= problems(data)


def test_a_file_that_is_no_frame(tmp_path: Path) -> None:
    file = tmp_path / "kader.yaml"
    file.write_text("- een", encoding="utf-8")
    with pytest.raises(CodeFrameError):
        load_codeframe(file)


def test_the_shipped_frame() -> None:
    folder = Path(__file__).resolve().parents[2] / "surveys" / "frameworks"
    file = folder / "wijkaanpak.yaml"
    if not file.exists():
        pytest.skip("surveys/frameworks/wijkaanpak.yaml is not there yet")
    themes = [theme.code for theme in load_codeframe(file).themes]
    assert themes == [
        "welzijn", "onderwijs", "veiligheid", "wonen", "werk", "democratie", "binding"
    ]  # fmt: skip
