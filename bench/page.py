"""What the public survey costs a resident on a slow phone: bytes and seconds, in Chromium."""

from __future__ import annotations

import http.client
import re
import statistics
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from bench.figures import Figure
from bench.house import SLUG, House, Running
from tests.support.chromium import launch_options

MOST_KB = 60
MOST_SECONDS = 1.2
CPU_SLOWER = 4
# name: (round trip in ms, bytes a second down, bytes a second up)
NETWORKS = {
    "fast 3G, 150 ms": (150, 1_600_000 // 8, 768_000 // 8),
    "DevTools' fast 3G, 562.5 ms": (562.5, 180_000, 84_375),
}
# A plain form can be used once it is painted and its scripts, if any, have run.
USABLE = """() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const page = performance.getEntriesByType('navigation')[0];
  return paint ? Math.max(paint.startTime, page.domContentLoadedEventEnd) : null;
}"""


def measure_page(house: House, running: Running, times: int) -> Iterator[Figure]:
    """The introduction and the first page with questions, each by a phone that has nothing yet."""
    from playwright.sync_api import sync_playwright

    base = f"http://127.0.0.1:{running.port}"
    pages = {"introduction": f"{base}/v/{SLUG}", "first questions": base + begin(running)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for name, url in pages.items():
            for number, (network, limits) in enumerate(NETWORKS.items()):
                visits = [visit(browser, url, limits) for _ in range(times)]
                if number == 0:
                    weight = statistics.median(size for size, _ in visits) / 1000
                    yield Figure(house.kind, f"public {name}: weight", weight, "kB", MOST_KB)
                seconds = statistics.median(took for _, took in visits) / 1000
                what = f"public {name}: usable, {network}, CPU / {CPU_SLOWER}"
                yield Figure(house.kind, what, seconds, "s", MOST_SECONDS)
        browser.close()


def begin(running: Running) -> str:
    """Start a draft as the plain form does; the address of its first page."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    connection.request("GET", f"/v/{SLUG}")
    page = connection.getresponse().read().decode()
    fields = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            fields[name[1]] = value[1]
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"/v/{SLUG}", urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    location = answer.getheader("Location") or ""
    connection.close()
    if not re.search(r"/v/[^/]+/[0-9a-f-]{36}/", location):
        raise RuntimeError(f"the survey did not begin: {answer.status} {location!r}")
    return re.sub(r"^https?://[^/]+", "", location)


def visit(browser: Any, url: str, limits: tuple[float, int, int]) -> tuple[int, float]:
    """(bytes over the wire, milliseconds until usable) of a first visit."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    tools = context.new_cdp_session(page)
    sizes: list[int] = []
    tools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    latency, down, up = limits
    tools.send("Network.enable")
    conditions = {"latency": latency, "downloadThroughput": down, "uploadThroughput": up}
    tools.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    tools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    page.goto(url, wait_until="networkidle")
    usable = page.evaluate(USABLE)
    context.close()
    if usable is None:
        raise RuntimeError(f"{url} was never painted")
    return int(sum(sizes)), float(usable)
