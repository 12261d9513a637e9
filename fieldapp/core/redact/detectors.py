"""The table of detectors for personal data with a shape of its own.

Every pattern takes a bounded number of steps from each place in the text: repeats have an upper
limit, and what separates two repeats never matches what is repeated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fieldapp.core.redact.checks import IBAN_LENGTHS, digits, is_bsn, is_date, is_iban
from fieldapp.core.redact.finding import Finding

# What a judge answers: where the personal data is and whether it is certain; None: it is not.
Verdict = tuple[int, int, bool] | None
SPACE = r"[ \u00a0]"


@dataclass(frozen=True, slots=True)
class Detector:
    """A shape, and a judge for what has that shape."""

    kind: str
    pattern: re.Pattern[str]
    judge: Callable[[re.Match[str]], Verdict]

    def find(self, text: str) -> Iterator[Finding]:
        """Everything in ``text`` that has the shape and passes the judge."""
        for match in self.pattern.finditer(text):
            verdict = self.judge(match)
            if verdict is not None:
                start, end, certain = verdict
                yield Finding(start, end, self.kind, certain)


def _certain(match: re.Match[str]) -> Verdict:
    return match.start(), match.end(), True


def _bsn(match: re.Match[str]) -> Verdict:
    number = digits(match[0])
    return (match.start(), match.end(), True) if is_bsn(number) else None


def _named_bsn(match: re.Match[str]) -> Verdict:
    # People mistype: called a BSN it counts as one, only less certainly.
    number = digits(match["number"])
    return (*match.span("number"), is_bsn(number)) if 8 <= len(number) <= 9 else None


def _iban(match: re.Match[str]) -> Verdict:
    """Walk as far as this country's length goes; the words after it are not ours."""
    wanted = IBAN_LENGTHS.get(match[0][:2].upper())
    if wanted is None:
        return None
    text, position, found = match.string, match.start(), ""
    while position < len(text) and len(found) < wanted:
        if text[position].isascii() and text[position].isalnum():
            found += text[position]
        elif text[position] not in " \u00a0.-":
            return None
        position += 1
    if len(found) < wanted or text[position : position + 1].isalnum():
        return None
    if is_iban(found):
        return match.start(), position, True
    dutch = re.fullmatch(r"NL\d\d[A-Z]{4}\d{10}", found, re.IGNORECASE)
    return (match.start(), position, False) if dutch else None


