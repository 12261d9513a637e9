"""Headers that every answer carries."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response

from fieldapp.config import Settings

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def content_security_policy(tile_url: str) -> str:
    """What a page may load: ourselves, own recordings, map tiles from the one configured host."""
    parts = urlsplit(tile_url)
    tiles = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data: blob:{tiles}",
            "media-src 'self' blob:",  # hearing back what was recorded here
            "worker-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def init_headers(app: Flask, settings: Settings) -> None:
    """Set them on each answer."""
    policy = content_security_policy(settings.tile_url)

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        if response.status_code == 304:
            # No document: what was said with the one that the asker has still holds (RFC 9111 3.2),
            # and on a phone these heads are most of what a later visit costs.
            return response
        headers.setdefault("Content-Security-Policy", policy)
        headers.update(ALWAYS)
        headers["Permissions-Policy"] = "geolocation=(self), camera=(self), microphone=(self)"
        if settings.base_url.startswith("https://"):
            headers["Strict-Transport-Security"] = "max-age=31536000"
        # Pages are personal or alive; static files set their own term before Flask.
        headers.setdefault("Cache-Control", "no-store")
        return response
