"""Languages as authors write them above columns, `Nederlands (nl)`, -> BCP 47 tags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from babel import Locale

IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
PRIVATE = re.compile(r"x(-[A-Za-z0-9]{1,8})+", re.IGNORECASE)
NAMED_IN = ("nl", "en", "de", "fr")  # every language by its name in these
# and these by their own name: reading all of CLDR takes seconds
OWN_NAMES = (
    "nl en de fr es it pt tr ar pl uk ru ro bg hu el cs sk sl hr sr bs mk sq lt lv et sv da nb fi "
    "fa ps ku ckb ur hi bn pa ta ne si th vi id ms fil zh ja ko he ti am so sw yo ha ig zu af fy"
).split()
LANGUAGE_NAME = re.compile(r"\w")
# what CLDR calls otherwise
OTHER_NAMES = {"mandarin": "zh", "farsi": "fa", "kiswahili": "sw", "chinees": "zh", "flemish": "nl"}


def tag_of(written: str, chosen: Mapping[str, str] | None = None) -> str:
    """The tag of a language as written, or "" when it cannot be known.

    `chosen`: what a person answered for names that we do not know.
    """
    if chosen and chosen.get(written):
        return chosen[written]
    bracketed = IN_BRACKETS.search(written)
    if bracketed and (found := normal_tag(bracketed[1])):
        return found
    plain = IN_BRACKETS.sub("", written).strip()
    return names().get(plain.casefold(), "") or normal_tag(plain, known_only=True)


def normal_tag(written: str, *, known_only: bool = False) -> str:
    """`NL-nl` -> `nl-NL`; "" when it is no tag. `known_only`: a language that CLDR can name."""
    tag = written.strip().replace("_", "-")
    if tag.lower().startswith("x-") and PRIVATE.fullmatch(tag):
        return tag.lower()
    if not TAG.fullmatch(tag):
        return ""
    first, *others = tag.split("-")
    parts = [first.lower(), *(_part(part) for part in others)]
    if parts[0] in names_of_tags() or not known_only:
        return "-".join(parts)
    return ""


def _part(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()


def private_tag(written: str) -> str:
    """A tag for a language that nobody knows: `Sranantongo!` -> `x-sranant`."""
    plain = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode().lower()
    letters = re.sub(r"[^a-z0-9]", "", plain)[:8]
    if not letters:  # a name in another script: its first signs as numbers
        letters = "".join(f"{ord(sign):x}" for sign in written if not sign.isspace())[:8]
    return f"x-{letters or 'taal'}"


@cache
def names() -> Mapping[str, str]:
    """Names of languages, in several of them and in their own, -> tags."""
    found: dict[str, str] = dict(OTHER_NAMES)
    for tag in OWN_NAMES:
        own = Locale(tag).get_display_name() or tag
        found.setdefault(own.casefold(), tag)
    for spoken in reversed(NAMED_IN):
        for code, name in Locale(spoken).languages.items():
            if TAG.fullmatch(code.replace("_", "-")) and LANGUAGE_NAME.match(name):
                found[name.casefold()] = code.replace("_", "-")
    return found


@cache
def names_of_tags() -> frozenset[str]:
    """Every language subtag that CLDR has an English name for."""
    return frozenset(
        str(code) for code in Locale("en").languages if re.fullmatch("[a-z]{2,3}", str(code))
    )
