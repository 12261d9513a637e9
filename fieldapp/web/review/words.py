"""The method's codes in words people read. Codes come from core/profile; texts live only here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

Words = Mapping[str, Any]

THEMES: Final[Words] = {
    "welzijn": _l("Welzijn, zorg en hulpverlening"),
    "onderwijs": _l("Onderwijs en opvoeding"),
    "veiligheid": _l("Veiligheid en criminaliteit"),
    "wonen": _l("Wonen, leefomgeving en openbare ruimte"),
    "werk": _l("Werk en inkomen"),
    "democratie": _l("Lokale democratie en participatie"),
    "binding": _l("Buurtbinding en samenleven"),
}
# The same in the middle of a sentence.
THEMES_SHORT: Final[Words] = {
    "welzijn": _l("welzijn en zorg"),
    "onderwijs": _l("onderwijs en opvoeding"),
    "veiligheid": _l("veiligheid"),
    "wonen": _l("wonen en leefomgeving"),
    "werk": _l("werk en inkomen"),
    "democratie": _l("lokale democratie"),
    "binding": _l("buurtbinding"),
}
VERDICTS: Final[Words] = {
    "bevestigd_gunstig": _l("Bevestigd gunstig"),
    "verborgen_zorg": _l("Verborgen zorg"),
    "warmer_dan_cijfers": _l("Warmer dan de cijfers"),
    "verborgen_kracht": _l("Verborgen kracht"),
    "geen_uitgesproken_beeld": _l("Geen uitgesproken beeld"),
    "bevestigd_zorgelijk": _l("Bevestigd zorgelijk"),
    "nog_niet_te_duiden": _l("Nog niet te duiden"),
}
# What a badge or an area on the map looks like: colour only for agree and wringt.
STATES: Final[Mapping[str, str]] = {
    "bevestigd_gunstig": "agree",
    "bevestigd_zorgelijk": "agree",
    "verborgen_zorg": "wringt",
    "verborgen_kracht": "wringt",
    "warmer_dan_cijfers": "none",
    "geen_uitgesproken_beeld": "none",
    "nog_niet_te_duiden": "few",
}
AREA_STATES: Final[Words] = {
    "wringt": _l("het wringt"),
    "few": _l("te weinig stemmen"),
    "agree": _l("geen verschil gezien"),
}
COLD: Final[Words] = {
    "gunstig": _l("gunstiger dan de stad"),
    "gemiddeld": _l("ongeveer als de stad"),
    "zorgelijk": _l("ongunstiger dan de stad"),
}
COLD_SENTENCES: Final[Words] = {
    "gunstig": _l("De cijfers zijn hier gunstiger dan in de rest van de stad."),
    "gemiddeld": _l("De cijfers zijn hier ongeveer als in de rest van de stad."),
    "zorgelijk": _l("De cijfers zijn hier ongunstiger dan in de rest van de stad."),
}
WARM: Final[Words] = {
    "positief": _l("tevreden"),
    "gemengd": _l("verdeeld"),
    "negatief": _l("ontevreden"),
}
RELIABILITY: Final[Words] = {
    "indicatief": _l("indicatief: minder dan 15 stemmen"),
    "stevig": _l("stevig: 15 stemmen of meer"),
}
TRENDS_SHORT: Final[Words] = {
    "stijgend": _l("wordt gunstiger"),
    "dalend": _l("wordt ongunstiger"),
    "stabiel": _l("stabiel"),
}
TRENDS: Final[Words] = {
    "stijgend": _l("Wordt gunstiger, vergeleken met de stad"),
    "dalend": _l("Wordt ongunstiger, vergeleken met de stad"),
    "stabiel": _l("Geen duidelijke verandering, vergeleken met de stad"),
}
REASONS: Final[Words] = {
    "geen_cijfer": _l("geen cijfer van de laatste drie jaar"),
    "te_weinig_gebieden": _l("te weinig buurten om mee te vergelijken"),
    "te_weinig_cijfers": _l("Te weinig cijfers voor een oordeel"),
    "geen_indicatoren": _l("Voor dit thema zijn geen cijfers"),
    "te_weinig_jaren": _l("te weinig jaren voor een trend"),
    "te_weinig_stemmen": _l("Te weinig stemmen"),
    "te_weinig_plekken": _l("Stemmen van te weinig plekken"),
    "achtergrond_te_weinig_bekend": _l("te weinig mensen vertelden iets over zichzelf"),
    "weging_lukt_niet": _l("de groepen spreken elkaar tegen, wegen lukt niet"),
}
MISSING: Final[Words] = {
    "koud": _l("Er zijn hier te weinig cijfers."),
    "warm": _l("Er zijn te weinig stemmen van bewoners."),
}
STEPS: Final[Words] = {
    "cijfers_aanvullen": _l("Vul de cijfers aan: vraag de beheerder om een nieuwere levering."),
    "stemmen_ophalen": _l("Haal meer stemmen op bij bewoners."),
    "andere_plekken_bezoeken": _l("Bezoek ook andere portieken of straten."),
}
NOTES: Final[Words] = {
    "referentie_verruimd": _l(
        "Deze cijfers zijn vergeleken met meer buurten dan die van de stad, omdat er hier te "
        "weinig waren: %(names)s."
    ),
    "gelijke_gewichten": _l(
        "Bij deze cijfers telt elke buurt even zwaar, omdat niet overal bekend is hoeveel mensen "
        "er wonen: %(names)s."
    ),
    "modelschatting": _l("Deze cijfers zijn schattingen van een model: %(names)s."),
    "grenzen_herrekend": _l("Oudere jaren zijn omgerekend naar de grenzen van nu: %(names)s."),
    "onbekend_thema": _l("Er zijn stemmen over een thema dat het kader niet kent: %(names)s."),
    "te_weinig_inwoners": _l(
        "Hier wonen minder dan %(minimum)s mensen. Daarom tonen we niets over deze buurt."
    ),
}
HEARD_VERDICTS: Final[Words] = {"nog_te_weinig_gehoord": _l("nog te weinig gehoord")}
BACKGROUNDS: Final[Words] = {
    "age_band": _l("Leeftijd"),
    "household": _l("Huishouden"),
    "tenure": _l("Woning"),
    "language": _l("Taal"),
}
GROUPS: Final[Words] = {
    "0-14": _l("jonger dan 15 jaar"),
    "15-24": _l("15 tot 25 jaar"),
    "25-44": _l("25 tot 45 jaar"),
    "45-64": _l("45 tot 65 jaar"),
    "65+": _l("65 jaar en ouder"),
    "eenpersoons": _l("woont alleen"),
    "zonder_kinderen": _l("samen zonder kinderen"),
    "met_kinderen": _l("met kinderen"),
    "koop": _l("koopwoning"),
    "huur_corporatie": _l("huurt van een corporatie"),
    "huur_overig": _l("huurt van een ander"),
}
SOURCE_GROUPS: Final[Words] = {"bewoners": _l("Bewoners"), "professionals": _l("Professionals")}
# Formats that a figure came in by, where it is not the catalogue's own publication.
SOURCES: Final[Words] = {
    "kwb": "CBS",
    "statline": "StatLine",
    "rivm": "RIVM",
    "leefbaarometer": "Leefbaarometer",
    "csv": _l("Eigen bestand van de organisatie"),
    "verzonnen": _l("Verzonnen cijfers van de demo"),
}
PUBLISHED: Final = ("kwb", "statline", "rivm", "leefbaarometer", "nabijheid", "politie")
REFERENCES: Final[Words] = {
    "gemeente": _l("de buurten van de gemeente"),
    "alle": _l("alle buurten met grenzen van hetzelfde jaar"),
}
CONSTANTS: Final[Words] = {
    "min_reference": _l("Zo veel buurten zijn nodig om mee te vergelijken"),
    "mad_to_sd": _l("Factor van mediane afwijking naar standaardafwijking"),
    "z_limit": _l("Grootste afwijking die meetelt (z)"),
    "max_age_years": _l("Zo oud mag een cijfer zijn (jaren)"),
    "min_coverage": _l("Deel van de indicatoren dat bekend moet zijn"),
    "cold_class_at": _l("Vanaf deze score is het gunstig of zorgelijk"),
    "trend_min_years": _l("Jaren die een trend nodig heeft"),
    "trend_p": _l("Grens voor een trend (p, Mann-Kendall)"),
    "resamples": _l("Trekkingen voor het interval (bootstrap)"),
    "interval": _l("Percentielen van het interval"),
    "min_clusters": _l("Plekken die een interval nodig heeft"),
    "stevig_from": _l("Vanaf zo veel stemmen heet een beeld stevig"),
    "heard_ratio": _l("Onder deze verhouding is een groep te weinig gehoord"),
    "heard_min_expected": _l("Verwachte stemmen voordat we dat zeggen"),
    "rake_min_known": _l("Deel dat iets over zichzelf moet vertellen om te wegen"),
    "rake_margins": _l("Wegen naar"),
    "rake_trim": _l("Grenzen van het gewicht"),
    "cell_metres": _l("Zijde van een vak op de kaart (meter)"),
    "k_internal": _l("Drempel binnen de organisatie (stemmen)"),
    "k_public": _l("Drempel voor publicatie (stemmen)"),
    "min_inhabitants": _l("Inwoners die nodig zijn voor publicatie"),
    "public_rounding": _l("Afronding van aantallen bij publicatie"),
    "public_decimals": _l("Decimalen bij publicatie"),
    "decimals": _l("Decimalen waarmee gerekend wordt"),
}


def word(words: Words, code: str | None) -> str:
    """The text of a code; a code without one is shown as it is, so that nothing disappears."""
    return "" if code is None else str(words.get(code, code))
