"""Questions that seem to ask for personal data, by the words in their texts.

A list of word stems in Dutch and English, so it misses and it errs: a person decides. The ordinary
kinds are those that core/redact finds in answers; the special ones are article 9 of the GDPR
(health, belief, descent, politics, sex life) and article 10 (offences). Ordinary kinds count only
where something can be typed or recorded: choosing an age band tells nobody who you are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldapp.core.survey.advice.finding import DECIDE, Advice
from fieldapp.core.survey.model import Question, Survey
from fieldapp.core.survey.vocabulary import GEO_TYPES, SILENT_TYPES

ORDINARY: tuple[tuple[str, str], ...] = (
    (
        "name",
        r"(?:voor|achter|roep)?naam\b(?! van (?:de|het|een|uw|je)\b)|hoe heet (?:u|je)"
        r"|\b(?:your|first|last|full) names?\b",
    ),
    ("phone", r"telefoon(?:nummer)?s?\b|mobiel(?:e)? nummer|06-nummer|\bphone\b"),
    ("birth", r"geboorte(?:datum|dag|jaar)|wanneer (?:bent u|ben je) geboren|date of birth"),
    ("bsn", r"\bbsn\b|burgerservicenummer|sofinummer"),
    ("email", r"e-?mail|mailadres"),
    ("address", r"\b(?:woon|huis|post)?adres\b|huisnummer|postcode|\baddress\b"),
    ("bank", r"\biban\b|rekeningnummer|bankrekening"),
    ("signature", r"handtekening|\bsignature\b"),
)
SPECIAL: tuple[tuple[str, str], ...] = (
    (
        "health",
        r"gezondheid|\bziek(?:te|tes|ten)?\b|medicijn|handicap|lichamelijke beperking|psychisch"
        r"|verslav|diagnose|huisarts|\bhealth\b|\bdisabilit",
    ),
    ("belief", r"\bgeloof\b|gelovig|religie|godsdienst|levensovertuiging|\breligio"),
    (
        "descent",
        r"\bafkomst|etnisch|etniciteit|nationaliteit|geboorteland|in welk land|migratieachtergrond"
        r"|\bethnic|\bnationality",
    ),
    ("politics", r"politieke (?:voorkeur|partij|mening)|\bvakbond|op welke partij"),
    ("sexuality", r"seksue|geaardheid|seksleven"),
    ("offence", r"strafblad|veroordeeld|detentie|gevangenis"),
)
OPEN_TYPES = frozenset({"text", "barcode", "integer", "date", "image", "file", "hidden"})
PATTERNS = tuple((kind, re.compile(stem, re.IGNORECASE), True) for kind, stem in SPECIAL) + tuple(
    (kind, re.compile(stem, re.IGNORECASE), False) for kind, stem in ORDINARY
)
COLUMNS = ("label", "hint")
LANGUAGES = ("nl", "en")


def personal_data(survey: Survey) -> Iterator[Advice]:
    """A finding for each question and kind of personal data."""
    for question in survey.questions:
        if question.type in SILENT_TYPES or question.type == "note":
            continue
        found = dict(_kinds(question))
        for kind, word in found.items():
            special = kind in dict(SPECIAL)
            code = "asks_special_data" if special else "asks_personal_data"
            yield Advice(code, question.name, DECIDE, {"kind": kind, "word": word}, kind)
    if survey.kind == "enquete":
        yield from _places(survey)


def _kinds(question: Question) -> Iterator[tuple[str, str]]:
    if "signature" in question.appearances:
        yield "signature", "signature"
    texts = [
        getattr(question, column).values.get(language, "")
        for column in COLUMNS
        if getattr(question, column) is not None
        for language in LANGUAGES
    ]
    for kind, pattern, special in PATTERNS:
        if not special and question.type not in OPEN_TYPES:
            continue
        # a hint that asks not to write something down is no question for it
        for text in texts:
            match = pattern.search(text)
            if match is not None and not _is_warning(text, match.start()):
                yield kind, match[0]
                break


WARNING = re.compile(r"\b(?:geen|niet|zonder|no|not|don't|without)\b", re.IGNORECASE)


def _is_warning(text: str, place: int) -> bool:
    """Whether the sentence up to this word turns it round: "Schrijf geen namen of telefoon ..."."""
    start = max(text.rfind(mark, 0, place) for mark in ".!?\n") + 1
    return WARNING.search(text, start, place) is not None


def _places(survey: Survey) -> Iterator[Advice]:
    """Exact places in a survey for residents: their point is not kept, a line would be."""
    for question in survey.questions:
        if question.type in GEO_TYPES:
            yield Advice("exact_place", question.name, DECIDE, {"type": question.type})
