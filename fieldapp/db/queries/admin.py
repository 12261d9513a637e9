"""What the pages of beheer ask: counts, areas by name, tokens of a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldapp.db.models import (
    ApiToken,
    Area,
    IndicatorValue,
    Membership,
    Round,
    Submission,
    User,
)
from fieldapp.db.queries.accounts import is_former


@dataclass(frozen=True, slots=True)
class AreaLabel:
    """An area as people choose it."""

    code: str
    name: str
    level: str
    gemeente_name: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of everything, for one organisation."""

    people: int
    rounds_open: int
    submissions: int
    areas: int
    figures: int


def counts(session: Session, organisation_id: int | None, today: date) -> Counts:
    """Counts for the overview; areas and figures belong to all."""

    def count(query: object) -> int:
        return session.scalar(query) or 0  # type: ignore[call-overload]

    mine = User.organisation_id == organisation_id
    return Counts(
        people=count(select(func.count(User.id)).where(mine, User.active)),
        rounds_open=count(
            select(func.count(Round.id)).where(
                Round.organisation_id == organisation_id,
                Round.opens_on <= today,
                or_(Round.closes_on.is_(None), Round.closes_on >= today),
            )
        ),
        submissions=count(
            select(func.count())
            .select_from(Submission)
            .where(Submission.organisation_id == organisation_id)
        ),
        areas=count(select(func.count(Area.id))),
        # The highest id, not a count: a national import is millions of rows and this page is daily.
        figures=count(select(func.max(IndicatorValue.id))),
    )


def search_areas(session: Session, text: str, limit: int = 30) -> list[AreaLabel]:
    """Areas whose name or code begins with `text`, large areas first, each once."""
    plain = text.strip()
    if not plain:
        return []
    begins = or_(
        func.lower(Area.name).startswith(plain.lower(), autoescape=True),
        func.lower(Area.name).contains(" " + plain.lower(), autoescape=True),
        Area.code.startswith(plain.upper(), autoescape=True),
    )
    rows = session.execute(
        select(Area.code, Area.name, Area.level, Area.gemeente_name, Area.boundary_year)
        .where(begins)
        .order_by(Area.level.desc(), Area.name, Area.code, Area.boundary_year.desc())
        .limit(limit * 8)
    )
    found: dict[str, AreaLabel] = {}
    for row in rows:
        found.setdefault(row.code, AreaLabel(row.code, row.name, row.level, row.gemeente_name))
    order = ("gemeente", "wijk", "buurt", "complex", "portiek")
    return sorted(found.values(), key=lambda a: (order.index(a.level), a.name))[:limit]


def area_labels(session: Session, codes: Collection[str]) -> dict[str, AreaLabel]:
    """The areas with these codes, by their newest boundaries."""
    rows = session.execute(
        select(Area.code, Area.name, Area.level, Area.gemeente_name)
        .where(Area.code.in_(list(codes)))
        .order_by(Area.boundary_year)
    )
    return {row.code: AreaLabel(*row) for row in rows}


def person_of(session: Session, person_id: int, organisation_id: int | None) -> User | None:
    """A person of this organisation; nobody when only what they did is left."""
    mine = User.id == person_id, User.organisation_id == organisation_id
    return session.scalar(select(User).where(*mine, ~is_former()))


def round_of(session: Session, round_id: int, organisation_id: int | None) -> Round | None:
    """A round of this organisation."""
    return session.scalar(
        select(Round).where(Round.id == round_id, Round.organisation_id == organisation_id)
    )


def submissions_in_round(session: Session, round_id: int) -> int:
    """How many submissions came in a round."""
    query = select(func.count(Submission.id)).where(Submission.round_id == round_id)
    return session.scalar(query) or 0


def tokens_of(session: Session, user_id: int) -> Sequence[ApiToken]:
    """A person's tokens, newest first; ended ones too."""
    return session.scalars(
        select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc()).limit(100)
    ).all()


def other_administrators(session: Session, organisation_id: int, besides: int) -> int:
    """How many others may administer the organisation as a whole."""
    query = (
        select(func.count(func.distinct(User.id)))
        .join(Membership)
        .where(
            User.organisation_id == organisation_id,
            User.active,
            User.id != besides,
            Membership.role == "beheerder",
        )
    )
    return session.scalar(query) or 0
