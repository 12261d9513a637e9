"""Colleagues' forms, walked from the start page to the receipt without scripts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, Draft, Submission
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey
from tests.support.client import CheckingClient

EMAIL = "kees@example.org"


def jpeg(colour: str = "green", **save: object) -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", **save)
    return out.getvalue()


def photo(data: bytes, name: str = "image.jpg") -> tuple[io.BytesIO, str]:
    """A chosen file, as a browser sends it."""
    return io.BytesIO(data), name


@pytest.fixture
def field_client(client: CheckingClient, session: Session) -> CheckingClient:
    """A caretaker who is logged in."""
    make_person(session, EMAIL, "buurtbeheerder")
    client.log_in(EMAIL, PASSWORD)
    return client


def begin(client: CheckingClient, survey: str, where: str = "/veld/") -> str:
    """Press a start button; the path of the first page."""
    client.get(where)
    client.submit("begin", survey=survey)
    assert client.address.startswith("/veld/formulier/")
    return client.address


def next_page(client: CheckingClient, **values: object) -> None:
    """Fill in and go on."""
    client.submit("formulier", also={"form.step": "next", **values})


def test_an_observation_from_start_to_receipt(
    field_client: CheckingClient, session: Session
) -> None:
    make_area(session)
    make_survey(session)
    begin(field_client, "observatie")
    assert "Maak een foto" in field_client.text()
    next_page(field_client, foto=[photo(jpeg()), photo(jpeg("red"))])
    next_page(field_client, wat="schoon")
    next_page(
        field_client,
        **{
            "niveau_schoon": "C",
            "plek.lat": "52,09",
            "plek.lon": "5,11",
            "plek.accuracy": "8",
            "plek.source": "gps",
        },
    )
    assert "met 2 foto's" in field_client.text()
    assert "Sterrenbuurt" in field_client.text()
    stored = session.scalars(select(Submission)).one()
    assert stored.area_code == "BU99990101"
    assert stored.answers["niveau_schoon"]["v"] == "C"
    assert (stored.lat, stored.lon, stored.accuracy_m) == (52.09, 5.11, 8.0)
    assert stored.location_source == "gps"
    assert session.scalars(select(Draft)).all() == []
    field_client.get(f"/veld/inzending/{stored.id}")
    assert "veel zwerfvuil" in field_client.text()
    field_client.get("/veld/")
    assert "Alles verstuurd" in field_client.text()
