"""The crumbs above the pages of beheer."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from fieldapp.web.context import required_actor

Crumb = tuple[Any, str | None]


def trail(*crumbs: Crumb) -> list[Crumb]:
    """The crumbs, behind Beheer for who may go there; the last has no address."""
    start: list[Crumb] = []
    if required_actor().has("beheerder"):
        start.append((_("Beheer"), url_for("admin.overview")))
    return [*start, *crumbs]
