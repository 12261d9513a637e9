"""Conditions through choices: "show when [question] [is] [answer]", to an expression and back.

An expression that was written by hand and has this shape is read as well; any other is None, and
stays what it is. All rules hold (and) or any of them does (or); nothing deeper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldapp.core.expression import ExpressionError, parse
from fieldapp.core.expression.tree import Call, Literal, Node, Reference
from fieldapp.core.survey.edit.limits import number_of
from fieldapp.core.survey.edit.tree import Definition, base_type, walk

AND, OR = "and", "or"

# sort of answer -> the tests that make sense for it, the usual one first
TESTS: Mapping[str, tuple[str, ...]] = {
    "one": ("is", "is_not", "filled", "empty"),
    "many": ("contains", "contains_not", "filled", "empty"),
    "number": ("is", "is_not", "more", "at_least", "less", "at_most", "filled", "empty"),
    "day": ("is", "more", "at_least", "less", "at_most", "filled", "empty"),
    "text": ("filled", "empty", "is", "is_not", "has", "has_not"),
    "other": ("filled", "empty"),
}
SORTS: Mapping[str, str] = {
    "select_one": "one",
    "select_multiple": "many",
    "integer": "number",
    "decimal": "number",
    "range": "number",
    "date": "day",
    "text": "text",
    "barcode": "text",
    "calculate": "text",
    "hidden": "text",
}
COMPARED: Mapping[str, str] = {
    "is": "=",
    "is_not": "!=",
    "more": ">",
    "at_least": ">=",
    "less": "<",
    "at_most": "<=",
}
# test -> (function, whether it is turned round)
ASKED: Mapping[str, tuple[str, bool]] = {
    "contains": ("selected", False),
    "contains_not": ("selected", True),
    "has": ("contains", False),
    "has_not": ("contains", True),
}
WITHOUT_VALUE = {"filled": "!=", "empty": "="}
TURNED = {"=": "=", "!=": "!=", ">": "<", ">=": "<=", "<": ">", "<=": ">="}
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class ConditionError(ValueError):
    """A rule that cannot be written: `code` and the number of the rule, from 0."""

    def __init__(self, code: str, rule: int) -> None:
        self.code, self.rule = code, rule
        super().__init__(f"rule {rule}: {code}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One comparison. `sort` says how the value is meant: number, day, or else text."""

    question: str
    test: str
    value: str = ""
    sort: str = "text"


@dataclass(frozen=True, slots=True)
class Condition:
    """Rules, all of which (and) or one of which (or) must hold; no rules: always."""

    rules: tuple[Rule, ...] = ()
    join: str = AND


def sort_of(row: Mapping[str, Any]) -> str:
    """What kind of answer a question gives: a key of TESTS."""
    return SORTS.get(base_type(row), "other")


def write_condition(condition: Condition) -> str:
    """The expression; "" for no rules.

    ConditionError: unknown_test, no_value, not_a_number, not_a_day, two_quotes.
    """
    parts = [_write(rule, number) for number, rule in enumerate(condition.rules)]
    return f" {condition.join} ".join(parts)


def _write(rule: Rule, number: int) -> str:
    name = f"${{{rule.question}}}"
    if rule.test in WITHOUT_VALUE:
        return f"{name} {WITHOUT_VALUE[rule.test]} ''"
    if rule.value == "":
        raise ConditionError("no_value", number)
    if rule.test in ASKED:
        function, turned = ASKED[rule.test]
        call = f"{function}({name}, {_quoted(rule.value, number)})"
        return f"not({call})" if turned else call
    if rule.test not in COMPARED:
        raise ConditionError("unknown_test", number)
    return f"{name} {COMPARED[rule.test]} {_value(rule, number)}"


