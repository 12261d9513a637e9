"""Scripts of the app on the phone, joined and minified: which module lies in which file.

static/js/phone/bundles.json says it: bundle -> (data-module -> its script). tools/phone_js.py makes
static/js/phone/min/ of it. The scripts stay the truth: a bundle that was not made of their present
text is not used, so that nobody looks at old code while working on the new.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
TABLE = "js/phone/bundles.json"
FOLDER = "js/phone/min"
FLUSH = "js/phone/queue/outbox.js"  # also an entry of its own, min/flush.js: for the worker
MAIN = "js/main.js"  # what starts the modules of a page; lies in what all bundles share
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+\.js)["']""")

AT_ONCE = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.{1,2}/[^"']+\.js)["']""")
LATER = re.compile(r"""\bimport\(\s*["'](\.{1,2}/[^"']+\.js)["']""")
PART_AT_ONCE = re.compile(r"""\b(?:from|import)\s*["']\./(part-\w+\.js)["']""")
PART_LATER = re.compile(r"""\bimport\(\s*["']\./(part-\w+\.js)["']""")


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """Bundle -> (data-module -> path of its script below static/)."""
    found: dict[str, dict[str, str]] = json.loads((STATIC / TABLE).read_text(encoding="utf-8"))
    return found


@cache
def entries() -> Mapping[str, Mapping[str, str]]:
    """As table(); the bundle of a form also gives what every page starts, so that it is enough."""
    return {**table(), "form": {**table()["phone"], **table()["form"]}}


def named(path: str, how: re.Pattern[str]) -> list[str]:
    """Scripts that this one imports, by path below static/; `how`: IMPORT, AT_ONCE or LATER."""
    text, folder = (STATIC / path).read_text(encoding="utf-8"), (STATIC / path).parent
    names = [name for name in how.findall(text) if "//" not in name]
    return [str((folder / name).resolve().relative_to(STATIC)) for name in names]


def sources(paths: Iterable[str], how: re.Pattern[str] = IMPORT) -> tuple[str, ...]:
    """These scripts and all that they import, by path below static/."""
    found, ahead = set[str](), list(paths)
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            ahead += named(path, how)
    return tuple(sorted(found))


def fetched_later() -> set[str]:
    """Scripts that others ask for only when they are needed."""
    return {later for path in bundled() for later in named(path, LATER)}


def shared() -> tuple[str, ...]:
    """Scripts that the start page or a form needs at once and that another needs too: one file.

    Split up as a bundler would, in half a dozen, a browser would fetch them in two rounds.
    """
    rooms = {name: set(sources(modules.values(), AT_ONCE)) for name, modules in entries().items()}
    others = [*fetched_later(), FLUSH]
    all_of_them = [*rooms.values(), *(set(sources([path], AT_ONCE)) for path in others)]
    found = {path for path in rooms["form"] if sum(path in one for one in all_of_them) > 1}
    return tuple(sorted({*found, MAIN}))


@cache
def bundled() -> tuple[str, ...]:
    """All scripts that go into bundles."""
    entries = [path for modules in table().values() for path in modules.values()]
    return sources([*entries, FLUSH])


def first_line() -> str:
    """What stands above each bundle: of which text it was made."""
    digest = hashlib.sha256((STATIC / TABLE).read_bytes())
    for path in bundled():
        digest.update(path.encode() + (STATIC / path).read_bytes())
    return f"// {digest.hexdigest()[:16]}\n"


def stale() -> list[str]:
    """Bundles that are missing or not made of the present text."""
    line = first_line()
    names = [*table(), "flush"]
    made = {name: STATIC / FOLDER / f"{name}.js" for name in names}
    return [
        name
        for name, path in made.items()
        if not path.is_file() or not path.read_text(encoding="utf-8").startswith(line)
    ]


@cache
def bundle_of(*, form: bool = False) -> Mapping[str, str]:
    """Path of a script -> path of the bundle that holds it; empty when one of them is stale.

    `form`: on the page of a form, where one bundle gives all.
    """
    try:
        if stale():
            return {}
    except OSError:  # a script that the table names is not there
        return {}
    found = {
        path: f"{FOLDER}/{name}.js"
        for name, modules in table().items()
        for path in modules.values()
    }
    start = "form" if form else "phone"
    found |= dict.fromkeys([MAIN, *table()["phone"].values()], f"{FOLDER}/{start}.js")
    return {**found, FLUSH: f"{FOLDER}/flush.js"}


@cache
def with_parts(bundle: str, *, later: bool = False) -> tuple[str, ...]:
    """A bundle and what it imports, by path below static/; `later`: also what it may ask for."""
    if not bundle_of():
        return ()
    found, ahead = dict[str, None](), [f"{bundle}.js"]
    while ahead:
        name = ahead.pop(0)
        if f"{FOLDER}/{name}" not in found:
            found[f"{FOLDER}/{name}"] = None
            text = (STATIC / FOLDER / name).read_text(encoding="utf-8")
            ahead += PART_AT_ONCE.findall(text) + (PART_LATER.findall(text) if later else [])
    return tuple(found)
