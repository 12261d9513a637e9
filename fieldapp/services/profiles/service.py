"""Build buurtprofielen from what is stored; keep them until something under them changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session, defer

from fieldapp.core.dates import local_day
from fieldapp.core.profile.build import build_profile
from fieldapp.core.profile.cold import cold_profiles
from fieldapp.core.profile.constants import K_INTERNAL, METHOD_VERSION
from fieldapp.core.profile.privacy import hide
from fieldapp.core.profile.values import Period, ProfileInput
from fieldapp.db.engine import upsert
from fieldapp.db.models import Area, ProfileCache
from fieldapp.db.queries.areas import newest_area
from fieldapp.db.queries.revisions import last_import, revision, voices_key
from fieldapp.db.queries.voices import AreaStamp, area_stamps, voice_rows
from fieldapp.services.profiles.figures import GemeenteFigures, catalogue, gemeente_figures
from fieldapp.services.profiles.voices import voices_of

CACHE = cast("Table", ProfileCache.__table__)
EMPTY = AreaStamp(0, 0, None)


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
    not_reviewed: int  # submissions in it that nobody has looked at


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
    newest = session.scalar(
        select(Area.boundary_year)
        .where(Area.gemeente_code == gemeente_code, Area.level == "buurt")
        .order_by(Area.boundary_year.desc())
        .limit(1)
    )
    if newest is None:
        return []
    areas = session.scalars(
        select(Area)
        .where(
            Area.gemeente_code == gemeente_code,
            Area.level == "buurt",
            Area.boundary_year == newest,
        )
        .order_by(Area.code)
        .options(defer(Area.geom))
    ).all()
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
    kept = _kept(session, codes, request)
    stale = [
        area for area in areas if area.code not in kept or kept[area.code][0] != prints[area.code]
    ]
    fresh = _compute(session, stale, request) if stale else {}
    if fresh:
        _keep(session, fresh, prints, request, now)
    views = []
    for code in codes:
        data, at = (fresh[code], now) if code in fresh else kept[code][1:]
        views.append(ProfileView(code, data, at, stamps.get(code, EMPTY).received))
    return views


def _uncached(
    session: Session, areas: Sequence[Area], request: ProfileRequest, now: datetime
) -> list[ProfileView]:
    codes = [area.code for area in areas]
    stamps = area_stamps(session, request.organisation_id, codes, request.start, request.end)
    found = _compute(session, areas, request)
    return [ProfileView(code, found[code], now, stamps.get(code, EMPTY).received) for code in codes]


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


def _kept(
    session: Session, codes: Sequence[str], request: ProfileRequest
) -> dict[str, tuple[str, dict[str, Any], datetime]]:
    found: dict[str, tuple[str, dict[str, Any], datetime]] = {}
    for start in range(0, len(codes), 500):
        rows = session.execute(
            select(
                ProfileCache.area_code,
                ProfileCache.fingerprint,
                ProfileCache.profile,
                ProfileCache.computed_at,
            ).where(
                ProfileCache.organisation_id == request.organisation_id,
                ProfileCache.area_code.in_(codes[start : start + 500]),
                ProfileCache.period_from == request.start,
                ProfileCache.period_to == request.end,
            )
        )
        found.update({r.area_code: (r.fingerprint, r.profile, r.computed_at) for r in rows})
    return found


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


def _keep(
    session: Session,
    fresh: Mapping[str, dict[str, Any]],
    prints: Mapping[str, str],
    request: ProfileRequest,
    now: datetime,
) -> None:
    statement = upsert(
        CACHE,
        session.get_bind().dialect.name,
        ["organisation_id", "area_code", "period_from", "period_to"],
        ["fingerprint", "computed_at", "profile"],
    )
    rows = [
        {
            "organisation_id": request.organisation_id,
            "area_code": code,
            "period_from": request.start,
            "period_to": request.end,
            "fingerprint": prints[code],
            "computed_at": now,
            "profile": data,
        }
        for code, data in fresh.items()
    ]
    session.execute(statement, rows)
    session.commit()
