"""Server and phone give the same verdict: what is asked, what counts, what is wrong, what it says.

Every survey of the project, every fixture and every workbook in shared data, answered by chance,
first as they are loaded and then after rounds and answers came and went.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from fieldapp.core.answers import answer_at, parse_answers
from fieldapp.core.answers.readers import read, remembers
from fieldapp.core.answers.values import Impossible
from fieldapp.core.expression.values import from_answer, to_string
from fieldapp.core.filling import offered_choices
from fieldapp.core.survey import Survey, read_survey
from fieldapp.core.survey.engine_json import engine_json
from fieldapp.core.survey.fill import fill_text
from fieldapp.core.tree import plan_of
from fieldapp.core.validate import Examination, examine
from fieldapp.sources.xlsform.read import read_form
from tests.core.survey_files import VALID
from tests.support.random_answers import actions, raw_answers

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "fieldapp" / "static" / "js" / "engine"
RUNNER = Path(__file__).parent / "run_form.js"
SHIPPED = sorted((ROOT / "surveys").glob("*/survey.yaml"))
ADDRESS = "http://engine.test/"
SETS = 50
NOW, SEED = datetime(2026, 3, 2, 18, 0, 5), 20_261_121


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def serve(page: Page, folder: Path, changed: Mapping[str, tuple[str, str]] = {}) -> None:
    """Open an empty page that can import the engine; `changed`: file -> (old, new) text in it."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if not name:
            route.fulfill(content_type="text/html", body="<!doctype html><title>.</title>")
            return
        text = (RUNNER if name == RUNNER.name else folder / name).read_text(encoding="utf-8")
        old, new = changed.get(name, ("", ""))
        assert old in text
        text = text.replace(old, new, 1) if old else text
        route.fulfill(content_type="text/javascript; charset=utf-8", body=text)

    page.unroute_all()
    page.route(f"{ADDRESS}**", answer)
    page.goto(ADDRESS)


