"""Names of people: after a word that announces one, or with a first name that many people have.

One pass over the words of a text; no pattern spans more than one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fieldapp.core.redact.finding import Finding
from fieldapp.core.redact.name_lists import (
    FIRST_NAMES,
    HONOURED,
    INTRODUCTIONS,
    NOT_NAMES,
    PARTICLES,
    PLACE_WORD,
    PUBLIC_NAMES,
    RELATIONS,
    SURNAMES,
    TITLES,
)

INITIALS = r"(?:(?:[A-Z]|Th|Chr|Ph|Fr|Joh|IJ)\.){1,8}(?![a-z])"
WORD = re.compile(rf"(?P<initials>{INITIALS})|v\.d\.|'[st](?!\w)|[^\W\d_]+(?:[-'’][^\W\d_]+)*")
LONGEST_NAME = 6  # words, particles included
NO_FIRST_PARTICLE = frozenset("te al ben la le da do di zu het ten de den der".split())


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    low: str
    start: int
    end: int
    gap: str  # what stands between the word before and this one
    initials: bool

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class _Name:
    """Words ``first`` up to ``after``; ``known``: its words stand in a list of names."""

    first: int
    after: int
    known: bool


def find_names(text: str) -> Iterator[Finding]:
    """Names of people in ``text``, without the title or word of kinship before them."""
    words = _words(text)
    position = 0
    while position < len(words):
        finding, position = _at(words, position)
        if finding is not None:
            yield finding


def _at(words: list[_Word], i: int) -> tuple[Finding | None, int]:
    """The name that starts at or right after word ``i``, and the word to go on with."""
    triggered = _after_trigger(words, i)
    if triggered is not None:
        name, certain = triggered
        return _finding(words, name, certain), name.after
    free = _free_name(words, i)
    if free is not None:
        name, certain = free
        return _finding(words, name, certain), name.after
    return None, i + 1


def _words(text: str) -> list[_Word]:
    words = []
    end = 0
    for match in WORD.finditer(text):
        word = match[0]
        stop = match.end()
        # "Fatima's": the name without what makes it a possessive
        if len(word) > 3 and word[-2] in "'’" and word[-1] == "s":
            word, stop = word[:-2], stop - 2
        words.append(
            _Word(
                word,
                word.casefold(),
                match.start(),
                stop,
                text[end : match.start()],
                match["initials"] is not None,
            )
        )
        end = match.end()
    return words


def _joined(words: list[_Word], i: int, gaps: tuple[str, ...] = (" ", "  ")) -> bool:
    return i < len(words) and words[i].gap in gaps


def _after_trigger(words: list[_Word], i: int) -> tuple[_Name, bool] | None:
    """Name announced by the words at ``i``, with whether that makes it certain."""
    word = words[i]
    if word.low in TITLES:
        gaps = (" ", "  ", ".", ". ") if TITLES[word.low] else (" ", "  ")
        if _joined(words, i + 1, gaps):
            name = _name_at(words, i + 1, loose=True)
            if name:
                return name, True
    if word.low in RELATIONS and _joined(words, i + 1):
        name = _name_at(words, i + 1, loose=False)
        if name:
            return name, name.known or not words[i + 1].low.endswith(("se", "er"))
    for rest in INTRODUCTIONS.get(word.low, ()):
        n = i + 1 + len(rest)
        if tuple(w.low for w in words[i + 1 : n]) == rest and _introduces(words, n):
            name = _name_at(words, n, loose=False)
            if name:
                return name, name.known
    return None


def _introduces(words: list[_Word], i: int) -> bool:
    return _joined(words, i, (" ", "  ", ": ", ", ", ",\n", "\n"))


def _name_at(words: list[_Word], i: int, *, loose: bool) -> _Name | None:
    """The longest name from word ``i``: initials, particles, words with a capital.

    ``loose``: after a title also names without capitals, when a list knows them.
    """
    position, named, known = i, False, False
    while position < len(words) and position - i < LONGEST_NAME:
        if position > i and not _joined(words, position, (" ", "  ", "")):
            break
        word = words[position]
        if word.initials or (loose and len(word.text) == 1 and word.capital):
            named = True
        elif word.low in PARTICLES and _particle_leads(words, position, loose):
            pass
        elif _is_name_word(word, loose):
            named = True
            known = known or _listed(word)
        else:
            break
        position += 1
    while position > i and words[position - 1].low in PARTICLES:
        position -= 1
    return _Name(i, position, known) if named and position > i else None


def _particle_leads(words: list[_Word], i: int, loose: bool) -> bool:
    """Whether the particle at ``i`` is followed, at most two particles on, by part of a name."""
    for j in range(i + 1, min(i + 4, len(words))):
        if not _joined(words, j):
            return False
        if words[j].low not in PARTICLES:
            return _is_name_word(words[j], loose)
    return False


def _is_name_word(word: _Word, loose: bool) -> bool:
    if word.low in NOT_NAMES or word.initials:
        return False
    if not word.capital:
        return loose and _listed(word)
    # A word in capitals is shouting or an abbreviation, unless a list knows it.
    return len(word.text) > 1 and (not word.text.isupper() or _listed(word))


def _listed(word: _Word) -> bool:
    return all(
        part in FIRST_NAMES or part in SURNAMES for part in re.split("[-'’]", word.low) if part
    )


def _free_name(words: list[_Word], i: int) -> tuple[_Name, bool] | None:
    """A name that nothing announces: a listed first name, or initials and a surname."""
    word = words[i]
    if word.initials:
        return _with_initials(words, i)
    if word.low.split("-")[0] in FIRST_NAMES and word.capital:
        return _with_first_name(words, i)
    if word.low in PARTICLES and word.low not in NO_FIRST_PARTICLE:
        return _with_particle(words, i)
    return None


def _with_first_name(words: list[_Word], i: int) -> tuple[_Name, bool] | None:
    if i and (words[i - 1].low in HONOURED or re.search(r"\d\s?$", words[i].gap)):
        return None
    if words[i].text.isupper() and len(words[i].text) > 1 and not _shouted(words, i):
        return None
    following = words[i + 1].low if _joined(words, i + 1) else ""
    if (words[i].low, following) in PUBLIC_NAMES:
        return None
    name = _name_at(words, i, loose=False)
    if name is None or _is_place(words, name):
        return None
    return name, True


def _shouted(words: list[_Word], i: int) -> bool:
    """Whether the whole neighbourhood is in capitals, so that capitals say nothing."""
    around = words[max(0, i - 2) : i] + words[i + 1 : i + 3]
    return bool(around) and all(word.text.isupper() for word in around)


def _with_initials(words: list[_Word], i: int) -> tuple[_Name, bool] | None:
    name = _name_at(words, i, loose=False)
    if name is None or name.after - name.first < 2 or _is_place(words, name):
        return None
    # "A. Verlichting" at the start of a line is a list, not a person.
    single = words[i].text.count(".") == 1
    starts_line = i == 0 or "\n" in words[i].gap
    if single and starts_line and words[i].text[0] in "ABCDEF" and not name.known:
        return None
    return name, name.known or not single


def _with_particle(words: list[_Word], i: int) -> tuple[_Name, bool] | None:
    """As in van der Sluis, El Ahmadi: only the particles that everyday Dutch does not put so."""
    double = words[i].low == "van" and i + 1 < len(words) and words[i + 1].low in {"der", "den"}
    if not double and words[i].low not in {"v.d.", "el", "aït", "ait", "ould"}:
        return None
    name = _name_at(words, i, loose=False)
    if name is None or _is_place(words, name):
        return None
    return name, False


def _is_place(words: list[_Word], name: _Name) -> bool:
    """Whether the name goes on into a street, a school, a building."""
    last = words[name.after - 1]
    if any(last.low.endswith(end) and len(last.low) >= len(end) + 3 for end in PLACE_WORD):
        return True
    following = words[name.after] if _joined(words, name.after) else None
    return following is not None and following.low.endswith(PLACE_WORD)


def _finding(words: list[_Word], name: _Name, certain: bool) -> Finding:
    return Finding(words[name.first].start, words[name.after - 1].end, "name", certain)
