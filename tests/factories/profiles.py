"""A small gemeente for profiles: ten buurten with figures, and voices on one theme.

Worked by hand. Each buurt has one rank on every scored figure of veiligheid: 10 is the most
favourable. Nobody's inhabitants are known, so weights are equal and the weighted median is the
fifth of the ten values. Where more is better that is rank 5, where more is worse rank 6; the
distances 0 1 1 2 2 3 3 4 4 5 give a MAD of 2 both times. So z of the best buurt is 5 or 4
divided by 1.4826 x 2 (1.69 or 1.35), and its score the mean over the figures: gunstig.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import fmean
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.db.models import IndicatorValue, Statement, StatementCode, Submission
from fieldapp.services.profiles.figures import catalogue
from tests.factories.people import make_organisation
from tests.factories.surveys import make_area, make_survey

GEMEENTE = "GM9999"
BEST = "BU99990101"  # rank 10
SECOND = "BU99990102"  # rank 9
CODES = tuple(f"BU9999{1 + i // 5:02}{1 + i % 5:02}" for i in range(10))  # two wijken of five
THEME = "veiligheid"
BEST_SCORE = fmean(
    (5 if indicator.polarity > 0 else 4) / (1.4826 * 2) for indicator in catalogue().scored(THEME)
)

MOOD: dict[str, Any] = {
    "settings": {
        "form_id": "stemming",
        "version": "1",
        "kind": "bewonersgesprek",
        "default_language": "nl",
        "languages": ["nl"],
    },
    "title": {"nl": "Stemming"},
    "survey": [
        {
            "type": "group",
            "name": "blad",
            "children": [
                {
                    "type": "select_one gevoel",
                    "name": "veilig",
                    "label": {"nl": "Hoe veilig is het hier?"},
                    "theme": THEME,
                },
                {"type": "text", "name": "verhaal", "label": {"nl": "Vertel"}},
            ],
        }
    ],
    "choices": {
        "gevoel": [
            {"name": "goed", "label": {"nl": "Goed"}, "signal": 1},
            {"name": "slecht", "label": {"nl": "Slecht"}, "signal": -1},
        ]
    },
}


def make_gemeente(session: Session, codes: Sequence[str] = CODES, name: str = "Buurt") -> None:
    """The buurten in a row from west to east, the first the most favourable, figures of 2025."""
    scored = catalogue().scored(THEME)
    for place, code in enumerate(codes):
        west = 5.0 + place / 100
        make_area(session, code, f"{name} {code[-4:]}", bounds=(west, 52.0, west + 0.01, 52.01))
        rank = len(codes) - place
        session.add_all(
            IndicatorValue(
                indicator=indicator.code,
                area_code=code,
                year=2025,
                edition="2026-01",
                value=50.0 + indicator.polarity * rank,
                source="kwb",
            )
            for indicator in scored
        )
    session.commit()


def make_voice(
    session: Session,
    area: str = BEST,
    feeling: str = "slecht",
    *,
    portiek: str | None = None,
    kind: str = "bewonersgesprek",
    state: str = "accepted",
    captured_at: datetime = datetime(2026, 3, 2, 10, tzinfo=UTC),
    point: tuple[float, float] | None = None,
    organisation: str = "gemeente",
) -> Submission:
    """A voice that says how safe it feels here; straight into the table."""
    lon, lat = point or (None, None)
    voice = Submission(
        id=uuid.uuid4(),
        organisation_id=make_organisation(session, organisation).id,
        survey_version_id=make_survey(session, MOOD).id,
        kind=kind,
        channel="form",
        language="nl",
        captured_at=captured_at,
        received_at=captured_at,
        lon=lon,
        lat=lat,
        area_code=area,
        boundary_year=2024,
        area_status="chosen",
        portiek=portiek,
        state=state,
        answers={"veilig": {"v": feeling, "l": feeling}},
        content_sha256=uuid.uuid4().hex * 2,
    )
    session.add(voice)
    session.commit()
    return voice


def make_voices(session: Session, count: int, area: str = BEST, feeling: str = "slecht") -> None:
    """So many voices, each from a portiek of its own."""
    for number in range(count):
        make_voice(session, area, feeling, portiek=f"Poolsterlaan {number}")


def make_quote(
    session: Session, voice: Submission, text: str, *, approved: bool = True, valence: int = -2
) -> Statement:
    """A marked span on straatverlichting, approved as a quote unless said otherwise."""
    at = datetime(2026, 3, 9, tzinfo=UTC)
    statement = Statement(
        submission_id=voice.id,
        question="verhaal",
        starts=0,
        ends=len(text),
        text=text,
        valence=valence,
        frame_version="wijkaanpak 2026-1",
        created_at=at,
        quote_state="approved" if approved else "none",
        quote_text=text if approved else "",
        approved_at=at if approved else None,
        codes=[StatementCode(code="veiligheid.straatverlichting")],
    )
    session.add(statement)
    session.commit()
    return statement
