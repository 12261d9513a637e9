"""Files that cannot be used, through the real command line: one clear line, nothing changed."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.bad_input.world import fingerprint, picture
from tests.chain.command import environment
from tests.conftest import TestDatabase
from tests.factories import make_area

PATIENCE = 60  # seconds for any of these files


def run(env: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fieldapp", *map(str, arguments)]
    whole = {**os.environ, **env}
    return subprocess.run(
        command, env=whole, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def area(code: str = "BU99990101", **changes: Any) -> dict[str, Any]:
    ring = [[5.1, 52.08], [5.12, 52.08], [5.12, 52.1], [5.1, 52.1], [5.1, 52.08]]
    return {
        "type": "Feature",
        "properties": {
            "buurtcode": code,
            "buurtnaam": "Sterrenbuurt",
            "gemeentenaam": "Lindestad",
            "gemeentecode": "GM9999",
        },
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        **changes,
    }


def collection(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def nested(levels: int) -> bytes:
    return b'{"type":"FeatureCollection","features":' + b"[" * levels + b"]" * levels + b"}"


def geopackage_without_layers() -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("create table gpkg_contents (table_name text, data_type text)")
    found: bytes = base.serialize()
    base.close()
    return found


# Nine to the ninth power when it is written out.
ALIASES = "title:\n- &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"- &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)
)

AREAS: dict[str, bytes] = {
    "leeg.geojson": b"",
    "half.geojson": collection(area())[:-30],
    "tekst.geojson": b"Dit is geen kaart.",
    "foto.geojson": picture(),
    "pagina.geojson": b"<!DOCTYPE html><html><body>404</body></html>",
    "boek.gpkg": b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml",
    "kapot.gpkg": b"SQLite format 3\0" + b"\xff" * 4000,
    "lagen.gpkg": geopackage_without_layers(),
    "diep.geojson": nested(1000),
    "dieper.geojson": nested(200_000),
    "niets.geojson": collection(),
    "lijst.geojson": b"[1, 2, 3]",
    "getal.geojson": b"NaN",
    "zee.geojson": collection(
        area(geometry={"type": "Polygon", "coordinates": [[[90, 0], [91, 0], [91, 1], [90, 0]]]})
    ),
    "nan.geojson": collection(
        area(geometry={"type": "Polygon", "coordinates": [[[float("nan"), 52]] * 4]})
    ),
    "rd.geojson": collection(
        area(geometry={"type": "Polygon",
                       "coordinates": [[[136e3, 455e3], [137e3, 455e3], [137e3, 456e3],
                                        [136e3, 455e3]]]})
    ),
    "codes.geojson": collection(area("XX12"), area("BU1"), area("\0"), area("=1+1")),
    "utf16.geojson": collection(area()).decode().encode("utf-16"),
    "surrogaat.geojson": collection(area()).replace(b"Sterrenbuurt", b"\\ud800"),
}  # fmt: skip


@pytest.fixture
def command(database: TestDatabase, session: Session, tmp_path: Path) -> Callable[..., Any]:
    """Runs a command on a database with one area and looks whether anything changed."""
    make_area(session)
    env = environment(database.url, tmp_path / "data")
    return lambda *arguments: run(env, *arguments)


def clear(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What is wrong with how a failure was told."""
    wrong = []
    if done.returncode == 0:
        wrong.append(f"succeeded: {done.stdout[:200]}")
    if "Traceback" in done.stderr or "Error:" in done.stderr.split("\n")[0][:7]:
        wrong.append(f"traceback: {done.stderr[-300:]}")
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    if len(lines) != 1:
        wrong.append(f"{len(lines)} lines: {done.stderr[:400]}")
    if lines and len(lines[0]) > 600:
        wrong.append(f"a line of {len(lines[0])} signs")
    return wrong


def all_of(files: dict[str, bytes], tmp_path: Path, call: Callable[[Path], Any]) -> list[str]:
    def one(name: str) -> list[str]:
        path = tmp_path / name
        path.write_bytes(files[name])
        began = time.monotonic()
        done = call(path)
        late = [] if time.monotonic() - began < PATIENCE / 2 else ["took too long"]
        return [f"{name}: {text}" for text in (*clear(done), *late)]

    with ThreadPoolExecutor(2) as pool:
        return [text for found in pool.map(one, files) for text in found]


def test_boundaries(command: Any, engine: Engine, tmp_path: Path) -> None:
    before = fingerprint(engine)
    wrong = all_of(AREAS, tmp_path, lambda p: command("areas", "import", p, "--year", "2024"))
    assert not wrong, "\n".join(wrong)
    assert fingerprint(engine) == before


