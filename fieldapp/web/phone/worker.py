"""What makes the pages of /veld/ an app: the worker, the manifest, the page without signal.

All public: they hold nothing of a person, and the worker asks for them when nobody is logged in.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from fieldapp.db.queries.people import organisation_by_slug
from fieldapp.web.assets import STATIC, asset, static_version
from fieldapp.web.bundles import FLUSH, FOLDER, bundle_of, bundled
from fieldapp.web.context import db_session
from fieldapp.web.language import direction, interface_languages

blueprint = Blueprint("app_shell", __name__, url_prefix="/veld")

SOURCE = STATIC / "js" / "phone" / "worker"  # one script, in parts that follow on each other
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
# Without these there is no page that works: the worker is not installed before it has them all.
CORE = ("css/field.css", "js/main.js", "js/engine/", "js/phone/")
ICONS = (("icons/app-192.png", "192x192", "any"), ("icons/app-512.png", "512x512", "any"))
MASKABLE = ("icons/app-maskable.png", "512x512", "maskable")


@cache
def shell_files() -> tuple[str, ...]:
    """Paths below static/ of all that the pages of /veld/ need without signal."""
    joined = bundled() if bundle_of() else ()
    scripts = [
        path
        for path in (str(p.relative_to(STATIC)) for p in (STATIC / "js").rglob("*.js"))
        if not path.startswith(tuple(f"js/{name}" for name in NOT_ON_A_PHONE))
        and (not path.startswith("js/engine/") or "/min/" in path)
        and path not in joined
        and (joined or not path.startswith(FOLDER))
    ]
    return ("css/field.css", "css/widgets.css", "icons/favicon.svg", *sorted(scripts))


def worker_text(*, with_outbox: bool) -> str:
    """The worker's script with the line that says of which version it is.

    `with_outbox`: a module that can send what waits without a page, for browsers that wake it.
    """
    files = shell_files()
    config = {
        "version": static_version(),
        "core": [asset(path) for path in files if path.startswith(CORE)],
        "files": [asset(path) for path in files if not path.startswith(CORE)],
        "fallback": url_for("app_shell.no_signal"),
        "home": url_for("field.start"),
    }
    parts = sorted(SOURCE.glob("*.js"))
    source = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    if CONFIG_LINE not in source:
        raise RuntimeError(f"{SOURCE} has no line {CONFIG_LINE!r}")
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
    return response.make_conditional(request)


@blueprint.get("/sw.js")
def worker() -> Any:
    """The service worker; a browser that looks for a new one must find it at once."""
    made = worker_text(with_outbox="wekt" in request.args)
    return _revalidated(Response(made, mimetype="text/javascript"), "no-cache")


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
