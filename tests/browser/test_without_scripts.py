"""A caretaker on a phone that runs no scripts: the plain form does the whole job."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, Submission
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey

pytestmark = pytest.mark.browser

PHONE: Any = {"width": 390, "height": 844}
BUURT, OTHER = "BU99990101", "BU99990102"


@pytest.fixture
def page(browser: Browser, live_server: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server, viewport=PHONE, locale="nl-NL", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def test_an_observation_with_a_photo_and_a_buurt_from_the_list(
    page: Page, session: Session, tmp_path: Path
) -> None:
    make_area(session, BUURT, "Sterrenbuurt")
    make_area(session, OTHER, "Maanbuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    survey = make_survey(session, "observatie")
    start = date(datetime.now(UTC).year, 1, 1)
    make_round(session, survey, BUURT, OTHER, slug="rondes", public=False, opens_on=start)
    make_person(session, "kees@example.org", "buurtbeheerder")
    photo = tmp_path / "lamp.jpg"
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(photo, "JPEG", quality=80)

    page.goto("/inloggen")
    page.get_by_label("E-mailadres").fill("kees@example.org")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("button", name="Observatie", exact=True).click()
    expect(page.locator("input[type=file]")).to_be_visible()
    expect(page.get_by_role("button", name="Hier")).to_be_hidden()
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_role("button", name="Volgende").click()
    page.get_by_text("Veilig", exact=True).click()
    page.get_by_role("button", name="Volgende").click()
    # the level belongs to the tile: without scripts the page comes back with it
    page.get_by_text("donker of onoverzichtelijk").click()
    page.get_by_role("button", name="Volgende").click()
    page.get_by_label("Of kies een buurt").select_option(label="Maanbuurt")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("met 1 foto")
    expect(page.get_by_text("Maanbuurt")).to_be_visible()

    sent = session.scalars(select(Submission)).one()
    assert (sent.area_code, sent.location_source, sent.lon) == (OTHER, "area", None)
    assert sent.answers["wat"]["v"] == "veilig"
    assert sent.answers["niveau_veilig"]["v"] == "C"
    kept = session.scalars(select(Attachment)).one()
    # The server made it small, since no script did.
    assert (kept.width, kept.height) == (1600, 1200)
