"""The name under which a request comes in: only ours, so that nobody makes us write other links.

Browsers send the name that was typed. Another name is a proxy that passes on anything, or somebody
who tries what we do with it (DNS rebinding, links to their own site).
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from flask_babel import gettext as _

from fieldapp.config import Settings

# This very machine: `make run`, and what looks whether we are up.
HERE = ("localhost", "127.0.0.1", "::1")
# Load balancers and containers ask by an inside address; the answer holds nothing of the host.
ANY_HOST = ("/healthz",)


def host_name(header: str) -> str:
    """The name or address in a Host header, without port; "" when it is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_ours(header: str, settings: Settings) -> bool:
    """Whether this Host header names us.

    Outside production any IP address does: a phone on the same network types it, and an address
    cannot be made to point elsewhere as a name can.
    """
    name = host_name(header)
    if not name or set(header) & set("/\\@?# \t"):
        return False
    if name in (*HERE, host_name(urlsplit(settings.base_url).netloc), *settings.hosts):
        return True
    if any(name.endswith(known) for known in settings.hosts if known.startswith(".")):
        return True
    return settings.environment != "production" and _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def init_hosts(app: Flask, settings: Settings) -> None:
    """Refuse other names with 400; before anything else looks at the request."""

    @app.before_request
    def only_our_names() -> tuple[Response, int] | None:
        if request.path in ANY_HOST or is_ours(request.headers.get("Host", ""), settings):
            return None
        return _refusal(), 400


def _refusal() -> Response:
    """Plain words without a link or the house style: both would be made with the wrong name."""
    told = _("Dit adres hoort niet bij fieldapp. Controleer het adres in je browser.")
    advice = _("Beheerder: zet de naam in de instelling FIELDAPP_HOSTS.")
    if request.path.startswith("/api/"):
        return jsonify(error={"code": "wrong_host", "message": f"{told} {advice}"})
    return Response(f"{told}\n{advice}\n", mimetype="text/plain")
