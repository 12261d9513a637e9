"""The words of the builder: kinds of questions, tests, deeds, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Problem
from fieldapp.web.surveys.texts import definition_text

# kind -> (name, what it is for)
KIND_WORDS: Mapping[str, tuple[Any, Any]] = {
    "choose_one": (_l("Kies een"), _l("Een lijst met antwoorden, één mag")),
    "choose_more": (_l("Kies meer"), _l("Een lijst met antwoorden, meer mag")),
    "yes_no": (_l("Ja of nee"), _l("Twee antwoorden staan klaar")),
    "faces": (_l("Gezichtjes"), _l("Van heel slecht tot heel goed")),
    "cards": (_l("Kaarten met plaatjes"), _l("Voor wie weinig leest")),
    "norm_photo": (_l("Voorbeeldfoto’s"), _l("Kies het niveau, A+ tot D")),
    "rank": (_l("Volgorde"), _l("Zet antwoorden op volgorde")),
    "short": (_l("Kort antwoord"), _l("Een paar woorden")),
    "long": (_l("Lang antwoord"), _l("Een paar zinnen")),
    "story": (_l("Verhaal"), _l("Vrij vertellen, typen of inspreken")),
    "whole": (_l("Aantal"), _l("Een heel getal")),
    "decimal": (_l("Getal met komma"), _l("Zoals 2,5")),
    "scale": (_l("Schaal"), _l("Een cijfer, zoals 1 tot 10")),
    "date": (_l("Datum"), _l("Een dag")),
    "time": (_l("Tijd"), _l("Hoe laat")),
    "moment": (_l("Datum en tijd"), _l("Een dag en hoe laat")),
    "photo": (_l("Foto"), _l("Maken of kiezen")),
    "drawing": (_l("Tekening"), _l("Tekenen met de vinger")),
    "signature": (_l("Handtekening"), _l("Tekenen met de vinger")),
    "audio": (_l("Opname"), _l("Geluid of stem")),
    "video": (_l("Video"), _l("Een kort filmpje")),
    "file": (_l("Bestand"), _l("Zoals een brief")),
    "barcode": (_l("Streepjescode"), _l("Scannen met de camera")),
    "where": (_l("Waar"), _l("Een plek op de kaart")),
    "line": (_l("Lijn op de kaart"), _l("Zoals een route")),
    "area": (_l("Gebied op de kaart"), _l("Zoals een plein")),
    "note": (_l("Uitleg"), _l("Tekst zonder vraag")),
    "agree": (_l("Akkoord"), _l("Een vinkje")),
    "calculate": (_l("Berekening"), _l("Ziet niemand; voor gevorderden")),
    "hidden": (_l("Vaste waarde"), _l("Ziet niemand; voor gevorderden")),
    "page": (_l("Pagina"), _l("Vragen die samen in beeld komen")),
    "group": (_l("Groep"), _l("Vragen die bij elkaar horen")),
    "repeat": (_l("Herhaling"), _l("Dezelfde vragen, meer keren")),
    "doors": (_l("Deuren"), _l("Per deur: open, dicht of gesproken")),
}
SHELVES: Mapping[str, Any] = {
    "choose": _l("Kiezen"),
    "write": _l("Schrijven en tellen"),
    "media": _l("Foto, geluid en plek"),
    "build": _l("Opbouw"),
    "other": _l("Anders"),
}
TEST_WORDS: Mapping[str, Any] = {
    "is": _l("is"),
    "is_not": _l("is niet"),
    "contains": _l("bevat"),
    "contains_not": _l("bevat niet"),
    "more": _l("is meer dan"),
    "at_least": _l("is minstens"),
    "less": _l("is minder dan"),
    "at_most": _l("is hoogstens"),
    "has": _l("bevat de tekst"),
    "has_not": _l("bevat niet de tekst"),
    "filled": _l("is ingevuld"),
    "empty": _l("is leeg"),
}
DAY_WORDS: Mapping[str, Any] = {
    "more": _l("is na"),
    "at_least": _l("is op of na"),
    "less": _l("is voor"),
    "at_most": _l("is op of voor"),
}
SIGNAL_WORDS: Mapping[str, Any] = {
    "": _l("Telt niet mee"),
    "1": _l("Heel goed"),
    "0.5": _l("Goed"),
    "0": _l("Gaat wel"),
    "-0.5": _l("Slecht"),
    "-1": _l("Heel slecht"),
}
THEME_WORDS: Mapping[str, Any] = {
    "": _l("Geen thema"),
    "welzijn": _l("Welzijn, zorg en hulp"),
    "onderwijs": _l("Onderwijs en opvoeding"),
    "veiligheid": _l("Veiligheid"),
    "wonen": _l("Wonen en openbare ruimte"),
    "werk": _l("Werk en inkomen"),
    "democratie": _l("Meepraten en meedoen"),
    "binding": _l("Buurtbinding en samenleven"),
}
ICON_WORDS: Mapping[str, Any] = {
    "": _l("Geen plaatje"),
    "very_happy": _l("Gezicht heel blij"),
    "happy": _l("Gezicht blij"),
    "neutral": _l("Gezicht gewoon"),
    "sad": _l("Gezicht niet blij"),
    "very_sad": _l("Gezicht heel verdrietig"),
    "clean": _l("Bezem"),
    "whole": _l("Gereedschap"),
    "safe": _l("Schild met vinkje"),
    "green": _l("Plant"),
    "nuisance": _l("Lawaai"),
    "beautiful": _l("Ster"),
    "welzijn": _l("Hart"),
    "onderwijs": _l("Boek"),
    "veiligheid": _l("Schild"),
    "wonen": _l("Huis"),
    "werk": _l("Koffer"),
    "democratie": _l("Stem"),
    "binding": _l("Mensen"),
    "door": _l("Deur"),
    "lamp": _l("Lamp"),
    "pin": _l("Speld op de kaart"),
    "camera": _l("Camera"),
    "talk": _l("Praten"),
    "clock": _l("Klok"),
    "check": _l("Vinkje"),
    "cross": _l("Kruis"),
    "unknown": _l("Vraagteken"),
    "trash": _l("Afvalbak"),
}
PATTERN_WORDS: Mapping[str, Any] = {
    "": _l("Alles mag"),
    "postcode": _l("Postcode, zoals 1234 AB"),
    "phone": _l("Telefoonnummer"),
    "email": _l("E-mailadres"),
    "digits": _l("Alleen cijfers"),
}
LIMIT_WORDS: Mapping[str, Any] = {
    "lowest": _l("Laagste"),
    "highest": _l("Hoogste"),
    "earliest": _l("Niet eerder dan"),
    "latest": _l("Niet later dan"),
    "pattern": _l("Vorm"),
    "longest": _l("Hoogste aantal tekens"),
    "most": _l("Hoogste aantal antwoorden"),
}
ROLE_WORDS: Mapping[str, Any] = {
    "": _l("Geen bijzondere betekenis"),
    "consent_quote": _l("Mogen we dit citeren?"),
    "background.age_band": _l("Leeftijd"),
    "background.household": _l("Huishouden"),
    "background.tenure": _l("Huur of koop"),
    "background.language": _l("Taal"),
    "doors_tried": _l("Deuren: aangebeld"),
    "doors_opened": _l("Deuren: open gedaan"),
    "doors_spoken": _l("Deuren: gesproken"),
    "households_spoken": _l("Huishoudens gesproken"),
    "portiek": _l("Welk portiek"),
    "problem_kind": _l("Soort probleem"),
    "solved": _l("Opgelost"),
    "promise": _l("Toezegging"),
    "return_visit": _l("Mogen we terugkomen?"),
}
SURVEY_KINDS: Mapping[str, tuple[Any, Any]] = {
    "enquete": (_l("Bewonersenquête"), _l("Bewoners vullen zelf in, op hun telefoon.")),
    "bewonersgesprek": (_l("Bewonersgesprek"), _l("Een gesprek met één bewoner of huishouden.")),
    "portiekgesprek": (_l("Portiekgesprek"), _l("Een gesprek in een portiek, langs de deuren.")),
    "observatie": (_l("Observatie"), _l("Wat een buurtbeheerder ziet.")),
    "professional": (_l("Professionals"), _l("Wat mensen die er werken van de cijfers vinden.")),
}
COLUMN_WORDS: Mapping[str, Any] = {
    "title": _l("Titel"),
    "intro": _l("Begin"),
    "thanks": _l("Einde"),
    "label": _l("Tekst"),
    "hint": _l("Toelichting"),
    "guidance_hint": _l("Uitleg voor wie het gesprek voert"),
    "constraint_message": _l("Melding bij een verkeerd antwoord"),
    "required_message": _l("Melding als het leeg is"),
}

# deed -> what was done, for the status line and beside undo
DEEDS: Mapping[str, Any] = {
    "save": _l("Wijziging bewaard"),
    "add": _l("Toegevoegd"),
    "up": _l("Omhoog gezet"),
    "down": _l("Omlaag gezet"),
    "to": _l("Verplaatst"),
    "copy": _l("Gekopieerd"),
    "remove": _l("Weggehaald"),
    "kind": _l("Ander soort gekozen"),
    "choice_up": _l("Antwoord omhoog gezet"),
    "choice_down": _l("Antwoord omlaag gezet"),
    "choice_remove": _l("Antwoord weggehaald"),
    "choice_ready": _l("Antwoord toegevoegd"),
    "own_list": _l("Antwoorden losgemaakt"),
    "rule_remove": _l("Voorwaarde weggehaald"),
    "texts": _l("Vertaling bewaard"),
    "language_add": _l("Taal toegevoegd"),
    "language_remove": _l("Taal weggehaald"),
    "settings": _l("Gegevens bewaard"),
    "undone": _l("Ongedaan gemaakt"),
    "redone": _l("Opnieuw gedaan"),
}

# code -> the sentence beside a field or on top
WRONG: Mapping[str, Any] = {
    "no_value": _l("Vul het antwoord in waarmee je vergelijkt."),
    "not_a_number": _l("Vul een getal in, zoals 5 of 2,5."),
    "not_a_day": _l("Vul een dag in, zoals 2026-03-31."),
    "two_quotes": _l("Gebruik niet ' en \" in één antwoord."),
    "unknown_pattern": _l("Kies een vorm uit de lijst."),
    "unknown_test": _l("Kies een vergelijking uit de lijst."),
    "name_not_allowed": _l("Deze naam kan niet. Begin met een letter; daarna mag ook 1 en _."),
    "name_taken": _l("Deze naam is al gebruikt. Kies een andere."),
    "no_such_row": _l("Deze vraag is er niet meer."),
    "into_itself": _l("Een groep past niet in zichzelf."),
    "language_is_there": _l("Deze taal is er al."),
    "language_not_a_tag": _l("Kies een taal uit de lijst."),
    "last_language": _l("Dit is de taal waarin je schrijft. Die kun je niet weghalen."),
    "version_taken": _l("Dit nummer heeft een andere versie al."),
    "form_id_taken": _l("Deze naam heeft een andere vragenlijst al."),
    "form_id_fixed": _l("De naam ligt vast, omdat er al een versie van is."),
    "kind_fixed": _l("De soort ligt vast, omdat er al een versie van is."),
    "definition_too_large": _l("De vragenlijst is te groot om te bewaren."),
    "unknown_kind": _l("Kies een soort uit de lijst."),
}

# codes of core that a beginner meets while building, in fewer words; the others: web/surveys/texts
PROBLEMS: Mapping[str, Any] = {
    "missing_text": _l("Er is nog geen tekst."),
    "not_a_list": _l("Hier staat nog niets in."),
    "signal_without_theme": _l(
        "De antwoorden tellen mee, maar het is niet bekend voor welk thema. Kies een thema."
    ),
}


def wrong(code: str) -> str:
    """The sentence of a refusal."""
    return str(WRONG.get(code) or _("Dit is niet gelukt: %(code)s", code=code))


def problem_words(problem: Problem) -> str:
    """What is wrong, and so what to do, in one sentence."""
    own = PROBLEMS.get(problem.code)
    return str(own) if own is not None else definition_text(problem)


def deed_words(deed: str | None) -> str:
    """What was done; "" for nothing."""
    return str(DEEDS.get(deed or "", ""))
