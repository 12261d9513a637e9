"""How exactly a reader may see where something was captured (method.md §5)."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.core.people import COLLECTORS, Actor
from fieldapp.db.geo import cell_100m
from fieldapp.db.models import Submission


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    """A point in degrees (EPSG:4326) and metres; not exact: the middle of its 100 m cell."""

    lon: float
    lat: float
    accuracy_m: float | None
    exact: bool


def sees_exact(submission: Submission, actor: Actor) -> bool:
    """Whether this reader may see exact points: who sent it, and the team that collects there."""
    own = submission.user_id is not None and submission.user_id == actor.user_id
    return own or actor.covers(submission.area_code, *COLLECTORS)


def place_seen(submission: Submission, actor: Actor) -> PlaceSeen | None:
    """Exact for the team that collects there, a 100 m cell for all others; None without a point."""
    if submission.lon is None or submission.lat is None:
        return None
    if sees_exact(submission, actor):
        return PlaceSeen(submission.lon, submission.lat, submission.accuracy_m, exact=True)
    lon, lat = cell_100m(submission.lon, submission.lat)
    return PlaceSeen(lon, lat, None, exact=False)
