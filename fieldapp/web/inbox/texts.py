"""Words of the inbox: refusals, steps, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Problem

REFUSALS: Mapping[str, Any] = {
    "step_not_allowed": _l("Deze stap kan nu niet. Kijk welke stappen hieronder nog kunnen."),
    "reason_needed": _l("Schrijf erbij waarom. Wie het instuurde, leest dit."),
    "reason_too_long": _l("De reden is te lang. Gebruik hoogstens %(limit)s tekens."),
    "changed_meanwhile": _l(
        "Een collega was net eerder met deze inzending. Kijk wat er nu staat en probeer opnieuw."
    ),
    "too_many": _l("Dat zijn er te veel tegelijk. Keur er hoogstens %(limit)s in één keer goed."),
    "area_found": _l("De plek ligt in een bekende buurt. Die buurt blijft staan."),
    "unknown_area": _l(
        "De buurt “%(written)s” kennen we niet. Vul de hele naam of de code in, zoals BU03440101."
    ),
    "area_several": _l("Er zijn meer buurten die “%(written)s” heten. Kies er een uit de lijst."),
    "area_not_yours": _l("In die buurt werk je niet. Kies een andere, of vraag de beheerder."),
}

# What a step does to a submission, as a button.
STEP_LABELS: Mapping[str, Any] = {
    "accepted": _l("Goedkeuren"),
    "returned": _l("Terugsturen"),
    "rejected": _l("Afwijzen"),
}

AREA_STATUS: Mapping[str, Any] = {
    "found": _l("gevonden bij de plek"),
    "chosen": _l("door iemand gekozen"),
    "outside": _l("de plek ligt buiten alle buurten"),
    "none": _l("geen plek doorgegeven"),
}

# What is odd about a place (core/place_marks.py): in the list, and in full.
MARK_BADGES: Mapping[str, Any] = {
    "far": _l("ver weg"),
    "jump": _l("grote sprong"),
    "old": _l("oude plek"),
    "mock": _l("plek waarschijnlijk verzonnen"),
    "clock": _l("klok loopt voor"),
}
MARKS: Mapping[str, Any] = {
    "far": _l(
        "De plek ligt meer dan een kilometer buiten het gebied van deze collega en van de ronde."
    ),
    "jump": _l(
        "Sinds de vorige inzending van deze collega is de afstand te groot voor de tijd: "
        "sneller dan 150 kilometer per uur."
    ),
    "old": _l("De plek is meer dan 10 minuten eerder of later gemeten dan het formulier begon."),
    "mock": _l(
        "De plek is waarschijnlijk door een app verzonnen: zo precies meet geen telefoon. "
        "Zeker weten kunnen we dat niet."
    ),
    "clock": _l(
        "De klok van de telefoon liep meer dan een uur voor. "
        "Het tijdstip klopt waarschijnlijk niet."
    ),
}


def refusal_text(problem: Problem) -> str:
    """A refusal in words: what is wrong and what to do."""
    text = str(REFUSALS[problem.code])
    named = {name: value for name, value in problem.params.items() if f"%({name})s" in text}
    return text % named if named else text
