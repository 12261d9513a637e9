"""Walk through the app as one person does who clicks everything, and sends every form empty."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.support.client import CheckingClient
from tests.support.pseudo import visible

VISITS = 3  # of one kind of page, by one person
MOST_PAGES = 120
NOT_WALKED = ("security.logout", "assets.static", "theme.")
Said = tuple[str, str, str]


@dataclass
class Walk:
    """Every kind of page that one person can click to, each a few times."""

    app: Flask
    client: CheckingClient
    seen: set[str] = field(default_factory=set)
    visits: Counter[str] = field(default_factory=Counter)
    waiting: deque[str] = field(default_factory=deque)

    def from_(self, *starts: str) -> Iterator[Said]:
        """(page, place on the page, visible text), page by page."""
        self.waiting.extend(starts)
        while self.waiting and len(self.seen) < MOST_PAGES:
            address = self.waiting.popleft()
            if self._wanted(address):
                yield from self._visit(address)

    def _visit(self, address: str) -> Iterator[Said]:
        with self.client.get(address, follow_redirects=True) as response:
            if response.mimetype != "text/html":
                return
        yield from self._page(address)
        self.waiting.extend(self._links(self.client.address))
        for form in list(self.client.forms()):
            yield from self._send_empty(form, address)

    def _page(self, address: str) -> Iterator[Said]:
        yield from ((address, where, text) for where, text in visible(self.client.page))

    def _links(self, base: str) -> Iterator[str]:
        for link in self.client.page.iter("a"):
            target = urlsplit(urljoin(base, link.get("href") or ""))
            if not target.netloc and target.path:
                yield target.path + (f"?{target.query}" if target.query else "")

    def _endpoint(self, address: str, method: str) -> str:
        try:
            adapter = self.app.url_map.bind("localhost")
            return str(adapter.match(urlsplit(address).path, method=method)[0])
        except HTTPException:
            return "nowhere"

    def _wanted(self, address: str) -> bool:
        endpoint = self._endpoint(address, "GET")
        kind = f"{endpoint}?{bool(urlsplit(address).query)}"
        if address in self.seen or endpoint.startswith(NOT_WALKED) or self.visits[kind] >= VISITS:
            return False
        self.seen.add(address)
        self.visits[kind] += 1
        return True

    def _send_empty(self, form: Element, address: str) -> Iterator[Said]:
        """What a form says when nothing was filled in."""
        action = urljoin(address, form.get("action") or "")
        kind = f"POST {self._endpoint(action, 'POST')}"
        if self.visits[kind] >= VISITS or kind.removeprefix("POST ").startswith(NOT_WALKED):
            return
        self.visits[kind] += 1
        with self.client.post(action, data=_nothing(form), follow_redirects=True) as response:
            if response.mimetype != "text/html":
                return
        yield from self._page(f"{address} -> POST {action}")
        self.waiting.append(self.client.address)


def _nothing(form: Element) -> dict[str, Any]:
    """What belongs to the form itself: its tokens, and its first button."""
    hidden = {
        control.get("name") or "": control.get("value") or ""
        for control in form.iter("input")
        if control.get("type") == "hidden"
    }
    for button in form.iter("button"):
        if button.get("name"):
            return {**hidden, button.get("name") or "": button.get("value") or ""}
    return hidden
