"""How fast submissions come in, beside the empty page and the engine's bare insert."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import func, insert, select

from bench.figures import Figure
from bench.house import SIDE, SOUTH, WEST, House, Running
from bench.load import MARK, Load, Request, load
from fieldapp.db.engine import make_session_factory
from fieldapp.db.models import Submission

CLIENTS = (1, 4, 16)
RATIO = 1 / 18
MOST_MS = 110
MOST_BYTES = 2900
PHOTO_BYTES = 300_000
BODIES = 200  # different submissions in turn; every one gets a fresh id
BOUNDARY = "fieldapp-bench"
WORDS = (
    "de straat is schoon maar het licht in het portiek doet het al weken niet en niemand komt "
    "kijken buren helpen elkaar wel met boodschappen en op zaterdag is er koffie in de buurtkamer"
).split()


def answers(dice: random.Random) -> dict[str, Any]:
    """Twenty questions, all answered but the one that is not asked."""

    def words(count: int) -> str:
        return " ".join(dice.choices(WORDS, k=count))

    views = ("zeer_eens", "eens", "neutraal", "oneens")
    asked = ("schoon", "veilig", "thuis", "hulp", "school", "werk", "gehoord")
    return {
        **{name: dice.choice(views) for name in asked},
        "verhuizen": "ja",
        "waarom": words(8),
        "zorgen": ["afval", "licht"],
        "verhaal": words(25),
        "beter": words(12),
        "jaren": dice.randint(0, 40),
        "mensen": dice.randint(1, 6),
        "cijfer": dice.randint(10, 100) / 10,
        "sinds": "2015-06-01",
        "portiek": f"Lindestraat {dice.randint(1, 80)}",
        "citaat": "ja",
    }


def submission(dice: random.Random) -> dict[str, Any]:
    return {
        "id": MARK,
        "survey": "meting",
        "version": "1",
        "language": "nl",
        "captured_at": "2026-11-20T14:03:00+01:00",
        "location": {
            "lon": WEST + dice.random() * SIDE / 100,
            "lat": SOUTH + dice.random() * SIDE / 100,
            "accuracy_m": 8,
            "source": "gps",
        },
        "answers": answers(dice),
    }


def photos(count: int) -> Iterator[bytes]:
    """JPEGs of about PHOTO_BYTES, as a phone shrinks them; no two the same, so each is stored."""
    dice = random.Random(7)
    grain = Image.frombytes("RGB", (400, 300), dice.randbytes(400 * 300 * 3))
    picture = grain.resize((1600, 1200), Image.Resampling.BICUBIC)
    quality = min(range(20, 96, 5), key=lambda q: abs(len(jpeg(picture, q)) - PHOTO_BYTES))
    for _ in range(count):
        picture.paste(dice.randrange(2**24), (0, 0, 64, 64))
        yield jpeg(picture, quality)


def jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def multipart(fields: dict[str, Any], photo: bytes) -> bytes:
    parts = []
    for name, value in fields.items():
        text = value if isinstance(value, str) else json.dumps(value)
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append(f"{head}{text}\r\n".encode())
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="foto"; filename="foto.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return b"".join([*parts, head.encode(), photo, f"\r\n--{BOUNDARY}--\r\n".encode()])


def requests(house: House, quick: bool) -> dict[str, Request]:
    """The three things to send: nothing much, a submission, a submission with a photo."""
    dice = random.Random(1)
    token = {"Authorization": f"Bearer {house.token}"}
    plain = tuple(json.dumps(submission(dice)).encode() for _ in range(BODIES))
    heavy = tuple(multipart(submission(dice), p) for p in photos(50 if quick else BODIES))
    form = f"multipart/form-data; boundary={BOUNDARY}"
    path = "/api/v1/submissions"
    return {
        "empty page": Request("/robots.txt"),
        "intake": Request(path, "POST", {**token, "Content-Type": "application/json"}, plain),
        "intake with photo": Request(path, "POST", {**token, "Content-Type": form}, heavy),
    }


def measure_rates(house: House, running: Running, seconds: float, quick: bool) -> Iterator[Figure]:
    """Requests a second and their times, at 1, 4 and 16 clients."""
    found: dict[tuple[str, int], Load] = {}
    for name, request in requests(house, quick).items():
        with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
            load(running.port, request, 4, 1, Path(folder))  # wakes every worker
            for clients in CLIENTS:
                # A photo that is there already would cost no write.
                shutil.rmtree(house.data / "media", ignore_errors=True)
                one = load(running.port, request, clients, seconds, Path(folder))
                found[name, clients] = one
                aim = MOST_MS if clients == 16 and name == "intake" else None
                where = f"{name}, {clients} clients"
                yield Figure(house.kind, where, one.rate, "/s")
                yield Figure(house.kind, f"{where}: p50", one.p50, "ms")
                yield Figure(house.kind, f"{where}: p95", one.p95, "ms", aim)
    for clients in CLIENTS:
        share = found["intake", clients].rate / found["empty page", clients].rate
        name = f"intake / empty page, {clients} clients"
        yield Figure(house.kind, name, share, "", RATIO, at_most=False)


def measure_bytes(house: House, running: Running, seconds: float) -> Figure:
    """What one plain submission adds to the database."""
    before, count_before = house.bytes_used(), stored(house)
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        load(running.port, requests(house, True)["intake"], 4, seconds, Path(folder))
    added = stored(house) - count_before
    size = (house.bytes_used() - before) / added
    return Figure(house.kind, f"database per submission (of {added})", size, "bytes", MOST_BYTES)


def stored(house: House) -> int:
    with house.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Submission)) or 0


def measure_bare_insert(house: House, seconds: float) -> Figure:
    """One client, one row and one commit at a time, through SQLAlchemy Core: the engine alone."""
    table = Submission.__table__
    with make_session_factory(house.engine)() as session:
        kept = session.execute(select(table).limit(1)).mappings().one()
    row = {**kept, "received_at": datetime.now(UTC)}
    statement = insert(Submission)
    count, end = 0, time.monotonic() + seconds
    with house.engine.connect() as connection:
        while time.monotonic() < end:
            connection.execute(statement, {**row, "id": uuid.UUID(bytes=os.urandom(16))})
            connection.commit()
            count += 1
    return Figure(house.kind, "bare insert with commit, 1 client", count / seconds, "/s")
