"""Every blueprint with its door, in one list."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from fieldapp.core.people import FIELD_ROLES
from fieldapp.web.access import API, PUBLIC, SIGNED_IN, register, staff
from fieldapp.web.api.description import blueprint as api_description
from fieldapp.web.api.profiles import blueprint as api_profiles
from fieldapp.web.api.submissions import blueprint as api_submissions
from fieldapp.web.field.views import blueprint as field
from fieldapp.web.people.views import blueprint as people
from fieldapp.web.people.views import door
from fieldapp.web.system.views import blueprint as system


def register_all(app: Flask, csrf: CSRFProtect) -> None:
    """Add all blueprints to the app."""
    for api in (api_description, api_submissions, api_profiles):
        register(app, api, API)
        csrf.exempt(api)  # a token or our own header instead (web/api/identity.py)
    register(app, system, PUBLIC)
    register(app, door, PUBLIC)
    register(app, people, SIGNED_IN)
    register(app, field, staff(*FIELD_ROLES))
