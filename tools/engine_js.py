#!/usr/bin/env python3
"""Make the form engine small for the wire: static/js/engine/*.js -> static/js/engine/min/.

    tools/engine_js.py build    minify with the terser named below (needs npm)
    tools/engine_js.py check    exit 1 when a minified file is not of its source (no network)

The results are committed: running the product needs neither Node nor this script. The first line
of each says of which source it was made.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "fieldapp" / "static" / "js" / "engine"
TARGET = SOURCE / "min"
TERSER = "terser@5.51.2"


def first_line(source: Path) -> str:
    """What stands above the minified file of this source."""
    return f"// {source.name} {hashlib.sha256(source.read_bytes()).hexdigest()[:16]}\n"


def stale() -> list[str]:
    """The names of sources that have no minified file of their present text, and of strays."""
    sources = {path.name: path for path in SOURCE.glob("*.js")}
    made = {path.name for path in TARGET.glob("*.js")}
    old = [
        name
        for name, path in sources.items()
        if name not in made or not (TARGET / name).read_text().startswith(first_line(path))
    ]
    return sorted(old + list(made - set(sources)))


def build() -> None:
    """Minify what is stale; leave the rest."""
    npx = shutil.which("npx")
    if not npx:
        sys.exit("tools/engine_js.py build needs npm (Node 20 or later); check does not.")
    TARGET.mkdir(exist_ok=True)
    for name in stale():
        if not (SOURCE / name).exists():
            (TARGET / name).unlink()
            continue
        command = [
            npx,
            "--yes",
            TERSER,
            "--module",
            "-c",
            "passes=2",
            "-m",
            "--",
            str(SOURCE / name),
        ]
        made = subprocess.run(  # noqa: S603 - fixed names above
            command, check=True, capture_output=True, text=True
        )
        (TARGET / name).write_text(first_line(SOURCE / name) + made.stdout)


def check() -> None:
    """Stop with status 1 when a minified file is missing or old."""
    if names := stale():
        sys.exit(f"Not up to date: {', '.join(names)}. Run tools/engine_js.py build and commit.")


if __name__ == "__main__":
    commands = {"build": build, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]]()
