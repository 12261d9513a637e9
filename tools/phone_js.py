#!/usr/bin/env python3
"""Join and minify the scripts of the app on the phone: static/js/phone/min/.

    tools/phone_js.py build    with the esbuild named below (needs npm)
    tools/phone_js.py check    exit 1 when a bundle is not of its scripts (no network)

The results are committed: running the product needs neither Node nor this script. Which scripts go
together stands in static/js/phone/bundles.json; what several bundles need becomes a file beside
them, and so does what is only fetched when it is needed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fieldapp.web.bundles import FLUSH, FOLDER, STATIC, first_line, stale, table  # noqa: E402

TARGET = STATIC / FOLDER
ESBUILD = "esbuild@0.28.2"
COMMON = ("--bundle", "--minify", "--charset=utf8", "--target=es2022", "--log-level=warning")


def entry_text(modules: dict[str, str]) -> str:
    """A script that gives main.js each module under its name."""
    lines = [
        f'import m{number} from "{STATIC / path}";' for number, path in enumerate(modules.values())
    ]
    named = ", ".join(f'"{name}": m{number}' for number, name in enumerate(modules))
    return "\n".join([*lines, f"export const modules = {{ {named} }};", ""])


def run(*arguments: str) -> None:
    """Esbuild; it tells itself what is wrong."""
    npx = shutil.which("npx")
    if not npx:
        sys.exit("tools/phone_js.py build needs npm (Node 20 or later); check does not.")
    subprocess.run([npx, "--yes", ESBUILD, *arguments], check=True)  # noqa: S603 - fixed names


def build() -> None:
    """Make all of them anew; when that fails the old ones stay."""
    made = TARGET.with_name(f"{TARGET.name}-new")  # beside it: they name main.js from there
    shutil.rmtree(made, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        entries = []
        for name, modules in table().items():
            entry = Path(temporary) / f"{name}.js"
            entry.write_text(entry_text(dict(modules)), encoding="utf-8")
            entries.append(str(entry))
        flush = Path(temporary) / "flush.js"
        flush.write_text(f'export * from "{STATIC / FLUSH}";\n', encoding="utf-8")
        run(
            *entries,
            str(flush),
            *COMMON,
            "--splitting",
            "--format=esm",
            f"--outdir={made}",
            "--chunk-names=part-[hash]",
            f"--external:{STATIC / 'js' / 'main.js'}",
        )
    for path in made.glob("*.js"):
        path.write_text(first_line() + path.read_text(encoding="utf-8"), encoding="utf-8")
    shutil.rmtree(TARGET, ignore_errors=True)
    made.rename(TARGET)


def check() -> None:
    """Stop with status 1 when a bundle is missing or old."""
    if names := stale():
        sys.exit(f"Not up to date: {', '.join(names)}. Run tools/phone_js.py build and commit.")


if __name__ == "__main__":
    commands = {"build": build, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]]()
