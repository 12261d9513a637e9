"""A whole form on a phone: with and without signal, kept at every answer, queued whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, Submission
from tests.browser.conftest import PATIENCE
from tests.factories import make_survey
from tests.support.walk import jpeg
from tests.web.test_forms_all_types import (
    CHOICE_PAGE,
    MP4,
    PDF,
    PLACES_PAGE,
    TEXT_PAGE,
    TIME_PAGE,
    WAV,
    all_types,
)

pytestmark = pytest.mark.browser

ALL = """async (store) => new Promise((resolve, reject) => {
  const asked = indexedDB.open(`fieldapp-${document.documentElement.dataset.person}`);
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const db = asked.result;
    const all = db.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => { db.close(); resolve(all.result.map((one) =>
      one.bytes ? {...one, bytes: one.bytes.byteLength} : one)); };
    all.onerror = () => reject(all.error);
  };
})"""
RANK = """(first, values) => {
  const lists = [...first.closest("[data-path]").querySelectorAll("select")];
  values.forEach((value, at) => { lists[at].value = value; });
  first.dispatchEvent(new Event("change", {bubbles: true}));
}"""
TYPED = """(control, value) => {
  control.value = value;
  for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, {bubbles: true}));
}"""


class Form:
    """A form in a tab."""

    def __init__(self, context: BrowserContext, address: str, fragment: str = "nieuw") -> None:
        self.context = context
        self.page = context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda m: print("CONSOLE", m.text))
        self.page.on("pageerror", lambda error: print("PAGEERROR", error, error.stack))
        self.page.set_default_timeout(PATIENCE)
        self.page.goto(f"{address}#{fragment}")
        self.ready()

    def ready(self) -> None:
        """Wait until the form can be filled in."""
        self.page.wait_for_selector("form[data-phone][data-live=on]")

    def saved(self) -> None:
        """Wait until what was typed is on the phone."""
        self.page.wait_for_selector("form[data-saved=saved]")

    def all(self, store: str = "drafts") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(ALL, store)
        return found

    @property
    def draft(self) -> dict[str, Any]:
        (found,) = self.all()
        return found

    def next(self) -> None:
        self.page.locator("form .fa-nextback button[value=next]").click()

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()

    def put(self, name: str, value: Any) -> None:
        """Answer a control as a person would, whatever it is."""
        if isinstance(value, list) and value and isinstance(value[0], dict):  # files
            self.page.locator(f'input[type=file][name="{name}"]').set_input_files(value)
            return
        box = self.page.locator(f'section:not([hidden]) [name="{name}"]')
        kind = box.first.evaluate("(e) => e.type")
        if kind in ("radio", "checkbox"):
            for one in value if isinstance(value, list) else [value]:
                self.choose(name, one)
        elif isinstance(value, list):  # a ranking: its lists lie behind buttons
            box.first.evaluate(RANK, value)
        elif kind.startswith("select"):
            box.select_option(value)
        elif box.is_visible():
            box.fill(value)
        else:
            box.evaluate(TYPED, value)

    def heading(self) -> str:
        return self.page.locator("section:not([hidden]) h1").first.inner_text()


def observation(session: Session) -> str:
    version = make_survey(session, "observatie")
    return f"/veld/app/formulier/observatie/{version.version}/nl"


def photo(name: str = "image.jpg", colour: str = "green") -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": jpeg(colour)}


def test_an_observation_from_the_first_answer_to_the_queue(
    kees: BrowserContext, world: Session
) -> None:
    form = Form(kees, observation(world))
    assert form.all() == []  # opening a form is not yet having one
    form.page.locator("input[type=file][name=foto]").set_input_files([photo(), photo(colour="red")])
    expect(form.page.locator(".fa-photo__image")).to_have_count(2)
    kees.set_offline(True)  # after the photo module came: a worker keeps it, here there is none
    form.next()
    form.choose("wat", "schoon")
    form.choose("niveau_schoon", "C")
    form.saved()
    form.next()
    form.page.wait_for_selector("section[data-page=blad_waar]:not([hidden])")
    form.saved()
    assert form.draft["page"] == "blad_waar"
    form.page.get_by_text("Zelf coördinaten invullen").click()
    form.page.locator('[name="plek/lat"]').fill("52,09")
    form.page.locator('[name="plek/lon"]').fill("5,11")
    form.saved()
    form.next()
    expect(form.page.get_by_role("heading", level=1)).to_have_text(
        "Bewaard. Wordt verstuurd zodra er bereik is."
    )
    draft = form.draft
    assert draft["state"] == "queued"
    sent = json.loads(draft["document"])
    said = {name: value for name, value in sent["answers"].items() if value}
    assert said == {"wat": "schoon", "niveau_schoon": "C"}
    assert sent["location"]["lat"] == 52.09
    assert [file["question"] for file in sent["files"]] == ["foto", "foto"]
    assert len({file["name"] for file in sent["files"]}) == 2
    assert {file["sha256"] for file in sent["files"]} == {f["sha256"] for f in form.all("files")}


def talk(session: Session) -> str:
    version = make_survey(session, "bewonersgesprek")
    return f"/veld/app/formulier/bewonersgesprek/{version.version}/nl"


def test_what_was_typed_stands_there_again_after_a_reload(
    kees: BrowserContext, world: Session
) -> None:
    form = Form(kees, talk(world))
    form.page.locator("textarea[name=verhaal]").fill("Het is hier rustig.")
    form.choose("themas", "wonen")
    form.saved()
    form.page.reload()
    form.ready()
    expect(form.page.locator("textarea[name=verhaal]")).to_have_value("Het is hier rustig.")
    expect(form.page.locator("input[name=themas][value=wonen]")).to_be_checked()
    form.next()
    form.choose("stemming_wonen", "goed")  # a page that came with the answer
    form.page.locator("[name=gezegd_wonen]").fill("De lift doet het.")
    form.saved()
    form.page.reload()
    form.ready()
    assert form.page.locator("section:not([hidden])").get_attribute("data-page") == "blad_wonen"
    expect(form.page.locator("[name=gezegd_wonen]")).to_have_value("De lift doet het.")
    assert len(form.all()) == 1


def test_a_photo_stays_through_a_reload_and_goes_when_it_is_taken_away(
    kees: BrowserContext, world: Session
) -> None:
    form = Form(kees, observation(world))
    form.page.locator("input[type=file][name=foto]").set_input_files([photo(), photo(colour="red")])
    expect(form.page.locator(".fa-photo__image")).to_have_count(2)
    form.saved()
    form.page.reload()
    form.ready()
    expect(form.page.locator(".fa-photo__image")).to_have_count(2)
    assert len(form.all("files")) == 2
    form.page.get_by_role("button", name="Foto 1 weghalen").click()
    expect(form.page.locator(".fa-photo__image")).to_have_count(1)
    form.saved()
    (kept,) = form.all("files")
    assert [file["sha256"] for file in form.draft["files"]] == [kept["sha256"]]


def file(name: str, kind: str, data: bytes) -> list[dict[str, Any]]:
    return [{"name": name, "mimeType": kind, "buffer": data}]


EVERYTHING: dict[str, dict[str, Any]] = {
    "blad_tekst": TEXT_PAGE,
    "blad_tijd": TIME_PAGE,
    "blad_keuze": {**CHOICE_PAGE, "straat_in_wijk": "eikenlaan"},
    "blad_bestanden": {
        "foto": [photo()],
        "geluid": file("stem.wav", "audio/wav", WAV),
        "film": file("f.mp4", "video/mp4", MP4),
        "bestand": file("brief.pdf", "application/pdf", PDF),
    },
    "blad_plekken": PLACES_PAGE,
    "kamers": {
        "kamers/0/soort": "Keuken",
        "kamers/0/foto_kamer": [photo(colour="red")],
        "kamers/0/geluid_kamer": file("zoem.wav", "audio/wav", WAV + b"1"),
        "kamers/0/plek_kamer/lat": "52,1",
        "kamers/0/plek_kamer/lon": "5,1",
        "kamers/0/lengte": "3,5",
        "kamers/0/schimmel": "nee",
        "kamers/0/ramen/0/hoogte": "120",
    },
    "blad_vast": {"hoeveel": "2", "kinderen/0/naam": "Ayşe", "kinderen/1/naam": "Bo"},
    "slot": {},
}
SHOWN = """() => [...document.querySelectorAll("section:not([hidden]) [name]")]
  .filter((e) => !["file", "hidden", "submit", "button"].includes(e.type))
  .filter((e) => !["radio", "checkbox"].includes(e.type) || e.checked)
  .map((e) => `${e.name}=${e.value}`)"""


def test_every_type_is_kept_at_every_page_and_arrives_as_it_was_typed(
    kees: BrowserContext, world: Session
) -> None:
    make_survey(world, all_types())
    form = Form(kees, "/veld/app/formulier/alles/1/nl")
    for page, answers in EVERYTHING.items():
        form.page.wait_for_selector(f"section[data-page={page}]:not([hidden])")
        for name, value in answers.items():
            form.put(name, value)
        if answers:
            form.saved()
        before = form.page.evaluate(SHOWN)
        names = sorted((file["path"], file["name"]) for file in form.draft["files"])
        form.page.close()  # killed
        form = Form(kees, "/veld/app/formulier/alles/1/nl", form_id(kees))
        assert form.page.evaluate(SHOWN) == before, page
        assert sorted((file["path"], file["name"]) for file in form.draft["files"]) == names
        if page == "slot":
            expect(form.page.get_by_text("U noemde 1 kamers.")).to_be_visible()
        form.next()
    expect(form.page.get_by_role("heading", level=1)).to_contain_text("Aangekomen om")
    world.expire_all()
    found = world.scalars(select(Submission)).one()
    answers = {name: entry["v"] for name, entry in found.answers.items()}
    assert answers["breedte_stoep"] == 1.5
    assert (answers["aantal"], answers["cijfer"], answers["cijfer_lijst"]) == (3, 7, 0.25)
    assert (answers["code"], answers["huisnummer"]) == ("8710000", "12")
    assert answers["wielen"] == 4
    assert (answers["dag"], answers["maand"]) == ("2026-05-04", "2026-05-01")
    assert answers["jaar"] == "2025-01-01"
    assert answers["tijd"].startswith("14:03")
    assert answers["moment"].startswith("2026-05-04T14:03")
    assert answers["volgorde"] == ["egel", "kat", "vogel"]
    assert found.answers["boom"] == {"v": "linde", "l": "Linde"}
    assert found.answers["straat_in_wijk"]["l"] == "Eikenlaan"
    assert answers["gelezen"] == "OK"
    assert "naam_hond" not in answers
    assert (found.lat, found.lon) == (52.09, 5.11)
    assert "plek" not in answers
    assert [float(part) for part in answers["tweede_plek"].split()[:2]] == [52.0951, 5.1151]
    assert len(answers["route"].split(";")) == 2
    corners = [part.split()[:2] for part in answers["vlak"].split(";")]
    assert (corners[0], len(corners)) == (corners[-1], 4)
    (room,) = answers["kamers"]
    assert room["soort"] == {"v": "Keuken"}
    assert room["schimmel"] == {"v": "nee", "l": "Nee"}
    assert (room["lengte"], room["breedte"]) == ({"v": 3.5}, {"v": None})
    assert room["ramen"] == {"v": [{"hoogte": {"v": 120}}]}
    assert [one["naam"]["v"] for one in answers["kinderen"]] == ["Ayşe", "Bo"]
    kept = {a.question: a for a in world.scalars(select(Attachment))}
    assert {name: a.media_type for name, a in kept.items()} == {
        "foto": "image/jpeg",
        "geluid": "audio/wav",
        "film": "video/mp4",
        "bestand": "application/pdf",
        "foto_kamer": "image/jpeg",
        "geluid_kamer": "audio/wav",
    }
    assert room["geluid_kamer"]["v"] == [kept["geluid_kamer"].file_name]


def form_id(context: BrowserContext) -> str:
    """The only draft on the phone."""
    page = context.new_page()
    page.goto("/veld/gesprek")
    (found,) = page.evaluate(ALL, "drafts")
    page.close()
    return str(found["id"])


def test_the_same_form_opens_in_one_tab_only(kees: BrowserContext, world: Session) -> None:
    form = Form(kees, talk(world))
    form.page.locator("textarea[name=verhaal]").fill("Het is hier rustig.")
    form.saved()
    second = kees.new_page()
    second.goto(form.page.url)
    expect(second.get_by_role("heading", level=1)).to_have_text(
        "Dit formulier is al open in een ander tabblad"
    )
    form.page.close()  # the lock goes with the tab
    second.get_by_role("button", name="Opnieuw proberen").click()
    expect(second.locator("textarea[name=verhaal]")).to_have_value("Het is hier rustig.")


def test_the_back_button_of_the_phone_goes_a_page_back_and_loses_nothing(
    kees: BrowserContext, world: Session
) -> None:
    form = Form(kees, observation(world))
    first = form.heading()
    form.next()  # nothing was said yet: the step before this one still has #nieuw
    form.choose("wat", "schoon")
    form.choose("niveau_schoon", "B")
    form.next()
    place = form.heading()
    form.page.go_back()
    form.page.wait_for_selector("section:not([hidden]) [name=wat]")
    form.page.go_back()
    expect(form.page.locator("section:not([hidden]) h1").first).to_have_text(first)
    form.saved()
    assert form.page.url.endswith(f"#{form.draft['id']}")  # so a reload opens this form
    form.page.go_forward()
    form.page.go_forward()
    expect(form.page.locator("section:not([hidden]) h1").first).to_have_text(place)
    form.page.get_by_role("button", name="Terug").click()
    form.page.wait_for_selector("section:not([hidden]) [name=wat]")
    form.page.reload()
    form.ready()
    expect(form.page.locator("input[name=niveau_schoon][value=B]")).to_be_checked()
    form.page.go_back()
    expect(form.page.locator("section:not([hidden]) h1").first).to_have_text(first)


def test_what_is_wrong_is_told_at_the_question_and_on_top(
    kees: BrowserContext, world: Session
) -> None:
    make_survey(world, all_types())
    form = Form(kees, "/veld/app/formulier/alles/1/nl")
    form.page.locator("[name=aantal]").fill("-1")
    form.page.locator("[name=breedte_stoep]").fill("breed")
    form.next()
    summary = form.page.get_by_role("alert").filter(has_text="Nog niet gelukt")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        [
            "Welke straat is het? Deze vraag is nodig. Vul een antwoord in.",
            "Hoeveel mensen? Minder dan nul kan niet.",
            "Hoe breed is de stoep? “breed” is geen getal. "
            "Vul alleen cijfers in, bijvoorbeeld 2,5.",
        ]
    )
    summary.get_by_role("link").first.click()
    straat = form.page.locator("[name=straat]")
    expect(straat).to_be_focused()
    expect(straat).to_have_attribute("aria-invalid", "true")
    expect(straat).to_have_accessible_description(
        "Alleen de naam Deze vraag is nodig. Vul een antwoord in."
    )
    straat.fill("Lindestraat")
    expect(straat).not_to_have_attribute("aria-invalid", "true")
    form.page.locator("[name=aantal]").fill("1")
    form.page.locator("[name=breedte_stoep]").fill("1,5")
    form.next()
    form.page.wait_for_selector("section[data-page=blad_tijd]:not([hidden])")
    form.page.get_by_text("Wat gebeurt er in Lindestraat?")


def test_a_form_that_is_thrown_away_can_be_taken_back(kees: BrowserContext, world: Session) -> None:
    form = Form(kees, observation(world))
    form.page.locator("input[type=file][name=foto]").set_input_files([photo()])
    expect(form.page.locator(".fa-photo__image")).to_have_count(1)
    form.next()
    form.choose("wat", "mooi")
    form.saved()
    (bytes_kept,) = form.all("files")
    form.page.get_by_role("button", name="Dit formulier weggooien").click()
    form.page.get_by_role("button", name="Terughalen").click()
    expect(form.page.locator("input[name=wat][value=mooi]")).to_be_checked()
    form.choose("wat", "heel")
    form.saved()
    assert dict(form.draft["controls"])["wat"] == "heel"
    assert form.all("files") == [bytes_kept]
    form.page.get_by_role("button", name="Dit formulier weggooien").click()
    form.page.locator("main").get_by_role("link", name="Begin").click()
    form.page.wait_for_url("**/veld/")
    assert form.all() == form.all("files") == []


def test_a_round_with_answers_that_was_taken_away_is_put_back_whole(
    kees: BrowserContext, world: Session
) -> None:
    make_survey(world, all_types())
    form = Form(kees, "/veld/app/formulier/alles/1/nl")
    form.put("straat", "Lindestraat")
    for page in ("tijd", "keuze", "bestanden", "plekken"):
        form.next()
        form.page.wait_for_selector(f"section[data-page=blad_{page}]:not([hidden])")
    form.next()
    form.put("kamers/0/soort", "Keuken")
    form.put("kamers/0/foto_kamer", [photo(colour="red")])
    form.page.get_by_role("button", name="Kamer toevoegen").click()
    form.put("kamers/1/soort", "Hal")
    form.put("kamers/1/foto_kamer", [photo(colour="blue")])
    expect(form.page.locator(".fa-photo__image")).to_have_count(2)
    form.saved()
    kept = sorted((f["path"], f["sha256"]) for f in form.draft["files"])
    form.page.get_by_role("button", name="Kamer 1 weghalen").click()
    expect(form.page.get_by_text("Kamer 1 is weggehaald.")).to_be_visible()
    expect(form.page.locator("[name='kamers/0/soort']")).to_have_value("Hal")
    form.saved()
    (left,) = form.draft["files"]
    assert (left["path"], left["sha256"]) == ("kamers/0/foto_kamer", kept[1][1])
    form.page.get_by_role("button", name="Terugzetten").click()
    expect(form.page.locator("[name='kamers/1/soort']")).to_have_value("Hal")
    expect(form.page.locator("[name='kamers/0/soort']")).to_have_value("Keuken")
    expect(form.page.locator(".fa-photo__image")).to_have_count(2)
    form.saved()
    assert sorted((f["path"], f["sha256"]) for f in form.draft["files"]) == kept


def test_a_full_phone_says_so_and_keeps_what_was_typed_as_soon_as_it_can(
    kees: BrowserContext, world: Session
) -> None:
    form = Form(kees, talk(world))
    form.page.evaluate(
        """() => {
          const full = new DOMException("vol", "QuotaExceededError");
          const error = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "error");
          const put = IDBObjectStore.prototype.put;
          window.roomAgain = () => {
            IDBObjectStore.prototype.put = put;
            Object.defineProperty(IDBTransaction.prototype, "error", error);
          };
          Object.defineProperty(IDBTransaction.prototype, "error",
            {configurable: true, get: () => full});
          IDBObjectStore.prototype.put = function (...given) {
            const asked = put.apply(this, given);
            asked.addEventListener("success", () => this.transaction.abort());
            return asked;
          };
        }"""
    )
    form.page.locator("textarea[name=verhaal]").fill("Het is hier rustig.")
    expect(form.page.locator("[data-not-saved]")).to_contain_text("Deze telefoon is vol.")
    expect(form.page.locator("[data-saved-line]")).to_have_text("")
    assert form.all() == []
    form.next()  # the page stays usable
    form.page.evaluate("() => window.roomAgain()")
    form.saved()  # by itself
    assert dict(form.draft["controls"])["verhaal"] == "Het is hier rustig."
    expect(form.page.locator("[data-not-saved]")).to_be_hidden()


def test_a_form_goes_on_in_another_language(kees: BrowserContext, world: Session) -> None:
    form = Form(kees, talk(world))
    form.page.locator("textarea[name=verhaal]").fill("Het is hier rustig.")
    form.saved()
    link = form.page.locator("a[data-language]")
    if not link.count():
        pytest.skip("this survey has one language")
    tag = link.first.get_attribute("data-language")
    form.page.get_by_text("Andere taal", exact=True).click()
    link.first.click()
    form.page.wait_for_url(f"**/{tag}#*")
    form.ready()
    expect(form.page.locator("textarea[name=verhaal]")).to_have_value("Het is hier rustig.")
    assert form.page.locator("html").get_attribute("lang") == tag
    assert len(form.all()) == 1


def test_a_queued_form_can_still_be_changed(kees: BrowserContext, world: Session) -> None:
    form = Form(kees, observation(world))
    form.page.route("**/api/v1/**", lambda route: route.abort())
    form.next()
    form.choose("wat", "mooi")
    form.next()
    if form.page.locator("section:not([hidden]) [name='plek/area']").count() == 0:
        form.next()
    form.page.locator("[name='plek/area']").select_option("BU99990101")
    form.saved()
    form.next()
    expect(form.page.get_by_role("heading", level=1)).to_contain_text("Bewaard.")
    draft = form.draft
    assert json.loads(draft["document"])["location"]["area_code"] == "BU99990101"
    address = form.page.url
    form.page.goto("about:blank")
    form.page.goto(address)
    form.page.get_by_role("button", name="Toch aanpassen").click()
    form.ready()
    expect(form.page.locator("[name='plek/area']")).to_have_value("BU99990101")
    assert form.draft["state"] == "open"


ANSWER = """() => {
  const typed = (control, value) => { control.value = value;
    for (const name of ["input", "change"]) {
      control.dispatchEvent(new Event(name, {bubbles: true}));
    }};
  const done = new Set();
  for (let again = 0; again < 3; again++) {
    for (const box of document.querySelectorAll("section:not([hidden]) [data-type]")) {
      if (done.has(box.dataset.path)) continue;
      done.add(box.dataset.path);
      const radio = box.querySelector("input[type=radio], input[type=checkbox]");
      if (radio) radio.click();
      for (const select of box.querySelectorAll("select")) {
        typed(select, [...select.options].at(-1).value);
      }
      for (const text of box.querySelectorAll("textarea, input[type=text]:not([name*='/l'])")) {
        typed(text, /integer|decimal|range/.test(box.dataset.type) ? "3" : "Het is hier rustig.");
      }
    }
  }
}"""


@pytest.mark.parametrize(
    "name", ["observatie", "bewonersgesprek", "portiekgesprek", "professional", "bewonersenquete"]
)
def test_every_survey_that_ships_arrives_as_it_was_filled_in(
    kees: BrowserContext, world: Session, name: str
) -> None:
    version = make_survey(world, name)
    form = Form(kees, f"/veld/app/formulier/{name}/{version.version}/nl")
    form.page.route("**/api/v1/submissions", lambda route: route.abort())
    for _ in range(40):
        form.page.evaluate(ANSWER)
        if form.all():
            form.saved()
        here = form.page.locator("section:not([hidden])").get_attribute("data-page")
        form.next()
        form.page.wait_for_selector(
            f"section:not([hidden], [data-page='{here}']), .fa-errors, [data-notice]:not([hidden])"
        )
        assert form.page.locator(".fa-errors__link").all_inner_texts() == [], here
        if form.page.locator("[data-notice]:not([hidden])").count():
            break
    (draft,) = form.all()
    sent = json.loads(draft["document"])
    form.page.unroute("**/api/v1/submissions")
    form.page.reload()
    expect(form.page.get_by_role("heading", level=1)).to_contain_text("Aangekomen", timeout=15_000)
    world.expire_all()
    found = world.scalars(select(Submission)).one()
    given = {k: v for k, v in sent["answers"].items() if v}
    assert len(given) > 1
    for question, value in given.items():
        stored = found.answers[question]["v"]
        if isinstance(value, list) and value and isinstance(value[0], dict):
            assert [{k: str(v["v"] or "") for k, v in one.items()} for one in stored] == value
        else:
            assert (stored if isinstance(stored, list) else str(stored)) == value, question
    assert (found.area_code or "") == (sent["location"] or {}).get("area_code", "")
