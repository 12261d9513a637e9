"""Every problem of a definition as a sentence: what is wrong, and what to do. Place goes apart.

The codes come from core/survey, core/expression and sources/xlsform. A likely word
(`suggestion`) is added behind the sentence, so no sentence needs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Problem
from fieldapp.web.language import own_name

FILES: Mapping[str, Any] = {
    "file_empty": _l("Het bestand is leeg. Sla het opnieuw op en kies het nog eens."),
    "file_too_large": _l(
        "Dit bestand is te groot. Meer dan %(most)s MB lezen we niet. Maak het kleiner."
    ),
    "book_too_large": _l(
        "Het bestand is %(megabytes)s MB groot. Meer dan %(most)s MB lezen we niet. Haal "
        "afbeeldingen en oude werkbladen uit het bestand."
    ),
    "archive_too_large": _l(
        "Uitgepakt is dit bestand %(megabytes)s MB groot. Dat lezen we niet. Kopieer de gevulde "
        "rijen naar een nieuw Excel-bestand."
    ),
    "locked_workbook": _l("Er zit een wachtwoord op dit bestand. Haal het wachtwoord eraf."),
    "damaged_workbook": _l(
        "Dit bestand is beschadigd. Open het in Excel, sla het op als .xlsx en probeer het opnieuw."
    ),
    "not_a_workbook": _l(
        "Dit is geen Excel-bestand en geen Markdown. Kies een bestand dat eindigt op .xlsx, .xls "
        "of .md."
    ),
    "open_document": _l("Dit is een OpenDocument-bestand. Sla het op als Excel (.xlsx)."),
    "binary_workbook": _l("Dit is een binair Excel-bestand (.xlsb). Sla het op als .xlsx."),
    "no_form": _l("Er zit geen vragenlijst bij deze bestanden. Voeg een .xlsx, .xls of .md toe."),
    "several_forms": _l("Er zit meer dan één vragenlijst bij. Lees ze één voor één in."),
    "file_twice": _l("Er zijn twee bestanden met deze naam. Geef elk een eigen naam."),
    "too_many_files": _l("Er zitten te veel bestanden in. Er passen er %(most)s."),
    "file_not_used": _l("De vragenlijst gebruikt dit bestand niet. We bewaren het niet."),
    "file_needed": _l("Hier hoort het bestand “%(found)s” bij. Stuur het mee."),
    "file_kind_not_supported": _l(
        "“%(found)s” kunnen we niet lezen. Maak er een CSV-bestand van, met de naam op .csv."
    ),
    "media_missing": _l("Het bestand “%(found)s” is niet meegestuurd. Stuur het mee."),
    "media_is_svg": _l(
        "Een SVG kan een programma bevatten. Daarom tonen we die niet. Maak er een PNG van."
    ),
    "media_not_this_kind": _l(
        "Dit bestand is niet wat de naam zegt, of het is beschadigd. Kies een ander bestand."
    ),
    "media_kind_unknown": _l(
        "Dit soort bestand tonen we niet. Gebruik JPEG of PNG, MP3, OGG of M4A, of MP4."
    ),
    "media_too_large": _l(
        "Dit bestand is %(megabytes)s MB groot. Meer dan %(most)s MB bewaren we niet. Maak het "
        "kleiner."
    ),
    "table_not_utf8": _l("De letters in dit bestand zijn niet te lezen. Sla het op als CSV UTF-8."),
    "table_empty": _l("Dit bestand is leeg. Zet in de eerste regel de namen van de kolommen."),
    "table_damaged": _l("Dit is geen goed CSV-bestand. Sla het opnieuw op als CSV UTF-8."),
    "table_too_long": _l("Er staan te veel regels in. Er passen er %(most)s."),
    "table_too_wide": _l("Er staan te veel kolommen in. Er passen er %(most)s."),
    "table_column_without_name": _l("Kolom %(number)s heeft geen naam. Geef de kolom een naam."),
    "table_column_missing": _l(
        "Het CSV-bestand bij deze vraag heeft geen kolom “%(found)s”. Voeg die toe, of noem een "
        "andere kolom bij parameters."
    ),
    "table_column_twice": _l("De kolom “%(found)s” staat er twee keer. Haal er één weg."),
    "table_row_too_long": _l(
        "Regel %(line)s heeft meer vakken dan er kolommen zijn (%(needed)s). Kijk die regel na."
    ),
    "table_cell_too_long": _l("In regel %(line)s staat een te lange tekst. Kort die in."),
    "delimiter_read_as": _l("De vakken zijn gescheiden met “%(found)s”. Zo lezen we het ook."),
}
SHEETS: Mapping[str, Any] = {
    "sheet_missing": _l("Het werkblad “%(name)s” ontbreekt. Voeg het toe."),
    "sheet_misspelt": _l(
        "Bedoelde je met het werkblad “%(found)s” het werkblad “%(name)s”? Verander dan de naam. "
        "Zo niet: zet een streepje voor de naam (_%(found)s)."
    ),
    "sheet_hidden": _l("Dit werkblad is verborgen. We lezen het wel."),
    "cells_merged": _l(
        "In dit werkblad zijn cellen samengevoegd. Alleen de eerste cel telt. Kijk na of er niets "
        "mist."
    ),
    "too_many_rows": _l(
        "Dit werkblad heeft te veel rijen. Er passen er %(most)s. Maak van deze vragenlijst "
        "meerdere lijsten, of zet lange keuzelijsten in een CSV-bestand."
    ),
    "too_many_columns": _l("Dit werkblad heeft te veel kolommen. Er passen er %(most)s."),
    "too_much_text": _l(
        "In dit bestand staat te veel tekst. Maak van deze vragenlijst meerdere lijsten."
    ),
    "too_many_references": _l(
        "In dit bestand staan te veel verwijzingen (${naam}). Maak er meerdere lijsten van."
    ),
    "column_twice": _l("De kolom “%(found)s” staat er twee keer. Haal er één weg."),
    "column_twice_named": _l(
        "De kolommen “%(first)s” en “%(found)s” zijn dezelfde. Haal er één weg."
    ),
    "missing_column": _l("De kolom “%(found)s” ontbreekt. Voeg die toe."),
    "unknown_column": _l(
        "De kolom “%(found)s” kennen we niet. Wat erin staat, nemen we niet over."
    ),
    "column_not_used": _l(
        "De kolom “%(found)s” heeft hier geen werking. Wat erin staat, nemen we niet over."
    ),
    "column_not_here": _l(
        "De kolom “%(found)s” werkt niet bij “%(name)s”. Wat erin staat, nemen we niet over."
    ),
    "choice_column_not_kept": _l(
        "De kolom “%(found)s” heeft een naam die geen voorwaarde kan gebruiken. We nemen de kolom "
        "niet over. Geef de kolom een naam zonder spaties."
    ),
    "cell_without_heading": _l(
        "Hier staat tekst (“%(found)s”) in een kolom zonder naam. We nemen die niet over. Geef de "
        "kolom een naam in rij 1."
    ),
    "cell_too_long": _l("Deze tekst is te lang. Kort de tekst in."),
    "formula_without_value": _l(
        "Deze formule heeft geen uitkomst. Open het bestand in Excel en sla het op, of typ de "
        "waarde zelf."
    ),
    "row_skipped": _l("Deze rij heeft geen soort, geen naam en geen tekst. We slaan de rij over."),
    "row_disabled": _l("Deze rij staat uit (kolom disabled). We slaan de rij over."),
    "row_not_used": _l("Alleen de eerste rij met instellingen telt. Deze rij nemen we niet over."),
    "entities_not_supported": _l(
        "Entiteiten kan fieldapp nog niet. Haal het werkblad entities en de kolom save_to weg."
    ),
    "encryption_not_supported": _l(
        "Versleutelde vragenlijsten kan fieldapp nog niet. Haal public_key weg."
    ),
    "setting_not_used": _l("De instelling “%(found)s” heeft hier geen werking."),
    "form_id_changed": _l("De form_id “%(found)s” wordt hier “%(name)s”."),
    "name_from_file": _l("Er is geen form_id. De naam wordt “%(name)s”, naar het bestand."),
    "kind_fixed": _l(
        "Er is al een vragenlijst met deze form_id, van een andere soort (%(kind)s). Kies die "
        "soort, of geef de vragenlijst een andere form_id."
    ),
    "form_id_taken": _l("De form_id “%(found)s” is al in gebruik. Kies een andere."),
    "definition_too_large": _l("Deze vragenlijst is te groot. Maak er meerdere van."),
    "kind_needed": _l("We weten niet wat voor vragenlijst dit is. Kies een soort."),
    "xlsform_refused": _l("De vragenlijst is geen goede XLSForm. pyxform zegt: %(reason)s"),
    "xlsform_remark": _l("pyxform merkt op: %(reason)s"),
}
LANGUAGES: Mapping[str, Any] = {
    "language_assumed": _l(
        "Bij sommige teksten staat geen taal. We lezen die als: %(language_name)s."
    ),
    "language_unknown": _l(
        "De taal “%(found)s” kennen we niet. Kies welke taal dit is. Of zet de code achter de "
        "naam, zoals “English (en)”."
    ),
    "language_without_code": _l(
        "Achter deze talen staat geen code: %(found)s. Zet die erbij, zoals “English (en)”."
    ),
    "language_columns_missing": _l(
        "De taal “%(language)s” mist in het werkblad %(where)s deze kolommen: %(columns)s."
    ),
    "text_twice": _l(
        "Er staan twee teksten voor dezelfde taal. We nemen die uit de kolom met de taal in de "
        "naam."
    ),
    "missing_text": _l("Deze tekst ontbreekt in het %(language_name)s. Vul die aan."),
    "unknown_language": _l("De taal “%(found)s” staat niet bij de talen van deze vragenlijst."),
    "default_language_not_listed": _l(
        "De standaardtaal “%(language)s” staat niet bij de talen. Voeg die toe."
    ),
    "or_other_added": _l("Aan de lijst “%(found)s” hebben we de keuze “Anders” toegevoegd."),
    "or_other_translated": _l(
        "Bij or_other maken we zelf de keuze “Anders” en een vraag. Kijk die teksten na."
    ),
    "choice_without_label": _l("Deze keuze heeft geen tekst. Vul de kolom label in."),
    "repeat_without_label": _l("Deze herhaling heeft geen tekst. Vul de kolom label in."),
    "stale_text": _l(
        "Deze vertaling hoort bij een tekst die er niet meer is. Haal de vertaling weg."
    ),
}
NAMES: Mapping[str, Any] = {
    "missing_name": _l("Deze rij heeft geen naam. Vul de kolom name in."),
    "missing_type": _l("Deze rij heeft geen soort vraag. Vul de kolom type in."),
    "missing_setting": _l("De instelling “%(setting)s” ontbreekt. Vul die in."),
    "name_not_allowed": _l(
        "De naam “%(found)s” kan niet. Begin met een letter. Gebruik alleen letters, cijfers, "
        "streepjes en punten, zonder spaties."
    ),
    "reserved_name": _l("De naam “%(found)s” gebruikt fieldapp zelf. Kies een andere naam."),
    "duplicate_name": _l("De naam “%(found)s” komt meer dan één keer voor. Kies een andere naam."),
    "repeat_name_twice": _l("Twee herhalingen heten “%(found)s”. Geef elk een eigen naam."),
    "name_renamed": _l(
        "De naam “%(found)s” komt in meer groepen voor. Deze vraag heet hier “%(name)s”."
    ),
    "name_differs_by_case": _l(
        "De naam “%(found)s” verschilt alleen in hoofdletters van een andere. Kies een andere naam."
    ),
    "duplicate_role": _l(
        "Twee vragen hebben de rol “%(found)s”. Een rol hoort bij één vraag. Haal er één weg."
    ),
    "unknown_role": _l("De rol “%(found)s” kennen we niet. Pas de kolom role aan."),
    "role_on_wrong_type": _l(
        "De rol “%(role)s” past niet bij dit soort vraag (%(found)s). Wel bij: %(allowed)s."
    ),
    "role_choice_unknown": _l(
        "De keuze “%(found)s” heeft geen betekenis bij deze rol. Pas de naam van de keuze aan."
    ),
    "role_in_repeat": _l(
        "De rol “%(role)s” geldt voor het hele formulier, maar de vraag staat in de herhaling "
        "“%(repeat)s”. Zet de vraag daarbuiten."
    ),
    "no_questions": _l("Er staat geen enkele vraag in. Voeg minstens één vraag toe."),
    "unknown_table": _l(
        "De lijst of tabel “%(found)s” hoort niet bij deze vragenlijst. Stuur het CSV-bestand mee "
        "of kijk de naam na."
    ),
    "question_without_choices": _l(
        "De vraag “%(found)s” heeft geen keuzes. jr:choice-name() werkt alleen bij een keuzevraag."
    ),
    "bare_name": _l("Er staat “%(found)s” zonder ${ }. Bedoel je het antwoord op die vraag?"),
    "many_answers": _l(
        "De vraag “%(found)s” staat in de herhaling “%(repeat)s” en heeft dus meer antwoorden. "
        "Kies er een met indexed-repeat(), of gebruik sum(), max(), count() of join()."
    ),
    "unknown_theme": _l("Het thema “%(found)s” kennen we niet. Pas de kolom theme aan."),
    "unknown_kind": _l("De soort vragenlijst “%(found)s” kennen we niet."),
    "signal_not_a_number": _l("“%(found)s” is geen getal. Vul bij signal een getal in."),
    "signal_out_of_range": _l("Een signaal ligt tussen -1 en 1. Hier staat %(found)s."),
    "signal_on_reserved": _l(
        "De keuze “%(found)s” mag geen signaal hebben. Maak het vak signal leeg."
    ),
    "signal_without_theme": _l("Bij deze vraag horen signalen, maar geen thema. Vul theme in."),
}
TYPES: Mapping[str, Any] = {
    "unknown_type": _l("Het soort vraag “%(found)s” kennen we niet. Pas de kolom type aan."),
    "type_not_supported": _l(
        "Het soort vraag “%(found)s” kan fieldapp niet. Haal de vraag weg of maak er een andere "
        "vraag van."
    ),
    "type_not_recorded": _l("“%(found)s” leggen we niet vast. We slaan de rij over."),
    "question_left_blank": _l(
        "“%(found)s” kan een telefoon niet invullen, of mag dat niet. Het antwoord blijft leeg."
    ),
    "unknown_appearance": _l("Het uiterlijk “%(found)s” kennen we niet. Het heeft geen werking."),
    "image_size_by_us": _l("Foto’s maken we zelf kleiner. Je hoeft niets te doen."),
    "unknown_list": _l("De keuzelijst “%(found)s” bestaat niet. Pas de naam van de lijst aan."),
    "missing_list": _l("Bij deze vraag hoort een keuzelijst. Zet de naam achter het soort vraag."),
    "list_from_repeat": _l(
        "Keuzes uit een herhaling (“%(found)s”) kan fieldapp nog niet. Maak er een vaste "
        "keuzelijst van."
    ),
    "choice_without_list": _l(
        "Deze keuze hoort bij geen lijst. We nemen die niet over. Vul list_name in."
    ),
    "choice_without_name": _l("Deze keuze heeft geen naam. Vul de kolom name in."),
    "choice_name_with_space": _l(
        "De naam van de keuze “%(found)s” heeft een spatie. Gebruik een streepje: a_b."
    ),
    "duplicate_choice": _l(
        "Een naam staat twee keer in dezelfde keuzelijst. Geef elke keuze een eigen naam."
    ),
    "trigger_not_shown": _l(
        "“%(found)s” is niet te zien voor wie invult. Kies bij trigger een vraag die te zien is."
    ),
    "filter_with_or_other": _l("Een filter en or_other gaan niet samen. Haal er één weg."),
    "unknown_parameter": _l(
        "De parameter “%(found)s” hoort niet bij dit soort vraag. Wel: %(known)s."
    ),
    "parameters_syntax": _l("Schrijf parameters als naam=waarde, met een spatie ertussen."),
    "parameter_wrong": _l("Een waarde in parameters kan niet. Kijk de kolom parameters na."),
    "group_not_closed": _l("Deze groep heeft geen einde. Voeg een rij end_%(found)s toe."),
    "group_not_opened": _l("Hier eindigt een groep die niet begonnen is. Haal deze rij weg."),
    "groups_too_deep": _l("Er staan te veel groepen in elkaar. Er passen er %(deepest)s."),
    "missing_calculation": _l("Deze berekening is leeg. Vul de kolom calculation in."),
}
LOGIC: Mapping[str, Any] = {
    "unknown_reference": _l("De vraag “%(found)s” bestaat niet. Kijk de naam na."),
    "reference_to_double_name": _l(
        "De naam “%(found)s” komt meer dan één keer voor. Geef de vragen elk een eigen naam."
    ),
    "reference_syntax": _l(
        "Een verwijzing klopt niet. Schrijf ${naam}, met de naam van een vraag."
    ),
    "forward_reference": _l(
        "Hier wordt gekeken naar “%(found)s”, maar die vraag komt later. Zet die vraag eerder."
    ),
    "calculation_cycle": _l(
        "“%(found)s” hangt van zichzelf af, via: %(through)s. Haal één van die verwijzingen weg."
    ),
    "expression_syntax": _l("Deze voorwaarde of formule klopt niet, bij “%(found)s”."),
    "expression_too_long": _l("Deze formule is te lang. Er passen %(longest)s tekens."),
    "expression_too_deep": _l(
        "Deze formule heeft te veel haakjes in elkaar. Maak die eenvoudiger."
    ),
    "unknown_function": _l("De functie “%(found)s” bestaat niet."),
    "function_not_supported": _l("De functie “%(found)s” kan fieldapp niet."),
    "wrong_argument_count": _l(
        "De functie “%(function)s” krijgt %(found)s waarden. Dat aantal kan niet."
    ),
    "not_a_node_set": _l("De functie “%(function)s” werkt alleen op een vraag."),
    "literal_needed": _l(
        "De functie “%(function)s” vraagt hier om een tekst tussen aanhalingstekens."
    ),
    "path_not_supported": _l("“%(found)s” kan in een formule niet."),
    "regex_wrong": _l("Het patroon bij regex klopt niet, bij “%(found)s”."),
    "format_wrong": _l("“%(found)s” kan niet in de opmaak van een datum."),
    "algorithm_unknown": _l("“%(found)s” kennen we niet bij digest."),
}
SHAPE: Mapping[str, Any] = {  # of survey.yaml and of what the builder sends
    "not_a_mapping": _l("Hier horen namen met waarden te staan. Kijk dit deel na."),
    "not_a_list": _l("Hier hoort een lijst te staan, en die is er niet. Voeg een vraag toe."),
    "not_a_text": _l("Hier hoort een tekst per taal te staan."),
    "not_text": _l("Hier hoort een tekst te staan."),
    "needs_quotes": _l("“%(found)s” leest YAML als iets anders. Zet er aanhalingstekens om."),
    "row_too_short": _l("Een rij heeft %(found)s vakken. Het horen er %(needed)s te zijn."),
    "not_utf8": _l("De letters in dit bestand zijn niet te lezen. Sla het op als UTF-8."),
    "not_yaml": _l("Dit bestand is niet te lezen als YAML."),
    "duplicate_key": _l("“%(found)s” staat er twee keer. Haal er één weg."),
}
TEXTS: Mapping[str, Any] = {
    **FILES,
    **SHEETS,
    **LANGUAGES,
    **NAMES,
    **TYPES,
    **LOGIC,
    **SHAPE,
}
UNKNOWN = _l("Hier klopt iets niet (%(code)s). Kijk dit na.")


@dataclass(frozen=True, slots=True)
class Told:
    """A problem for people. `where` says it in one line when there is no sheet."""

    text: str
    sheet: str = ""
    row: str = ""
    column: str = ""
    where: str = ""


class _Values(dict[str, Any]):
    """A sentence with a hole is better than a page that breaks."""

    def __missing__(self, key: str) -> str:
        return "…"


def told(problem: Problem) -> Told:
    """The sentence of a problem, and its place."""
    params = problem.params
    sheet = str(params.get("sheet") or "")
    return Told(
        definition_text(problem),
        sheet or str(params.get("file") or ""),
        str(params.get("row") or ""),
        str(params.get("column") or ""),
        problem.where,
    )


def definition_text(problem: Problem) -> str:
    """The sentence alone, in the language of the page."""
    params = _Values({"code": problem.code, **problem.params})
    params["language_name"] = own_name(str(params.get("language") or params.get("tag") or ""))
    for key in ("allowed", "through", "known"):
        if isinstance(params.get(key), list | tuple):
            params[key] = ", ".join(map(str, params[key]))
    text = str(TEXTS.get(problem.code, UNKNOWN)) % params
    near = problem.params.get("suggestion")
    return f"{text} {_('Bedoelde je “%(word)s”?', word=near)}" if near else text