def _value(rule: Rule, number: int) -> str:
    if rule.sort == "number":
        if not NUMBER.fullmatch(rule.value):
            raise ConditionError("not_a_number", number)
        return rule.value
    if rule.sort == "day":
        try:
            return f"date('{date.fromisoformat(rule.value).isoformat()}')"
        except ValueError:
            raise ConditionError("not_a_day", number) from None
    return _quoted(rule.value, number)


def _quoted(value: str, number: int) -> str:
    """A text literal; XPath has no way to write both quotes in one."""
    if "'" not in value:
        return f"'{value}'"
    if '"' in value:
        raise ConditionError("two_quotes", number)
    return f'"{value}"'


def read_condition(source: str) -> Condition | None:
    """The rules that an expression says; None when it says more, or cannot be read."""
    if not source.strip():
        return Condition()
    try:
        tree = parse(source).tree
    except ExpressionError:
        return None
    for join in (AND, OR):
        rules = [_read(node) for node in _joined(tree, join)]
        known = tuple(rule for rule in rules if rule is not None)
        if len(known) == len(rules):
            return Condition(known, join)
    return None


def _joined(node: Node, join: str) -> list[Node]:
    match node:
        case Call(name, (left, right)) if name == join:
            return _joined(left, join) + _joined(right, join)
    return [node]


def _read(node: Node) -> Rule | None:
    match node:
        case Call("not", (Call(("selected" | "contains") as name, inside),)):
            return _read_asked(name, inside, turned=True)
        case Call(("selected" | "contains") as name, inside):
            return _read_asked(name, inside, turned=False)
        case Call(sign, (Reference(name), value)) if sign in TURNED:
            return _read_compared(name, sign, value)
        case Call(sign, (value, Reference(name))) if sign in TURNED:
            return _read_compared(name, TURNED[sign], value)
    return None


def _read_asked(function: str, inside: tuple[Node, ...], *, turned: bool) -> Rule | None:
    match inside:
        case (Reference(name), Literal(str(value))) if value:
            test = next(t for t, asked in ASKED.items() if asked == (function, turned))
            return Rule(name, test, value)
    return None


def _read_compared(name: str, sign: str, value: Node) -> Rule | None:
    test = next(test for test, known in COMPARED.items() if known == sign)
    match value:
        case Literal(""):
            return {"=": Rule(name, "empty"), "!=": Rule(name, "filled")}.get(sign)
        case Literal(str(text)) if sign in ("=", "!="):
            return Rule(name, test, text)
        case Call("date", (Literal(str(text)),)) if _is_day(text):
            return Rule(name, test, text, "day")
    number = number_of(value)
    return None if number is None else Rule(name, test, number, "number")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def askable(data: Definition, name: str) -> tuple[str, ...]:
    """The questions that a condition of this row may ask about: those that come before it, and
    that stand in no repeat which it does not stand in itself.
    """
    found: list[tuple[str, tuple[str, ...]]] = []
    for placed in walk(data):
        if placed.name == name:
            around = placed.repeats
            return tuple(n for n, repeats in found if repeats == around[: len(repeats)])
        if not placed.is_group and base_type(placed.row) != "note":
            found.append((placed.name, placed.repeats))
    return ()


def steady(rule: Rule, row: Mapping[str, Any], choices: tuple[str, ...]) -> Rule:
    """The rule with a test, and of closed questions an answer, that suit the question.

    A rule that was only just begun has no test: a closed question is then compared with its first
    answer, any other is asked whether it is filled. A value that is not there yet stays "".
    """
    sort = sort_of(row)
    closed = sort in ("one", "many")
    test = rule.test
    if test not in TESTS[sort]:
        test = TESTS[sort][0] if closed else "filled"
    value = rule.value.strip()
    if closed and test not in WITHOUT_VALUE:
        value = value if value in choices else next(iter(choices), "")
        test = test if value else "filled"
    if test in WITHOUT_VALUE:
        return Rule(rule.question, test)
    if sort == "number":
        value = value.replace(",", ".")
    return Rule(rule.question, test, value, sort if sort in ("number", "day") else "text")
