"""Photos in the browser: made small, turned upright, without EXIF; blurred; one over the other."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.browser import look
from tests.browser.photos import corners, phone_photo, told_beside_the_picture
from tests.browser.widget_page import widget_pages
from tests.support.chromium import ChromiumMissing, launch_options

pytestmark = pytest.mark.browser

PHONE: Any = {"width": 390, "height": 844}
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a camera that shows a test picture."""
    try:
        options = launch_options(*CAMERA)
    except ChromiumMissing as missing:
        pytest.skip(f"no Chromium: {missing}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with widget_pages() as address:
        yield address


@pytest.fixture
def context(browser: Browser, url: str) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=PHONE, base_url=url, has_touch=True, is_mobile=True)
    made.grant_permissions(["camera", "microphone"])
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/photos", wait_until="networkidle")
    return page


def photo(name: str = "IMG_1.jpg", **how: Any) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": phone_photo(**how)}


def take(page: Page, *photos: Any, button: str = "Maak een foto", question: str = "foto") -> None:
    """As the camera gives it: through the button, into the input that it opens."""
    for one in photos:
        with page.expect_file_chooser() as opened:
            page.locator(f'[data-path="{question}"]').get_by_role("button", name=button).click()
        opened.value.set_files([one])


BASE64 = """const letters = (all) => Array.from(all, (one) => String.fromCharCode(one)).join("");
  const base64 = async (file) => btoa(letters(new Uint8Array(await file.arrayBuffer())));"""
READ = f"""async (name) => {{
  {BASE64}
  const files = [...document.querySelector(`[name="${{name}}"]`).files];
  return Promise.all(files.map(async (file) => [file.name, await base64(file)]));
}}"""


def files(page: Page, name: str = "foto", count: int = 1) -> list[tuple[str, bytes]]:
    """What the plain form would send."""
    page.locator(f'[data-path="{name}"] .fa-photo__image').nth(count - 1).wait_for()
    return [(found, base64.b64decode(data)) for found, data in page.evaluate(READ, name)]


