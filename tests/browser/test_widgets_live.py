"""Skip logic on the page: what live.js does with an engine, and without when that fails.

Most tests use a few lines with the face of static/js/engine/form.js, so that each answer it gives
is known; the last ones use the real engine on real pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, render_template_string, request
from playwright.sync_api import Browser, Page

from fieldapp.core.dates import HERE
from fieldapp.core.filling import first_answers
from fieldapp.core.survey.engine_json import engine_json
from fieldapp.services.drafts import as_sent
from fieldapp.web.context import now
from fieldapp.web.forms.live import Live
from fieldapp.web.forms.preview import blank_page
from tests.browser.conftest import PATIENCE
from tests.browser.widget_page import scratch_app

pytestmark = pytest.mark.browser

ENGINE = """
export function createForm(engine, answers, context) {
  if (engine.broken === "start") throw new Error("no engine");
  const given = structuredClone(answers);
  const log = (window.engineLog = [["context", context.language]]);
  const rounds = () => given.kamers ?? [];
  return {
    set(path, raw) {
      log.push(["set", path, raw]);
      if (engine.broken === "later" && raw === "boem") throw new Error("broken");
      const [repeat, index, name] = path.split("/");
      if (name) rounds()[Number(index)][name] = raw; else given[path] = raw;
    },
    add(path) {
      if (given[path]?.length === 3) return null;
      (given[path] ??= []).push({}); log.push(["add", path]); },
    remove(path) { rounds().splice(Number(path.split("/")[1]), 1); log.push(["remove", path]); },
    relevant(path) { return path !== "welk" && path !== "groep" && path !== "straat"
      || given.hond === "ja"; },
    value: (path) => given[path],
    choices: (path) => path !== "wijk" ? null
      : given.stad === "a" ? ["a1", "a2"] : given.stad === "b" ? ["b1"] : [],
    text: (path) => path === "groet" ? `Dag ${given.naam || "…"}, ${rounds().length} kamers` : null,
    problems: () => [
      ...(Number(given.leeftijd) > 120
        ? [{ where: "leeftijd", code: "constraint", message: "Dat is te oud." }] : []),
      ...(given.naam ? [] : [{ where: "naam", code: "required", message: "Vul uw naam in." }]),
    ],
  };
}
"""

PAGE = """<!doctype html><html lang="nl"><head><title>Live</title>
<link rel="stylesheet" href="/static/css/public.css"></head><body class="fa-body"><main>
<form method="post" data-module="live" data-src="/static/js/live.js"
 data-engine-src="/engine.js" novalidate>
<script type="application/json" data-engine>{data}</script>
<input type="hidden" name="form/seen" value="naam hond">
<div data-path="naam" data-type="text"><label for="q-naam">Naam</label>
 <input id="q-naam" name="naam"></div>
<div data-path="groet" data-type="note"><p data-fill="groet">Dag …</p></div>
<div data-path="hond" data-type="select_one">
 <label><input type="radio" name="hond" value="ja">Ja</label>
 <label><input type="radio" name="hond" value="nee">Nee</label></div>
<template data-path="groep"><fieldset data-path="groep" data-group><legend>Hond</legend>
 <template data-path="welk"><div data-path="welk" data-type="text">
  <label for="q-welk">Welke?</label>
  <input id="q-welk" name="welk"></div></template></fieldset></template>
<div data-path="leeftijd" data-type="integer"><label for="q-leeftijd">Leeftijd</label>
 <div class="fa-control"><input id="q-leeftijd" name="leeftijd" aria-describedby="uitleg"></div>
 <p id="uitleg">In jaren.</p></div>
<div data-path="stad" data-type="select_one"><label for="q-stad">Stad</label>
 <select id="q-stad" name="stad"><option value=""></option><option value="a">A</option>
 <option value="b">B</option></select></div>
<div data-path="wijk" data-type="select_one"><fieldset><legend>Wijk</legend>
 <div class="fa-choices"></div></fieldset></div>
<section data-path="kamers" data-repeat><input type="hidden" name="kamers/.rounds" value="0">
<template data-round="kamers"><fieldset data-path="kamers/__0" data-round>
 <legend><h3 data-round-heading>Kamer {number}</h3></legend>
 <input type="hidden" name="kamers/__0/.round" value="">
 <div data-path="kamers/__0/soort" data-type="text"><label for="q-kamers/__0/soort">Soort</label>
  <input id="q-kamers/__0/soort" name="kamers/__0/soort"></div>
 <button name="form/step" value="remove:kamers/__0" data-remove-round>
  <span class="nl-button__label">Kamer {number} weghalen</span></button></fieldset></template>
