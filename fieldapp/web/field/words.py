"""Codes of submissions as words for colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = {
    "observatie": _l("Observatie"),
    "bewonersgesprek": _l("Bewonersgesprek"),
    "portiekgesprek": _l("Portiekgesprek"),
    "enquete": _l("Bewonersenquête"),
    "professional": _l("Professionele duiding"),
}
KIND_ICONS: Mapping[str, str] = {
    "observatie": "observe",
    "bewonersgesprek": "talk",
    "portiekgesprek": "door",
    "enquete": "user",
    "professional": "chart",
}
STATES: Mapping[str, Any] = {
    "received": _l("aangekomen"),
    "accepted": _l("goedgekeurd"),
    "returned": _l("teruggestuurd"),
    "rejected": _l("afgewezen"),
}
# Badge colours say agree, wringt, few or none; a state is none of the first two unless it is good.
STATE_BADGES: Mapping[str, str] = {
    "received": "none",
    "accepted": "agree",
    "returned": "wringt",
    "rejected": "few",
}
NO_PLACE: Mapping[str, Any] = {
    "outside": _l("buiten de kaart"),
    "none": _l("zonder plek"),
}