def plain(answer: Any) -> Any:
    """Answers in a form that both sides can be held to: numbers as float, dates as XForms text."""
    if isinstance(answer, Mapping):
        return {name: plain(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [plain(item) for item in answer]
    if isinstance(answer, date | time):
        return to_string(from_answer(answer))
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return float(answer)
    return answer


def sent(answer: Any) -> Any:
    """Typed answers in JSON, as a page gives them to the phone."""
    text = json.dumps(answer, default=lambda value: value.isoformat())
    return json.loads(text)


def server_says(survey: Survey, found: Examination, told: Mapping[str, Any]) -> dict[str, Any]:
    """What the server makes of it, in the shape of run_form.js."""
    language = survey.default_language
    items = plan_of(survey).items

    def text(path: str) -> str:
        label = items[path.rpartition("/")[2]].label
        assert label is not None
        return fill_text(label.in_language(language), survey, path, found, language, labels=True)

    return {
        "relevant": sorted(found.relevant),
        "answers": plain(found.answers),
        "problems": [
            [
                problem.where,
                problem.code,
                problem.message
                and fill_text(
                    problem.message.in_language(language),
                    survey, problem.where, found, language, labels=True,
                ),
            ]
            for problem in found.problems
        ],
        "choices": {
            path: sorted(choice.name for choice in offered_choices(survey, path, found))
            for path in told["choices"]
        },
        "texts": {path: text(path) for path in told["texts"]},
    }  # fmt: skip


def phone_says(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{key: told[key] for key in ("problems", "texts")},
        "relevant": sorted(told["relevant"]),
        "answers": plain(told["answers"]),
        "choices": {path: sorted(names) for path, names in told["choices"].items()},
    }


def wrong_ways(survey: Survey, done: list[tuple[str, str, Any]], store: Any) -> dict[str, str]:
    """Path -> code of what was set last and cannot be read; what can be must be in the store."""
    wrong: dict[str, str] = {}
    for path, raw in {path: raw for verb, path, raw in done if verb == "set"}.items():
        question = survey.by_name[path.rpartition("/")[2]]
        if answer_at(store, path.rpartition("/")[0]) is None and "/" in path:
            continue  # its round is gone
        try:
            typed = read(question, raw, survey)
        except (Impossible, KeyError) as error:
            if isinstance(error, Impossible):
                wrong[path] = error.problem[0]
        else:
            if not remembers(question):
                assert plain(answer_at(store, path)) == plain(typed), (path, raw)
    return wrong


def differences(page: Page, survey: Survey, count: int = SETS) -> list[str]:
    """Where server and phone do not say the same."""
    cases, served = [], []
    for seed in range(count):
        parsed = parse_answers(survey, raw_answers(survey, seed))
        done = actions(survey, seed, parsed.answers)
        served.append(parsed.answers)
        cases.append([sent(parsed.answers), done])
    engine = json.loads(json.dumps(engine_json(survey, survey.default_language)))
    phone = page.evaluate(
        """async ([engine, cases, context]) => {
            const { run } = await import("./run_form.js");
            return run(await import("./form.js"), engine, cases, context);
        }""",
        [engine, cases, {"now": NOW.isoformat(), "seed": SEED}],
    )
    found = []
    for seed, (answers, (before, after, done)) in enumerate(zip(served, phone, strict=True)):
        examined = examine(survey, answers, now=NOW, seed=SEED)
        found += compare(f"{seed} loaded", server_says(survey, examined, before), before)
        stored = parse_answers(survey, after["store"])
        assert stored.problems == [], (seed, stored.problems)
        wrong = wrong_ways(survey, done, after["store"])
        examined = examine(
            survey, stored.answers, now=NOW, seed=SEED, unreadable=wrong, language=""
        )
        server = server_says(survey, examined, after)
        server["problems"] += [
            [path, code, None] for path, code in wrong.items() if path in examined.relevant
        ]
        found += compare(f"{seed} changed {done}", server, after)
    return found


def compare(what: str, server: dict[str, Any], told: Mapping[str, Any]) -> list[str]:
    phone = phone_says(told)
    for side in (server, phone):
        side["problems"].sort(key=str)
    return [
        f"{what}: {key}\n  server {server[key]}\n  phone  {phone[key]}"
        for key in server
        if server[key] != phone[key]
    ]


@pytest.mark.parametrize("file", [*SHIPPED, *VALID], ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_surveys_of_the_project(page: Page, file: Path) -> None:
    serve(page, ENGINE / "min")

    assert differences(page, read_survey(file)) == []


def test_workbooks_of_others(page: Page, shared_data: Path) -> None:
    serve(page, ENGINE / "min")
    taken = []
    for file in sorted((shared_data / "xlsform").glob("*.xls*")):
        survey = read_form(file.name, file.read_bytes(), kind="observatie").survey
        if survey is not None:
            taken.append(file.name)
            assert differences(page, survey) == [], file.name
    assert len(taken) > 10


@pytest.mark.parametrize(
    ("file", "old", "new", "name"),
    [
        ("form.js", "node.parent.relevant &&", "", "nested_rounds"),
        ("form.js", "for (const user of users[name]) due?.add(user);", "", "nested_rounds"),
        ("form.js", "if (grown) index();", "", "counted_rounds"),
        ("form.js", "fresh.forEach(fillIn);", "", "counted_rounds"),
        ("form.js", "* 31", "* 37", "triggers"),
        ("form.js", "still.includes(name)", "true", "cascade"),
        ("read.js", "return count % 10", "return 0", "skip_logic"),
    ],
)  # fmt: skip
def test_a_difference_is_seen(page: Page, file: str, old: str, new: str, name: str) -> None:
    survey = fixture(name)
    serve(page, ENGINE, {file: (old, new)})

    try:
        found = differences(page, survey)
    except Exception as error:
        found = [str(error)]
    assert found != []


STEPS = """async ([engine, context, steps]) => {
    const { prepare, createForm } = await import("./form.js");
    await prepare(engine);
    const form = createForm(engine, {}, context);
    return steps.map(([verb, path, value]) => form[verb](path, value) ?? null);
}"""


def walked(page: Page, survey: Survey, *steps: tuple[Any, ...]) -> list[Any]:
    """What each step gives: the name of a function of the form and what goes in."""
    context = {"now": NOW.isoformat(), "seed": SEED}
    found: list[Any] = page.evaluate(STEPS, [engine_json(survey, "nl"), context, list(steps)])
    return found


def fixture(name: str) -> Survey:
    return read_survey(next(path for path in VALID if path.stem == name))


@pytest.mark.parametrize("broken", [False, True])
def test_what_hangs_on_a_trigger_is_worked_out_when_it_changes(page: Page, broken: bool) -> None:
    fire = "for (const node of changed) fire(node);"
    serve(page, ENGINE, {"form.js": (fire, "")} if broken else {})
    found = walked(
        page, fixture("triggers"),
        ("set", "extra", "3"), ("value", "bij_dubbel"),
        ("set", "score", "2"), ("value", "bij_dubbel"),
        ("set", "extra", "9"), ("value", "bij_dubbel"),
        ("set", "score", "4"), ("value", "bij_dubbel"), ("value", "eerste"),
    )[1::2]  # fmt: skip

    # dubbel + extra at the moment dubbel changed; once() keeps the first score
    assert (found == [None, 2 * 2 + 3, 2 * 2 + 3, 2 * 4 + 9]) is not broken


def test_answers_that_are_not_asked_come_back(page: Page) -> None:
    serve(page, ENGINE / "min")
    found = walked(
        page, fixture("skip_logic"),
        ("set", "lek", "ja"), ("set", "gemeld", "nee"), ("set", "waarom_niet", "geen zin"),
        ("set", "lek", "nee"), ("answers",), ("store",), ("relevant", "gemeld"),
        ("set", "lek", "ja"), ("value", "waarom_niet"),
    )  # fmt: skip

    assert found[4] == {"lek": "nee"}
    assert found[5] == {"lek": "nee", "gemeld": "nee", "waarom_niet": "geen zin"}
    assert found[6] is False
    assert found[8] == "geen zin"


def test_rounds_that_go_and_come(page: Page) -> None:
    serve(page, ENGINE / "min")
    counted = walked(
        page, fixture("counted_rounds"),
        ("set", "aantal", "2"), ("set", "mensen/1/naam", "Ans"), ("value", "mensen/0/naam"),
        ("set", "aantal", "1"), ("value", "rondes"), ("relevant", "mensen/1"),
        ("set", "aantal", "2"), ("value", "mensen/1/naam"),
    )  # fmt: skip
    assert counted[2] == "mens 1 van 2"
    assert (counted[4], counted[5], counted[7]) == (1, False, "Ans")

    added = walked(
        page, fixture("nested_rounds"),
        ("set", "ramen_tellen", "ja"), ("add", "kamers"), ("add", "kamers"),
        ("add", "kamers/1/ramen"), ("set", "kamers/1/ramen/1/breedte", "80"),
        ("value", "kamers/1/ramen/0/breedte"), ("remove", "kamers/0"),
        ("value", "kamers/0/ramen/1/breedte"), ("value", "kamers/0/glas"),
    )  # fmt: skip
    assert added[1:4] == ["kamers/0", "kamers/1", "kamers/1/ramen/1"]
    # the first value of a window is 60, without a height 10 counts
    assert added[5] == 60
    assert added[7:] == [80, 60 * 10 + 80 * 10]
