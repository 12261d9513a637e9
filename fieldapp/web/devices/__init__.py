"""The board of phones: whose work has not come in yet, and what to do about it."""

from fieldapp.web.devices.views import blueprint

__all__ = ["blueprint"]
