"""What each widget does under a thumb and under keys, and as a plain control without scripts."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import look
from tests.browser.widget_page import NAMES, widget_pages

pytestmark = pytest.mark.browser

PHONE: Any = {"width": 390, "height": 844}
LAPTOP: Any = {"width": 1280, "height": 900}
HERE: Any = {"latitude": 52.0801, "longitude": 4.3003, "accuracy": 7}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with widget_pages() as address:
        yield address


@pytest.fixture
def context(browser: Browser, url: str) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport=PHONE, base_url=url, has_touch=True, geolocation=HERE, permissions=["geolocation"]
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def opened(page: Page, name: str, query: str = "") -> Page:
    page.goto(f"/{name}?{query}", wait_until="networkidle")
    return page


def sent(page: Page) -> list[str]:
    """What the server is told when somebody goes on: lines name=value."""
    page.get_by_role("button", name="Volgende").click()
    page.wait_for_load_state()
    return page.locator("body").inner_text().splitlines()


def values(page: Page, name: str) -> list[str]:
    prefix = f"{name}="
    return [line.removeprefix(prefix) for line in sent(page) if line.startswith(prefix)]


# --- every page: light and dark, both directions, phone and laptop ---


@pytest.mark.parametrize("language", ["nl", "ar"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_every_widget_is_accessible(browser: Browser, url: str, language: str, size: Any) -> None:
    found: dict[str, list[str]] = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport=size, base_url=url, color_scheme=scheme)
        page = context.new_page()
        ears = look.Ears(page)
        ears.expected = "favicon"
        for name in NAMES:
            opened(page, name, f"lang={language}")
            found[f"{name} {scheme}"] = [
                *look.axe(page), *look.axe(page, "color-contrast-enhanced"), *look.layout(page),
                *look.small_targets(page, 48), *ears.heard,
            ]  # fmt: skip
        context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_without_scripts_everything_can_be_answered(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport=PHONE, base_url=url, java_script_enabled=False)
    page = context.new_page()
    opened(page, "norm").locator("label[for=schoon-2]").click()
    assert values(page, "schoon") == ["B"]
    opened(page, "figures").locator("#cijfer").fill("7")
    page.locator("#aantal").fill("3")
    page.locator("#code").fill("ABC")
    page.locator("#volgorde-0").select_option("c")
    page.locator("#volgorde-1").select_option("a")
    page.locator("[name='wanneer/month']").select_option("4")
    told = sent(page)
    wanted = {"cijfer=7", "aantal=3", "code=ABC", "volgorde=c", "volgorde=a", "wanneer/month=4"}
    assert wanted <= set(told)
    assert told.index("volgorde=c") < told.index("volgorde=a")
    opened(page, "places").locator("#q-plek-portiek").fill("Sterstraat 2-18")
    page.locator("#route-0").fill("52.08 4.30\n52.09 4.31")
    assert "plek/portiek=Sterstraat 2-18" in sent(page)
    opened(page, "doors", "rounds=2").locator("label:has-text('Gesproken')").nth(1).click()
    assert values(page, "deuren/1/deur") == ["gesproken"]
    opened(page, "table").locator("label[for=rij1-3]").click()
    assert values(page, "rij1") == ["sad"]
    for name in ("files", "story", "choices", "figures", "places", "norm"):
        hidden = opened(page, name).locator("button:not([type=submit]):visible")
        assert hidden.count() == 0, "a button that does nothing without scripts"
    context.close()


# --- choices ---


def test_the_chosen_reference_picture_is_in_view(page: Page) -> None:
    opened(page, "norm", "schoon=D")
    box = page.locator("label[for=schoon-4]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_each_level_has_its_own_drawing(page: Page) -> None:
    opened(page, "norm")
    pictures = page.locator(".fa-norm__picture")
    addresses = pictures.evaluate_all("all => all.map(one => one.getAttribute('src'))")
    assert len(set(addresses)) == 5 * 5
    for address in addresses:
        answer = page.request.get(address)
        assert answer.ok
        assert "svg" in answer.headers["content-type"]


def test_drawings_are_light_and_as_their_tool_makes_them() -> None:
    tool = Path(__file__).resolve().parents[2] / "tools" / "norm_drawings.py"
    norm_drawings: Any = SimpleNamespace(**runpy.run_path(str(tool)))
    files = sorted(norm_drawings.FOLDER.glob("*.svg"))
    assert sum(file.stat().st_size for file in files) < 40_000
    assert {file.stem for file in files} == {
        f"{element}-{level}" for element in norm_drawings.ELEMENTS for level in norm_drawings.LEVELS
    }
    for file in files:
        element, _, level = file.stem.partition("-")
        assert file.read_text() == norm_drawings.drawing(element, level), file.name


VOICE = """() => {
  window.said = [];
  speechSynthesis.getVoices = () => [{lang: 'nl-NL', localService: true, name: 'x'}];
  speechSynthesis.speak = (one) => window.said.push(one.text);
  speechSynthesis.cancel = () => {};
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; } };
}"""


def test_cards_can_be_heard_where_a_voice_exists(page: Page) -> None:
    page.add_init_script(f"({VOICE})()")
    opened(page, "choices")
    page.locator("[data-hear=kaart-2]").click()
    assert page.evaluate("said") == ["Samen"]
    page.get_by_role("button", name="Lees de vraag voor").first.click()
    whole = page.evaluate("said[1]")
    assert whole.startswith("Hoe is het in het portiek?")
    assert "Samen" in whole


def test_without_a_voice_there_is_no_button(page: Page) -> None:
    page.add_init_script("speechSynthesis.getVoices = () => [{lang: 'de-DE', name: 'x'}]")
    opened(page, "choices")
    assert page.locator(".fa-hear:visible, .fa-hear-all").count() == 0


def test_a_tap_goes_on_at_once_and_a_key_does_not(page: Page) -> None:
    opened(page, "quick")
    page.locator("#snel-0").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("#snel-1").is_checked()
    assert page.get_by_role("button", name="Volgende").is_visible()  # still here
    page.locator("label[for=snel-2]").tap()
    page.get_by_text("snel=c").wait_for()
    assert "form/step=next" in page.locator("body").inner_text()


# --- numbers ---


def test_a_slider_is_blank_until_touched(page: Page) -> None:
    slider = opened(page, "figures").get_by_role("slider")
    assert slider.get_attribute("aria-valuetext") == "Nog niet gekozen"
    assert values(page, "cijfer") == [""]
    slider = opened(page, "figures").get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#cijfer").input_value() == "6"  # from the middle of 0..10
    page.get_by_role("button", name="Wissen").first.click()
    assert page.locator("#cijfer").input_value() == ""
    slider.press("Enter")  # the middle itself
    assert values(page, "cijfer") == ["5"]


def test_the_number_box_moves_the_slider(page: Page) -> None:
    opened(page, "figures").locator("#cijfer").fill("9")
    assert page.get_by_role("slider").input_value() == "9"


def test_counting_never_goes_below_nought(page: Page) -> None:
    more = opened(page, "figures").get_by_role("button", name="Eén meer")
    more.click()
    more.click()
    less = page.get_by_role("button", name="Eén minder")
    for _ in range(3):
        less.focus()
        page.keyboard.press("Enter")
    assert values(page, "aantal") == ["0"]


def test_ranking_by_keys(page: Page) -> None:
    opened(page, "figures")
    assert not page.locator("#volgorde-0").is_visible()
    page.get_by_role("button", name="Cc omhoog").focus()
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Cc omhoog"  # the focus goes along
    page.keyboard.press("Enter")
    assert "plaats 1 van 4" in page.locator(".fa-rank__status").inner_text()
    assert values(page, "volgorde") == ["c", "a", "b", "d"]


def test_ranking_by_dragging(page: Page) -> None:
    items = opened(page, "figures").locator(".fa-rank__item")
    items.nth(3).drag_to(items.nth(0))
    assert values(page, "volgorde") == ["d", "a", "b", "c"]


def test_an_order_that_nobody_chose_is_no_answer(page: Page) -> None:
    assert set(values(opened(page, "figures"), "volgorde")) == {""}
    opened(page, "figures").get_by_role("button", name="Zo is het goed").click()
    assert values(page, "volgorde") == ["a", "b", "c", "d"]


DETECTOR = """() => {
  window.BarcodeDetector = class { async detect() { return [{rawValue: '871234'}]; } };
  navigator.mediaDevices.getUserMedia = async () =>
    document.createElement('canvas').captureStream();
  HTMLMediaElement.prototype.play = async () => {};
}"""


def test_a_code_is_read_by_the_camera(page: Page) -> None:
    page.add_init_script(f"({DETECTOR})()")
    opened(page, "figures").get_by_role("button", name="Scan de code").click()
    page.get_by_text("Code gelezen: 871234").wait_for()
    assert values(page, "code") == ["871234"]


def test_no_camera_button_where_codes_cannot_be_read(page: Page) -> None:
    page.add_init_script("delete window.BarcodeDetector")
    assert not opened(page, "figures").get_by_text("Scan de code").is_visible()


# --- telling ---

EARS = """() => {
  window.SpeechRecognition = class extends EventTarget {
    start() { window.ear = this; }
    stop() { this.dispatchEvent(new Event('end')); }
  };
  window.hear = (text) => ear.dispatchEvent(Object.assign(new Event('result'),
    {resultIndex: 0, results: [Object.assign([{transcript: text}], {isFinal: true})]}));
}"""


def test_speaking_is_off_until_asked_and_adds_to_what_was_typed(page: Page) -> None:
    page.add_init_script(f"({EARS})()")
    opened(page, "story").locator("#verhaal").fill("Het is hier fijn.")
    assert page.evaluate("window.ear === undefined")
    page.get_by_text("Inspreken in plaats van typen").click()
    assert page.get_by_text("Die kan meeluisteren").is_visible()
    page.get_by_role("button", name="Spreek in").click()
    page.evaluate("hear('Maar de lamp is stuk.')")
    page.get_by_role("button", name="Stop met inspreken").click()
    assert values(page, "verhaal") == ["Het is hier fijn. Maar de lamp is stuk."]


def test_without_recognition_only_typing_is_offered(page: Page) -> None:
    page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition")
    assert not opened(page, "story").get_by_text("Inspreken in plaats van typen").is_visible()


def test_the_clock_waits_for_the_first_word(page: Page) -> None:
    page.clock.install()
    opened(page, "story")
    assert not page.locator("[data-clock]").is_visible()
    page.locator("#verhaal").press_sequentially("Ja")
    page.clock.run_for(65_000)
    assert page.locator("[data-time]").inner_text() == "1:05"


# --- drawing and recording ---


def stroke(page: Page, name: str) -> None:
    """One line across the sheet of this question."""
    canvas = page.locator(f".fa-draw[data-name={name}] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()


def ready(page: Page, name: str, words: str) -> None:
    page.locator(f".fa-draw[data-name={name}] [data-status]:has-text('{words}')").wait_for()


def test_a_drawing_is_sent_as_png_and_can_be_taken_back(page: Page) -> None:
    stroke(opened(page, "files"), "tekening")
    ready(page, "tekening", "Tekening bewaard")
    stroke(page, "naam")
    ready(page, "naam", "Tekening bewaard")
    box = page.locator(".fa-draw[data-name=naam]")
    box.get_by_role("button", name="Stap terug").click()
    ready(page, "naam", "Nog niets getekend")
    told = sent(page)
    drawing = next(line for line in told if line.startswith("tekening="))
    name, kind, size = drawing.removeprefix("tekening=").split()
    assert (name, kind) == ("tekening.png", "image/png")
    assert int(size) > 500
    assert not any(line.startswith("naam=naam") for line in told)


CORNER = """async (input) => {
  const picture = await createImageBitmap(input.files[0]);
  const pencil = new OffscreenCanvas(9, 9).getContext('2d');
  pencil.drawImage(picture, 0, 0);
  return [...pencil.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


def test_a_photo_is_drawn_upon(page: Page, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (64, 48), "#336699").save(tmp_path / "foto.jpg")
    opened(page, "files").locator("#opfoto-0").set_input_files(tmp_path / "foto.jpg")
    page.locator(".fa-draw[data-name=opfoto] canvas").wait_for()
    stroke(page, "opfoto")
    ready(page, "opfoto", "Tekening bewaard")
    red, green, blue = page.locator("#opfoto-0").evaluate(CORNER)
    off = max(abs(red - 0x33), abs(green - 0x66), abs(blue - 0x99))
    assert off < 40  # the photo is below the lines
    (line,) = values(page, "opfoto")
    assert line.startswith("opfoto.jpg image/jpeg")


def test_a_broken_photo_is_told(page: Page, tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(b"geen foto")
    opened(page, "files").locator("#opfoto-0").set_input_files(tmp_path / "foto.jpg")
    ready(page, "opfoto", "Deze foto is niet gelukt")


SOUND = """() => {
  navigator.mediaDevices.getUserMedia = async () => {
    const sound = new AudioContext(); const out = sound.createMediaStreamDestination();
    const tone = sound.createOscillator(); tone.connect(out); tone.start(); sound.resume();
    return out.stream; };
}"""


def test_sound_is_recorded_heard_back_and_thrown_away(page: Page) -> None:
    page.add_init_script(f"({SOUND})()")
    box = opened(page, "files").locator(".fa-record[data-kind=audio]")
    box.get_by_role("button", name="Neem geluid op").click()
    box.get_by_text("0:01").wait_for()  # a tap that is taken back at once records nothing
    box.get_by_role("button", name="Stop de opname").click()
    box.locator("[data-play]").wait_for()
    box.get_by_role("button", name="Gooi de opname weg").click()
    assert box.locator("input").evaluate("el => el.files.length") == 0
    box.get_by_role("button", name="Neem geluid op").click()
    box.get_by_text("Opname klaar").wait_for()  # stops by itself: the longest here is 2 seconds
    played = (
        "el => new Promise((yes, no) => { el.onloadedmetadata = yes; el.onerror = no; el.load(); })"
    )
    box.locator("[data-play]").evaluate(played)  # the policy lets it be heard
    (line,) = values(page, "geluid")
    assert line.startswith("opname.webm audio/webm")


def test_a_refused_microphone_leaves_the_file(page: Page) -> None:
    refuse = "navigator.mediaDevices.getUserMedia = async () => { throw new Error('no'); }"
    page.add_init_script(refuse)
    box = opened(page, "files").locator(".fa-record[data-kind=audio]")
    box.get_by_role("button", name="Neem geluid op").click()
    box.get_by_text("Kies een bestand of ga verder zonder").wait_for()
    assert box.locator("input").is_visible()


# --- places ---


def test_here_fills_the_point_with_its_accuracy(page: Page) -> None:
    opened(page, "places").get_by_role("button", name="Hier").click()
    page.get_by_text("op 7 m nauwkeurig").wait_for()
    told = sent(page)
    assert {"plek/lat=52.080100", "plek/lon=4.300300", "plek/accuracy=7", "plek/source=gps"} <= set(
        told
    )


def test_portieken_are_offered_while_typing(page: Page) -> None:
    box = opened(page, "places").locator("#q-plek-portiek")
    options = f"#{box.get_attribute('list')} option"
    assert page.locator(options).evaluate_all("all => all.map(o => o.value)") == ["Sterstraat 2-18"]


def open_map(page: Page, kind: str) -> Any:
    box = opened(page, "places").locator(f".fa-trace[data-kind={kind}]")
    box.get_by_role("button", name="Wijs aan op de kaart").click()
    box.locator(".leaflet-control-zoom").wait_for()
    return box


def test_a_line_by_taps_with_a_step_back(page: Page) -> None:
    box = open_map(page, "geotrace")
    for x, y in ((100, 100), (200, 100), (200, 200)):
        box.locator(".fa-map").click(position={"x": x, "y": y})
    assert box.locator("li").count() == 3
    box.get_by_role("button", name="Stap terug").click()
    told = "".join(sent(page))
    route = told.partition("route=")[2].partition("vlak=")[0]
    first, second = (point.split() for point in route.split(";"))
    assert len(first) == 4
    # The second tap was due east: the same latitude, a larger longitude.
    assert abs(float(first[0]) - float(second[0])) < 1e-5
    assert float(first[1]) < float(second[1])


def test_a_shape_by_keys_is_closed(page: Page) -> None:
    box = open_map(page, "geoshape")
    box.locator(".fa-map").focus()
    page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(400)  # the map slides
        page.keyboard.press("Enter")
    assert box.locator("li").count() == 3
    box.get_by_role("button", name="Punt 3 weghalen").focus()
    page.keyboard.press("Enter")
    assert "minstens drie punten" in box.locator("[data-status]").inner_text()
    box.locator(".fa-map").focus()
    page.keyboard.press("Enter")
    (text,) = [box.locator("textarea").input_value()]
    points = [point.strip() for point in text.split(";")]
    assert len(points) == 4
    assert points[0] == points[-1]


def test_length_is_that_of_the_globe(page: Page) -> None:
    # One degree along a meridian is 2 pi R / 360 with the mean radius 6371.0088 km: 111195 m.
    opened(page, "places")
    found = page.evaluate(
        "async () => (await import('/static/js/trace.js')).length([[52, 4], [53, 4]])"
    )
    assert round(found) == 111195


# --- doors ---


def names(page: Page) -> list[str]:
    words = "all => all.map(door => door.firstChild.textContent)"
    found: list[str] = page.locator(".fa-door").evaluate_all(words)
    return found


def test_a_new_stairwell_has_eight_doors_not_tried(page: Page) -> None:
    opened(page, "doors")
    assert names(page) == [f"Deur {n}: niet aangebeld" for n in range(1, 9)]
    told = sent(page)
    assert [f"deuren/{n}/.round=" in told for n in range(9)] == [True] * 8 + [False]
    assert not any("/deur=" in line for line in told)


def test_taps_go_round_and_end_where_they_began(page: Page) -> None:
    door = opened(page, "doors").locator(".fa-door").first
    seen = []
    for _ in range(5):
        door.tap()
        seen.append(names(page)[0].partition(": ")[2])
    assert seen == ["Dicht", "Open", "Gesproken", "Liever niet", "niet aangebeld"]
    door.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert names(page)[0] == "Deur 1: Dicht"
    page.locator(".fa-door").nth(2).tap()
    assert page.locator(".fa-doors__totals").inner_text() == "Tot nu toe: Dicht: 2"
    assert "Deur 3: Dicht" in page.locator("[role=status]").all_inner_texts()
    told = sent(page)
    assert {"deuren/0/deur=dicht", "deuren/2/deur=dicht"} <= set(told)


def test_more_and_fewer_doors_keep_what_was_told(page: Page) -> None:
    opened(page, "doors")
    page.get_by_role("button", name="Eén deur meer").click()
    assert len(names(page)) == 9
    page.locator(".fa-door").nth(8).tap()
    page.get_by_role("button", name="Eén deur minder").click()
    assert len(names(page)) == 9  # the last one was answered
    assert "al iets ingevuld" in page.locator(".fa-doors__totals").inner_text()
    assert values(page, "deuren/8/deur") == ["dicht"]
    opened(page, "doors")
    page.get_by_role("button", name="Eén deur minder").click()
    assert "deuren/7/.round=" not in sent(page)


def test_a_stairwell_that_was_described_is_left_as_it_is(page: Page) -> None:
    opened(page, "doors", "rounds=3&deuren/1/deur=open")
    assert [name.partition(": ")[2] for name in names(page)] == [
        "niet aangebeld",
        "Open",
        "niet aangebeld",
    ]


def test_rounds_that_move_up_take_their_names_along(page: Page) -> None:
    opened(page, "doors", "rounds=3&deuren/2/deur=open")
    page.evaluate(
        "async () => (await import('/static/js/rounds.js')).removeRound("
        "document.querySelector('[data-path=\"deuren/1\"]'))"
    )
    page.get_by_text("Alle deuren als lijst").click()
    assert page.locator("legend h3").all_inner_texts() == ["Deur 1", "Deur 2"]
    assert page.locator("#r-deuren\\/1 button").get_attribute("value") == "remove:deuren/1"
    page.locator("label[for='q-deuren/1/deur-2']").click()
    told = sent(page)
    assert "deuren/1/deur=gesproken" in told
    assert "deuren/.rounds=2" in told
    assert not any(line.startswith("deuren/2/") for line in told)
