"""A phone at the small post office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from tests.browser.phone.post_office import PostOffice, opened
from tests.factories import PASSWORD, make_area, make_person

SIZE: Any = {"width": 390, "height": 844}
EMAIL = "kees@example.org"
HELPERS = (Path(__file__).parent / "phone.js").read_text()


class Phone:
    """A browser with one person's phone pages; `open` gives another tab."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page = self.open()

    def open(self) -> Page:
        """A tab on the phone's page."""
        page = self.context.new_page()
        page.goto(f"{self.url}/page")
        return prepared(page)

    def reload(self) -> None:
        """Load the first tab again."""
        self.page.reload()
        prepared(self.page)

    def until(self, condition: str) -> None:
        """Wait in the first tab for something about {drafts, files, receipts, outbox}."""
        self.page.wait_for_function("window.test")
        self.do(
            f"""async () => {{
              for (const end = Date.now() + 30_000; Date.now() < end;) {{
                const {{drafts, files, receipts, outbox}} = await test.all();
                if ({condition}) return;
                await new Promise((next) => setTimeout(next, 20));
              }}
              throw new Error(JSON.stringify(await test.all()).slice(0, 2000));
            }}"""
        )

    def do(self, script: str, argument: Any = None) -> Any:
        """Run in the first tab; `script` is a function."""
        return self.page.evaluate(script, argument)

    def form(self, **options: Any) -> str:
        """A finished form in the queue."""
        return str(self.do("(options) => test.form(options)", options))

    def flush(self, why: str = "now", **ways: Any) -> dict[str, Any]:
        """Flush the outbox; its state."""
        found = self.do("([why, ways]) => test.box(ways).flush(why)", [why, ways])
        assert isinstance(found, dict)
        return found

    def all(self) -> dict[str, Any]:
        """What stands on the phone."""
        found = self.do("() => test.all()")
        assert isinstance(found, dict)
        return found

    def draft(self, id_: str) -> dict[str, Any]:
        """One draft."""
        return next(d for d in self.all()["drafts"] if d["id"] == id_)


def prepared(page: Page) -> Page:
    """The page with its modules and the tests' helpers."""
    page.wait_for_function("window.ready === true")
    page.evaluate(HELPERS)
    return page


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
def phone(browser: Browser, office: PostOffice) -> Iterator[Phone]:
    with opened(office) as url:
        context = browser.new_context()
        context.set_default_timeout(30_000)
        yield Phone(context, url)
        context.close()


@pytest.fixture
def world(session: Session) -> Session:
    make_area(session)
    make_area(session, "BU99990102", "Zonnebuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    make_person(session, EMAIL, "buurtbeheerder")
    return session


@pytest.fixture
def kees(browser: Browser, world: Session, live_server: str) -> Iterator[BrowserContext]:
    """A phone on which Kees is logged in; no worker, so that a test says itself what is offline."""
    context = browser.new_context(
        base_url=live_server, viewport=SIZE, locale="nl-NL", service_workers="block"
    )
    page = context.new_page()
    page.goto("/inloggen")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/veld/**")
    page.close()
    yield context
    context.close()
