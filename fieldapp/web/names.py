"""What people are called on a page."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from fieldapp.core.people import FORMER


def person_name(name: str) -> str:
    """A colleague's name; one whose name is no longer kept, in the language of the page."""
    return str(_("een oud-collega")) if name == FORMER else name


def init_names(app: Flask) -> None:
    """The filter `person_name` for templates."""
    app.add_template_filter(person_name)
