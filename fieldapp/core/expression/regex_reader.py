"""Pattern of a regular expression -> program, or a refusal with a way out."""

from __future__ import annotations

import re
from typing import Any, Final

LONGEST_PROGRAM = 800
DEEPEST_GROUP = 40
MOST_REPEATS = 400

LAST = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]
Step = tuple[Any, ...]  # ("set", ranges) | ("at", kind) | ("split", offset, offset) | ("jump", n)
Program = tuple[Step, ...]

DIGITS: Final[Ranges] = ((48, 57),)
WORD: Final[Ranges] = ((48, 57), (65, 90), (95, 95), (97, 122))
BLANK: Final[Ranges] = ((9, 13), (32, 32))
LINE_ENDS: Final[Ranges] = ((10, 10), (13, 13), (0x85, 0x85), (0x2028, 0x2029))
HEX = re.compile("[0-9a-fA-F]{4}")
CONTROL = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


class RegexError(ValueError):
    """A pattern that is wrong or not understood; `found` is the part, `suggestion` a way out."""

    def __init__(self, found: str, suggestion: str = "") -> None:
        self.found, self.suggestion = found, suggestion
        super().__init__(found)


def others(ranges: Ranges) -> Ranges:
    """All characters that are not in the ranges."""
    found, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return (*found, (start, LAST)) if start <= LAST else tuple(found)


CLASSES: dict[str, Ranges] = {
    "d": DIGITS, "w": WORD, "s": BLANK,
    "D": others(DIGITS), "W": others(WORD), "S": others(BLANK),
}  # fmt: skip

# how a piece begins that other engines know: what to write instead
REFUSED = {
    "(?=": "and", "(?!": "not()", "(?<": "(...)", "(?>": "(...)", "(?P": "(...)", "(?": "(...)",
    "\\p": "[a-z]", "\\P": "[^a-z]", "\\k": "", "\\A": "^", "\\Z": "$", "\\z": "$", "\\G": "^",
    "\\Q": "\\", "\\x": "\\u0041", "\\c": "", "[[": "[a-z]", "&&": "[...]",
}  # fmt: skip


class Reader:
    """Recursive descent over a pattern; each method gives a piece of program."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def peek(self, size: int = 1) -> str:
        return self.pattern[self.at : self.at + size]

    def take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1 : self.at]

    def accept(self, text: str) -> bool:
        found = self.peek(len(text)) == text
        self.at += len(text) * found
        return found

    def refuse(self, suggestion: str = "") -> RegexError:
        for start, instead in REFUSED.items():
            if self.pattern.startswith(start, self.at):
                return RegexError(self.pattern[self.at : self.at + 12], instead)
        return RegexError(self.pattern[self.at : self.at + 12], suggestion)

    def choice(self, level: int) -> Program:
        if level > DEEPEST_GROUP:
            raise self.refuse()
        left = self.sequence(level)
        if not self.accept("|"):
            return left
        right = self.choice(level + 1)
        return short((("split", 1, len(left) + 2), *left, ("jump", len(right) + 1), *right))

    def sequence(self, level: int) -> Program:
        program: Program = ()
        while self.at < len(self.pattern) and self.peek() not in ("|", ")"):
            program = short(program + self.repeated(level))
        return program

    def repeated(self, level: int) -> Program:
        piece = self.piece(level)
        least, most = self.counts()
        if (least, most) == (1, 1):
            return piece
        self.accept("?")  # lazy: the same for a whole text
        if self.peek() in ("*", "+", "?", "{") and self.peek():
            raise self.refuse("(...)")
        return repeat(piece, least, most)

    def counts(self) -> tuple[int, int | None]:
        """How often the piece before may stand here; None: any number."""
        for sign, counts in {"*": (0, None), "+": (1, None), "?": (0, 1)}.items():
            if self.accept(sign):
                return counts
        if self.peek() != "{":
            return 1, 1
        inside, found, _ = self.pattern[self.at + 1 :].partition("}")
        least, comma, most = inside.partition(",")
        if not found or not least.isascii() or not least.isdigit():
            raise self.refuse("\\{")
        if most and not (most.isascii() and most.isdigit()):
            raise self.refuse("\\{")
        low, high = int(least[:9]), int(most[:9]) if most else None if comma else int(least[:9])
        if max(low, high or 0) > MOST_REPEATS or (high is not None and high < low):
            raise self.refuse("string-length()")
        self.at += len(inside) + 2
        return low, high

    def piece(self, level: int) -> Program:
        character = self.peek()
        if character == "(":
            return self.group(level)
        if character in "^$":
            return (("at", self.take()),)
        if character == ".":
            self.take()
            return (("set", others(LINE_ENDS)),)
        if character == "[":
            return (("set", self.klass()),)
        if character in "*+?{":
            raise self.refuse("\\" + character)
        if self.peek(2) in ("\\b", "\\B"):
            self.at += 2
            return (("at", self.pattern[self.at - 1]),)
        return (("set", self.characters()),)

    def group(self, level: int) -> Program:
        if self.peek(2) == "(?" and self.peek(3) != "(?:":
            raise self.refuse()
        self.at += 3 if self.peek(3) == "(?:" else 1
        inside = self.choice(level + 1)
        if not self.accept(")"):
            raise RegexError(self.pattern, "\\(")
        return inside

    def characters(self) -> Ranges:
        """One character, or what an escape stands for."""
        if self.peek() != "\\":
            code = ord(self.take())
            return ((code, code),)
        escape = self.pattern[self.at + 1 : self.at + 2]
        digits = self.pattern[self.at + 2 : self.at + 6]
        if escape == "u" and HEX.fullmatch(digits):
            self.at += 6
            return ((int(digits, 16), int(digits, 16)),)
        if not escape or (escape.isascii() and escape.isalnum() and escape not in "dwsDWStnvfr"):
            raise self.refuse()
        self.at += 2
        code = CONTROL.get(escape, ord(escape))
        return CLASSES.get(escape) or ((code, code),)

    def klass(self) -> Ranges:
        start = self.at
        self.take()
        negated = self.accept("^")
        ranges: Ranges = ()
        while self.peek() != "]":
            if self.peek() in ("", "[") or self.peek(2) == "&&":
                self.at = start if self.peek() == "" else self.at
                raise self.refuse("\\[")
            low = self.characters()
            if self.peek() == "-" and self.peek(2) != "-]":
                self.take()
                high = self.characters() if self.peek() not in ("", "[") else ()
                if len(low) + len(high) != 2 or low[0][0] > high[0][0] or _wide(low, high):
                    raise RegexError(self.pattern[start : self.at], "\\-")
                low = ((low[0][0], high[0][0]),)
            ranges += low
        self.take()
        if not ranges:
            raise RegexError("[]", "\\[")
        return others(ranges) if negated else ranges


def _wide(*sets: Ranges) -> bool:
    return any(low != high for ranges in sets for low, high in ranges)


def repeat(piece: Program, least: int, most: int | None) -> Program:
    """The piece at least so often, at most so often. RegexError when that is too long."""
    if len(piece) * max(least, most or 0) > LONGEST_PROGRAM:
        raise RegexError("{", "string-length()")
    program = piece * least
    if most is None:
        return short((*program, ("split", 1, len(piece) + 2), *piece, ("jump", -len(piece) - 1)))
    rest: Program = ()
    for _ in range(most - least):
        rest = short((("split", 1, len(piece) + len(rest) + 1), *piece, *rest))
    return short(program + rest)


def short(program: Program) -> Program:
    """The program itself. RegexError when it is too long to run."""
    if len(program) > LONGEST_PROGRAM:
        raise RegexError("...", "string-length()")
    return program
