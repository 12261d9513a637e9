"""Build buurtprofielen from what is stored; keep them until something under them changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.dates import local_day
from fieldapp.core.profile.build import build_profile
from fieldapp.core.profile.cold import cold_profiles
from fieldapp.core.profile.constants import K_INTERNAL, METHOD_VERSION
from fieldapp.core.profile.privacy import hide
from fieldapp.core.profile.values import Period, ProfileInput
from fieldapp.db.models import Area
from fieldapp.db.queries.areas import newest_area, newest_buurten
from fieldapp.db.queries.profile_cache import KeptProfile, keep_profiles, kept_profiles
from fieldapp.db.queries.revisions import last_import, revision, voices_key
from fieldapp.db.queries.voices import AreaStamp, area_stamps, voice_rows
from fieldapp.services.catalogue import catalogue
from fieldapp.services.profiles.figures import GemeenteFigures, gemeente_figures
from fieldapp.services.profiles.voices import voices_of

EMPTY = AreaStamp({}, 0, None)


class UnknownArea(LookupError):
    """There is no buurt with this code; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ProfileRequest:
    """Which profile: one buurt, one period (both days included), one organisation's voices."""

    organisation_id: int
    area_code: str
    start: date
    end: date
    year: int | None = None  # of the figures; None: the year of `end`


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A computed profile. `data` is the JSON of the method, with the area spelled out."""

    area_code: str
    data: dict[str, Any]
    computed_at: datetime
    stamp: AreaStamp

    @property
    def not_reviewed(self) -> int:
        """Submissions in it that nobody has looked at."""
        return self.stamp.received

    @property
    def voices(self) -> Mapping[str, int]:
        """Kind of survey -> submissions in it."""
        return self.stamp.kinds


def default_period(now: datetime) -> tuple[date, date]:
    """The twelve months up to and including today."""
    today = local_day(now)
    try:
        start = today.replace(year=today.year - 1)
    except ValueError:  # 29 February
        start = today.replace(year=today.year - 1, day=28)
    return start + timedelta(days=1), today


def profile_for(session: Session, request: ProfileRequest, now: datetime) -> ProfileView:
    """The profile of one buurt. Raises UnknownArea."""
    area = newest_area(session, request.area_code)
    if area is None or area.level != "buurt":
        raise UnknownArea(
            f"there is no buurt {request.area_code!r}; import its boundaries first "
            "(fieldapp areas import)"
        )
    return _profiles(session, [area], request, now)[0]


def gemeente_profiles(
    session: Session,
    organisation_id: int,
    gemeente_code: str,
    start: date,
    end: date,
    now: datetime,
) -> list[ProfileView]:
    """The profiles of all buurten of a gemeente, by code; empty when none are imported."""
    areas = newest_buurten(session, gemeente_code)
    if not areas:
        return []
    request = ProfileRequest(organisation_id, gemeente_code, start, end)
    return _profiles(session, areas, request, now)


def _profiles(
    session: Session, areas: Sequence[Area], request: ProfileRequest, now: datetime
) -> list[ProfileView]:
    """Profiles of areas of one gemeente: from the cache where still true, computed otherwise."""
    codes = [area.code for area in areas]
    if request.year not in (None, request.end.year):
        # Kept profiles are those of the usual year.
        return _uncached(session, areas, request, now)
    stamps = area_stamps(session, request.organisation_id, codes, request.start, request.end)
    base = _fingerprint_base(session, request)
    prints = {code: _fingerprint(base, stamps.get(code, EMPTY)) for code in codes}
    days = (request.start, request.end)
    kept = kept_profiles(session, request.organisation_id, codes, *days)
    stale = [
        area
        for area in areas
        if area.code not in kept or kept[area.code].fingerprint != prints[area.code]
    ]
    if stale:
        fresh = {
            code: KeptProfile(prints[code], data, now)
            for code, data in _compute(session, stale, request).items()
        }
        keep_profiles(session, request.organisation_id, fresh, *days)
        session.commit()
        kept |= fresh
    return [
        ProfileView(code, kept[code].data, kept[code].computed_at, stamps.get(code, EMPTY))
        for code in codes
    ]


def _uncached(
    session: Session, areas: Sequence[Area], request: ProfileRequest, now: datetime
) -> list[ProfileView]:
    codes = [area.code for area in areas]
    stamps = area_stamps(session, request.organisation_id, codes, request.start, request.end)
    found = _compute(session, areas, request)
    return [ProfileView(code, found[code], now, stamps.get(code, EMPTY)) for code in codes]


def _fingerprint_base(session: Session, request: ProfileRequest) -> list[Any]:
    return [
        METHOD_VERSION,
        catalogue().version,
        str(request.start),
        str(request.end),
        last_import(session),
        revision(session, voices_key(request.organisation_id)),
    ]


def _fingerprint(base: list[Any], stamp: AreaStamp) -> str:
    last = stamp.last.isoformat() if stamp.last else ""
    return hashlib.sha256(json.dumps([*base, stamp.total, last]).encode()).hexdigest()


def _compute(
    session: Session, areas: Sequence[Area], request: ProfileRequest
) -> dict[str, dict[str, Any]]:
    first = areas[0]
    figures = gemeente_figures(
        session, first.gemeente_code, first.boundary_year, request.year or request.end.year
    )
    codes = [area.code for area in areas]
    rows = voice_rows(session, request.organisation_id, codes, request.start, request.end)
    voices = voices_of(session, rows)
    cold = cold_profiles(codes, figures.cold)
    period = Period(request.start, request.end)
    found = {}
    for area in areas:
        given = ProfileInput(
            area=area.code,
            period=period,
            cold=figures.cold,
            voices=voices.get(area.code, []),
            composition=_composition(figures, area.code),
            vintages=figures.vintages,
        )
        profile = hide(build_profile(given, cold[area.code]), K_INTERNAL)
        data = {**profile.to_dict(), "area": _described(area)}
        found[area.code] = _with_true_sources(data, figures, area.code)
    return found


def _with_true_sources(data: dict[str, Any], figures: GemeenteFigures, code: str) -> dict[str, Any]:
    """Name where each figure really came from: an own file or the demo is not CBS."""
    for theme in data["themes"]:
        for row in theme["cold"]["indicators"]:
            key = (row["code"], code, row["year"])
            row["source"] = figures.sources.get(key, row["source"])
    return data


def _composition(figures: GemeenteFigures, code: str) -> Mapping[str, Mapping[str, float]]:
    return figures.composition.get(code, {})


def _described(area: Area) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "gemeente_code": area.gemeente_code,
        "gemeente_name": area.gemeente_name,
        "boundary_year": area.boundary_year,
    }
