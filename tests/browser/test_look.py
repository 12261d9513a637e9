"""The eyes of test_pages.py are not blind: each sees the fault it is for, and no fault without."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import look

pytestmark = pytest.mark.browser

FRAME = """<!doctype html><html lang="nl" dir="ltr"><head><title>Buurt</title>
<meta name="viewport" content="width=device-width"></head>
<body style="margin:0;background:#fff"><main><h1>Buurt</h1>{}</main></body></html>"""
BIG = "display:inline-block;min-width:60px;min-height:60px;color:#000;background:#fff"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def far(page: Page) -> list[str]:
    return look.axe(page, "color-contrast-enhanced")


def ltr(page: Page) -> list[str]:
    return look.runs(page, "ltr")


@pytest.mark.parametrize(
    ("eye", "fault"),
    [
        (look.axe, "<img src='data:,'>"),
        (far, "<p style='color:#666'>Grijs is buiten niet te lezen.</p>"),
        (look.layout, "<p style='width:500px'>Breder dan het scherm</p>"),
        (look.layout, f"<button style='{BIG};width:60px;overflow:hidden'>Opslaanenverder</button>"),
        (look.layout, "<p style='width:2em'><span class=nl-button__label>Verder-gaan</span></p>"),
        (look.small_targets, "<button style='width:40px;height:60px'>Ja</button>"),
        (look.small_targets, "<label><input type=radio name=a>Ja</label>"),
        (look.one_heading, "<h1>Nog een</h1>"),
        (ltr, "<script>document.documentElement.dir = 'rtl'</script>"),
    ],
)
def test_each_fault_is_seen(page: Page, eye: Callable[[Page], list[str]], fault: str) -> None:
    page.set_content(FRAME.format(f"<p>Goed.</p><button style='{BIG}'>Ja</button>"))
    assert eye(page) == []
    page.set_content(FRAME.format(fault))
    assert eye(page)


def test_what_fails_quietly_is_heard(page: Page) -> None:
    ears = look.Ears(page)
    ears.expected = "\0"
    page.set_content(FRAME.format("<script>console.error('kapot'); undefined.x</script>"))
    page.wait_for_function("() => true")
    assert len(ears.heard) == 2, ears.heard
