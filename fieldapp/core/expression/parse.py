"""Text of an XLSForm expression -> tree. The only parser of the product.

Binding, loosest first (XPath 1.0 chapter 3): or; and; = !=; < <= > >=; + -; * div mod; unary minus.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from fieldapp.core.expression.errors import ExpressionError
from fieldapp.core.expression.functions import FUNCTIONS, check_arguments, compiled
from fieldapp.core.expression.tree import (
    DEEPEST,
    Call,
    Expression,
    Literal,
    Node,
    Reference,
    Self,
    depth,
)

LONGEST = 10_000
NESTING = 60

BINDING = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}

TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<reference>\$\{[ \t]*(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*\})
  | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
  | (?P<string>'[^']*'|"[^"]*")
  | (?P<word>[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?)
  | (?P<operator>!=|<=|>=|[=<>+*-])
  | (?P<mark>[(),.])
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


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `kind` is a group of TOKEN or `end`."""

    kind: str
    text: str
    position: int


def parse(source: str) -> Expression:
    """The expression with its tree. ExpressionError with code, position and a way out."""
    if len(source) > LONGEST:
        raise ExpressionError("expression_too_long", longest=LONGEST)
    parser = _Parser(_tokens(source))
    tree = parser.expression(0)
    parser.expect_end()
    if depth(tree) > DEEPEST:
        raise ExpressionError("expression_too_deep", deepest=DEEPEST)
    return Expression(source.strip(), tree)


def _tokens(source: str) -> list[Token]:
    tokens, position = [], 0
    while position < len(source):
        _refuse_foreign(source, position)
        match = TOKEN.match(source, position)
        if match is None:
            raise _unexpected(source[position : position + 20], position)
        kind = "reference" if match["reference"] else str(match.lastgroup)
        if kind != "space":
            tokens.append(Token(kind, match["name"] or match[0], position))
        position = match.end()
    return [*tokens, Token("end", "", position)]


def _refuse_foreign(source: str, position: int) -> None:
    """Operators of other languages that would partly read as ours."""
    found = source[position : position + 2]
    if found in INSTEAD:
        raise _unexpected(found, position)


def _unexpected(found: str, position: int) -> ExpressionError:
    way_out = INSTEAD.get(found) or INSTEAD.get(found[:2]) or INSTEAD.get(found[:1])
    more = {"suggestion": way_out} if way_out else {}
    return ExpressionError("expression_syntax", found=found, position=position, **more)


class _Parser:
    """Precedence climbing over a list of tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.level = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.token
        self.index += 1
        return token

    def at(self, text: str) -> bool:
        return self.token.kind == "mark" and self.token.text == text

    def expect(self, text: str) -> None:
        if not self.at(text):
            raise self.unexpected(expected=text)
        self.take()

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected()

    def unexpected(self, expected: str | None = None) -> ExpressionError:
        error = _unexpected(self.token.text, self.token.position)
        if expected:
            error.params["expected"] = expected
        return error

    def expression(self, loosest: int) -> Node:
        left = self.operand()
        while (binding := self.binding()) > loosest:
            operator = self.take().text
            left = Call(operator, (left, self.expression(binding)))
        return left

    def binding(self) -> int:
        """How tightly the operator here binds; 0 when there is none."""
        return BINDING.get(self.token.text, 0) if self.token.kind in ("word", "operator") else 0

    def operand(self) -> Node:
        self.level += 1
        if self.level > NESTING:
            raise ExpressionError("expression_too_deep", deepest=NESTING)
        node = self.primary()
        self.level -= 1
        return node

    def primary(self) -> Node:
        if self.token.kind == "operator" and self.token.text == "-":
            self.take()
            return Call("neg", (self.operand(),))
        if self.at("("):
            self.take()
            inside = self.expression(0)
            self.expect(")")
            return inside
        if self.at("."):
            self.take()
            return Self()
        return self.leaf()

    def leaf(self) -> Node:
        token = self.token
        if token.kind == "word" and self.tokens[self.index + 1].text == "(":
            return self.call()
        self.index += token.kind in ("number", "string", "reference")
        if token.kind == "number":
            return _number(token)
        if token.kind == "string":
            return Literal(token.text[1:-1])
        if token.kind == "reference":
            return Reference(token.text)
        raise self.unexpected()

    def call(self) -> Node:
        word = self.take()
        self.expect("(")
        arguments: list[Node] = []
        while not self.at(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.expression(0))
        self.expect(")")
        check_arguments(FUNCTIONS, word.text, len(arguments), position=word.position)
        _check_pattern(word, arguments)
        return Call(word.text, tuple(arguments))


def _number(token: Token) -> Literal:
    value = float(token.text)
    if math.isinf(value):
        raise _unexpected(token.text[:20], token.position)
    return Literal(value)


def _check_pattern(word: Token, arguments: list[Node]) -> None:
    """A pattern written in the form can be checked now rather than never matching later."""
    if word.text == "regex" and isinstance(arguments[1], Literal):
        pattern = str(arguments[1].value)
        if compiled(pattern) is None:
            raise ExpressionError("regex_wrong", found=pattern[:80], position=word.position)
