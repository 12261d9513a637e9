"""Words of the coding pages: refusals, valences, findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Problem

REFUSALS: Mapping[str, Any] = {
    "span_outside": _l("Dit stuk valt buiten de tekst. Kies het fragment opnieuw."),
    "span_blank": _l("In dit stuk staan alleen spaties. Kies een stuk met woorden."),
    "fragment_empty": _l("Er is nog geen fragment. Selecteer een stuk tekst, of typ het over."),
    "fragment_absent": _l(
        "Dit fragment staat niet zo in de tekst. Kopieer het letterlijk, zonder iets te veranderen."
    ),
    "no_open_answer": _l("Bij deze vraag is geen tekst om te coderen. Kies een andere tekst."),
    "no_code": _l("Er is nog geen code gekozen. Kies er één of meer."),
    "unknown_code": _l("De code %(found)s staat niet in het themakader. Kies een andere code."),
    "valence": _l("Er is nog geen waardering gekozen. Kies er een van de vijf."),
    "not_counting": _l(
        "Deze inzending is teruggestuurd of afgewezen en telt niet mee. Keur die eerst goed."
    ),
    "no_consent": _l(
        "De bewoner gaf geen toestemming voor een citaat. Dit stuk mag alleen meetellen."
    ),
    "quote_empty": _l("Het citaat is leeg. Laat staan wat getoond mag worden."),
    "quote_too_long": _l("Het citaat is te lang. Gebruik hoogstens %(limit)s tekens."),
    "personal_data": _l("In het citaat staat nog: %(kinds)s. Haal dat weg of vervang het."),
}

VALENCES: Mapping[int, Any] = {
    -2: _l("heel negatief"),
    -1: _l("negatief"),
    0: _l("neutraal"),
    1: _l("positief"),
    2: _l("heel positief"),
}
VALENCE_ICONS: Mapping[str, str] = {
    "-2": "very_sad",
    "-1": "sad",
    "0": "neutral",
    "1": "happy",
    "2": "very_happy",
}

# (certain, perhaps): a guess says that it is one.
FINDINGS: Mapping[str, tuple[Any, Any]] = {
    "iban": (_l("rekeningnummer"), _l("mogelijk rekeningnummer")),
    "bsn": (_l("bsn"), _l("mogelijk bsn")),
    "email": (_l("e-mailadres"), _l("mogelijk e-mailadres")),
    "phone": (_l("telefoonnummer"), _l("mogelijk telefoonnummer")),
    "plate": (_l("kenteken"), _l("mogelijk kenteken")),
    "birth_date": (_l("geboortedatum"), _l("mogelijk geboortedatum")),
    "address": (_l("adres"), _l("mogelijk adres")),
    "postcode": (_l("postcode"), _l("mogelijk postcode")),
    "url": (_l("webadres"), _l("mogelijk webadres")),
    "name": (_l("naam"), _l("mogelijk naam")),
}

QUOTE_STATES: Mapping[str, Any] = {
    "none": _l("nog te beoordelen"),
    "approved": _l("goedgekeurd"),
    "refused": _l("niet te gebruiken"),
}
WITHOUT = "zonder"  # statements of people who gave no consent: counted, never quoted
QUOTE_TABS: Mapping[str, Any] = {**QUOTE_STATES, WITHOUT: _l("geen toestemming")}


def refusal_text(problem: Problem) -> str:
    """A refusal in words: what is wrong and what to do."""
    params = dict(problem.params)
    if "kinds" in params:
        params["kinds"] = ", ".join(str(FINDINGS[kind][0]) for kind in params["kinds"])
    text = str(REFUSALS[problem.code])
    return text % params if params else text


def finding_text(kind: str, certain: bool) -> str:
    """What was found: 'naam', or 'mogelijk naam'."""
    sure, perhaps = FINDINGS[kind]
    return str(sure if certain else perhaps)
