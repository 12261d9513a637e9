"""What the publish check finds, in words: what it is, why it matters, what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey.advice import Advice
from fieldapp.web.language import own_name

COLUMNS: Mapping[str, Any] = {
    "label": _l("de vraag"),
    "hint": _l("de uitleg"),
    "intro": _l("de inleiding"),
    "thanks": _l("het bedankje"),
}
PERSONAL: Mapping[str, Any] = {
    "name": _l("een naam"),
    "phone": _l("een telefoonnummer"),
    "birth": _l("een geboortedatum"),
    "bsn": _l("een BSN"),
    "email": _l("een e-mailadres"),
    "address": _l("een adres"),
    "bank": _l("een bankrekening"),
    "signature": _l("een handtekening"),
    "health": _l("gezondheid"),
    "belief": _l("geloof"),
    "descent": _l("afkomst"),
    "politics": _l("politieke voorkeur"),
    "sexuality": _l("seksualiteit"),
    "offence": _l("strafbare feiten"),
}
# code -> (what was found, what to do)
TEXTS: Mapping[str, tuple[Any, Any]] = {
    "never_asked": (
        _l("Deze vraag komt nooit in beeld."),
        _l("De voorwaarde kan bij geen enkel antwoord waar zijn. Pas de voorwaarde aan."),
    ),
    "always_asked": (
        _l("De voorwaarde bij deze vraag doet niets."),
        _l("Ze is bij elk antwoord waar. Haal haar weg, of pas haar aan."),
    ),
    "no_answer_allowed": (
        _l("Geen enkel antwoord wordt hier goedgekeurd."),
        _l("Wie hier iets invult, komt niet verder. Pas de controle op het antwoord aan."),
    ),
    "no_choices": (
        _l("Er is niets om uit te kiezen."),
        _l("Voeg antwoorden toe, of haal de vraag weg."),
    ),
    "one_choice": (
        _l("Er is maar één antwoord om te kiezen."),
        _l("Voeg een antwoord toe, of maak er een toelichting van."),
    ),
    "asks_personal_data": (
        _l("Deze vraag lijkt te vragen om %(what)s, door het woord “%(word)s”."),
        _l("Vraag het alleen als het nodig is. Haal de vraag anders weg."),
    ),
    "asks_special_data": (
        _l("Deze vraag lijkt te gaan over %(what)s, door het woord “%(word)s”."),
        _l("Dit zijn bijzondere persoonsgegevens. Zet in de DPIA waarom het nodig is."),
    ),
    "exact_place": (
        _l("Deze vraag vraagt bewoners om een precieze plek."),
        _l("Een plek kan zeggen wie iemand is. Vraag liever naar de buurt."),
    ),
    "missing_texts": (
        _l("Teksten die missen in deze taal: %(count)s. Taal: %(language_name)s."),
        _l("Vertaal ze, of haal de taal weg. Anders staat er een andere taal op die plek."),
    ),
    "no_way_out": (
        _l("Bewoners kunnen hier niet “weet ik niet” of “liever niet” kiezen."),
        _l("Voeg zo'n antwoord toe, met de naam weet_niet of wil_niet."),
    ),
    "no_audio": (
        _l("Niet elke vraag is te beluisteren. Geluid mist in: %(language_names)s."),
        _l("Neem de vragen op voor mensen die weinig lezen."),
    ),
    "full_page": (
        _l("Op deze pagina staan %(count)s vragen."),
        _l("Verdeel ze over meer pagina's, met hoogstens %(most)s vragen op één."),
    ),
    "long_form": (
        _l("Invullen duurt ongeveer %(minutes)s minuten."),
        _l("Na een kwartier haken veel mensen af. Haal vragen weg."),
    ),
    "hard_to_read": (
        _l("De Nederlandse teksten zijn moeilijk: score %(score)s."),
        _l("Maak zinnen en woorden korter, tot een score van %(enough)s of hoger."),
    ),
    "long_sentence": (
        _l("Lange zin in %(column_name)s, %(count)s woorden: “%(sentence)s”."),
        _l("Maak er twee zinnen van, of laat woorden weg."),
    ),
    "long_words": (
        _l("Lange woorden in %(column_name)s: %(word_list)s."),
        _l("Kies een korter woord, als dat er is."),
    ),
    "contrast": (
        _l("De kleuren van de organisatie zijn niet goed te lezen (contrast %(ratio)s)."),
        _l("Kies kleuren die meer verschillen: minstens %(enough)s."),
    ),
}


def told(item: Advice) -> tuple[str, str]:
    """(what was found, what to do)."""
    params = dict(item.params)
    for key, make in MADE.items():
        if key in params:
            params |= make(params[key])
    found, todo = TEXTS.get(item.code, (item.code, ""))
    return str(found) % params, str(todo) % params


MADE: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "kind": lambda kind: {"what": PERSONAL.get(kind, kind)},
    "column": lambda column: {"column_name": COLUMNS.get(column, column)},
    "language": lambda tag: {"language_name": own_name(tag)},
    "languages": lambda tags: {"language_names": ", ".join(map(own_name, tags))},
    "words": lambda words: {"word_list": ", ".join(f"“{word}”" for word in words)},
}
BANDS: Mapping[str, Any] = {
    "easy": _l("makkelijk"),
    "plain": _l("gewoon, ongeveer B1"),
    "fairly_hard": _l("vrij moeilijk"),
    "hard": _l("moeilijk"),
    "very_hard": _l("heel moeilijk"),
}


def minutes(shortest: int, longest: int) -> str:
    """A time in words."""
    if shortest == longest:
        return str(_("ongeveer %(count)s min", count=shortest))
    return str(_("%(shortest)s tot %(longest)s min", shortest=shortest, longest=longest))
