"""Walking lists of rounds."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fieldapp.db.models import Area, RoundDoor
from fieldapp.db.queries.scope import in_areas


def round_doors(session: Session, round_ids: Collection[int]) -> dict[int, list[RoundDoor]]:
    """Round -> its stairwells in the order of the list; rounds without a list are absent."""
    if not round_ids:
        return {}
    query = (
        select(RoundDoor)
        .where(RoundDoor.round_id.in_(list(round_ids)))
        .order_by(RoundDoor.round_id, RoundDoor.position)
    )
    found: dict[int, list[RoundDoor]] = {}
    for door in session.scalars(query):
        found.setdefault(door.round_id, []).append(door)
    return found


def replace_round_doors(session: Session, round_id: int, doors: Sequence[RoundDoor]) -> None:
    """Put these in the place of the list that was there; does not commit."""
    session.execute(
        delete(RoundDoor)
        .where(RoundDoor.round_id == round_id)
        .execution_options(synchronize_session="fetch")
    )
    session.flush()
    session.add_all(doors)


def names_within(session: Session, codes: Sequence[str]) -> dict[str, set[str]]:
    """Name, in small letters -> codes of the areas with that name inside these areas."""
    query = select(Area.code, Area.name).where(in_areas(Area.code, codes)).distinct()
    found: dict[str, set[str]] = {}
    for code, name in session.execute(query):
        found.setdefault(name.casefold(), set()).add(code)
    return found
