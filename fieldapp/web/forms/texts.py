"""Every problem code as a sentence: what is wrong, and what to do. One table for pages and API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale, format_decimal, get_locale
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Problem

# No "u" and no "je": the same sentence serves residents, colleagues and programmers.
TEXTS: Mapping[str, Any] = {
    # answers (core/answers)
    "answers_not_a_mapping": _l(
        "De antwoorden zijn niet te lezen. Stuur ze als namen van vragen met hun antwoord."
    ),
    "unknown_question": _l("De vraag “%(found)s” staat niet in deze vragenlijst. Laat die weg."),
    "too_many_values": _l("Hier zijn te veel antwoorden gegeven (%(count)s). Kies er minder."),
    "not_text": _l("Dit antwoord is geen tekst. Vul een tekst in."),
    "number_too_large": _l("Dit getal is te groot. Vul een kleiner getal in."),
    "too_long": _l(
        "De tekst is te lang: %(found)s tekens, er passen er %(longest)s. Maak de tekst korter."
    ),
    "nul_character": _l("In de tekst staat een teken dat niet kan. Typ de tekst opnieuw."),
    "broken_character": _l(
        "In de tekst staat een half teken, op plaats %(position)s. Typ dat stukje opnieuw."
    ),
    "not_an_integer": _l("“%(found)s” is geen heel getal. Vul alleen cijfers in, bijvoorbeeld 12."),
    "not_a_number": _l("“%(found)s” is geen getal. Vul alleen cijfers in, bijvoorbeeld 2,5."),
    "not_a_date": _l("“%(found)s” is geen datum. Vul dag, maand en jaar in: 31-1-2026."),
    "unknown_choice": _l("Dit antwoord staat niet in de lijst. Kies een van de antwoorden."),
    "not_a_file_name": _l(
        "De naam van het bestand, “%(found)s”, kan niet. Geef het een korte naam zonder streep."
    ),
    "not_a_point": _l(
        "“%(found)s” is geen plek. Geef de breedte en de lengte, bijvoorbeeld 52,09 en 5,12."
    ),
    "point_off_earth": _l(
        "Deze coördinaten bestaan niet. De breedte ligt tussen -90 en 90, de lengte tussen "
        "-180 en 180."
    ),
    # rules of the survey (core/validate); the author's own message goes first
    "required": _l("Deze vraag is nodig. Vul een antwoord in."),
    "constraint": _l("Dit antwoord kan hier niet. Kijk het na en pas het aan."),
    # place (core/submission)
    "location_not_an_object": _l("De plek is niet te lezen. Stuur lon, lat en source."),
    "location_half": _l(
        "Van de plek is maar de helft ingevuld. Vul de breedte en de lengte allebei in, of geen "
        "van beide."
    ),
    "location_accuracy": _l(
        "De nauwkeurigheid kan niet onder nul zijn. Geef een aantal meters, bijvoorbeeld 8."
    ),
    "location_taken_at": _l(
        "Het moment waarop de plek is gemeten is niet te lezen. Stuur datum, tijd en tijdzone."
    ),
    "location_area": _l("Deze buurt is niet te lezen. Kies een buurt uit de lijst."),
    "location_source": _l("De herkomst van de plek is onbekend. Kies uit: %(known)s."),
    "location_rd": _l(
        "Dit lijken meters van de Rijksdriehoek. Vul graden in, bijvoorbeeld 52,09 en 5,12."
    ),
    "unknown_area": _l("Deze buurt kennen we niet. Kies een buurt uit de lijst."),
    # what the API reads (web/api/read_submission)
    "field_missing": _l("Het veld %(field)s ontbreekt. Stuur het mee."),
    "unknown_field": _l("Het veld %(field)s kennen we niet. Laat het weg."),
    "field_not_json": _l("Het veld %(field)s is geen JSON. Stuur het als JSON."),
    "body_not_json": _l("De inhoud is geen JSON-object. Stuur één object met de velden."),
    "files_not_a_list": _l("De bestanden zijn niet te lezen. Stuur een lijst van bestanden."),
    "file_unclear": _l(
        "Van dit bestand klopt de vraag, de naam of de SHA-256 niet. Stuur die alle drie mee."
    ),
    "photo_not_kept": _l(
        "Deze foto kunnen we nu niet bewaren. De rest is bewaard. Probeer de foto straks opnieuw."
    ),
    "name_twice": _l("De naam “%(name)s” staat er twee keer. Stuur elke naam één keer."),
    "body_type": _l(
        "Dit soort inhoud lezen we niet. Stuur application/json of multipart/form-data."
    ),
    "id_not_uuid": _l("Het id is geen UUID. Maak op de telefoon een UUID en stuur die mee."),
    "not_a_moment": _l(
        "“%(found)s” is geen tijdstip. Geef dag en tijd, bijvoorbeeld 2026-01-31T14:03:00Z."
    ),
    "moment_without_zone": _l(
        "Het tijdstip mist een tijdzone of klopt niet. Stuur bijvoorbeeld 2026-01-31T14:03:00Z."
    ),
    "not_a_revision": _l(
        "“%(found)s” is geen versienummer. Stuur een heel getal van 0 tot %(most)s of laat het weg."
    ),
    "unknown_language": _l("De taal “%(found)s” kennen we niet. Stuur een taalcode, zoals nl."),
    "file_missing": _l(
        "Het bestand “%(file)s” staat bij de antwoorden, maar is niet meegestuurd. Stuur het mee."
    ),
    "period_backwards": _l("De laatste dag ligt voor de eerste. Draai ze om."),
    # photos (services/photos, services/intake/files)
    "photo_empty": _l(
        "De foto is niet gelukt: het bestand is leeg. Maak een nieuwe foto of ga verder zonder."
    ),
    "photo_too_large": _l(
        "De foto is te groot: %(size_mb)s MB, er past %(most_mb)s MB. Kies een kleinere foto of "
        "ga verder zonder."
    ),
    "photo_not_an_image": _l(
        "De foto is niet gelukt: het bestand is geen foto. Kies een foto of ga verder zonder."
    ),
    "photo_damaged": _l(
        "De foto is niet gelukt: het bestand is beschadigd. Maak een nieuwe foto of ga verder "
        "zonder."
    ),
    "photo_too_many_pixels": _l(
        "De foto heeft te veel beeldpunten. Maak die kleiner of ga verder zonder."
    ),
    "photo_format": _l(
        "Dit soort foto (%(found)s) kunnen we niet lezen. Kies een JPEG, PNG of HEIC, of ga "
        "verder zonder."
    ),
    "too_many_files": _l("Dit zijn te veel bestanden. Er passen er %(most)s bij elkaar."),
    "file_for_no_question": _l(
        "Bij “%(question)s” hoort geen bestand. Stuur het bij een vraag om een foto of een bestand."
    ),
    # sound, film and other files (services/uploads)
    "file_empty": _l(
        "Het bestand is niet gelukt: het is leeg. Kies een ander bestand of ga verder zonder."
    ),
    "file_too_large": _l(
        "Het bestand is te groot: %(size_mb)s MB, er past %(most_mb)s MB. Kies een kleiner bestand "
        "of ga verder zonder."
    ),
    "file_not_audio": _l(
        "Dit bestand is geen geluid dat we kunnen bewaren. Neem het op als MP3, M4A, OGG of WAV, "
        "of ga verder zonder."
    ),
    "file_not_video": _l(
        "Dit bestand is geen film die we kunnen bewaren. Neem die op als MP4, WebM of MOV, of ga "
        "verder zonder."
    ),
    "file_kind": _l(
        "Dit soort bestand bewaren we niet. Kies een PDF, een foto, een document of een gewone "
        "tekst, of ga verder zonder."
    ),
    "file_not_kept": _l(
        "Dit bestand kunnen we nu niet bewaren. De rest is bewaard. Probeer het straks opnieuw."
    ),
    "file_not_named": _l(
        "Het bestand “%(file)s” hoort bij een vraag die vaker terugkomt. Noem het in het antwoord "
        "van de ronde waar het bij hoort."
    ),
    # ranking, scales, lines and rounds (core/answers, core/validate)
    "ranked_twice": _l("Een antwoord staat er twee keer in. Zet elk antwoord op één plek."),
    "choice_not_offered": _l(
        "Dit antwoord hoort niet bij wat hiervoor is gekozen. Kies een ander antwoord."
    ),
    "outside_range": _l(
        "Het getal %(found)s valt buiten de schaal. Kies een getal van %(start)s tot en met "
        "%(end)s."
    ),
    "not_on_the_scale": _l(
        "Het getal %(found)s staat niet op de schaal. De stappen zijn %(step)s, vanaf %(start)s."
    ),
    "too_few_points": _l(
        "Hier zijn meer punten nodig: ten minste %(least)s. Nu zijn het er %(found)s."
    ),
    "too_many_points": _l("Dit zijn te veel punten. Er passen er %(most)s bij elkaar."),
    "rounds_not_a_list": _l(
        "Deze antwoorden zijn geen lijst van rondes. Stuur een lijst met per ronde de antwoorden."
    ),
    "round_not_a_mapping": _l(
        "Deze ronde is niet te lezen. Stuur per ronde de namen van vragen met hun antwoord."
    ),
    "too_many_rounds": _l("Dit zijn te veel rondes (%(found)s). Er passen er %(most)s."),
    "answer_out_of_place": _l("Dit antwoord staat niet op zijn plaats. Het hoort bij %(place)s."),
    # what the sender points to (services/intake)
    "unknown_survey": _l("De vragenlijst “%(survey)s” kennen we niet. Controleer de naam."),
    "unknown_version": _l(
        "Versie %(version)s van “%(survey)s” kennen we niet. De nieuwste is %(newest)s."
    ),
    "unknown_round": _l("De ronde “%(round)s” kennen we niet. Controleer de link."),
    "round_closed": _l("De ronde “%(round)s” is gesloten. Er kan nu niets meer bij."),
}

UNKNOWN = _l("Hier klopt iets niet. Kijk het antwoord na.")


class _Values(dict[str, Any]):
    """A sentence with a hole is better than a page that breaks."""

    def __missing__(self, key: str) -> str:
        return "…"


def _megabytes(size: Any) -> str:
    return str(format_decimal(round(int(size) / 1024**2, 1)))


def _sizes(params: Mapping[str, Any]) -> dict[str, str]:
    return {
        "size_mb": _megabytes(params.get("size", 0)),
        "most_mb": _megabytes(params.get("most", 0)),
    }


# What a sentence needs beside the parameters that core gives.
DERIVED: Mapping[str, Any] = {
    "photo_too_large": _sizes,
    "file_too_large": _sizes,
}


def problem_text(problem: Problem, language: str = "") -> str:
    """The problem as a sentence, in `language` (default: that of the page).

    The author's own message wins; a wrong photo is named, so that one of several can be found.
    """
    spoken = language or str(get_locale() or "nl").replace("_", "-")
    if problem.message is not None:
        return problem.message.in_language(spoken)
    with force_locale(spoken.replace("-", "_")):
        params = _Values({"field": problem.where, **problem.params})
        derive = DERIVED.get(problem.code)
        if derive is not None:
            params.update(derive(problem.params))
        text = str(TEXTS.get(problem.code, UNKNOWN)) % params
    named = problem.code.startswith(("photo_", "file_")) and "%(file)s" not in str(
        TEXTS.get(problem.code, "")
    )
    name = problem.params.get("file") if named else None
    return f"{text} ({name})" if name else text
