"""What staff can go to, by role; only what exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from fieldapp.core.people import FIELD_ROLES, REVIEW_ROLES
from fieldapp.web.access import policies
from fieldapp.web.context import current_actor

# (words, icon, roles, endpoints: the first that exists is linked)
ITEMS: tuple[tuple[Any, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (_l("Buurten"), "map", REVIEW_ROLES, ("review.gemeenten",)),
    (_l("Inzendingen"), "talk", REVIEW_ROLES, ("inbox.queue",)),
    (_l("Coderen"), "edit", ("analist", "wijkmanager"), ("coding.queue",)),
    (_l("Uitkomsten"), "list", REVIEW_ROLES, ("results.page",)),
    (_l("Gegevens"), "upload", ("wijkmanager",), ("imports.overview",)),
    (_l("Telefoons"), "phone", ("wijkmanager", "beheerder"), ("devices.page",)),
    (_l("Beheer"), "settings", ("beheerder",), ("admin.overview",)),
    (_l("Veld"), "observe", FIELD_ROLES, ("field.start",)),
)

PART_OF = {"surveys": "admin"}  # rooms that lie behind the link of another


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link in the bar at the top."""

    label: str
    url: str
    icon: str
    current: bool


def nav_items() -> list[NavItem]:
    """The links for who is logged in; empty for everybody else."""
    actor = current_actor()
    if actor is None:
        return []
    found = []
    for label, icon, roles, endpoints in ITEMS:
        endpoint = next((e for e in endpoints if e in current_app.view_functions), None)
        if endpoint is None or not actor.has(*roles):
            continue
        door = policies(current_app).get(endpoint.partition(".")[0])
        if door is not None and door.admits(actor):
            here = (request.endpoint or "").partition(".")[0]
            current = PART_OF.get(here, here) == endpoint.partition(".")[0]
            found.append(NavItem(str(label), url_for(endpoint), icon, current))
    return found


def init_navigation(app: Flask) -> None:
    """Give the staff layout its links, and every layout the way home and out."""

    @app.context_processor
    def navigation() -> dict[str, object]:
        if current_actor() is None:
            return {}
        return {
            "nav_items": nav_items(),
            "home_url": url_for("people.start"),
            "account_url": url_for("account.home"),
            "logout_url": url_for("security.logout"),
        }