def test_a_photo_is_small_and_tells_nothing(page: Page) -> None:
    whole = phone_photo(5472, 3648)  # 20 megapixels
    assert [body[:4] for body in told_beside_the_picture(whole)] == [b"Exif"]
    take(page, {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": whole})
    [(name, data)] = files(page)
    assert told_beside_the_picture(data) == []
    assert Image.open(io.BytesIO(data)).size == (1600, 1067)  # 1600 * 3648 / 5472 = 1066.7
    assert corners(data) == ["red", "green", "blue", "white"]
    assert name == "IMG_1.jpg"


def test_also_a_small_photo_loses_what_it_tells(page: Page) -> None:
    take(page, photo(width=640, height=480))
    [(_, data)] = files(page)
    assert told_beside_the_picture(data) == []
    assert Image.open(io.BytesIO(data)).size == (640, 480)


# How a picture that is stored as red, green / blue, white must be seen (EXIF 2.3, table 4.6.4-A).
UPRIGHT = {
    1: ("red", "green", "blue", "white"),
    3: ("white", "blue", "green", "red"),  # half a turn
    6: ("blue", "red", "white", "green"),  # a quarter turn clockwise
    8: ("green", "white", "red", "blue"),  # a quarter turn anticlockwise
}


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("size", [(2400, 1800), (800, 600)], ids=["large", "small"])
def test_a_photo_is_upright(page: Page, orientation: int, size: tuple[int, int]) -> None:
    take(page, photo(width=size[0], height=size[1], orientation=orientation))
    [(_, data)] = files(page)
    width, height = (1600, 1200) if size[0] > 1600 else size
    turned = orientation in (6, 8)
    assert Image.open(io.BytesIO(data)).size == ((height, width) if turned else (width, height))
    assert corners(data) == list(UPRIGHT[orientation])


def test_photos_of_one_name_keep_two_names(page: Page) -> None:
    take(page, photo("image.jpg", width=400, height=300), photo("image.jpg", width=300, height=400))
    assert [name for name, _ in files(page, count=2)] == ["image.jpg", "image-2.jpg"]


def test_a_format_only_the_server_reads_goes_along(page: Page) -> None:
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
    take(page, {"name": "IMG_2.HEIC", "mimeType": "image/heic", "buffer": heic})
    page.get_by_text("IMG_2.HEIC").wait_for()
    sent = page.evaluate(
        "[...document.querySelector('[name=foto]').files].map((f) => [f.name, f.size])"
    )
    assert sent == [["IMG_2.HEIC", len(heic)]]


def test_what_is_no_photo_is_told(page: Page) -> None:
    take(page, {"name": "brief.jpg", "mimeType": "image/jpeg", "buffer": b"geen foto"})
    page.get_by_text("Deze foto is niet gelukt").wait_for()
    assert page.evaluate("document.querySelector('[name=foto]').files.length") == 0


def test_who_goes_on_at_once_waits_for_the_photo(page: Page) -> None:
    large = phone_photo(8000, 6000)  # takes a while
    take(page, {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": large})
    page.get_by_role("button", name="Volgende").click()
    page.get_by_text("foto=IMG_1.jpg image/jpeg").wait_for()
    [line] = [one for one in page.locator("body").inner_text().splitlines() if "IMG_1" in one]
    assert int(line.split()[-1]) < len(large) / 2


# --- in the form on the phone: handed over, never in the input ---

EARS = f"""() => {{
  {BASE64}
  const told = async ({{file, taken_at, replaces}}) => (
    {{taken_at, replaces, name: file.name, bytes: await base64(file)}});
  window.heard = [];
  for (const name of ["fa:files", "fa:drop", "change"]) {{
    document.querySelector("form").addEventListener(name, async ({{type, detail}}) => {{
      const files = await Promise.all((detail?.files ?? []).map(told));
      window.heard.push({{type, files, only: detail?.only, sha256: detail?.sha256}});
    }});
  }}
}}"""
KEPT = """([path, files]) => document.querySelector(`[data-path="${path}"]`)
  .dispatchEvent(new CustomEvent("fa:kept", {detail: {files}}))"""


@pytest.fixture
def phone(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/photos?phone", wait_until="networkidle")
    page.evaluate(EARS)
    return page


def heard(page: Page, count: int = 1) -> list[dict[str, Any]]:
    page.wait_for_function("count => heard.length >= count", arg=count)
    found: list[dict[str, Any]] = page.evaluate("heard")
    return found


def keep(page: Page, path: str, *photos: tuple[str, bytes]) -> None:
    """What the form does after it stored them."""
    told = [
        {
            "name": name,
            "sha256": f"{n:064x}",
            "url": "data:image/jpeg;base64," + base64.b64encode(data).decode(),
        }
        for n, (name, data) in enumerate(photos)
    ]
    page.evaluate(KEPT, [path, told])


def test_on_the_phone_a_photo_is_handed_over(phone: Page) -> None:
    take(phone, photo())
    [told] = heard(phone)
    assert told["type"] == "fa:files"  # no change event with the photo as it came
    [file] = told["files"]
    assert told_beside_the_picture(base64.b64decode(file["bytes"])) == []
    # 09:08:07 at +01:00, as the EXIF said before it went.
    assert file["taken_at"] == "2026-11-20T08:08:07.000Z"
    assert phone.evaluate("document.querySelector('[name=foto]').files.length") == 0


def test_choosing_hands_over_as_well(phone: Page) -> None:
    two = [photo(name, width=300, height=200) for name in ("a.jpg", "b.jpg")]
    phone.locator("[name=foto]").set_input_files(two)
    [told] = heard(phone)
    assert [file["name"] for file in told["files"]] == ["a.jpg", "b.jpg"]
    assert phone.evaluate("document.querySelector('[name=foto]').files.length") == 0


def test_what_is_kept_is_shown_and_can_go(phone: Page) -> None:
    keep(phone, "foto", ("a.jpg", phone_photo(400, 300)), ("b.jpg", phone_photo(300, 400)))
    assert phone.locator('[data-path="foto"] .fa-photo__image').count() == 2
    phone.get_by_role("button", name="Foto 2 weghalen").click()
    [told] = heard(phone)
    assert (told["type"], told["sha256"]) == ("fa:drop", f"{1:064x}")


def blurred(page: Page) -> bytes:
    """The photo that takes the place of the first."""
    [told] = heard(page)
    [file] = told["files"]
    assert file["replaces"] == f"{0:064x}"
    return base64.b64decode(file["bytes"])


def detail_at(data: bytes, box: tuple[int, int, int, int]) -> int:
    """How many different grey values there are in a part: a fine pattern has many."""
    part = Image.open(io.BytesIO(data)).convert("L").crop(box)
    return len(part.getcolors(65536) or [])


def plate() -> bytes:
    """A photo with a fine pattern all over it, as letters on a number plate."""
    image = Image.effect_noise((800, 600), 120).convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def test_a_finger_makes_a_face_unrecognisable(phone: Page) -> None:
    before = plate()
    keep(phone, "foto", ("a.jpg", before))
    phone.get_by_role("button", name="Maak onherkenbaar op foto 1").click()
    canvas = phone.get_by_role("application", name="De foto")
    box = canvas.bounding_box()
    assert box is not None
    # Over the middle, from a quarter to three quarters of the width.
    phone.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    phone.mouse.down()
    phone.mouse.move(box["x"] + box["width"] * 3 / 4, box["y"] + box["height"] / 2, steps=12)
    phone.mouse.up()
    phone.get_by_role("button", name="Klaar").click()
    after = blurred(phone)
    middle, top = (380, 280, 420, 320), (380, 20, 420, 60)
    assert detail_at(before, middle) > 150
    assert detail_at(after, middle) < 80  # a few flat squares and the edges between them
    assert detail_at(after, top) > 150  # elsewhere nothing changed
    assert told_beside_the_picture(after) == []
    assert phone.locator("dialog").count() == 0


def test_a_step_back_and_giving_up_change_nothing(phone: Page) -> None:
    keep(phone, "foto", ("a.jpg", plate()))
    phone.get_by_role("button", name="Maak onherkenbaar op foto 1").click()
    undo = phone.get_by_role("button", name="Stap terug")
    assert undo.is_disabled()
    before = phone.evaluate("document.querySelector('dialog canvas').toDataURL()")
    phone.get_by_role("application", name="De foto").tap()
    assert phone.evaluate("document.querySelector('dialog canvas').toDataURL()") != before
    undo.click()
    assert phone.evaluate("document.querySelector('dialog canvas').toDataURL()") == before
    phone.get_by_role("button", name="Klaar").click()
    phone.locator("dialog").wait_for(state="detached")
    phone.get_by_role("button", name="Maak onherkenbaar op foto 1").click()
    phone.get_by_role("application", name="De foto").tap()
    phone.get_by_role("button", name="Annuleren").click()
    phone.locator("dialog").wait_for(state="detached")
    assert phone.evaluate("heard") == []


def test_blurring_by_keys(phone: Page) -> None:
    keep(phone, "foto", ("a.jpg", plate()))
    phone.get_by_role("button", name="Maak onherkenbaar op foto 1").focus()
    phone.keyboard.press("Enter")
    canvas = phone.get_by_role("application", name="De foto")
    canvas.wait_for()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "+", "Enter"):
        canvas.press(key)
    phone.get_by_role("button", name="Klaar").click()
    after = blurred(phone)
    # 44 squares over 800 px are 18.2 px; the middle one is 22, 17 of 44 x 33; moved to 24, 16:
    # its centre is at 445, 300, and with "+" three squares (55 px) to each side.
    assert detail_at(after, (420, 280, 470, 320)) < 60
    assert detail_at(after, (300, 280, 370, 320)) > 150


def test_the_earlier_photo_lies_over_the_camera(phone: Page) -> None:
    over = phone.locator('[data-path="foto_na"]').get_by_role(
        "button", name="Foto over de eerdere heen"
    )
    assert not over.is_visible()  # no earlier photo yet
    keep(phone, "foto", ("a.jpg", phone_photo(400, 300)))
    over.click()
    phone.wait_for_function("() => document.querySelector('dialog video')?.videoWidth > 0")
    earlier = phone.get_by_alt_text("De eerdere foto, doorschijnend over het beeld heen")
    assert earlier.evaluate("one => [one.src.slice(0, 15), one.style.opacity]") == [
        "data:image/jpeg",
        "0.45",
    ]
    phone.get_by_role("slider", name="Hoe sterk de eerdere foto").fill("80")
    assert earlier.evaluate("one => one.style.opacity") == "0.8"
    phone.get_by_role("button", name="Maak de foto").click()
    [told] = heard(phone)
    [file] = told["files"]
    data = base64.b64decode(file["bytes"])
    assert told_beside_the_picture(data) == []
    # What the camera showed, not the ghost over it: Chromium's test picture is green with a clock.
    assert "green" in corners(data)
    assert phone.evaluate("document.querySelectorAll('dialog').length") == 0


def test_without_a_camera_the_ordinary_way_remains(phone: Page) -> None:
    phone.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => { throw new Error('none'); }; }"
    )
    keep(phone, "foto", ("a.jpg", phone_photo(400, 300)))
    take(phone, photo("na.jpg", width=300, height=200), button="Foto over de eerdere heen",
         question="foto_na")  # fmt: skip
    [told] = heard(phone)
    assert [file["name"] for file in told["files"]] == ["na.jpg"]


def test_on_a_laptop_there_is_one_way(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=url)
    page = context.new_page()
    page.goto("/photos", wait_until="networkidle")
    assert not page.get_by_role("button", name="Maak een foto").first.is_visible()
    page.locator("[name=foto]").set_input_files([photo(width=300, height=200)])
    [(_, data)] = files(page)
    assert told_beside_the_picture(data) == []
    context.close()


# --- sound and drawings ---


def recorder(page: Page) -> Any:
    page.goto("/files?phone", wait_until="networkidle")
    page.evaluate(EARS)
    return page.locator(".fa-record[data-kind=audio]")


def sound(page: Page) -> bytes:
    [told] = heard(page)
    assert (told["type"], told["only"]) == ("fa:files", True)
    [file] = told["files"]
    assert file["name"] == "opname.webm"
    data = base64.b64decode(file["bytes"])
    assert data[:4] == b"\x1a\x45\xdf\xa3"  # EBML: a whole beginning
    return data


def test_a_voice_note_is_handed_over_when_it_stops(context: BrowserContext) -> None:
    page = context.new_page()
    box = recorder(page)
    box.get_by_role("button", name="Neem geluid op").click()
    box.get_by_text("0:01").wait_for()
    box.get_by_role("button", name="Stop de opname").click()
    sound(page)
    assert page.evaluate("() => document.querySelector('[name=geluid]').files.length") == 0
    assert box.locator("audio").get_attribute("src") is None  # not kept yet
    keep(page, "geluid", ("opname.webm", b"x"))
    assert (box.locator("audio").get_attribute("src") or "").startswith("data:")
    box.get_by_role("button", name="Gooi de opname weg").click()
    told = heard(page, 2)[1]
    assert (told["type"], told["files"], told["only"]) == ("fa:files", [], True)


def test_a_voice_note_is_handed_over_when_the_page_is_hidden(context: BrowserContext) -> None:
    page = context.new_page()

    def longer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace('data-longest="2"', 'data-longest="60"')
        )

    page.route("**/files?phone", longer)  # else it stops by itself
    box = recorder(page)
    box.get_by_role("button", name="Neem geluid op").click()
    box.get_by_text("0:01").wait_for()
    page.evaluate(
        """() => { Object.defineProperty(document, "hidden", { value: true });
        document.dispatchEvent(new Event("visibilitychange")); }"""
    )
    # At once, not with the next part (15 s) or at the end (60 s).
    page.wait_for_function("() => heard.length > 0", timeout=8000)
    sound(page)


def test_a_drawing_takes_the_place_of_the_one_before(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/files?phone", wait_until="networkidle")
    page.evaluate(EARS)
    canvas = page.locator(".fa-draw[data-kind=draw] canvas")
    canvas.click()
    [told] = heard(page)
    assert (told["only"], [file["name"] for file in told["files"]]) == (True, ["tekening.png"])


def test_a_photo_to_draw_on_tells_nothing_either(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/files?phone", wait_until="networkidle")
    page.evaluate(EARS)
    page.locator("[name=opfoto]").set_input_files([photo(width=800, height=600)])
    [told] = heard(page)
    [file] = told["files"]
    assert told_beside_the_picture(base64.b64decode(file["bytes"])) == []


SETTLE = """async () => {
  const waits = [];
  document.querySelector("form").dispatchEvent(new CustomEvent("fa:settle", { detail: { waits } }));
  await Promise.all(waits);
  return [...window.order];
}"""


def test_the_form_waits_for_a_photo_and_a_recording(context: BrowserContext) -> None:
    page = context.new_page()
    box = recorder(page)
    note = """() => { window.order = [];
      document.querySelector("form").addEventListener("fa:files", ({ detail }) => {
        window.order.push(...detail.files.map(({ file }) => file.name)); }); }"""
    page.evaluate(note)
    box.get_by_role("button", name="Neem geluid op").click()
    box.get_by_text("0:01").wait_for()
    assert page.evaluate(SETTLE) == ["opname.webm"]
    page.goto("/photos?phone", wait_until="networkidle")
    page.evaluate(note)
    page.locator("[name=foto]").set_input_files([photo(width=4000, height=3000)])
    assert page.evaluate(SETTLE) == ["IMG_1.jpg"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(320, 568), (844, 390)], ids=["narrow", "landscape"])
def test_the_sheets_can_be_used_by_everybody(
    browser: Browser, url: str, size: tuple[int, int], scheme: Any
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        base_url=url,
        has_touch=True,
        is_mobile=True,
        color_scheme=scheme,
        permissions=["camera"],
    )
    page = context.new_page()
    page.goto("/photos?phone&lang=ar", wait_until="networkidle")
    page.evaluate(EARS)
    keep(page, "foto", ("a.jpg", phone_photo(800, 600)))

    def faults() -> list[str]:
        found = [*look.axe(page), *look.axe(page, "color-contrast-enhanced"), *look.layout(page)]
        return [*found, *look.small_targets(page, 48)]

    assert faults() == []
    page.get_by_role("button", name="Maak onherkenbaar op foto 1").click()
    page.get_by_role("application", name="De foto").wait_for()
    assert faults() == []
    page.get_by_role("button", name="Annuleren").click()
    page.locator('[data-path="foto_na"] [data-photo-ghost]').click()
    page.wait_for_function("() => document.querySelector('dialog video')?.videoWidth > 0")
    assert faults() == []
    context.close()
