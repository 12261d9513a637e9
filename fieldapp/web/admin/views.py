"""Every page of beheer; importing this hangs them on the blueprint."""

from fieldapp.web.admin import blueprint, organisation, overview, people, rounds, walking

__all__ = ["blueprint", "organisation", "overview", "people", "rounds", "walking"]
