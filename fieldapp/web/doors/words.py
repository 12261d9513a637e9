"""Words for how far a stairwell is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Problem
from fieldapp.core.walking import Progress

STATES: Mapping[str, Any] = {
    "new": _l("nog niet geweest"),
    "begun": _l("begonnen"),
    "done": _l("klaar"),
}
# As badges: nothing is good or bad here.
BADGES: Mapping[str, str] = {"new": "few", "begun": "none", "done": "agree"}

# What is wrong with a line of a walking list; %(line)s is its number.
LINES: Mapping[str, Any] = {
    "doors_twice": _l("Regel %(line)s: “%(name)s” staat er al. Elk portiek hoort er één keer in."),
    "doors_no_name": _l("Regel %(line)s: hier staat geen portiek. Schrijf straat en huisnummers."),
    "doors_name_long": _l("Regel %(line)s: deze naam is te lang. Er passen %(limit)s tekens."),
    "doors_no_number": _l(
        "Regel %(line)s: “%(written)s” is geen aantal deuren. Schrijf een getal, zoals 8."
    ),
    "doors_out_of_range": _l("Regel %(line)s: het aantal deuren is 1 tot en met %(limit)s."),
    "doors_too_many": _l("Dit zijn te veel regels. Er passen %(limit)s portieken in een ronde."),
    "doors_area": _l(
        "%(name)s: “%(written)s” is geen gebied van deze ronde. Schrijf de code of de naam van de "
        "buurt, of laat het leeg."
    ),
}


def state_words(found: Progress) -> str:
    """'nog niet geweest', '3 van 8 open', 'klaar'."""
    if found.state == "begun" and found.doors:
        return str(_("%(opened)s van %(doors)s open", opened=found.opened, doors=found.doors))
    return str(STATES[found.state])


def line_words(problem: Problem) -> str:
    """What is wrong with a walking list, in words."""
    params = {"line": problem.where, "name": problem.where, **problem.params}
    return str(LINES[problem.code]) % params
