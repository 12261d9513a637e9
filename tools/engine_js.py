#!/usr/bin/env python3
"""Make the form engine small for the wire: static/js/engine/*.js -> static/js/engine/min/.

    tools/engine_js.py build    join and minify with the esbuild named below (needs npm)
    tools/engine_js.py check    exit 1 when a minified file is not of its source (no network)

The results are committed: running the product needs neither Node nor this script. A module in PARTS
goes into each module that imports it; every other module becomes a file of its own. The first line
of each says of which text it was made.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "fieldapp" / "static" / "js" / "engine"
TARGET = SOURCE / "min"
ESBUILD = "esbuild@0.28.2"
PARTS = ("chance.js", "format.js", "functions.js", "nodes.js", "read.js", "values.js")
IMPORT = re.compile(r'from "\./([\w-]+\.js)"')


def modules() -> list[str]:
    """The modules that become a file."""
    return sorted(path.name for path in SOURCE.glob("*.js") if path.name not in PARTS)


def first_line(name: str) -> str:
    """What stands above the minified file: a hash of the module and of the parts in it."""
    digest, done, ahead = hashlib.sha256(), set[str](), [name]
    while ahead:
        part = ahead.pop()
        if part not in done:
            done.add(part)
            text = (SOURCE / part).read_text(encoding="utf-8")
            digest.update(text.encode())
            ahead += [found for found in IMPORT.findall(text) if found in PARTS]
    return f"// {name} {digest.hexdigest()[:16]}\n"


def stale() -> list[str]:
    """The names of modules without a minified file of their present text, and of stray files."""
    made = {path.name: path.read_text(encoding="utf-8") for path in TARGET.glob("*.js")}
    old = [name for name in modules() if not made.get(name, "").startswith(first_line(name))]
    return sorted(old + [name for name in made if name not in modules()])


def build() -> None:
    """Minify what is stale; leave the rest."""
    npx = shutil.which("npx")
    if not npx:
        sys.exit("tools/engine_js.py build needs npm (Node 20 or later); check does not.")
    TARGET.mkdir(exist_ok=True)
    for name in stale():
        if name not in modules():
            (TARGET / name).unlink()
            continue
        others = [f"--external:./{other}" for other in modules()]
        command = [npx, "--yes", ESBUILD, str(SOURCE / name), "--bundle", "--minify"]
        made = subprocess.run(  # noqa: S603 - fixed names above
            [*command, "--format=esm", "--charset=utf8", *others],
            check=True,
            capture_output=True,
            text=True,
        )
        (TARGET / name).write_text(first_line(name) + made.stdout, encoding="utf-8")


def check() -> None:
    """Stop with status 1 when a minified file is missing or old."""
    if names := stale():
        sys.exit(f"Not up to date: {', '.join(names)}. Run tools/engine_js.py build and commit.")


if __name__ == "__main__":
    commands = {"build": build, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]]()
