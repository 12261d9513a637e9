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

from fieldapp.web.bundles import (  # noqa: E402
    FLUSH,
    FOLDER,
    STATIC,
    entries,
    fetched_later,
    first_line,
    shared,
    stale,
)

TARGET = STATIC / FOLDER
ESBUILD = "esbuild@0.28.2"
COMMON = ("--bundle", "--minify", "--charset=utf8", "--target=es2022", "--log-level=warning")


SHARED = "shared.js"  # imported by every entry: what it names becomes one file


def entry_text(modules: dict[str, str]) -> str:
    """A script that gives main.js each module under its name."""
    lines = [f'import m{number} from "./{path}";' for number, path in enumerate(modules.values())]
    names = ", ".join(f'"{name}": m{number}' for number, name in enumerate(modules))
    return "\n".join([*lines, f"export const modules = {{ {names} }};", ""])


def write_entries(tree: Path) -> list[str]:
    """The scripts in `tree` with what goes in front of each; paths of the entries."""
    shutil.copytree(STATIC / "js", tree / "js", ignore=shutil.ignore_patterns("min*"))
    (tree / SHARED).write_text("".join(f'import "./{path}";\n' for path in shared()), "utf-8")
    texts = {f"{name}.js": entry_text(dict(modules)) for name, modules in entries().items()}
    texts["flush.js"] = f'export * from "./{FLUSH}";\n'
    for name, text in texts.items():
        (tree / name).write_text(f'import "./{SHARED}";\n{text}', "utf-8")
    for path in fetched_later():
        script = tree / path
        up = "../" * path.count("/")
        script.write_text(f'import "{up}{SHARED}";\n{script.read_text("utf-8")}', "utf-8")
    return [str(tree / name) for name in texts]


def run(*arguments: str) -> None:
    """Esbuild; it tells itself what is wrong."""
    npx = shutil.which("npx")
    if not npx:
        sys.exit("tools/phone_js.py build needs npm (Node 20 or later); check does not.")
    subprocess.run([npx, "--yes", ESBUILD, *arguments], check=True)  # noqa: S603 - fixed names


def build() -> None:
    """Make all of them anew; when that fails the old ones stay."""
    made = TARGET.with_name(f"{TARGET.name}-new")
    shutil.rmtree(made, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        run(
            *write_entries(Path(temporary).resolve()),
            *COMMON,
            "--splitting",
            "--format=esm",
            f"--outdir={made}",
            "--chunk-names=part-[hash]",
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