<button name="form/step" value="add:kamers" data-add-round="kamers">Kamer erbij</button></section>
<button name="form/step" value="next">Volgende</button></form></main>
<script type="module" src="/static/js/main.js"></script></body></html>"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    from tests.browser.conftest import serving

    app: Flask = scratch_app()

    @app.get("/engine.js")
    def engine() -> Response:
        return Response(ENGINE, mimetype="text/javascript")

    @app.get("/live-page")
    def live() -> str:
        wijken = [("a1", "Een"), ("a2", "Twee"), ("b1", "Bee")]
        engine = {
            "broken": request.args.get("broken", ""),
            "rows": [{"name": "wijk", "list": "wijken"}],
            "lists": {"wijken": [{"name": name, "label": label} for name, label in wijken]},
        }
        data = {"engine": engine, "answers": {}, "language": "nl"}
        return PAGE.replace("{data}", json.dumps(data))

    with serving(app) as address:
        yield address


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def opened(page: Page, state: str = "on", broken: str = "") -> Page:
    page.goto(f"/live-page?broken={broken}")
    page.locator(f"form[data-live={state}]").wait_for()
    return page


def test_questions_come_and_go_and_keep_what_was_typed(page: Page) -> None:
    opened(page)
    assert page.locator("#q-welk").count() == 0
    page.get_by_label("Ja").check()
    page.get_by_label("Welke?").fill("Een teckel")
    assert page.locator("[name='form/seen']").input_value() == "naam hond groep welk"
    page.get_by_label("Nee").check()
    page.locator("#q-welk").wait_for(state="detached")
    page.get_by_label("Ja").check()
    assert page.get_by_label("Welke?").input_value() == "Een teckel"
    page.get_by_label("Nee").check()
    page.locator("#q-welk").wait_for(state="detached")
    sends = page.evaluate("[...new FormData(document.querySelector('form')).keys()]")
    assert "welk" not in sends
    assert "naam" in sends


def test_words_follow_while_typing(page: Page) -> None:
    opened(page).get_by_label("Naam").press_sequentially("Sanne")
    page.get_by_text("Dag Sanne, 0 kamers").wait_for()
    assert page.get_by_label("Naam").input_value() == "Sanne"


def test_a_wrong_answer_is_told_on_leaving_not_while_typing(page: Page) -> None:
    box = opened(page).get_by_label("Leeftijd")
    box.press_sequentially("130")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.get_by_text("Dat is te oud.").count() == 0
    page.keyboard.press("Tab")
    page.get_by_text("Dat is te oud.").wait_for()
    assert box.get_attribute("aria-invalid") == "true"
    assert box.get_attribute("aria-describedby") == "uitleg q-leeftijd-error"
    box.fill("13")
    page.get_by_text("Dat is te oud.").wait_for(state="detached")
    assert box.get_attribute("aria-invalid") is None
    assert box.get_attribute("aria-describedby") == "uitleg"


def test_what_is_passed_by_is_not_blamed(page: Page) -> None:
    opened(page).get_by_label("Naam").focus()
    page.keyboard.press("Tab")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.get_by_text("Vul uw naam in.").count() == 0


def test_choices_follow_another_answer(page: Page) -> None:
    opened(page).get_by_label("Stad").select_option("a")
    page.get_by_label("Twee").check()
    page.get_by_label("Stad").select_option("b")
    page.get_by_label("Bee").wait_for()
    assert page.get_by_label("Twee").count() == 0
    assert page.evaluate("engineLog.filter(e => e[1] === 'wijk').at(-1)[2]") == ""
    page.get_by_label("Stad").select_option("a")
    page.get_by_label("Twee").wait_for()
    assert not page.get_by_label("Twee").is_checked()  # was no longer offered: chosen no more


