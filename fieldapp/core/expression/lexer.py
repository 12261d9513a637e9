"""Text of an expression -> tokens. Names are XML names in any script."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldapp.core.expression.errors import ExpressionError

# XML Namespaces 1.0: NCName
FIRST = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NCNAME = rf"[{FIRST}][{FIRST}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*"
NAME = re.compile(NCNAME)

TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n]+)
  | (?P<reference>\$\{{[ \t]*(?P<name>{NCNAME})[ \t]*\}})
  | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
  | (?P<string>'[^']*'|"[^"]*")
  | (?P<word>{NCNAME}(?::{NCNAME})?)
  | (?P<operator>!=|<=|>=|[=<>+*-])
  | (?P<foreign>::|//|[|@])
  | (?P<mark>\.\.|[(),./\[\]])
    """,
    re.VERBOSE,
)

# what people write who know another language, and what it is called here
INSTEAD = {
    "==": "=",
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "&&": "and",
    "||": "or",
    "!": "not()",
    "%": "mod",
    "/": "div",
    "\u2018": "'",  # curly quotes of a word processor
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "$": "${...}",
    "AND": "and",
    "OR": "or",
}

# parts of XPath that ODK has not either, or that only make a form hard to read
FOREIGN = {"::": "../", "//": "${...}", "|": "${...}", "@": "${...}"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `kind` is a group of TOKEN or `end`."""

    kind: str
    text: str
    position: int


def tokens(source: str) -> list[Token]:
    """The tokens of the text, with an `end` behind them. ExpressionError at what is none."""
    found, position = [], 0
    while position < len(source):
        _refuse_foreign(source, position)
        match = TOKEN.match(source, position)
        if match is None:
            raise unexpected(source[position : position + 20], position)
        kind = "reference" if match["reference"] else str(match.lastgroup)
        if kind == "foreign":
            raise no_path(match[0], position)
        if kind != "space":
            found.append(Token(kind, match["name"] or match[0], position))
        position = match.end()
    return [*found, Token("end", "", position)]


def _refuse_foreign(source: str, position: int) -> None:
    """Operators of other languages that would partly read as ours."""
    found = source[position : position + 2]
    if found in INSTEAD:
        raise unexpected(found, position)


def unexpected(found: str, position: int) -> ExpressionError:
    """expression_syntax, with a way out where one is known."""
    way_out = INSTEAD.get(found) or INSTEAD.get(found[:2]) or INSTEAD.get(found[:1])
    more = {"suggestion": way_out} if way_out else {}
    return ExpressionError("expression_syntax", found=found, position=position, **more)


def no_path(found: str, position: int) -> ExpressionError:
    """path_not_supported: a part of XPath that is left out here."""
    way_out = FOREIGN.get(found, "${...}")
    return ExpressionError("path_not_supported", found=found, position=position, suggestion=way_out)
