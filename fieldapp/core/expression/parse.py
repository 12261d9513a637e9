"""Text of an XLSForm expression -> tree. The only parser of the product.

Binding, loosest first (XPath 1.0 chapter 3): or; and; = !=; < <= > >=; + -; * div mod; unary minus.
"""

from __future__ import annotations

import math

from fieldapp.core.expression.checks import check_arguments, check_call
from fieldapp.core.expression.errors import ExpressionError
from fieldapp.core.expression.functions import FUNCTIONS
from fieldapp.core.expression.lexer import NAME, Token, no_path, tokens, unexpected
from fieldapp.core.expression.tree import (
    DEEPEST,
    Call,
    Expression,
    Instance,
    Literal,
    Node,
    Path,
    Reference,
    Self,
    Start,
    Step,
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


def parse(source: str) -> Expression:
    """The expression with its tree. ExpressionError with code, position and a way out."""
    if len(source) > LONGEST:
        raise ExpressionError("expression_too_long", longest=LONGEST)
    parser = _Parser(tokens(source))
    tree = parser.expression(0)
    parser.expect_end()
    if depth(tree) > DEEPEST:
        raise ExpressionError("expression_too_deep", deepest=DEEPEST)
    return Expression(source.strip(), tree)


class _Parser:
    """Precedence climbing over a list of tokens."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
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

    def accept(self, text: str) -> bool:
        found = self.at(text)
        self.index += found
        return found

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.unexpected(expected=text)

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected()

    def unexpected(self, expected: str | None = None) -> ExpressionError:
        error = unexpected(self.token.text, self.token.position)
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
        token = self.token
        if token.kind == "operator" and token.text == "-":
            self.take()
            return Call("neg", (self.operand(),))
        if self.accept("("):
            inside = self.expression(0)
            self.expect(")")
            return inside
        if token.kind == "number":
            return _number(self.take())
        if token.kind == "string":
            return Literal(self.take().text[1:-1])
        if token.kind == "word" and self.tokens[self.index + 1].text == "(":
            return self.called()
        return self.path()

    # calls

    def called(self) -> Node:
        word = self.take()
        self.expect("(")
        arguments: list[Node] = []
        while not self.at(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.expression(0))
        self.expect(")")
        if word.text in ("current", "instance"):
            return self.steps(_start_of(word, arguments), ())
        check_arguments(FUNCTIONS, word.text, len(arguments), position=word.position)
        return check_call(Call(word.text, tuple(arguments)), word.position)

    # paths

    def path(self) -> Node:
        """From here on everything that is no path is an error."""
        token = self.token
        if token.kind == "reference":
            self.take()
            reference = Reference(token.text)
            tests = self.predicates()
            if tests or self.at("/"):
                return self.steps(reference, (Step(".", tests),) if tests else ())
            return reference
        if self.accept("."):
            tests = self.predicates()
            if tests or self.at("/"):
                return self.steps(Self(), (Step(".", tests),) if tests else ())
            return Self()
        if self.accept(".."):
            tests = self.predicates()
            return self.steps(Start(".."), (Step(".", tests),) if tests else ())
        if self.at("/"):
            return self.absolute()
        return self.steps(Start("@"), (self.step(),))

    def absolute(self) -> Node:
        slash = self.take()
        if self.token.kind != "word":
            raise unexpected(slash.text, slash.position)
        return self.steps(Start("/"), (self.step(),))

    def steps(self, start: Reference | Self | Start | Instance, first: tuple[Step, ...]) -> Node:
        found = list(first)
        while self.at("/"):
            slash = self.take()
            if self.token.kind not in ("word", "mark", "operator") or self.at("("):
                raise unexpected(slash.text, slash.position)
            found.append(self.step())
        return Path(start, tuple(found))

    def step(self) -> Step:
        token = self.token
        if token.kind == "word":
            if self.tokens[self.index + 1].text == "(" or not NAME.fullmatch(token.text):
                raise no_path(token.text, token.position)
        elif token.text not in (".", "..", "*") or token.kind == "string":
            raise self.unexpected()
        self.take()
        return Step(token.text, self.predicates())

    def predicates(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while self.accept("["):
            found.append(self.expression(0))
            self.expect("]")
        return tuple(found)


def _start_of(word: Token, arguments: list[Node]) -> Start | Instance:
    """`current()` and `instance('name')`, which are no functions but places to start."""
    most = int(word.text == "instance")
    if len(arguments) != most:
        raise ExpressionError(
            "wrong_argument_count", function=word.text, found=len(arguments), least=most, most=most,
            position=word.position,
        )  # fmt: skip
    if not arguments:
        return Start("current")
    name = arguments[0].value if isinstance(arguments[0], Literal) else None
    if not isinstance(name, str):
        raise ExpressionError(
            "literal_needed", function="instance", position=word.position, suggestion="'...'"
        )
    return Instance(name)


def _number(token: Token) -> Literal:
    value = float(token.text)
    if math.isinf(value):
        raise unexpected(token.text[:20], token.position)
    return Literal(value)
