"""The 1,898 real reports of Assen through the API, against geopandas' own spatial join.

The published polygons are simplified, so neighbours overlap and gap a little: 3 reports lie in two
buurten, none exactly on a boundary, 186 outside all. A report in two goes to the lowest code, here
and in the join below; one outside is kept and marked.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.db.models import Submission
from fieldapp.services.people import add_token
from tests.chain.command import environment, fieldapp
from tests.conftest import TestDatabase
from tests.factories import make_person, make_survey
from tests.support.shipped import version

REPORTS, OUTSIDE, IN_TWO, ON_BOUNDARY = 1898, 186, 3, 0
# What the caretaker's tile would have been.
TILE = {
    "Openbaar groen en water": "groen",
    "Afval": "schoon",
    "Wegen, verkeer en straatmeubilair": "heel",
    "Overlast Openbare Ruimte": "overlast",
    "Overlast Dier": "overlast",
    "Riolering": "heel",
    "Civiele Constructie": "heel",
    "overig": "schoon",
}


def reports(data: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (data / "meldingen/assen_meldingen_tm-2026-06.json").read_text()
    )
    return found


def polygons(data: Path) -> Path:
    return data / "grenzen/lbm3-2024_buurten_GM0106_assen.geojson"


def submission(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"assen/{report['id']}")),
        "survey": "observatie",
        "version": version("observatie"),
        "language": "nl",
        "captured_at": report["created_at"],
        "location": {"lon": report["lng"], "lat": report["lat"], "source": "gps"},
        "answers": {"wat": TILE[report["category"]]},
    }


def spatial_join(data: Path) -> tuple[pd.Series, int, int]:
    """(code per report or NaN, reports in several buurten, reports on a boundary)."""
    buurten = geopandas.read_file(polygons(data))[["code", "geometry"]]
    frame = pd.DataFrame(reports(data))
    points = geopandas.GeoDataFrame(
        frame[["id"]], geometry=geopandas.points_from_xy(frame["lng"], frame["lat"]), crs=4326
    )
    touching = geopandas.sjoin(points, buurten, predicate="intersects")
    inside = geopandas.sjoin(points, buurten, predicate="within")
    hits = touching.groupby("id")["code"]
    code = frame["id"].map(hits.min())  # lowest code of those that hold the point
    return code, int((hits.count() > 1).sum()), len(touching) - len(inside)


def test_counts_per_buurt_equal_geopandas_and_points_outside_are_kept(
    shared_data: Path,
    app: Flask,
    database: TestDatabase,
    session: Session,
    tmp_path: Path,
) -> None:
    make_survey(session, "observatie")
    make_person(session, "kees@example.org", "buurtbeheerder")
    _, secret = add_token(session, "kees@example.org", "buurtbeheerder", 30, "t", SYSTEM)
    env = environment(database.url, tmp_path / "data")
    fieldapp(env, "areas", "import", polygons(shared_data), "--year", "2024")

    client = app.test_client()
    headers = {"Authorization": f"Bearer {secret}"}
    sent = [submission(report) for report in reports(shared_data)]
    receipts = [client.post("/api/v1/submissions", json=one, headers=headers) for one in sent]
    assert Counter(answer.status_code for answer in receipts) == {201: REPORTS}

    expected, in_two, on_boundary = spatial_join(shared_data)
    assert (in_two, on_boundary, int(expected.isna().sum())) == (IN_TWO, ON_BOUNDARY, OUTSIDE)
    told = [(answer.json["area"] or {}).get("code") for answer in receipts]
    assert told == [None if pd.isna(code) else code for code in expected]
    stored = session.execute(
        select(Submission.area_code, func.count()).group_by(Submission.area_code)
    ).all()
    assert {code: n for code, n in stored if code} == dict(expected.value_counts())

    outside = session.scalars(
        select(Submission.id).where(Submission.area_status == "outside")
    ).all()
    wanted = {s["id"] for s, code in zip(sent, expected, strict=True) if pd.isna(code)}
    assert {str(one) for one in outside} == wanted
    assert len(wanted) == OUTSIDE
    one = client.get(f"/api/v1/submissions/{min(wanted)}", headers=headers).json
    assert one["area_status"] == "outside"
    assert one["location"]["lon"] is not None

    again = client.post("/api/v1/submissions", json=sent[0], headers=headers)
    assert again.status_code == 200
    assert session.scalar(select(func.count()).select_from(Submission)) == REPORTS
