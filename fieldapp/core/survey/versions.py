"""Names and version numbers of surveys: made from words, and raised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection

LONGEST = 60
_LAST_NUMBER = re.compile(r"(\d+)(\D*)$")


def slug(words: str) -> str:
    """A form_id from a title: small letters, digits and underscores, beginning with a letter."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].strip("_")
    if not name:
        return "vragenlijst"
    return name if name[0].isalpha() else f"v_{name}"


def free_name(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """`wanted`, or with the first number behind it that makes it free."""
    name, number = wanted, 1
    while is_taken(name):
        number += 1
        name = f"{wanted}_{number}"
    return name


def raised(version: str, taken: Collection[str], year: int) -> str:
    """The version after `version`: its last number one higher, until it is free.

    "2026-1" -> "2026-2"; one that ends in letters keeps them ("3b" -> "4b"); without a number a
    "-2" goes behind; "" begins at "<year>-1". Date stamps as Kobo writes them go up as numbers.
    """
    if not version:
        version = f"{year}-0"
    while True:
        found = _LAST_NUMBER.search(version)
        if found is None:
            version = f"{version}-2"
        else:
            number = str(int(found[1]) + 1).zfill(len(found[1]))
            version = f"{version[: found.start()]}{number}{found[2]}"
        if version not in taken:
            return version
