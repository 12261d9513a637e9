"""Which buurten a form offers, and their boundaries for the map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from fieldapp.core.people import FIELD_ROLES, Actor
from fieldapp.db.models import Round
from fieldapp.db.queries.places import BuurtChoice, BuurtShape, buurt_shapes, buurten

CLOSE_ENOUGH = 0.00005  # degrees, about five metres: boundaries on a phone need no more
DECIMALS = 5  # about one metre


def area_codes_for(round_: Round | None, actor: Actor | None) -> Sequence[str] | None:
    """The areas a form is about: those of its round, else those of the person; None is all."""
    if round_ is not None and round_.area_codes:
        return round_.area_codes
    return actor.area_codes(*FIELD_ROLES) if actor is not None else None


def offered_buurten(
    session: Session, round_: Round | None, actor: Actor | None
) -> list[BuurtChoice]:
    """The buurten to choose from."""
    return buurten(session, area_codes_for(round_, actor))


def only_area(round_: Round | None) -> str | None:
    """The one area of a round that is no larger than a buurt: then nobody needs to ask."""
    if round_ is None or len(round_.area_codes) != 1:
        return None
    code = str(round_.area_codes[0])
    return None if code[:2] in ("GM", "WK") else code


def boundaries(session: Session, codes: Sequence[str] | None) -> str:
    """GeoJSON of the buurten in these areas: simplified, with code and name."""
    features = [_feature(shape) for shape in buurt_shapes(session, codes)]
    return json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _feature(shape: BuurtShape) -> dict[str, Any]:
    light = shapely.simplify(shape.geom, CLOSE_ENOUGH, preserve_topology=True)
    rounded = shapely.transform(light, lambda points: np.round(points, DECIMALS))
    return {
        "type": "Feature",
        "properties": {"code": shape.code, "name": shape.name},
        "geometry": shapely.geometry.mapping(rounded),
    }
