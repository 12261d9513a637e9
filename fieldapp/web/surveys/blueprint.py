"""The room for surveys; the modules beside this one hang their pages on it."""

from flask import Blueprint

blueprint = Blueprint("surveys", __name__, url_prefix="/beheer/vragenlijsten")
