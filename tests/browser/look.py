"""What is looked at on a page that a browser shows: each function says what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Request, Response
from playwright.sync_api import Page as BrowserPage

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()
RULES = """async (only) => {
  const options = { resultTypes: ['violations'] };
  if (only) options.runOnly = { type: 'rule', values: only };
  const { violations } = await axe.run(document, options);
  const why = (v, n) => (n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? v.help;
  return violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${why(v, n)}`));
}"""

# Widths in CSS px; a control inside a label is as large as the label, since both answer a tap.
SMALL_TARGETS = """(least) => {
  const found = [];
  for (const el of document.querySelectorAll(
      'a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!el.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
    const seen = el.closest('.nl-skip-link--visible-on-focus') && document.activeElement !== el;
    if (seen) continue;
    const label = ['checkbox', 'radio', 'file'].includes(el.type)
      ? el.closest('label') || document.querySelector(`label[for="${el.id}"]`) : null;
    let boxes = [el, label].filter(Boolean).map(e => e.getBoundingClientRect());
    boxes = boxes.filter(b => b.width > 1 && b.height > 1);
    if (!boxes.length) continue;
    const width = Math.max(...boxes.map(b => b.width));
    const height = Math.max(...boxes.map(b => b.height));
    if (width < least - 0.5 || height < least - 0.5)
      found.push(`${Math.round(width)}x${Math.round(height)}: ${el.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""

# Words that stick out of, or are cut off by, the thing that should hold them. A name that ends in
# dots on purpose (.fa-account__name; its panel has the whole name) is not among them.
CLIPPED = """() => [...document.querySelectorAll(
    'button, .nl-button, label, legend, summary, .fa-badge, .fa-nav__link,'
    + ' .fa-rows__title, .fa-choice__text, .fa-start__label, th, dt, h1, h2, h3')]
  .filter(el => el.checkVisibility() && el.clientWidth > 1 && !el.matches('.fa-hidden'))
  .filter(el => el.scrollWidth > el.clientWidth + 1)
  .map(el => `${el.scrollWidth} in ${el.clientWidth}: ${el.outerHTML.slice(0, 160)}`)"""

# A word on a button that goes on in the next line.
BROKEN_WORDS = r"""() => [...document.querySelectorAll('.nl-button__label')]
  .filter(el => el.checkVisibility())
  .flatMap(el => [...el.childNodes].filter(node => node.nodeType === Node.TEXT_NODE))
  .flatMap(node => [...node.data.matchAll(/\S+/g)].filter(word => {
    const range = new Range();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
  })).map(word => word[0])"""

# What makes the page itself wider than the screen.
OVERFLOW = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const rtl = root.dir === 'rtl';
  const wide = [...document.body.querySelectorAll('*')].filter(el => {
    const box = el.getBoundingClientRect();
    return rtl ? box.left < -1 : box.right > root.clientWidth + 1;
  });
  return [`${root.scrollWidth} > ${root.clientWidth}`,
    ...wide.slice(0, 4).map(el => el.outerHTML.slice(0, 120))];
}"""
HEADINGS = """() =>
  [...document.querySelectorAll("h1")].filter((h) => h.checkVisibility()).length"""
DIRECTION = "() => [document.documentElement.dir, getComputedStyle(document.body).direction]"


class Ears:
    """Hears what a page says to the console and which requests fail."""

    def __init__(self, page: BrowserPage) -> None:
        self.heard: list[str] = []
        self.expected = ""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and self.expected not in message.location["url"]:
            self.heard.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # Aborted: the page was left while it asked behind the back.
        if request.failure != "net::ERR_ABORTED":
            self.heard.append(f"request failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and self.expected not in response.url:
            self.heard.append(f"{response.status}: {response.url}")


def axe(page: BrowserPage, *rules: str) -> list[str]:
    """What axe-core finds; only these rules when any are named."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RULES, list(rules) or None)
    return found


def layout(page: BrowserPage) -> list[str]:
    """Sideways scrolling and words that do not fit, at the page's present size."""
    wide: list[str] = page.evaluate(OVERFLOW)
    clipped: list[str] = page.evaluate(CLIPPED)
    broken: list[str] = page.evaluate(BROKEN_WORDS)
    told = {"too wide": wide, "clipped": clipped, "broken word": broken}
    return [f"{what}: {one}" for what, found in told.items() for one in found]


def small_targets(page: BrowserPage, least: int = 44) -> list[str]:
    """What a thumb would miss: smaller than `least` CSS px either way."""
    found: list[str] = page.evaluate(SMALL_TARGETS, least)
    return [f"small target: {f}" for f in found]


def one_heading(page: BrowserPage) -> list[str]:
    """A page has one h1."""
    count: Any = page.evaluate(HEADINGS)
    return [] if count == 1 else [f"{count} h1"]


def runs(page: BrowserPage, direction: str) -> list[str]:
    """The page runs as its language does."""
    found = page.evaluate(DIRECTION)
    return [] if found == [direction] * 2 else [f"dir {found}, should be {direction}"]
