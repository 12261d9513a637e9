"""The data tree, what an expression reads, and values in repeats."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.core.expression import (
    Context,
    Shape,
    bare_names,
    build,
    choice_rows,
    evaluate,
    evaluate_nodes,
    from_json,
    is_node_set,
    parse,
    references,
    shape_of,
    tables,
    to_json,
)
from tests.core.test_expression import trees

SHAPE = (
    Shape("straat"),
    Shape(
        "kamers",
        "repeat",
        (Shape("maat", "group", (Shape("soort"),)), Shape("ramen", "repeat", (Shape("breedte"),))),
    ),
)
ANSWERS = {
    "straat": "Kerkstraat",
    "kamers": [
        {"soort": "woon", "ramen": [{"breedte": 1}, {"breedte": 2}]},
        {"ramen": [{"breedte": 3}]},
    ],
}


def test_the_tree_knows_paths_places_and_repeats() -> None:
    data = build(SHAPE, ANSWERS)

    assert [node.path for node in data.named["breedte"]] == [
        "kamers/0/ramen/0/breedte", "kamers/0/ramen/1/breedte", "kamers/1/ramen/0/breedte",
    ]  # fmt: skip
    assert [node.position for node in data.named["kamers"]] == [1, 2]
    assert data.repeats_of["breedte"] == ("kamers", "ramen")
    assert data.repeats_of["kamers"] == ()
    soort = data.at("kamers/1/soort")
    assert soort is not None
    assert soort.value is None
    assert [node.name for node in soort.ancestors()] == ["soort", "maat", "kamers", "data"]


def test_below_an_irrelevant_round_nothing_is_relevant() -> None:
    data = build(SHAPE, ANSWERS)
    data.named["kamers"][0].relevant = False

    assert [node.is_shown() for node in data.named["breedte"]] == [False, False, True]
    assert evaluate(parse("sum(${breedte})").tree, Context(data=data)) == 3


def test_a_shape_from_answers() -> None:
    answers = {"a": ["x", "y"], "r": [{"b": 1}, {"c": 2}], "leeg": []}

    assert shape_of(answers) == (
        Shape("a"), Shape("r", "repeat", (Shape("b"), Shape("c"))), Shape("leeg"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("..", ["path", [".."]]),
        ("../x", ["path", [".."], ["x"]]),
        ("./x", ["path", ["."], ["x"]]),
        ("current()/../x", ["path", ["current"], [".."], ["x"]]),
        ("/data/a/b", ["path", ["/"], ["data"], ["a"], ["b"]]),
        ("naam", ["path", ["@"], ["naam"]]),
        ("a[b = 1][2]/c", ["path", ["@"], ["a", ["=", ["path", ["@"], ["b"]], 1], 2], ["c"]]),
        ("${r}[1]/x", ["path", ["$", "r"], [".", 1], ["x"]]),
        ("${r}/*", ["path", ["$", "r"], ["*"]]),
        ("div div mod", ["div", ["path", ["@"], ["div"]], ["path", ["@"], ["mod"]]]),
        ("* * *", ["*", ["path", ["@"], ["*"]], ["path", ["@"], ["*"]]]),
        (
            "instance('l')/root/item[naam = ${x}]/label",
            ["path", ["instance", "l"], ["root"],
             ["item", ["=", ["path", ["@"], ["naam"]], ["$", "x"]]], ["label"]],
        ),
        ("jr:choice-name(., ' ${x} ')", ["jr:choice-name", ["."], "x"]),
        ("${اسم-1.ب}", ["$", "اسم-1.ب"]),
    ],
)  # fmt: skip
def test_paths_as_json(source: str, tree: Any) -> None:
    assert to_json(parse(source).tree) == tree
    assert from_json(tree) == parse(source).tree


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("${b} + ${a} + ${b}", ("b", "a")),
        ("../x = current()/../y", ("x", "y")),
        ("/data/groep/x", ("groep", "x")),
        ("${r}[./a > 18 and b = ${c}]/d", ("r", "a", "b", "c", "d")),
        ("instance('l')/root/item[naam = ${x} and ./y = ../z]/label", ("x",)),
        ("naam = ${x}", ("x",)),
        ("jr:choice-name(${a}, '${b}')", ("b", "a")),
        ("indexed-repeat(${a}, ${r}, position(..) - 1)", ("a", "r")),
        ("position(..)", ()),
    ],
)
def test_references(source: str, names: tuple[str, ...]) -> None:
    assert references(parse(source).tree) == names


def test_tables_and_bare_names() -> None:
    tree = parse("pulldata('a', 'b', 'c', d) = count(instance('e')/root/item[f = g])").tree

    assert tables(tree) == ("a", "e")
    assert bare_names(tree) == ("d",)


def test_a_choice_filter_sees_columns_and_answers() -> None:
    rows = [{"name": "w1", "stad": "a"}, {"name": "w2", "stad": "b"}, {"name": "w3", "stad": "a"}]
    context = Context(answers={"stad": "a"})

    assert choice_rows(parse("stad = ${stad}").tree, context, rows) == [0, 2]
    assert choice_rows(parse("position() = 2 or name = 'w3'").tree, context, rows) == [1, 2]


def test_nodes_of_a_tree() -> None:
    context = Context(data=build(SHAPE, ANSWERS))
    tree = parse("randomize(${breedte}, 1)").tree

    assert is_node_set(tree)
    assert sorted(node.value for node in evaluate_nodes(tree, context)) == [1, 2, 3]
    assert evaluate_nodes(parse("1 + 1").tree, context) == ()


@given(trees, st.sampled_from(["", "straat", "kamers/0/soort", "kamers/0/ramen/1/breedte"]))
def test_evaluating_in_a_tree_never_raises(tree: Any, path: str) -> None:
    data = build(SHAPE, ANSWERS)
    evaluate(tree, Context(data=data, node=data.at(path) if path else None, seed=1))