def _phone(match: re.Match[str]) -> Verdict:
    if re.match(r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d(?!\d)", match[0]):
        return None  # a date with a time behind it
    return match.start(), match.end(), True


UNITS = frozenset(
    "mg ml kg km cm mm dm kw gb mb kb tb pk cl dl hp st db hz px kj kn ha mv gr wh va nm".split()
)
SHORT_WORDS = frozenset(
    "is in en op de te om al er ik we ze je nu zo af na of ja ex bv ca nr to me we hé".split()
)


def _postcode(match: re.Match[str]) -> Verdict:
    letters, spaced = match["letters"], bool(match["space"])
    if letters.upper() in {"SA", "SD", "SS"}:  # never given out
        return None
    if spaced and (letters.lower() in SHORT_WORDS or not letters.isupper()):
        return None
    if letters.lower() in UNITS:
        return None
    return match.start(), match.end(), letters.isupper()


def _named_postcode(match: re.Match[str]) -> Verdict:
    return (*match.span("code"), True)


PROFILE = re.compile(
    r"(?:facebook|instagram|linkedin|tiktok|twitter|snapchat|threads|x)\.(?:com|net)/\S|wa\.me/",
    re.IGNORECASE,
)


def _url(match: re.Match[str]) -> Verdict:
    # Punctuation behind a link belongs to the sentence.
    link = match[0].rstrip(".,;:!?)]}'\"")
    return match.start(), match.start() + len(link), bool(PROFILE.search(link))


MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    short = text.lower()[:3].replace("mrt", "maa")
    return MONTHS.index(short) + 1 if short in MONTHS else 0


def _birth_date(match: re.Match[str]) -> Verdict:
    part = {key: value for key, value in match.groupdict().items() if value}
    day, month, year = (
        part.get(first) or part.get(second, "")
        for first, second in (("d1", "d2"), ("m1", "m2"), ("y1", "y2"))
    )
    if not is_date(int(day), _month(month), int(year.strip("'’`"))):
        return None
    return (*match.span("date"), True)


# Number plates of all Dutch series since 1951: 9 a digit, A a letter (RDW, sidecodes 1 to 14).
PLATE_SHAPES = (
    "AA-99-99", "99-99-AA", "99-AA-99", "AA-99-AA", "AA-AA-99", "99-AA-AA", "99-AAA-9",
    "9-AAA-99", "AA-999-A", "A-999-AA", "AAA-99-A", "A-99-AAA", "9-AA-999", "999-AA-9",
)  # fmt: skip


def _plates(separator: str) -> str:
    shapes = (
        shape.replace("-", separator).replace("9", r"\d").replace("A", "[A-Z]")
        for shape in PLATE_SHAPES
    )
    return "(?:" + "|".join(shapes) + ")"


def _named_plate(match: re.Match[str]) -> Verdict:
    return (*match.span("plate"), True)


MONTH_WORD = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|maart|mrt|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?"
    r"|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
GAP = r"[ \-./]{1,3}"
YEAR = r"(?:['’`]?\d\d|\d{4})(?!\d)"
DATE = (
    rf"(?P<date>['’`]?(?:(?P<d1>\d{{1,2}}){GAP}(?P<m1>\d{{1,2}}|{MONTH_WORD}){GAP}(?P<y1>{YEAR})"
    rf"|(?P<y2>\d{{4}}|(?<=['’`])\d\d){GAP}(?P<m2>\d{{1,2}}|{MONTH_WORD}){GAP}"
    r"(?P<d2>\d{1,2})(?!\d)))"
)

DETECTORS = (
    Detector(
        "bsn",
        re.compile(r"(?<![\w.,-])\d{3}([ .-]?)\d{3}\1\d{3}(?![\w-])"),
        _bsn,
    ),
    Detector(
        "bsn",
        re.compile(r"(?<![\w.,-])\d{4}([.-])\d\d\1\d{3}(?![\w-])"),
        _bsn,
    ),
    Detector(
        "bsn",
        re.compile(
            r"\b(?:bsn|burger ?service ?nummer|sofi-?nummer)\b[^\w\n]{0,3}"
            r"(?:nummer |is |van mij is )?[^\w\n]{0,3}(?P<number>\d(?:[ .-]?\d){7,8})(?!\d)",
            re.IGNORECASE,
        ),
        _named_bsn,
    ),
    Detector(
        "iban", re.compile(r"(?<![^\W_])[A-Z]{2}\d\d(?=[ .-]?[A-Z0-9])", re.IGNORECASE), _iban
    ),
    Detector(
        "phone",  # Dutch: nine digits after 0, +31 or 0031
        re.compile(
            rf"(?<![\w+])(?:(?:\+|00){SPACE}?31[ \u00a0.\-]{{0,3}}"
            r"(?:\(0\)[ \u00a0.\-]{0,2})?|\(0(?=[1-9]\d{0,2}\))|0)"
            r"[1-9](?:[ \u00a0.\-/)]{0,3}\d){8}(?![\d\w])"
        ),
        _phone,
    ),
    Detector(
        "phone",  # from abroad
        re.compile(r"(?<![\w+])\+[1-9]\d{0,2}(?:[ \u00a0.\-]{0,2}\d){7,12}(?!\d)"),
        _certain,
    ),
    Detector(
        "email",
        re.compile(r"[\w.+%'-]{1,64}@(?:[^\W_](?:[\w-]{0,62})\.){1,5}[^\W\d_]{2,24}"),
        _certain,
    ),
    Detector("url", re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{1,500}", re.IGNORECASE), _url),
    Detector(
        "url",  # lower case only: "mooi.De buren" is a forgotten space
        re.compile(
            r"(?<![\w@.-])(?:[a-z0-9-]{2,63}\.){1,4}(?:nl|com|org|eu|net)\b(?!@)"
            r"(?:/[^\s<>\"]{0,300})?"
        ),
        _url,
    ),
    Detector(
        "postcode",
        re.compile(
            rf"(?<![\w.,-])[1-9]\d{{3}}(?P<space>{SPACE}?)"
            r"(?P<letters>[A-Z]{2}|[a-z]{2})(?!\w)"
        ),
        _postcode,
    ),
    Detector(
        "postcode",
        re.compile(
            r"\bpostcode(?: is)?[:= ]{1,3}(?P<code>[1-9]\d{3} ?[A-Z]{2})(?!\w)", re.IGNORECASE
        ),
        _named_postcode,
    ),
    Detector(
        "plate",
        re.compile(rf"(?<![\w-]){_plates('-')}(?![\w-])", re.IGNORECASE),
        _certain,
    ),
    Detector(
        "plate",
        re.compile(
            r"\b(?:kenteken|nummerbord|nummerplaat|kentekenplaat)\b[^\w\n]{0,3}"
            rf"(?:is |was |van de auto is )?[^\w\n]{{0,2}}(?P<plate>{_plates('[- ]?')})(?!\w)",
            re.IGNORECASE,
        ),
        _named_plate,
    ),
    Detector(
        "birth_date",
        re.compile(
            r"\b(?:geboren|geb\.?|geboortedatum|geboortedag|verjaardag|verjaart?|jarig)"
            rf"(?: ik)?(?: is| was)?[: ]{{0,2}}(?:op |is )?{DATE}",
            re.IGNORECASE,
        ),
        _birth_date,
    ),
)
