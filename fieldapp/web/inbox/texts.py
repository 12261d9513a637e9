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


def refusal_text(problem: Problem) -> str:
    """A refusal in words: what is wrong and what to do."""
    text = str(REFUSALS[problem.code])
    named = {name: value for name, value in problem.params.items() if f"%({name})s" in text}
    return text % named if named else text
