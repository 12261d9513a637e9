"""The whole chain in a real browser: from a stairwell to a buurtprofiel.

A caretaker records an observation on a phone, residents fill in the survey without scripts, an
analyst codes what they wrote and passes a quote, a wijkmanager opens the profile and sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, Submission
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 900}
HERE = {"longitude": 5.1103, "latitude": 52.0907, "accuracy": 8}
BUURT = "BU99990101"
SAID = "De buren letten op elkaar. Alleen het achterpad is 's avonds pikdonker."
QUOTE = "De buren letten op elkaar."
CODE = "binding.buren"


@pytest.fixture(autouse=True)
def neighbourhood(session: Session) -> None:
    make_area(session, BUURT, "Sterrenbuurt", bounds=(5.10, 52.08, 5.12, 52.10))
    make_area(session, "GM9999", "Lindestad", bounds=(5.10, 52.08, 5.14, 52.10))
    observation = make_survey(session, "observatie")
    survey = make_survey(session, "bewonersenquete")
    start = date(datetime.now(UTC).year, 1, 1)
    make_round(session, observation, BUURT, slug="rondes", public=False, opens_on=start)
    make_round(session, survey, BUURT, slug="lente", opens_on=start)
    make_person(session, "kees@example.org", "buurtbeheerder", area=BUURT)
    make_person(session, "ans@example.org", "analist")
    make_person(session, "wil@example.org", "wijkmanager")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "lamp.jpg"
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(path, "JPEG", quality=80)
    return path


@pytest.fixture
def phone(browser: Browser, live_server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=live_server,
        viewport=PHONE,
        has_touch=True,
        locale="nl-NL",
        geolocation=HERE,
        permissions=["geolocation"],
    )
    yield context
    context.close()


@pytest.fixture
def without_scripts(browser: Browser, live_server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=live_server, viewport=PHONE, locale="nl-NL", java_script_enabled=False
    )
    yield context
    context.close()


@pytest.fixture
def laptop(browser: Browser, live_server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=live_server, viewport=LAPTOP, locale="nl-NL")
    yield context
    context.close()


def log_in(page: Page, email: str) -> None:
    page.goto("/inloggen")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()


def record_observation(page: Page, photo: Path) -> None:
    log_in(page, "kees@example.org")
    page.get_by_role("button", name="Zonder foto").click()
    expect(page.locator("form[data-phone][data-live=on]")).to_be_visible()
    page.locator("form[data-phone] input[type=file]").first.set_input_files(photo)
    expect(page.locator("img.fa-photo__image")).to_have_count(1)
    page.get_by_role("button", name="Volgende").click()
    page.get_by_text("Veilig", exact=True).click()
    # the level appears under the tile
    page.locator("input[name$=niveau_veilig]").nth(3).check(force=True)
    page.get_by_role("button", name="Volgende").click()
    expect(page.locator("[data-point-status]")).to_contain_text("8 m ")  # asked by itself
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Aangekomen om").first).to_be_visible(timeout=20_000)


def fill_in_survey(page: Page, words: str) -> None:
    """Every closed question with its first answer, the open one about what goes well in words."""
    page.goto("/v/lente")
    page.get_by_role("button", name="Beginnen").click()
    for _ in range(60):
        if "/klaar/" in page.url:
            return
        open_answer = page.locator("main textarea")
        if open_answer.count():
            open_answer.first.fill(words if "goed" in page.locator("h1").inner_text() else "")
        elif page.locator("main input[type=radio]").count():
            page.locator("main input[type=radio]").first.check(force=True)
        page.get_by_role("button", name=re.compile("Volgende|Versturen|Verstuur|Klaar")).click()
    raise AssertionError("the survey does not end")


def code_story(page: Page) -> None:
    log_in(page, "ans@example.org")
    page.goto("/coderen/")
    page.get_by_role("link", name=re.compile("De buren letten")).first.click()
    page.get_by_label("Fragment").fill(QUOTE)
    page.locator("details.fa-codes", has=page.locator(f"input[value='{CODE}']")).locator(
        "summary"
    ).first.click()
    page.locator(f"input[value='{CODE}']").check()
    page.locator("input[name=valence][value='2']").check(force=True)
    page.locator("form[data-coding-form] button[type=submit]").first.click()
    expect(page.locator("mark")).to_contain_text(QUOTE)


def approve_quote(page: Page) -> None:
    page.goto("/coderen/citaten")
    page.get_by_role("button", name="Goedkeuren").first.click()
    expect(page.get_by_text("Het citaat is goedgekeurd.")).to_be_visible()


def test_from_a_stairwell_to_a_profile(
    phone: BrowserContext,
    without_scripts: BrowserContext,
    laptop: BrowserContext,
    session: Session,
    photo: Path,
) -> None:
    record_observation(phone.new_page(), photo)
    seen = session.scalars(select(Submission).where(Submission.kind == "observatie")).one()
    assert (seen.area_code, seen.area_status, seen.accuracy_m) == (BUURT, "found", 8)
    kept = session.scalars(select(Attachment)).one()
    assert max(kept.width, kept.height) == 1600
    # The phone made it smaller before sending: what was sent is not the original.
    assert kept.size < photo.stat().st_size

    resident = without_scripts.new_page()
    for number in range(5):
        fill_in_survey(resident, SAID if number == 0 else "")
    assert not without_scripts.cookies(), "a resident's phone keeps nothing of ours"
    voices = session.scalars(select(Submission).where(Submission.kind == "enquete")).all()
    assert [v.area_code for v in voices] == [BUURT] * 5
    assert all(v.user_id is None for v in voices)

    desk = laptop.new_page()
    code_story(desk)
    approve_quote(desk)
    laptop.clear_cookies()

    log_in(desk, "wil@example.org")
    desk.goto(f"/buurten/{BUURT}")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Sterrenbuurt")
    # Nothing wrings here, so the quote waits one tap deeper.
    desk.locator("details.fa-theme__more", has=desk.get_by_text(QUOTE)).locator(
        "summary"
    ).first.click()
    expect(desk.get_by_text(QUOTE)).to_be_visible()
    expect(desk.get_by_text(re.compile(r"\b5 stemmen")).first).to_be_visible()
