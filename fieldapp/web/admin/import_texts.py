"""What the codes of an import mean, in plain Dutch: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

WRONG: Mapping[str, Any] = {
    # the file
    "file_missing": _l("Het bestand is er niet."),
    "file_not_found": _l("Het bestand is er niet."),
    "file_unreadable": _l("Het bestand is niet te openen."),
    "not_a_file": _l("Dit is een map en geen bestand."),
    "file_empty": _l("Het bestand is leeg."),
    "empty_file": _l("Het bestand is leeg."),
    "file_too_large": _l("Het bestand is te groot."),
    "unpacks_too_large": _l(
        "Het werkblad is uitgepakt %(megabytes)s MB groot. Meer dan %(limit)s MB lezen we niet."
    ),
    "wrong_kind": _l("Dit is een %(kind)s-bestand en geen GeoJSON of GeoPackage."),
    "not_json": _l("Dit bestand is geen goede GeoJSON. Het gaat mis in regel %(line)s."),
    "json_cut_off": _l("Het bestand houdt halverwege op, in regel %(line)s."),
    "not_utf8": _l("De letters in het bestand zijn niet te lezen: het is geen UTF-8."),
    "not_feature_collection": _l("Dit bestand bevat geen gebieden, maar %(found)s."),
    "not_geojson": _l("Dit bestand is geen GeoJSON met gebieden."),
    "no_features": _l("Er staan geen gebieden in het bestand."),
    "geopackage_broken": _l("De GeoPackage is beschadigd."),
    "no_area_layers": _l("Er is geen laag met gemeenten, wijken of buurten. Wel: %(layers)s."),
    "columns_unknown": _l(
        "Geen kolom bevat de codes van gebieden. Gevonden kolommen: %(columns)s."
    ),
    "mapping_not_yaml": _l("De kolomindeling is niet te lezen als YAML."),
    "mapping_wrong": _l("De kolomindeling klopt niet bij “%(key)s”."),
    "mapping_does_not_fit": _l(
        "De kolomindeling vraagt om %(missing)s. Die kolommen zijn er niet. Wel: %(columns)s."
    ),
    "crs_unknown": _l("Het coördinatenstelsel “%(crs)s” kennen we niet."),
    "crs_missing": _l("De getallen lijken op %(looks)s, maar het bestand zegt dat niet."),
    "crs_does_not_fit": _l("De getallen passen niet bij %(crs)s in Nederland."),
    "axes_swapped": _l("De lengte en de breedte zijn verwisseld."),
    "year_differs": _l("Het bestand is van %(stated)s en niet van %(year)s."),
    "year_impossible": _l("%(year)s kan niet. Kies een jaar van %(first)s tot en met %(last)s."),
    "nothing_usable": _l("Geen enkele regel is te gebruiken."),
    "not_a_workbook": _l("Dit is geen Excel-bestand (.xlsx)."),
    "old_or_locked_workbook": _l("Dit is een oud Excel-bestand, of er zit een wachtwoord op."),
    "damaged_workbook": _l("Het Excel-bestand is beschadigd."),
    "too_many_rows": _l("Het bestand heeft meer dan %(limit)s regels."),
    "too_many_columns": _l("Het bestand heeft meer dan %(limit)s kolommen."),
    "no_header": _l("Er is geen regel met de namen van de kolommen."),
    "several_sheets": _l("Er staan cijfers op meer dan één werkblad: %(sheets)s."),
    "formula_without_value": _l("%(count)s formules hebben geen uitkomst: %(cells)s."),
    "not_text": _l("Dit is geen tekstbestand."),
    "not_csv": _l("Het bestand is niet te lezen als CSV."),
    "ragged_row": _l("Regel %(row)s heeft %(cells)s vakken. Er zijn %(columns)s kolommen."),
    "no_rows": _l("Er staan geen regels in het bestand."),
    "double_column": _l("Meer dan één kolom kan %(indicator)s zijn: %(columns)s."),
    "double_code": _l("Gebied %(code)s staat in regel %(first)s en nog eens in regel %(row)s."),
    "no_known_columns": _l("De kolommen die we zoeken, zijn er niet. Bijvoorbeeld: %(expected)s."),
    "no_codes": _l(
        "Geen regel heeft een code van een gebied. In regel %(row)s staat “%(written)s”."
    ),
    "mixed_decimals": _l(
        "Getallen staan er met een punt (%(point)s) en met een komma (%(comma)s)."
    ),
    "year_not_in_catalogue": _l(
        "Voor %(year)s kennen we de kolommen van deze bron niet. Wel voor: %(years)s."
    ),
    "wrong_year": _l("Dit bestand is van %(found)s en niet van %(asked)s."),
    "no_period": _l("In de kolom Perioden staat geen jaar."),
    "no_such_selection": _l("Voor %(year)s staan er geen cijfers over volwassenen in het bestand."),
    "unknown_source": _l("Deze bron kennen we niet."),
    "no_mapping": _l("Bij een eigen bestand hoort een kolomindeling."),
    "mapping_not_used": _l("Bij deze bron hoort geen kolomindeling."),
    "bad_mapping": _l("De kolomindeling klopt niet: %(reason)s."),
    "mapped_column_absent": _l("De kolomindeling noemt kolommen die er niet zijn: %(columns)s."),
    "edition_has_other_values": _l(
        "Uitgave %(edition)s is er al, met %(count)s andere cijfers: %(examples)s."
    ),
    "edition_too_long": _l("De naam van de uitgave is te lang. Er passen %(limit)s tekens."),
    "import_at_the_same_time": _l("Iemand anders leverde tegelijk dezelfde uitgave aan."),
    # ours
    "upload_gone": _l("Het bestand is niet meer bewaard."),
    "gave_up": _l("De verwerking is een paar keer afgebroken en nu gestopt."),
    "unexpected": _l("Er ging iets mis in fieldapp zelf."),
    # rows
    "code_missing": _l("De code van het gebied ontbreekt."),
    "missing": _l("De code van het gebied ontbreekt."),
    "code_lost_zeros": _l("De nullen vooraan de code ontbreken."),
    "lost_zeros": _l("De nullen vooraan de code ontbreken."),
    "code_lost_prefix": _l("De code begint niet met GM, WK of BU."),
    "lost_prefix": _l("De code begint niet met GM, WK of BU."),
    "code_wrong_length": _l("De code heeft niet de goede lengte."),
    "wrong_length": _l("De code heeft niet de goede lengte."),
    "code_lower_case": _l("De code heeft kleine letters."),
    "lower_case": _l("De code heeft kleine letters."),
    "code_wrong_level": _l("De code hoort bij een ander soort gebied dan de kolom."),
    "code_not_a_code": _l("Dit is geen code van een gebied."),
    "not_a_code": _l("Dit is geen code van een gebied."),
    "code_twice": _l("De code staat er vaker in, met verschillende grenzen."),
    "abroad": _l("GM0998 staat voor het buitenland."),
    "name_missing": _l("De naam ontbreekt."),
    "name_too_long": _l("De naam is langer dan 120 tekens."),
    "geometry_missing": _l("De grens ontbreekt."),
    "geometry_unreadable": _l("De grens is niet te lezen."),
    "geometry_not_finite": _l("Een van de coördinaten is geen getal."),
    "geometry_no_area": _l("De grens sluit geen oppervlak in."),
    "not_a_polygon": _l("Dit is geen vlak, maar %(found)s."),
    "coordinates_elsewhere": _l("De coördinaten liggen ver van die van de andere regels."),
    # cells
    "not_a_number": _l("is geen getal"),
    "excel_error": _l("is een fout van Excel"),
    "out_of_range": _l("kan niet kloppen"),
}

ADVICE: Mapping[str, Any] = {
    "add_year_to_catalogue": _l("Vraag de beheerder van fieldapp om dit jaar toe te voegen."),
    "check_code": _l("Zoek de code op bij het CBS en verbeter die."),
    "check_code_column": _l("Kijk of in de kolom met codes iets staat als BU03440111."),
    "check_crs": _l("Kijk de coördinaten na of kies een ander coördinatenstelsel."),
    "check_delimiter": _l("Kijk het scheidingsteken na. Zet aanhalingstekens om tekst."),
    "check_header": _l("Kijk of de namen van de kolommen bovenaan staan, zoals bij de bron."),
    "check_mapping": _l("Verbeter de kolomindeling."),
    "check_name": _l("Verbeter de naam."),
    "check_path": _l("Kies het bestand opnieuw."),
    "check_source": _l("Kijk of het bestand bij de gekozen bron hoort."),
    "check_year": _l("Kies een ander jaar, of kies het bestand van dat jaar."),
    "choose_boundary_file": _l("Kies een bestand met de grenzen van gemeenten, wijken of buurten."),
    "choose_source": _l("Kies een bron uit de lijst."),
    "download_adults": _l("Haal de cijfers voor 18 jaar en ouder op, met de waarden zelf."),
    "download_again": _l("Haal het bestand opnieuw op en lever het nog een keer aan."),
    "download_as_geojson": _l("Haal het op als GeoJSON of GeoPackage."),
    "give_edition": _l("Geef deze uitgave een eigen naam, bijvoorbeeld 2024-10."),
    "give_mapping": _l("Kies een bestand met de kolomindeling."),
    "import_again": _l("Lever het nog een keer aan."),
    "keep_one_row": _l("Laat alleen de goede regel staan."),
    "keep_one_sheet": _l("Bewaar alleen het werkblad met de cijfers."),
    "leave_out_mapping": _l("Laat de kolomindeling weg."),
    "one_decimal_mark": _l("Gebruik overal een punt of overal een komma."),
    "pass_crs": _l("Kies het coördinatenstelsel van het bestand."),
    "pass_year": _l("Kies het jaar van het bestand."),
    "paste_values": _l("Open het in Excel en sla het op, of plak de formules als waarden."),
    "redraw_geometry": _l("Verbeter de grens in een programma zoals QGIS."),
    "remove_double_column": _l("Laat alleen de goede kolom staan."),
    "save_as_csv": _l("Sla het op als CSV UTF-8."),
    "save_as_geopackage": _l("Sla het op als GeoPackage, bijvoorbeeld met QGIS."),
    "save_as_utf8": _l("Sla het op als UTF-8."),
    "save_as_xlsx": _l("Open het in Excel en sla het op als .xlsx zonder wachtwoord."),
    "see_mapping_example": _l("Kijk naar de kolomindeling van Den Haag als voorbeeld."),
    "split_file": _l("Verdeel het bestand in kleinere delen, bijvoorbeeld per gemeente."),
    "swap_axes": _l("Sla het op met de lengte (x) eerst, bijvoorbeeld met QGIS."),
    "tell_maker": _l(
        "Probeer het nog een keer. Helpt dat niet, stuur het bestand dan aan de makers."
    ),
    "unpack_first": _l("Pak het uit en kies het GeoJSON- of GeoPackage-bestand dat erin zit."),
    "upload_again": _l("Lever het bestand nog een keer aan."),
    "use_mapping": _l("Geef een kolomindeling mee die zegt wat in welke kolom staat."),
    "use_suggested_code": _l("Waarschijnlijk is het %(suggestion)s."),
    "use_suggestion": _l("Waarschijnlijk is het %(suggestion)s."),
}

NOTES: Mapping[str, Any] = {
    "one_page_of_more": _l("Dit is één deel van meer. Haal ook de andere delen op."),
    "simplified_geometry": _l(
        "De grenzen zijn vereenvoudigd. Dat is goed genoeg voor een kaart, niet voor een besluit."
    ),
    "crs_overruled": _l("Het bestand zegt %(stated)s. We lazen het als %(used)s, zoals je koos."),
    "parents_derived": _l("%(count)s wijken en gemeenten zijn gemaakt van de gebieden erin."),
    "nearly_empty": _l(
        "%(empty)s van de %(of)s kolommen zijn nog leeg. Dit is een eerste uitgave. Lever het "
        "bestand opnieuw aan als de bron het heeft aangevuld."
    ),
    "estimates": _l("Dit zijn schattingen uit een model. Het zijn geen tellingen."),
    "other_selections": _l("Regels met andere leeftijden, marges of jaren zijn weggelaten."),
    "more_refused": _l("%(count)s regels zijn geweigerd. De eerste %(listed)s staan hieronder."),
    "more_suspects": _l(
        "%(count)s vakken bevatten geen getal. De eerste %(listed)s staan hieronder."
    ),
}

# Why a column mapping is wrong.
REASONS: Mapping[str, Any] = {
    "unknown_key": _l("dit woord hoort er niet in"),
    "missing": _l("dit ontbreekt"),
    "unknown_indicator": _l("dit cijfer kennen we niet"),
    "is_derived": _l("dit cijfer rekenen we zelf uit"),
    "not_allowed": _l("dit kan hier niet"),
    "not_a_mapping": _l("het zijn geen namen met een waarde"),
}

REPAIRED: Mapping[str, Any] = {
    "Self-intersection": _l("De grens kruiste zichzelf."),
    "Ring Self-intersection": _l("De grens raakte zichzelf."),
    "Nested": _l("Een stuk lag in een ander stuk."),
    "Hole": _l("Een gat lag buiten het gebied."),
    "Too few": _l("Een stuk had te weinig punten."),
}


class _Params(dict[str, Any]):
    """Leaves out what a message has no value for, rather than failing while reporting."""

    def __missing__(self, key: str) -> str:
        return "?"


def fill(table: Mapping[str, Any], code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code, or the code itself when there is none."""
    if not code:
        return ""
    listed = {
        key: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        for key, value in params.items()
    }
    if code == "bad_mapping" and listed.get("reason") in REASONS:
        listed["reason"] = str(REASONS[listed["reason"]])
    return str(table[code]) % _Params(listed) if code in table else code


