"""The difference between two definitions, and whether their answers read together."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from fieldapp.core.survey import load_survey
from fieldapp.core.survey.compare import Change, Difference, compare


def base() -> dict[str, Any]:
    names = ("een", "twee", "drie", "vier")
    return {
        "settings": {
            "form_id": "proef",
            "version": "1",
            "kind": "observatie",
            "default_language": "nl",
            "languages": ["nl", "ar"],
        },
        "title": {"nl": "Proef"},
        "survey": [
            {
                "type": "group",
                "name": "blad",
                "children": [
                    {"type": "text", "name": name, "label": {"nl": f"Vraag {name}"}}
                    for name in names
                ]
                + [{"type": "select_one jn", "name": "kies", "label": {"nl": "Kies"}}],
            },
            {
                "type": "repeat",
                "name": "kamers",
                "label": {"nl": "Kamer"},
                "children": [{"type": "text", "name": "soort", "label": {"nl": "Soort"}}],
            },
        ],
        "choices": {"jn": [{"name": n, "label": {"nl": n}} for n in ("ja", "nee")]},
    }


def difference(after: dict[str, Any]) -> Difference:
    return compare(load_survey(base()), load_survey(after))


def rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data["survey"][0]["children"]
    return found


def remark(found: Difference, name: str) -> tuple[str, bool]:
    match = next(m for m in found.matches if m.name == name)
    return match.remark, match.together


def test_the_same_is_no_difference() -> None:
    found = difference(deepcopy(base()))
    assert found.is_empty
    assert all(match.together for match in found.matches)


def test_only_what_moved_is_called_moved() -> None:
    data = base()
    rows(data).insert(0, rows(data).pop(2))  # drie before een
    found = difference(data)
    assert [(row.name, row.kind) for row in found.rows] == [("drie", "moved")]
    data = base()
    data["survey"][1]["children"].append(rows(data).pop(3))  # vier into the repeat
    found = difference(data)
    assert [(row.name, row.kind) for row in found.rows] == [("vier", "moved")]
    assert remark(found, "vier") == ("repeats", False)


def test_texts_are_told_per_language() -> None:
    data = base()
    rows(data)[0]["label"] = {"nl": "Anders", "ar": "سؤال"}
    [row] = difference(data).rows
    assert row.changes == (
        Change("label", "Vraag een", "Anders", "nl"),
        Change("label", "", "سؤال", "ar"),
    )


def test_added_removed_and_logic() -> None:
    data = base()
    del rows(data)[1]
    rows(data).append({"type": "text", "name": "nieuw", "label": {"nl": "Nieuw"}})
    rows(data)[1]["relevant"] = "${een} = 'x'"
    found = difference(data)
    assert {(row.name, row.kind) for row in found.rows} == {
        ("nieuw", "added"),
        ("twee", "removed"),
        ("drie", "changed"),
    }
    [change] = next(row for row in found.rows if row.name == "drie").changes
    assert (change.column, change.before, change.after) == ("relevant", "", "${een} = 'x'")
    assert remark(found, "nieuw") == ("added", False)
    assert remark(found, "twee") == ("removed", False)


@pytest.mark.parametrize(
    ("before", "after", "together"),
    [
        ("integer", "decimal", True),
        ("text", "barcode", True),
        ("text", "integer", False),
        ("select_one jn", "select_multiple jn", False),
        ("date", "dateTime", False),
    ],
)
def test_types_that_read_together(before: str, after: str, together: bool) -> None:
    old, new = base(), base()
    rows(old)[0]["type"], rows(new)[0]["type"] = before, after
    found = compare(load_survey(old), load_survey(new))
    assert remark(found, "een") == ("" if together else "type", together)


def test_choices_that_came_and_went_are_named() -> None:
    data = base()
    data["choices"]["jn"] = [{"name": n, "label": {"nl": n}} for n in ("soms", "ja")]
    found = difference(data)
    match = next(m for m in found.matches if m.name == "kies")
    assert (match.remark, match.together, match.choices) == ("choices", True, ("nee", "soms"))
    [row] = found.rows
    assert {(c.before, c.after) for c in row.changes} == {("", "soms"), ("nee", "")}