def test_rounds_are_added_and_taken_away_without_the_server(page: Page) -> None:
    opened(page)
    for soort in ("keuken", "", "zolder"):
        page.get_by_role("button", name="Kamer erbij").click()
        focused: Any = page.evaluate("document.activeElement.name")
        assert focused.endswith("/soort")
        page.keyboard.type(soort)
    page.get_by_text("3 kamers").wait_for()
    assert page.locator("h3").all_inner_texts() == ["Kamer 1", "Kamer 2", "Kamer 3"]
    page.get_by_role("button", name="Kamer erbij").click()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.locator("h3").count() == 3  # three is the most here
    page.get_by_role("button", name="Kamer 2 weghalen").click()
    page.get_by_text("2 kamers").wait_for()
    assert page.evaluate("engineLog.filter(e => e[0] === 'remove').at(-1)[1]") == "kamers/1"
    page.locator("[name='kamers/1/soort']").fill("vliering")
    logged = page.evaluate("engineLog.filter(e => e[0] === 'set' && e[1] === 'kamers/1/soort')")
    assert logged[-1][2] == "vliering"
    page.get_by_role("button", name="Kamer 1 weghalen").click()  # answered: by way of the server
    page.wait_for_load_state()
    assert page.evaluate("document.querySelector('form')") is None


@pytest.mark.parametrize("broken", ["start", "later"])
def test_a_failing_engine_leaves_the_plain_form(page: Page, broken: str) -> None:
    page.goto(f"/live-page?broken={broken}")
    if broken == "later":
        page.locator("form[data-live=on]").wait_for()
    page.get_by_label("Naam").fill("boem")
    page.locator("form[data-live=aside]").wait_for()
    page.get_by_label("Naam").fill("Sanne")
    page.get_by_label("Ja").check()
    told = page.evaluate("Object.fromEntries(new FormData(document.querySelector('form')))")
    assert told["naam"] == "Sanne"
    assert told["hond"] == "ja"
    assert "welk" not in told


# --- the real engine, on real pages of a survey with every type ---

SURVEY = Path(__file__).resolve().parents[1] / "surveys" / "valid" / "all_types.yaml"
FRAME = """{% extends "layout/public.html" %}
{% block content %}{% include "survey/page_body.html" %}{% endblock %}"""


@pytest.fixture
def real(live_app: Flask, page: Page) -> Iterator[Page]:
    """Pages of the survey as a new form shows them, below /live/."""
    from fieldapp.core.survey import read_survey
    from tests.browser.conftest import serving

    survey = read_survey(SURVEY)

    @live_app.get("/live/<name>")
    def trial(name: str) -> str:
        view, form = blank_page(survey, name, "nl")
        moment = now().astimezone(HERE)
        first = first_answers(survey, now=moment, seed=1, language="nl")
        data = {
            "engine": engine_json(survey, "nl"),
            "answers": {key: as_sent(value) for key, value in first.items()},
            "language": "nl",
            "now": moment.replace(tzinfo=None).isoformat(),
            "seed": 1,
        }
        return render_template_string(FRAME, view=replace(view, live=Live(data)), form=form)

    with serving(live_app) as address:
        page.goto(f"{address}/live/blad_keuze", wait_until="networkidle")
        yield page


def live(page: Page, name: str) -> Page:
    page.goto(page.url.rpartition("/")[0] + f"/{name}", wait_until="networkidle")
    page.locator("form[data-live=on]").wait_for()
    return page


def test_every_page_of_every_type_follows_the_engine(real: Page) -> None:
    from fieldapp.core.survey import read_survey

    heard: list[str] = []
    real.on("console", lambda said: heard.append(said.text) if said.type != "log" else None)
    real.on("pageerror", lambda error: heard.append(str(error)))
    for one in read_survey(SURVEY).pages:
        live(real, one.name)
    assert heard == []


def test_a_real_question_and_real_choices_come_and_go(real: Page) -> None:
    live(real, "blad_keuze")
    assert real.locator("[name=naam_hond]").count() == 0
    real.locator("[name=hond][value=ja]").check(force=True)
    real.locator("[name=naam_hond]").wait_for()
    assert "naam_hond" in real.locator("[name='form/seen']").input_value().split()
    real.get_by_label("Noord").check()
    real.get_by_label("Lindestraat").check()
    real.get_by_label("Zuid").check()
    real.get_by_label("Lindestraat").wait_for(state="detached")


def test_a_real_round_with_rounds_inside(real: Page) -> None:
    live(real, "kamers")
    real.locator("[data-add-round='kamers']").click()
    real.locator("[data-add-round='kamers/1/ramen']").click()
    assert real.locator("[data-round-heading]").all_inner_texts() == [
        "Kamer 1", "Raam 1", "Kamer 2", "Raam 1", "Raam 2",
    ]  # fmt: skip
    real.locator("[name='kamers/1/schimmel'][value=ja]").check(force=True)
    real.locator("[name='kamers/1/waar_schimmel']").wait_for()
    assert real.locator("[name='kamers/0/waar_schimmel']").count() == 0
