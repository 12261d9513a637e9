r"""Regular expressions that always end, with one meaning on server and phone.

A pattern becomes a short program; a text is run through it with all possible places at once
(Thompson 1968), so the time is at most (length of the text) x (length of the program). Nothing
backtracks, so `(a+)+$` is as quick as `a+`. The whole text must match, as in ODK Collect.

What is understood: characters, `.`, `[...]`, `\d \w \s \D \W \S` (ASCII, as in Java), `\b \B`,
`^ $`, groups, `|`, and `* + ? {n} {n,} {n,m}`. Other things are refused with a way out.
"""

from __future__ import annotations

from functools import lru_cache

from fieldapp.core.expression.regex_reader import WORD, Program, Reader, RegexError

LONGEST_TEXT = 2_000  # characters; a longer text never matches


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Program:
    """The program of a pattern. RegexError when it is wrong or not understood."""
    reader = Reader(pattern)
    program = reader.choice(0)
    if reader.at < len(pattern):
        raise RegexError(pattern[reader.at :], "\\)")
    return program


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches; false for a pattern or a text that is not allowed."""
    try:
        program = compiled(pattern)
    except RegexError:
        return False
    if len(text) > LONGEST_TEXT:
        return False
    places = _reach(program, {0}, text, 0)
    for index, character in enumerate(text):
        code = ord(character)
        after = {
            place + 1
            for place in places
            if place < len(program)
            and program[place][0] == "set"
            and any(low <= code <= high for low, high in program[place][1])
        }
        if not after:
            return False
        places = _reach(program, after, text, index + 1)
    return len(program) in places


def _reach(program: Program, places: set[int], text: str, index: int) -> set[int]:
    """All places that can be had from these without reading a character."""
    seen: set[int] = set()
    ahead = list(places)
    while ahead:
        place = ahead.pop()
        if place in seen:
            continue
        seen.add(place)
        step = program[place] if place < len(program) else ("end",)
        if step[0] in ("split", "jump"):
            ahead += [place + offset for offset in step[1:]]
        elif step[0] == "at" and _holds(step[1], text, index):
            ahead.append(place + 1)
    return seen


def _holds(kind: str, text: str, index: int) -> bool:
    if kind == "^":
        return index == 0
    if kind == "$":
        return index == len(text)
    edge = _is_word(text, index - 1) != _is_word(text, index)
    return edge == (kind == "b")


def _is_word(text: str, index: int) -> bool:
    if not 0 <= index < len(text):
        return False
    return any(low <= ord(text[index]) <= high for low, high in WORD)
