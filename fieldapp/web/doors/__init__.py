"""At the door: the walking list of a round, and promises that are still to be kept."""

from fieldapp.web.doors.views import blueprint

__all__ = ["blueprint"]
