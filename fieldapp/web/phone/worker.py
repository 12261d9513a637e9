"""What makes the pages of /veld/ an app: the worker, the manifest, the page without signal.

All public: they hold nothing of a person, and the worker asks for them when nobody is logged in.
"""

from __future__ import annotations

import json
import mimetypes
import re
from functools import cache
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from fieldapp.db.queries.people import organisation_by_slug
from fieldapp.web.assets import STATIC, asset, static_version
from fieldapp.web.bundles import FLUSH, FOLDER, MAIN, bundle_of, with_parts
from fieldapp.web.context import db_session
from fieldapp.web.language import direction, interface_languages
from fieldapp.web.phone.kept import fresh_seconds, pack

blueprint = Blueprint("app_shell", __name__, url_prefix="/veld")

SOURCE = STATIC / "js" / "phone" / "worker"  # one script, in parts that follow on each other
COMMENT = re.compile(r"^ *(?://|/\*\*|\*).*\n", re.MULTILINE)  # whole lines, for the wire
CONFIG_LINE = "const CONFIG = {};\n"
# Of static/js: not what only laptops use, nor sources of which a smaller twin is served.
NOT_ON_A_PHONE = (
    "builder/",
    "coding.js",
    "import_progress.js",
    "phone/log_in.js",
    "phone/worker/",
    "phone/waiting.js",
)
# Bundles that every day needs; others come along with the pages that name them.
ALWAYS = ("phone", "form")
BY_PAGE = ("map", "rare", "more")
A_DAY = "public, max-age=86400"  # after a day a browser looks for a newer worker by itself
FOR_EVER = "public, max-age=31536000, immutable"
ICONS = (("icons/app-192.png", "192x192", "any"), ("icons/app-512.png", "512x512", "any"))
MASKABLE = ("icons/app-maskable.png", "512x512", "maskable")


@cache
def seen_files() -> tuple[str, ...]:
    """Paths below static/ of what the start page itself loads: a browser has these already."""
    scripts = with_parts("phone") or (MAIN,)
    return ("css/field.css", "icons/favicon.svg", *scripts)


@cache
def shell_files() -> tuple[str, ...]:
    """Paths below static/ of all other text files that a form needs without signal."""
    engine = [f"js/engine/min/{path.name}" for path in (STATIC / "js/engine/min").glob("*.js")]
    joined = {path for name in ALWAYS for path in with_parts(name)}
    later = {path for name in ALWAYS for path in with_parts(name, later=True)}
    # What /veld/telefoon needs at once comes along with that page, a breath later.
    joined |= later - set(with_parts("more"))
    found = {*engine, *(joined or _single_scripts())}
    return tuple(sorted(found - set(seen_files())))


def _single_scripts() -> list[str]:
    """All scripts one by one, while they are worked on."""
    paths = [str(path.relative_to(STATIC)) for path in (STATIC / "js").rglob("*.js")]
    left_out = tuple(f"js/{name}" for name in (*NOT_ON_A_PHONE, "engine/", "phone/min/"))
    return [path for path in paths if not path.startswith(left_out)]


def worker_text(*, with_outbox: bool) -> str:
    """The worker's script with the line that says of which version it is.

    `with_outbox`: a module that can send what waits without a page, for browsers that wake it.
    """
    config = {
        "version": static_version(),
        "fresh": fresh_seconds(),
        "seen": [asset(path) for path in seen_files()],
        "files": list(shell_files()),
        "along": {f"{FOLDER}/{name}.js": with_parts(name, later=True) for name in BY_PAGE},
        "fallback": url_for("app_shell.no_signal"),
        "home": url_for("field.start"),
    }
    parts = sorted(SOURCE.glob("*.js"))
    source = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    if CONFIG_LINE not in source:
        raise RuntimeError(f"{SOURCE} has no line {CONFIG_LINE!r}")
    source = COMMENT.sub("", source)
    made = source.replace(CONFIG_LINE, f"const CONFIG = {json.dumps(config)};\n", 1)
    if not with_outbox:
        return made
    outbox = asset(bundle_of().get(FLUSH, FLUSH))
    taken_in = f'import {{ flushFromWorker }} from "{outbox}";\n'
    return f"{taken_in}self.fieldappFlush = flushFromWorker;\n{made}"


def _revalidated(response: Response, cache_control: str) -> Any:
    """With an ETag, and 304 when the asker has it."""
    response.add_etag()
    response.headers["Cache-Control"] = cache_control
    response.make_conditional(request)
    if response.status_code == 200:
        pack(response, many=True)
    return response


@blueprint.get("/bestanden/<version>.json")
def files(version: str) -> Any:
    """Many small text files at once, ?namen=<path>,<path>: path -> [type, text].

    One answer weighs a third of what forty do; the worker takes them apart. 404 for another
    version, and for what is not among the files of static/ that the app may name.
    """
    names = request.args.get("namen", "").split(",")
    if version != static_version() or not all(map(_may_be_named, names)):
        abort(404)
    found = {
        name: [mimetypes.guess_type(name)[0], (STATIC / name).read_text(encoding="utf-8")]
        for name in names
    }
    made = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return _revalidated(Response(made, mimetype="application/json"), FOR_EVER)


@cache
def _text_files() -> frozenset[str]:
    paths = (path for path in STATIC.rglob("*") if path.suffix in (".css", ".js", ".svg"))
    return frozenset(str(path.relative_to(STATIC)) for path in paths)


def _may_be_named(name: str) -> bool:
    return name in _text_files()


@blueprint.get("/sw.js")
def worker() -> Any:
    """The service worker; ?v=<version>&wekt. A page asks for another version by another address."""
    made = worker_text(with_outbox="wekt" in request.args)
    known = request.args.get("v") == static_version()
    return _revalidated(Response(made, mimetype="text/javascript"), A_DAY if known else "no-cache")


def _asked_language() -> str:
    asked = request.args.get("taal", "")
    return asked if asked in interface_languages() else interface_languages()[0]


@blueprint.get("/manifest.webmanifest")
def manifest() -> Any:
    """Name, colours and icons for the home screen; ?taal=<language>&org=<slug>."""
    language = _asked_language()
    with force_locale(language.replace("-", "_")):
        made = json.dumps(_manifest(language), ensure_ascii=False)
    return _revalidated(Response(made, mimetype="application/manifest+json"), "public, max-age=600")


def _manifest(language: str) -> dict[str, Any]:
    organisation = organisation_by_slug(db_session(), request.args.get("org", ""))
    home = url_for("field.start")
    icons = [
        {"src": asset(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for path, sizes, purpose in (*ICONS, MASKABLE)
    ]
    return {
        "id": home,
        "name": f"{organisation.name} - fieldapp" if organisation else "fieldapp",
        "short_name": _("Veld"),
        "description": _("Observaties en gesprekken, ook zonder bereik."),
        "lang": language,
        "dir": direction(language),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b4a63",
        "icons": icons,
        "shortcuts": [
            {"name": _("Observatie"), "url": f"{home}#observatie", "icons": icons[:1]},
            {"name": _("Gesprek"), "url": url_for("field.talk"), "icons": icons[:1]},
        ],
    }


@blueprint.get("/zonder-bereik")
def no_signal() -> Any:
    """Shown by the worker for a page that the phone does not have; it says nothing of a person."""
    made = Response(render_template("field/no_signal.html", home_url=url_for("field.start")))
    return _revalidated(made, "no-cache")
