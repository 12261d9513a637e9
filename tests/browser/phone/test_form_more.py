"""The whole form on a phone: refusals, rounds, first values, keys and eyes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy.orm import Session

from tests.browser import look
from tests.browser.phone.test_form import Form, observation, photo
from tests.factories import make_round, make_survey
from tests.web.test_forms_all_types import all_types

pytestmark = pytest.mark.browser
STORE = """async () => { // the page's own database, through the product's module
  const [folder] = document.querySelector("script[src*='/static/']").src.split("/js/");
  return (await import(`${folder}/js/phone/store.js`)).storeOf();
}"""
CHANGE = f"""async (patch) => {{
  const store = await ({STORE})();
  const [draft] = await store.all("drafts");
  await store.put("drafts", {{...draft, ...patch}});
}}"""
HEIGHTS = "(all) => all.map((one) => Math.round(one.getBoundingClientRect().height))"


def small(*rows: dict[str, Any], **settings: Any) -> dict[str, Any]:
    return {
        "settings": {"form_id": "klein", "version": "1", "kind": "bewonersgesprek",
                     "default_language": "nl", "languages": ["nl"], **settings},
        "title": {"nl": "Een kleine vraag"},
        "survey": [{"type": "group", "name": "blad", "children": list(rows)}],
        "choices": {"dieren": [{"name": name, "label": {"nl": name.title()}}
                               for name in ("kat", "hond", "egel", "vogel", "vis", "mier")]},
    }  # fmt: skip


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "name": name, "label": {"nl": name}, **more}


def test_what_the_server_refused_stands_at_its_question(
    kees: BrowserContext, world: Session
) -> None:
    form = Form(kees, observation(world))
    form.next()
    form.choose("wat", "mooi")
    form.saved()
    problems = [{"path": "wat", "message": "Dit antwoord staat niet in de lijst.", "code": "x"}]
    refusal = {"code": "unknown_choice", "message": "Klopt niet.", "problems": problems}
    form.page.evaluate(CHANGE, {"state": "refused", "refusal": refusal, "page": "blad_foto"})
    form.page.reload()
    form.ready()
    summary = form.page.locator(".fa-errors")
    expect(summary).to_contain_text("Dit antwoord staat niet in de lijst.")
    expect(form.page.locator("section[data-page=blad_wat]")).to_be_visible()
    expect(form.page.locator("#q-wat-box .fa-error")).to_be_visible()
    assert form.draft["state"] == "open"


def test_a_round_of_one_buurt_does_not_ask_for_it(kees: BrowserContext, world: Session) -> None:
    version = make_survey(world, small(text("a")))
    make_round(world, version, "BU99990102", slug="lente")
    form = Form(kees, "/veld/app/formulier/klein/1/nl", "nieuw&ronde=lente")
    form.page.route("**/api/v1/**", lambda route: route.abort())
    assert form.page.locator("section:not([hidden])").get_attribute("data-page") == "blad"
    form.put("a", "Goed")
    form.saved()
    form.next()
    expect(form.page.locator("[data-notice]")).to_be_visible()
    sent = json.loads(form.draft["document"])
    assert sent["round"] == "lente"
    assert sent["location"]["area_code"] == "BU99990102"
    form.page.get_by_role("link", name="Nog een").click()
    form.ready()
    assert form.page.url.endswith("#nieuw&ronde=lente")


def test_without_a_round_the_buurt_is_asked_first(kees: BrowserContext, world: Session) -> None:
    make_survey(world, small(text("a")))
    form = Form(kees, "/veld/app/formulier/klein/1/nl")
    form.page.route("**/api/v1/**", lambda route: route.abort())
    form.choose("area_code", "BU99990101")
    form.saved()
    form.page.reload()
    form.ready()
    expect(form.page.locator("input[value=BU99990101]")).to_be_checked()
    form.next()
    form.put("a", "Goed")
    form.next()
    expect(form.page.locator("[data-notice]")).to_be_visible()
    assert json.loads(form.draft["document"])["location"]["area_code"] == "BU99990101"


def test_first_values_are_worked_out_on_the_phone_and_stay_when_they_are_cleared(
    kees: BrowserContext, world: Session
) -> None:
    rows = (
        text("vast", default="Lindestraat"),
        {"type": "date", "name": "dag", "label": {"nl": "dag"}, "default": "today()"},
        text("uit", default="concat('in de ', ${vast})"),
        {"type": "hidden", "name": "stil", "default": "geheim"},
        {"type": "repeat", "name": "kamers", "label": {"nl": "Kamer"},
         "children": [text("soort", default="concat('kamer van ', ${vast})")]},
        text("leeg"),
    )  # fmt: skip
    make_survey(world, small(*rows))
    form = Form(kees, "/veld/app/formulier/klein/1/nl")
    form.choose("area_code", "weet_niet")
    form.next()
    today = form.page.evaluate(
        "() => new Intl.DateTimeFormat('sv-SE', {timeZone: 'Europe/Amsterdam'}).format()"
    )
    expect(form.page.locator("[name=dag]")).to_have_value(today)
    expect(form.page.locator("[name=uit]")).to_have_value("in de Lindestraat")
    expect(form.page.locator("[name='kamers/0/soort']")).to_have_value("kamer van Lindestraat")
    form.page.get_by_role("button", name="Kamer toevoegen").click()
    expect(form.page.locator("[name='kamers/1/soort']")).to_have_value("kamer van Lindestraat")
    form.put("vast", "")
    form.saved()
    form.page.reload()
    form.ready()
    expect(form.page.locator("[name=vast]")).to_have_value("")
    expect(form.page.locator("[name=uit]")).to_have_value("in de Lindestraat")
    form.page.route("**/api/v1/**", lambda route: route.abort())
    form.next()
    expect(form.page.locator("[data-notice]")).to_be_visible()
    answers = json.loads(form.draft["document"])["answers"]
    assert answers["stil"] == "geheim"
    assert answers["vast"] == ""


def test_it_can_be_filled_in_with_keys_alone(kees: BrowserContext, world: Session) -> None:
    make_survey(world, small(text("a", required="yes"), text("b")))
    form = Form(kees, "/veld/app/formulier/klein/1/nl")
    form.page.route("**/api/v1/**", lambda route: route.abort())
    keys = form.page.keyboard
    form.page.locator("input[name=area_code]").first.focus()
    keys.press("Space")
    keys.press("Enter")
    expect(form.page.locator("section[data-page=blad] h1")).to_be_focused()
    keys.press("Tab")
    expect(form.page.locator("[name=a]")).to_be_focused()
    keys.press("Enter")
    expect(form.page.locator(".fa-errors")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(form.page.locator("[name=a]")).to_be_focused()
    keys.type("Goed")
    keys.press("Enter")
    expect(form.page.locator("[data-notice] h1")).to_be_focused()


def test_axe_finds_nothing_on_any_page(kees: BrowserContext, world: Session) -> None:
    make_survey(world, all_types())
    for language in ("nl", "ar"):
        form = Form(kees, f"/veld/app/formulier/alles/1/{language}")
        form.next()  # what is missing is told
        assert look.axe(form.page) == []
        form.put("straat", "Lindestraat")
        for _ in range(6):
            form.next()
            form.page.wait_for_timeout(0)
            assert look.axe(form.page) == []
            if form.page.locator("section:not([hidden]) [name='kamers/0/soort']").count():
                break
        form.page.close()


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (768, 1024), (844, 390), (1280, 900)])
def test_it_fits_every_screen(kees: BrowserContext, world: Session, size: tuple[int, int]) -> None:
    """With the line that tells the place beside the buttons; and the start page before it."""
    kees.grant_permissions(["geolocation"])
    kees.set_geolocation({"latitude": 52.09, "longitude": 5.11, "accuracy": 12})
    form = Form(kees, observation(world))
    form.page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(form.page.locator(".fa-place-line")).to_be_visible()
    assert look.layout(form.page) == []
    form.page.goto(form.page.url.partition("/app/")[0] + "/")
    assert look.layout(form.page) == []
    tiles = form.page.locator(".fa-starts .fa-start").evaluate_all(HEIGHTS)
    assert len(tiles) == 2
    assert len(set(tiles)) == 1


def test_mixed_choices_keep_their_order_in_a_form_and_differ_between_forms(
    kees: BrowserContext, world: Session
) -> None:
    row = {"type": "select_one dieren", "name": "dier", "label": {"nl": "dier"},
           "parameters": "randomize=true"}  # fmt: skip
    make_survey(world, small(row))
    orders = set()
    for _ in range(4):
        form = Form(kees, "/veld/app/formulier/klein/1/nl")
        form.choose("area_code", "weet_niet")
        form.next()
        form.saved()
        first = form.page.locator("section:not([hidden]) .fa-choice").all_inner_texts()
        form.page.reload()
        form.ready()
        assert form.page.locator("section:not([hidden]) .fa-choice").all_inner_texts() == first
        orders.add(tuple(first))
        form.page.close()
    assert len(orders) > 1


def test_what_is_needed_because_of_another_answer_says_so(
    kees: BrowserContext, world: Session
) -> None:
    make_survey(world, small(text("a"), text("b", required="${a} = 'ja'")))
    form = Form(kees, "/veld/app/formulier/klein/1/nl")
    form.next()
    must = form.page.locator("#q-b-box .fa-must")
    expect(must).to_have_count(0)
    form.put("a", "ja")
    expect(must).to_have_text("verplicht")
    form.put("a", "nee")
    expect(must).to_have_count(0)


def test_a_photo_that_the_phone_lost_is_told_and_never_sent_short(
    kees: BrowserContext, world: Session
) -> None:
    form = Form(kees, observation(world))
    form.page.route("**/api/v1/**", lambda route: route.abort())
    form.page.locator("input[type=file][name=foto]").set_input_files([photo()])
    expect(form.page.locator(".fa-photo__image")).to_have_count(1)
    form.next()
    form.choose("wat", "mooi")
    form.saved()
    form.page.evaluate(
        f"""async () => {{
          const store = await ({STORE})(), [file] = await store.all("files");
          await store.remove("files", [file.draft, file.sha256]);
        }}"""
    )
    form.page.locator("button[value=done]").click()
    expect(form.page.locator("[data-file-wrong]")).to_contain_text("image.jpg")
    assert form.draft["state"] == "open"
    assert form.draft["files"] == []
    form.page.locator("button[value=done]").click()
    expect(form.page.locator("[data-notice]")).to_be_visible()
    assert form.draft["state"] == "queued"


def to_the_place(form: Form) -> None:
    """From the first page of an observation to the one of its place."""
    form.next()
    form.choose("wat", "mooi")
    form.next()
    if form.page.locator("section:not([hidden]) [name='plek/area']").count() == 0:
        form.next()


def test_what_can_be_saved_can_be_saved_after_resuming_too(
    kees: BrowserContext, world: Session
) -> None:
    form = Form(kees, observation(world))
    done = form.page.locator("button[value=done]")
    expect(done).to_be_hidden()
    form.next()
    form.choose("wat", "mooi")
    form.saved()
    expect(done).to_be_visible()
    form.page.reload()
    form.ready()
    expect(form.page.locator("section[data-page=blad_wat]")).to_be_visible()
    expect(done).to_be_visible()


def test_a_buurt_that_was_chosen_is_not_measured_away(kees: BrowserContext, world: Session) -> None:
    form = Form(kees, observation(world))
    why = form.page.locator("[data-locate-yes]")
    expect(why).to_be_visible()
    to_the_place(form)
    form.page.locator("[name='plek/area']").select_option("BU99990102")
    expect(why).to_have_count(0)  # the question has been answered
    form.saved()
    kees.grant_permissions(["geolocation"])
    kees.set_geolocation({"latitude": 52.09, "longitude": 5.11, "accuracy": 5})
    form.page.reload()
    form.ready()
    form.page.evaluate(  # what asked before this has its answer too
        "() => new Promise((go) => navigator.geolocation.getCurrentPosition(() => go(), go))"
    )
    expect(form.page.locator("[name='plek/area']")).to_have_value("BU99990102")
    expect(form.page.locator("[name='plek/lat']")).to_have_value("")
    assert form.draft["location"]["area_code"] == "BU99990102"


def test_what_cannot_be_kept_is_told_where_somebody_types(
    kees: BrowserContext, world: Session
) -> None:
    make_survey(world, all_types())
    form = Form(kees, "/veld/app/formulier/alles/1/nl")
    form.page.evaluate(  # the system closed the database and does not give it back
        """() => {
          IDBFactory.prototype.open = () => { throw new Error("gone"); };
          IDBDatabase.prototype.transaction = () => {
            throw new DOMException("closed", "InvalidStateError");
          };
        }"""
    )
    last = form.page.locator("section:not([hidden]) [name=code]")
    last.fill("8710000")
    trouble = form.page.locator("[data-not-saved]")
    expect(trouble).to_contain_text("Laat dit scherm open staan")
    expect(trouble).to_be_in_viewport(ratio=1)
    expect(last).to_be_in_viewport()
    assert form.page.locator("[data-saved-line]").inner_text() == ""
