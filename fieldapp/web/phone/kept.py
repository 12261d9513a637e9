"""Pages that the phone keeps: whose they are, of which version, and whether they changed.

The worker (static/js/phone/worker/) keeps a page only when it says whose it is, asks for it again
with its ETag, and never keeps what was meant to be seen once.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, cast

import brotli
from flask import (
    Flask,
    Response,
    get_flashed_messages,
    has_request_context,
    request,
    url_for,
)
from flask_security import current_user

from fieldapp.db.models import Organisation, User
from fieldapp.web.assets import asset, static_version
from fieldapp.web.bundles import bundle_of, with_parts
from fieldapp.web.language import current_language
from fieldapp.web.phone.person import person_key

FORM_PAGE = "phone.form_page"
# What a form asks for, one after another; six files go side by side over one HTTP/1.1 line.
ENGINE = tuple(f"js/engine/min/{name}.js" for name in ("form", "expression", "rare"))
KEPT = frozenset(
    {
        "field.start",
        "field.talk",
        "field.boundaries",
        FORM_PAGE,
        "phone.this_phone",
        "phone.pack",
        "doors.round_page",
        "doors.promises",
    }
)
KEPT_TYPES = ("text/html", "application/geo+json", "application/json")
WORKER = "worker"  # X-Fieldapp-Client of a request that the worker makes on its own account
# A token differs at each reading, and says nothing of the page.
TOKEN = re.compile(rb'(name="csrf_token" value=")[^"]*"')
# A phone that was told how a page is does not ask again for so long. Who opens the app for every
# door on a staircase pays nothing, and a message of the wijkmanager comes five minutes late.
ASKED_AGAIN_AFTER = timedelta(minutes=5)
SMALLEST = 500  # bytes; below that packing gains nothing
# The best first; thorough, as these are made seldom and every byte goes over the air.
PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=9),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}
PACKED_ONCE = 64  # answers that are the same for everybody, kept as they were packed


def init_kept(app: Flask) -> None:
    """Let these pages say whose they are, and answer 304 while they are the same."""

    @app.context_processor
    def messages() -> dict[str, Any]:
        """A message is for who looks now; the worker leaves it where it is."""
        return {"get_flashed_messages": no_messages if by_worker() else _shown_once}

    app.jinja_env.globals["static_version"] = static_version()
    app.jinja_env.globals["fresh_seconds"] = fresh_seconds
    app.jinja_env.globals["manifest_url"] = manifest_url
    app.jinja_env.globals["asset"] = page_asset
    app.jinja_env.globals["preloads"] = preloads
    app.after_request(_keep)


def fresh_seconds() -> int:
    """Seconds for which what was said of a page holds."""
    return int(ASKED_AGAIN_AFTER.total_seconds())


def page_asset(path: str) -> str:
    """As asset(); on the phone's own pages a script that lies in a bundle is that bundle."""
    if has_request_context() and request.endpoint in KEPT:
        path = bundle_of(form=request.endpoint == FORM_PAGE).get(path, path)
    return asset(path)


def preloads() -> tuple[str, ...]:
    """Addresses of scripts that this page will ask for one after another."""
    if not has_request_context() or request.endpoint not in KEPT:
        return ()
    if request.endpoint == FORM_PAGE:
        return tuple(map(asset, [*with_parts("form"), *ENGINE]))
    return tuple(map(asset, with_parts("phone")))


def manifest_url(organisation: Organisation | None) -> str:
    """The manifest in the language of the page, under the organisation's name."""
    slug = organisation.slug if organisation else None
    return url_for("app_shell.manifest", taal=current_language(), org=slug)


def by_worker() -> bool:
    """Whether the worker asks, for later, and nobody looks now."""
    return request.headers.get("X-Fieldapp-Client") == WORKER


def no_messages(*_arguments: Any, **_named: Any) -> list[Any]:
    """None: they stay in the session for the next page that somebody sees."""
    return []


def _shown_once(*arguments: Any, **named: Any) -> Any:
    found = get_flashed_messages(*arguments, **named)
    if found:
        request.environ["fieldapp.shown_once"] = True
    return found


def _keep(response: Response) -> Response:
    if request.endpoint not in KEPT or response.mimetype not in KEPT_TYPES:
        return response
    if response.status_code not in (200, 304) or not current_user.is_authenticated:
        return response
    if "fieldapp.shown_once" in request.environ:
        return response
    response.headers["X-Fieldapp-Person"] = person_key(cast("User", current_user))
    response.headers["X-Fieldapp-Version"] = static_version()
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = current_language()
    if response.status_code == 304:
        return response
    body = response.get_data()
    if response.mimetype == "text/html" or not response.get_etag()[0]:
        response.set_etag(hashlib.sha256(TOKEN.sub(rb"\1", body)).hexdigest()[:24])
    response.make_conditional(request)
    if response.status_code == 200:
        pack(response, many=request.endpoint == FORM_PAGE)
    return response


@lru_cache(PACKED_ONCE)
def packed_once(way: str, body: bytes) -> bytes:
    """As small as it gets: ten times the work, for what many will ask for."""
    return brotli.compress(body, quality=11) if way == "br" else PACKERS[way](body)


def pack(response: Response, *, many: bool = False) -> None:
    """Smaller for the wire; only for what holds nothing that a stranger can put in.

    `many`: the same bytes will be asked for again.
    """
    body = response.get_data()
    response.vary.add("Accept-Encoding")
    way = next((way for way in PACKERS if request.accept_encodings.quality(way) > 0), None)
    if way is not None and len(body) >= SMALLEST:
        response.set_data(packed_once(way, body) if many else PACKERS[way](body))
        response.headers["Content-Encoding"] = way
