"""The phone's interpreter in Chromium: the hand-worked cases, and the same values as the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from fieldapp.core.expression import FUNCTIONS, OPERATORS, Context, from_json, parse, to_json
from tests.vectors import generate, wild
from tests.vectors.cases import context_of, expected_text, outcome, read_vectors, tree_of

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "fieldapp" / "static" / "js" / "engine"
RUNNER = ROOT / "tests" / "vectors" / "run.js"
ADDRESS = "http://expressions.test/"
COUNT, BATCH = 24_000, 3_000

Cases = Sequence[tuple[int, str, Any]]


def serve(page: Page, changed: dict[str, tuple[str, str]], folder: Path = ENGINE) -> None:
    """Open an empty page that can import the modules; `changed`: file -> (old, new) text in it."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if not name:
            route.fulfill(content_type="text/html", body="<!doctype html><title>.</title>")
            return
        text = (RUNNER if name == "run.js" else folder / name).read_text(encoding="utf-8")
        old, new = changed.get(name, ("", ""))
        assert old in text
        text = text.replace(old, new, 1) if old else text
        route.fulfill(content_type="text/javascript; charset=utf-8", body=text)

    page.route(f"{ADDRESS}**", answer)
    page.goto(ADDRESS)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def on_the_phone(page: Page, worlds: Sequence[Any], cases: Cases) -> list[str]:
    """What the interpreter in the page makes of the cases."""
    found: list[str] = page.evaluate(
        """async ([worlds, cases]) => {
            const engine = await import("./expression.js");
            const { run } = await import("./run.js");
            return run(engine, worlds, cases);
        }""",
        [list(worlds), [list(case) for case in cases]],
    )
    return found


@pytest.mark.parametrize("folder", [ENGINE, ENGINE / "min"], ids=["source", "minified"])
def test_vectors(page: Page, folder: Path) -> None:
    worlds, cases = read_vectors()
    names = list(worlds)
    serve(page, {}, folder)
    found = on_the_phone(
        page,
        list(worlds.values()),
        [
            (names.index(case.get("world", "flat")), case.get("at", ""), tree_of(case["source"]))
            for case in cases
        ],
    )
    wrong = [
        (case["id"], case["source"], expected_text(case["expected"]), value)
        for case, value in zip(cases, found, strict=True)
        if value != expected_text(case["expected"])
    ]
    assert wrong == []


def differences(page: Page, seed: int, count: int) -> list[tuple[str, str, str]]:
    """(source, value on the server, value on the phone) where they are not the same."""
    worlds = generate.worlds(seed, 12)
    contexts: dict[tuple[int, str], Context] = {}
    found = []
    made = generate.expressions(seed, count)
    for start in range(0, count, BATCH):
        batch = made[start : start + BATCH]
        trees = [parse(source).tree for _, _, source in batch]
        cases = [
            (world, path, to_json(tree))
            for (world, path, _), tree in zip(batch, trees, strict=True)
        ]
        phone = on_the_phone(page, worlds, cases)
        for (world, path, source), tree, value in zip(batch, trees, phone, strict=True):
            if (world, path) not in contexts:
                contexts[world, path] = context_of(worlds[world], path)
            server = outcome(tree, contexts[world, path])
            if server != value:
                found.append((source, server, value))
    return found


def test_server_and_phone_give_the_same_values(page: Page) -> None:
    serve(page, {}, ENGINE / "min")

    assert differences(page, seed=20_261_121, count=COUNT) == []


def test_trees_that_no_author_would_write(page: Page) -> None:
    serve(page, {}, ENGINE / "min")
    worlds, cases = wild.wild_worlds(), wild.wild_cases(20_261_121, BATCH * 2)
    contexts = {
        (world, path): context_of(worlds[world], path) for world, path in {c[:2] for c in cases}
    }
    server = [outcome(from_json(tree), contexts[world, path]) for world, path, tree in cases]
    phone = on_the_phone(page, worlds, cases)

    assert [pair for pair in zip(cases, server, phone, strict=True) if pair[1] != pair[2]] == []


def test_the_generator_knows_every_function() -> None:
    assert set(generate.CALLS) == set(FUNCTIONS)
    assert set(generate.OPERATORS) == set(OPERATORS)
    made = " ".join(source for _, _, source in generate.expressions(20_261_121, 2_000))
    assert [name for name in FUNCTIONS if f"{name}(" not in made] == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("functions.js", "floor: exactly(Math.floor)", "floor: exactly(Math.trunc)"),
        ("values.js", "number - below >= 0.5", "number - below > 0.5"),
        ("chance.js", "(state * 16807)", "(state * 48271)"),
        ("regex.js", 'if (accept("+")) return [1, null]', 'if (accept("+")) return [0, null]'),
        ("geo.js", "6378100", "6371000"),
        ("digest.js", "5 * i + 1", "5 * i + 2"),
    ],
)
def test_a_difference_is_seen(page: Page, file: str, old: str, new: str) -> None:
    serve(page, {file: (old, new)})

    assert differences(page, seed=20_261_121, count=BATCH) != []
