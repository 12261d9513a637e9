"""Beheer: people, rounds, surveys, the organisation (beheerder); imports have a door of their own.

Modules hang their views on `blueprint`; web/admin/views.py brings them together.
"""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/beheer")
