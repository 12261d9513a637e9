"""Computed profiles that are kept while nothing under them changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from fieldapp.db.engine import upsert
from fieldapp.db.models import ProfileCache
from fieldapp.db.queries.chunks import chunks

_TABLE = cast("Table", ProfileCache.__table__)
_KEY = ["organisation_id", "area_code", "period_from", "period_to"]


@dataclass(frozen=True, slots=True)
class KeptProfile:
    """A profile as JSON; `fingerprint` names the rows and versions it was made from."""

    fingerprint: str
    data: dict[str, Any]
    computed_at: datetime


def kept_profiles(
    session: Session, organisation_id: int, areas: Collection[str], start: date, end: date
) -> dict[str, KeptProfile]:
    """Area -> its kept profile of exactly this period, true or not."""
    found: dict[str, KeptProfile] = {}
    for codes in chunks(sorted(areas)):
        query = select(
            ProfileCache.area_code,
            ProfileCache.fingerprint,
            ProfileCache.profile,
            ProfileCache.computed_at,
        ).where(
            ProfileCache.organisation_id == organisation_id,
            ProfileCache.area_code.in_(codes),
            ProfileCache.period_from == start,
            ProfileCache.period_to == end,
        )
        found.update((row[0], KeptProfile(*row[1:])) for row in session.execute(query))
    return found


def keep_profiles(
    session: Session,
    organisation_id: int,
    profiles: Mapping[str, KeptProfile],
    start: date,
    end: date,
) -> None:
    """Keep profiles by area, in the place of older ones; the caller commits."""
    changed = ["fingerprint", "computed_at", "profile"]
    statement = upsert(_TABLE, session.get_bind().dialect.name, _KEY, changed)
    rows = [
        {
            "organisation_id": organisation_id,
            "area_code": code,
            "period_from": start,
            "period_to": end,
            "fingerprint": kept.fingerprint,
            "computed_at": kept.computed_at,
            "profile": kept.data,
        }
        for code, kept in profiles.items()
    ]
    session.execute(statement, rows)
