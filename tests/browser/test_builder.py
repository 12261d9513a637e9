"""The builder in a real browser: by keyboard alone, by dragging, and how it looks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from fieldapp.app import create_app
from fieldapp.core.people import SYSTEM
from fieldapp.core.survey import edit
from fieldapp.db.models import Round, Submission, SurveyVersion
from fieldapp.services.edit_survey import begin, change
from fieldapp.services.survey_drafts import publish_draft
from fieldapp.web.context import actor_of
from tests.browser import look
from tests.browser.conftest import PATIENCE, serving
from tests.browser.test_keyboard import FOCUS
from tests.browser.town import Town, _person, log_in_as, town_settings

pytestmark = pytest.mark.browser

LAPTOP: Any = {"width": 1280, "height": 900}
PHONE: Any = {"width": 390, "height": 844}
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def town(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demo as it is: nothing of what other pages need."""
    folder = tmp_path_factory.mktemp("builder") / "data"
    shutil.copytree(demo_folder, folder)
    app = create_app(town_settings(folder))
    with serving(app) as url:
        yield Town(app, url, {})
    app.extensions["fieldapp"].engine.dispose()


@pytest.fixture
def page(browser: Browser, town: Town) -> Iterator[Page]:
    """A laptop at which the beheerder has logged in."""
    context = browser.new_context(base_url=town.url, viewport=LAPTOP, locale="nl-NL")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    email, password = log_in_as(town, "beheerder")
    page.goto("/inloggen")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/beheer/")
    yield page
    context.close()


