"""Street with house number, house numbers alone, and PO boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldapp.core.redact.finding import Finding

# Endings that make a word a street, as written and as abbreviated on letters.
STREET_ENDINGS = (
    "straat", "str", "laan", "ln", "weg", "wg", "plein", "pln", "gracht", "singel", "sngl",
    "kade", "kd", "dreef", "pad", "pd", "park", "dijk", "dyk", "baan", "steeg", "stg", "markt",
    "plantsoen", "plnts", "hof", "dam", "wal", "erf", "ring", "boulevard", "allee", "poort",
    "haven", "zoom", "gaarde", "weide", "akker", "veld", "hoek", "brink", "kamp", "oord", "burg",
    "meent", "horst", "rade", "stede", "tuin", "hage", "donk", "warande", "loo", "st",
)  # fmt: skip
# Streets without a name: what comes behind is a count, not a house number.
NO_STREETS = frozenset(
    (
        "onderweg snelweg omweg uitweg terugweg heenweg fietspad voetpad wandelpad zandpad looppad"
        " schoolplein speelplein stadspark speelveld grasveld voetbalveld sportveld trapveld"
        " zijstraat dwarsstraat winkelstraat woonstraat achterstraat hoofdweg fietsstraat"
        " landweg spoorweg rijbaan tramhalte busbaan startbaan renbaan supermarkt weekmarkt"
        " arbeidsmarkt woningmarkt rommelmarkt speeltuin moestuin achtertuin voortuin volkstuin"
        " buurttuin woonerf kinderopvang eerst laatst langst beste dienst fokst tekst winst rest"
        " post test feest geest kunst west oost herfst august augustus ernst angst komst toekomst"
        " opkomst meest minst hoogst last kost lijst contrast protest lamst minstens zwembad"
        " halverweg ring tuin park haven vakantiepark rotterdam amsterdam tijdstip ochtend"
    ).split()
)
COUNTED = (
    r"(?:keer|maal|x|jaar|jaren|maand|maanden|week|weken|dag|dagen|uur|minuten|min|mensen|auto|"
    r"auto's|huizen|woningen|bomen|bankjes|lantaarn\w*|meter|m|km|euro|procent|personen|jongeren|"
    r"kinderen|portieken|flats|gezinnen|bewoners|jongens|meisjes|plekken|ton|graden|hoog|op|van)"
)
NUMBER = (
    r"\d{1,5}(?![\d.,:]\d|%)(?:[ -]?[A-Za-z](?![\w'’]))?(?:[-/]\d{1,4}(?!\d))?"
    r"(?:[ -]?(?:bis|hs|huis|zwart|rood|I{1,3}|IV)(?!\w))?"
)
TAIL = r"(?:,? {1,2}[1-9]\d{3} ?[A-Za-z]{2}(?!\w))?"  # the postcode on the same line
CORE = re.compile(
    rf"(?<![^\W\d_])(?P<street>[^\W\d_][^\W\d_'’-]{{0,40}}(?:[-'’][^\W\d_]{{1,40}}){{0,3}}\.?)"
    rf" {{1,2}}(?:nr\.? ?|nummer |no\.? ?)?(?P<number>{NUMBER})(?P<tail>{TAIL})"
    rf"(?! ?{COUNTED}(?!\w))"
)
ENDS_AS_STREET = re.compile(rf"\w(?:{'|'.join(STREET_ENDINGS)})\.?$", re.IGNORECASE)
# What may stand before the street's last word and belong to its name.
BEFORE = re.compile(r"(?:(?:[A-Z][\w'’.-]{0,30}|van|der|den|de|het|'t|en|te|ter) {1,2}){1,6}$")
NOT_BEFORE = re.compile(
    r"^(?:(?:de|het|den|der|en|te|van|ter|'t|in|op|aan|bij|naar|ik|wij|we|hij|zij|ze|er|mijn|onze"
    r"|daar|hier|bewoners?|adres|straat|woont|woon) {1,2})+",
    re.IGNORECASE,
)
LIVING = re.compile(
    r"\b(?:woon|woont|wonen|woonachtig|woonde|adres)(?: (?:ik|wij|we|hij|zij|ze|is|nu)){0,2}"
    rf"(?: (?:op|aan|in|bij))?:?"
    rf" (?:(?:de|het|'t) )?(?P<place>[A-Z][\w'’-]{{1,30}}"
    rf"(?: [A-Z][\w'’-]{{1,30}}){{0,3}} {{1,2}}{NUMBER})(?! ?{COUNTED}(?!\w))"
)
NUMBER_ALONE = re.compile(
    r"\b(?:huis ?(?:nummer|nr\.?)|(?P<loose>op|van|bij|naast|tegenover) (?:nummer|nr\.?)) ?"
    r"(?P<number>\d{1,4}(?: ?[A-Za-z](?!\w))?)(?![\d\w])",
    re.IGNORECASE,
)
BOX = re.compile(r"\b(?:postbus|antwoordnummer) {1,2}\d{1,5}", re.IGNORECASE)


def find_addresses(text: str) -> Iterator[Finding]:
    """Addresses in ``text``; a street's name alone is none."""
    for match in CORE.finditer(text):
        yield from _street(text, match)
    for match in LIVING.finditer(text):
        yield Finding(*match.span("place"), "address", False)
    for match in NUMBER_ALONE.finditer(text):
        yield Finding(*match.span("number"), "address", not match["loose"])
    for match in BOX.finditer(text):
        yield Finding(*match.span(), "address", True)


def _street(text: str, match: re.Match[str]) -> Iterator[Finding]:
    street = match["street"]
    bare = street.rstrip(".").casefold()
    if bare in NO_STREETS or not ENDS_AS_STREET.search(street):
        return
    named = street[0].isupper()
    if not named and len(bare) < 6:
        return
    number = int(re.match(r"\d+", match["number"])[0])  # type: ignore[index]  # NUMBER starts so
    # "Kanaalstraat 2023" is more often a year than a door.
    certain = named and not 1900 <= number <= 2099
    yield Finding(_start_of_name(text, match.start(), named), match.end(), "address", certain)


def _start_of_name(text: str, start: int, named: bool) -> int:
    """Where the street's name begins: "Prof. Dr. J.C. Schoutelaan", "Jan van Galenstraat"."""
    if not named:
        return start
    window = text[max(0, start - 80) : start]
    before = BEFORE.search(window)
    if before is None:
        return start
    kept = NOT_BEFORE.sub("", before[0])
    return start - len(kept)