def test_mappings(command: Any, engine: Engine, tmp_path: Path) -> None:
    good = tmp_path / "goed.geojson"
    good.write_bytes(collection(area()))
    mappings = {
        "bom.yaml": (ALIASES + "code: buurtcode\nname: buurtnaam\n").encode(),
        "diep.yaml": b"[" * 20_000,
        "leeg.yaml": b"",
        "object.yaml": b"!!python/object/apply:os.system ['true']",
        "lijst.yaml": b"- a\n- b\n",
        "binair.yaml": b"\xff\xfe\x00\x01",
        "groot.yaml": b"title: " + b"x" * 30_000_000,
    }
    before = fingerprint(engine)
    call = lambda p: command("areas", "import", good, "--year", "2024", "--mapping", p)  # noqa: E731
    wrong = all_of(mappings, tmp_path, call)
    call = lambda p: command("indicators", "import", "csv", good, "--year", "2024",  # noqa: E731
                             "--mapping", p)  # fmt: skip
    wrong += all_of(mappings, tmp_path, call)
    assert not wrong, "\n".join(wrong)
    assert fingerprint(engine) == before


def book(**cells: Any) -> bytes:
    """A workbook like CBS' with these cells changed."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["gwb_code", "gwb_code_10", "regio", "gm_naam", "recs", "a_inw"])
    sheet.append(["99990101", "BU99990101", "Sterrenbuurt", "Lindestad", "Buurt", 1200])
    for place, value in cells.items():
        sheet[place] = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part of the zip changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name == part else body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_entities(body: bytes, entities: str, use: str) -> bytes:
    text = body.decode()
    start = text.index("?>") + 2 if text.startswith("<?xml") else 0
    text = text[:start] + f"<!DOCTYPE x [{entities}]>" + text[start:]
    return text.replace("<t>Sterrenbuurt</t>", f"<t>{use}</t>").encode()


LAUGHS = '<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)
)
STRINGS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        with made.open(SHEET, "w", force_zip64=True) as sheet:
            for _ in range(1100):
                sheet.write(b"\0" * 2**20)
    return out.getvalue()


def plain_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "a")
    return out.getvalue()


FIGURES: dict[str, bytes] = {
    "leeg.xlsx": b"",
    "foto.xlsx": picture(),
    "tekst.xlsx": b"a;b;c\n1;2;3\n",
    "half.xlsx": book()[:-400],
    "oud.xlsx": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600,
    "bom.xlsx": zip_bomb(),
    "formule.xlsx": book(F2="=1+1"),
    "lach.xlsx": changed(STRINGS, lambda b: with_entities(b, LAUGHS, "&a9;")),
    "xxe.xlsx": changed(
        STRINGS, lambda b: with_entities(b, '<!ENTITY e SYSTEM "file:///etc/passwd">', "&e;")
    ),
    "kapot.xlsx": changed(SHEET, lambda b: b[: len(b) // 2]),
    "geen.xlsx": book(A1="iets", B1="anders"),
    "zip.xlsx": plain_zip(),
}


def test_figures(command: Any, engine: Engine, tmp_path: Path) -> None:
    before = fingerprint(engine)
    call = lambda p: command("indicators", "import", "kwb", p, "--year", "2023")  # noqa: E731
    wrong = all_of(FIGURES, tmp_path, call)
    assert not wrong, "\n".join(wrong)
    assert fingerprint(engine) == before


def _of_2020(command: Any, asked: tuple[str, ...], path: Path) -> Any:
    return command(*asked, path, "--year", "2020")


def test_other_readers(command: Any, engine: Engine, tmp_path: Path) -> None:
    before = fingerprint(engine)
    wrong = []
    bad = {name: FIGURES[name] for name in ("leeg.xlsx", "foto.xlsx", "tekst.xlsx", "bom.xlsx")}
    bad |= {
        "diep.geojson": nested(200_000),
        "half.csv": b'"a;b\n' + b"x" * 300_000,
        "nul.csv": b"a\0b",
    }
    for source in ("statline", "rivm", "leefbaarometer"):
        asked = ("indicators", "import", source)
        wrong += all_of(bad, tmp_path, partial(_of_2020, command, asked))
    assert not wrong, "\n".join(wrong)
    assert fingerprint(engine) == before


def test_a_million_corners(command: Any, tmp_path: Path) -> None:
    """Large but right: it goes in, in time."""
    from math import cos, pi, sin

    ring = [[5.1 + cos(i * 2e-6 * pi) / 100, 52.1 + sin(i * 2e-6 * pi) / 100] for i in range(10**6)]
    big = area("BU99990102", geometry={"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    path = tmp_path / "groot.geojson"
    path.write_bytes(collection(big))
    done = command("areas", "import", path, "--year", "2024")
    assert done.returncode == 0, done.stderr