class Keys:
    """Hands that have only a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str, key: str = "Tab") -> Keys:
        """Tab until the wanted thing has the focus; whatever has it on the way shows that."""
        for _ in range(200):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return self
            self.page.keyboard.press(key)
            here = self.page.evaluate(FOCUS)
            if here and here["tag"] not in ("IFRAME", "HTML") and here["id"] != "b-title":
                assert here["ring"], f"focus not visible on {here['html']}"
        raise AssertionError(f"{selector} is not reached by {key}")

    def press(self, key: str, selector: str = "") -> Keys:
        """A key, when `selector` is given on that; then wait until all is saved."""
        if selector:
            self.to(selector)
        self.page.keyboard.press(key)
        return self.settle()

    def type(self, words: str, selector: str = "") -> Keys:
        """Words in a field, in the place of what is there."""
        if selector:
            self.to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)
        return self

    def settle(self) -> Keys:
        self.page.wait_for_timeout(60)  # the change has to begin before one can see it end
        self.page.wait_for_selector("[data-module=builder]:not([data-busy]), .fa-public, .fa-form")
        return self

    def add(self, kind: str, label: str, *, more: bool = False) -> Keys:
        """A row of this kind behind the one at hand, with its words."""
        self.to("#b-add")
        if self.page.locator("[data-add-menu]").get_attribute("open") is None:
            self.press("Enter")  # with nothing in the survey it stands open
        if more:
            self.press("Enter", "#b-kinds > summary")
        self.press("Enter", f'[value="add:{kind}"]')
        expect(self.page.locator("#b-label")).to_be_focused()
        return self.type(label).press("Tab")


def version_of(town: Town, title: str) -> int:
    with town.app.extensions["fieldapp"].sessions() as session:
        versions = session.scalars(select(SurveyVersion).order_by(SurveyVersion.id.desc()))
        return next(v.id for v in versions if title in v.definition["title"].values())


def definition(town: Town, version_id: int) -> edit.Definition:
    with town.app.extensions["fieldapp"].sessions() as session:
        found = session.get(SurveyVersion, version_id)
        assert found is not None
        return edit.normal(found.definition)


def draft(town: Town, title: str, *rows: tuple[str, str, str]) -> int:
    """A draft with these rows: (kind, label, name of the row it comes beside)."""
    with town.app.extensions["fieldapp"].sessions() as session:
        actor = actor_of(_person(session, "beheerder"))
        made = begin(session, actor, NOW, title=title, kind="enquete", language="nl")

        def fill(data: edit.Definition) -> edit.Definition:
            for kind, label, beside in rows:
                data, _ = edit.add(data, kind, beside=beside, label=label)
            return edit.add_language(data, "ar")

        change(session, made.id, actor, NOW, expected="", deed="add", operation=fill)
        return made.id


def publish(page: Page, town: Town, version_id: int, keys: Keys) -> None:
    """On the page with the check, with a reason for whatever stays."""
    if "surveys.check" not in town.app.view_functions:
        with town.app.extensions["fieldapp"].sessions() as session:
            publish_draft(session, version_id, SYSTEM, NOW, ())
        return
    page.goto(f"/beheer/vragenlijsten/{version_id}/bewerken")
    keys.to(f'.fa-builder-tabs a[href$="/{version_id}/controle"]')
    page.keyboard.press("Enter")
    page.wait_for_selector('form[action$="/publiceren"]')
    boxes = page.locator("input[name=accept]")
    for number in range(boxes.count()):
        value = boxes.nth(number).get_attribute("value")
        keys.to(f'input[name=accept][value="{value}"]')
        page.keyboard.press("Space")
        keys.to(f"#reason-{value}")
        page.keyboard.type("Dit is een proef.")
    keys.to('form[action$="/publiceren"] button')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Gepubliceerd").first).to_be_visible()


def open_round(town: Town, version_id: int, slug: str) -> None:
    with town.app.extensions["fieldapp"].sessions() as session:
        version = session.get(SurveyVersion, version_id)
        assert version is not None
        organisation = version.survey.organisation_id
        assert organisation is not None
        session.add(
            Round(
                slug=slug,
                name="Toetsenbord",
                organisation_id=organisation,
                survey_id=version.survey_id,
                area_codes=[],
                opens_on=date(2020, 1, 1),
                is_public=True,
            )
        )
        session.commit()


def test_a_survey_of_three_pages_is_made_published_and_filled_in_by_keyboard(
    page: Page, town: Town
) -> None:
    keys = Keys(page)
    page.goto("/beheer/vragenlijsten/nieuw")
    keys.type("Met toetsen", "#title").to("main .nl-button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".fa-builder--live")

    # page one: a question, and one that is asked when the first says so
    keys.add("page", "Wonen").add("yes_no", "Is er iets stuk?").add("short", "Wat is er stuk?")
    keys.press("Enter", "#b-when > summary").to("#r-0-question")
    page.keyboard.press("ArrowDown")
    keys.settle()
    expect(page.locator("#r-0-value")).to_have_value("ja")
    # page two: a repeat
    keys.add("page", "Kamers").add("repeat", "Kamer", more=True).add("short", "Welke kamer?")
    # page three, with an answer that is typed and one that stands ready
    keys.add("page", "Slot").add("choose_one", "Tevreden?")
    keys.type("Best", "#c-0-label").press("Enter")
    expect(page.locator("#c-1-label")).to_be_focused()
    keys.type("Slecht").press("Enter").press("Enter", '[value="choice_ready:weet_niet"]')

    version_id = version_of(town, "Met toetsen")
    data = definition(town, version_id)
    assert [placed.name for placed in edit.walk(data)] == [
        "wonen", "is_er_iets_stuk", "wat_is_er_stuk",
        "kamers", "kamer", "welke_kamer", "slot", "tevreden",
    ]  # fmt: skip
    assert edit.find(data, "wat_is_er_stuk").row["relevant"] == "${is_er_iets_stuk} = 'ja'"
    assert [c["name"] for c in data["choices"]["choose_one"]] == ["best", "slecht", "weet_niet"]

    # undo by keys, and redo
    keys.to("#b-up").press("Control+z")
    assert len(definition(town, version_id)["choices"]["choose_one"]) == 2
    keys.press("Control+y")
    assert len(definition(town, version_id)["choices"]["choose_one"]) == 3
    # order by keys
    keys.to(".fa-outline__link[aria-current]", "Shift+Tab").press("Alt+ArrowUp")
    assert edit.find(definition(town, version_id), "tevreden").parent == ""
    keys.press("Alt+ArrowDown")
    assert edit.find(definition(town, version_id), "tevreden").parent == "slot"

    # a translation
    page.goto(f"/beheer/vragenlijsten/{version_id}/bewerken/talen")
    keys.to("#b-language")
    page.keyboard.type("English")
    keys.to('[value="language_add"]')
    page.keyboard.press("Enter")
    page.wait_for_selector(".fa-side")
    keys.type("With keys", "#t-0").press("Tab")
    keys.type("Living").press("Tab")
    assert definition(town, version_id)["title"]["en"] == "With keys"
    assert edit.find(definition(town, version_id), "wonen").row["label"]["en"] == "Living"

    publish(page, town, version_id, keys)
    open_round(town, version_id, "toetsen")
    fill_in(page, town, keys)


def fill_in(page: Page, town: Town, keys: Keys) -> None:
    """As a resident, with the same keyboard."""
    page.goto("/v/toetsen?taal=nl")
    keys.to("main form button:not([aria-hidden])")
    page.keyboard.press("Enter")
    page.wait_for_selector(".fa-form")
    if page.locator("#q-is_er_iets_stuk-0").count() == 0:  # in which buurt, first
        keys.to("main select, main input[type=radio]")
        page.keyboard.press("Space" if page.locator("main select").count() == 0 else "ArrowDown")
        forward(page, keys)
    keys.to("#q-is_er_iets_stuk-0").press("Space")
    if page.locator("#q-wat_is_er_stuk").count() == 0:  # without live logic it comes a page later
        forward(page, keys)
    keys.type("De bel", "#q-wat_is_er_stuk")
    forward(page, keys)
    if (
        page.locator("[data-add-round]").count()
        and page.locator("[id$='/welke_kamer']").count() == 0
    ):
        keys.to("[data-add-round]")
        page.keyboard.press("Enter")
        page.wait_for_selector("[id='q-kamer/0/welke_kamer']")
    keys.type("Keuken", "[id='q-kamer/0/welke_kamer']")
    forward(page, keys)
    keys.to("#q-tevreden-0").press("Space")
    forward(page, keys)
    page.wait_for_url("**/klaar/**")
    with town.app.extensions["fieldapp"].sessions() as session:
        newest = session.scalars(select(Submission).order_by(Submission.received_at.desc())).first()
        assert newest is not None
        answers = newest.answers
    assert answers["wat_is_er_stuk"]["v"] == "De bel"
    assert answers["kamer"]["v"][0]["welke_kamer"] == {"v": "Keuken"}, answers
    assert answers["tevreden"]["v"] == "best"


def forward(page: Page, keys: Keys) -> None:
    """The button that goes on."""
    keys.to("main .fa-nextback button[value=next]")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_row_is_dragged_to_another_place(page: Page, town: Town) -> None:
    version_id = draft(
        town, "Slepen", ("page", "Blad", ""), ("short", "Een", ""), ("short", "Twee", "")
    )
    page.goto(f"/beheer/vragenlijsten/{version_id}/bewerken")
    page.wait_for_selector(".fa-builder--live")
    page.drag_and_drop("#o-twee", "#o-een", target_position={"x": 40, "y": 4})
    Keys(page).settle()
    assert [p.name for p in edit.walk(definition(town, version_id))] == ["blad", "twee", "een"]
    page.drag_and_drop("#o-een", "#o-blad", target_position={"x": 40, "y": 30})
    Keys(page).settle()
    assert edit.find(definition(town, version_id), "een").parent == "blad"


def test_what_is_typed_while_a_save_is_under_way_stays(page: Page, town: Town) -> None:
    version_id = draft(town, "Snel", ("short", "Een", ""))
    page.goto(f"/beheer/vragenlijsten/{version_id}/bewerken?rij=een")
    page.wait_for_selector(".fa-builder--live")
    page.route("**/bewerken", lambda route: (page.wait_for_timeout(400), route.continue_())[1])
    page.fill("#b-label", "Een straat")
    page.keyboard.press("Tab")
    page.keyboard.type("Uitleg erbij")
    expect(page.locator(".fa-outline__link[aria-current]")).to_contain_text("Een straat")
    expect(page.locator("#b-hint")).to_have_value("Uitleg erbij")
    expect(page.locator("#b-hint")).to_be_focused()
    page.keyboard.press("Tab")
    page.wait_for_timeout(900)
    row = edit.find(definition(town, version_id), "een_straat").row
    assert row["hint"] == {"nl": "Uitleg erbij"}


def test_two_people_at_once(page: Page, town: Town) -> None:
    version_id = draft(town, "Samen", ("short", "Een", ""))
    page.goto(f"/beheer/vragenlijsten/{version_id}/bewerken?rij=een")
    page.wait_for_selector(".fa-builder--live")
    with town.app.extensions["fieldapp"].sessions() as session:
        actor = actor_of(_person(session, "beheerder"))

        def other(data: edit.Definition) -> edit.Definition:
            return edit.add(data, "short", label="Van een ander")[0]

        change(session, version_id, actor, NOW, expected="", deed="add", operation=other)
    page.fill("#b-label", "Mijn tekst")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Iemand anders was je voor")).to_be_visible()
    expect(page.locator("#b-label")).to_have_value("Mijn tekst")
    expect(page.locator(".fa-outline")).to_contain_text("Van een ander")
    page.locator("#b-hint").focus()
    page.keyboard.type("nu wel")
    page.keyboard.press("Tab")
    expect(page.locator(".fa-outline")).to_contain_text("Mijn tekst")


def test_the_server_is_away_and_comes_back(page: Page, town: Town) -> None:
    version_id = draft(town, "Weg", ("short", "Een", ""))
    page.goto(f"/beheer/vragenlijsten/{version_id}/bewerken?rij=een")
    page.wait_for_selector(".fa-builder--live")
    page.route("**/bewerken", lambda route: route.abort())
    page.fill("#b-label", "Blijft staan")
    page.keyboard.press("Tab")
    expect(page.locator("[data-builder-status]")).to_contain_text("Niet bewaard")
    expect(page.locator("#b-label")).to_have_value("Blijft staan")
    page.unroute("**/bewerken")
    page.keyboard.type("ook")
    page.keyboard.press("Tab")
    expect(page.locator(".fa-outline")).to_contain_text("Blijft staan")


@pytest.mark.parametrize("language", ["nl", "ar"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_an_opened_sheet_is_accessible_and_fits(
    page: Page, town: Town, language: str, size: Any
) -> None:
    version_id = draft(
        town,
        f"Kijken {language} {size['width']}",
        ("page", "Blad", ""),
        ("faces", "Hoe is het?", "blad"),
        ("choose_more", "Wat zie je allemaal in de straat?", "hoe_is_het"),
        ("whole", "Hoeveel kinderen?", "wat_zie_je_allemaal_in_de_straat"),
    )
    page.set_viewport_size(size)
    for row in ("hoe_is_het", "hoeveel_kinderen", "blad"):
        page.goto(f"/beheer/vragenlijsten/{version_id}/bewerken?rij={row}&taal={language}&in=ar")
        page.wait_for_selector(".fa-builder--live")
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true })")
        wrong = [
            *look.axe(page),
            *look.layout(page),
            *look.one_heading(page),
            *look.runs(page, "rtl" if language == "ar" else "ltr"),
        ]
        # the frame of staff pages is for laptops; what is ours is for thumbs as well
        page.evaluate(
            "() => document.querySelectorAll('.fa-top, nav, footer').forEach(e => e.remove())"
        )
        assert wrong + look.small_targets(page) == [], row