def error_words(error: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a file as a whole: `where`, `what`, `todo`."""
    params = error.get("params", {})
    what = fill(WRONG, str(error["code"]), params)
    if error["code"] == "bad_mapping" and params.get("allowed"):
        allowed = ", ".join(map(str, params["allowed"]))
        what += " " + str(_l("Wel mogelijk: %(allowed)s.")) % {"allowed": allowed}
    if error["code"] == "nothing_usable" and "reason" in params:
        row = fill(WRONG, str(params["reason"]), params)
        what += " " + str(_l("Regel %(row)s: %(reason)s")) % _Params(
            row=params.get("row", "?"), reason=row
        )
    return {
        "where": str(error.get("where", "")),
        "what": what,
        "todo": fill(ADVICE, str(error.get("advice", "")), params),
    }


def refused_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row that was left out: `row`, `code`, `why`, `todo`."""
    params = row.get("params", {})
    return {
        "row": row["row"],
        "code": row.get("code", ""),
        "why": fill(WRONG, str(row["reason"]), params),
        "todo": fill(ADVICE, str(row.get("advice", "")), params),
    }


def note_words(note: Mapping[str, Any]) -> str:
    """A remark about the file; areas keep params apart, statistics beside the code."""
    return fill(NOTES, str(note["code"]), {**note, **note.get("params", {})})


def repaired_words(reason: str) -> str:
    """What was wrong with a boundary that was mended."""
    found = max((k for k in REPAIRED if reason.startswith(k)), key=len, default=None)
    return str(REPAIRED[found]) if found else reason
