"""Static files: one address per content, so that a phone fetches each version once."""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from fieldapp.web.headers import ALWAYS

STATIC = Path(__file__).resolve().parent.parent / "static"


@cache
def static_version() -> str:
    """A hash over every static file; part of their address and shown in the footer."""
    digest = hashlib.sha256()
    for path in sorted(p for p in STATIC.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(STATIC)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def asset(path: str) -> str:
    """The address of a static file, given its path below static/."""
    return f"/static/{static_version()}/{path}"


def prepare_static(folder: Path) -> Path:
    """Copy the static files with their brotli and gzip twins to `folder`/<version>; made once."""
    target = folder / static_version()
    if target.exists():
        return target
    shutil.rmtree(folder, ignore_errors=True)
    making = folder / "making"
    shutil.copytree(STATIC, making)
    compressor = Compressor(quiet=True)
    for path in [p for p in making.rglob("*") if p.is_file()]:
        if compressor.should_compress(path.name):
            list(compressor.compress(str(path)))
    making.rename(target)
    return target


def _safe(headers: Headers, _path: str, _url: str) -> None:
    """What every answer of ours says; WhiteNoise answers before web/headers.py can."""
    for name, value in ALWAYS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"


def init_assets(app: Flask, compressed: Path | None) -> None:
    """Serve static files before Flask sees the request."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(compressed or STATIC),
        prefix=f"static/{static_version()}",
        immutable_file_test=lambda _path, _url: True,
        max_age=31_536_000,
        add_headers_function=_safe,
    )
    app.jinja_env.globals["asset"] = asset
