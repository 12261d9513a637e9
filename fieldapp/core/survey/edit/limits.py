"""Simple constraints as people fill them in (lowest, pattern, ...) and as an expression."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from fieldapp.core.expression import ExpressionError, parse
from fieldapp.core.expression.tree import Call, Literal, Node, Self

TODAY = "today"
PATTERNS: Mapping[str, str] = {
    "postcode": "^[1-9][0-9]{3} ?[A-Za-z]{2}$",
    "phone": "^[+]?[0-9][0-9 ()-]{7,18}$",
    "email": "^[^@ ]+@[^@ ]+[.][^@ ]+$",
    "digits": "^[0-9]+$",
}
# which limits fit which type
FITTING: Mapping[str, tuple[str, ...]] = {
    "integer": ("lowest", "highest"),
    "decimal": ("lowest", "highest"),
    "date": ("earliest", "latest"),
    "text": ("pattern", "longest"),
    "select_multiple": ("most",),
}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_COMPARED = {"lowest": ">=", "highest": "<=", "earliest": ">=", "latest": "<="}
_MEASURED = {"longest": "string-length", "most": "count-selected"}


class LimitsError(ValueError):
    """A limit that cannot be: `code` and the `field` it is about."""

    def __init__(self, code: str, field: str) -> None:
        self.code, self.field = code, field
        super().__init__(f"{field}: {code}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may be; "" for no limit. Numbers as text with a point, days ISO or today."""

    lowest: str = ""
    highest: str = ""
    earliest: str = ""
    latest: str = ""
    pattern: str = ""
    longest: str = ""
    most: str = ""

    def filled(self) -> dict[str, str]:
        """Only those that are set."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value}


def write_limits(limits: Limits) -> str:
    """The constraint; "" for no limits. LimitsError: not_a_number, not_a_day, unknown_pattern."""
    return " and ".join(_part(name, value) for name, value in limits.filled().items())


def _part(name: str, value: str) -> str:
    if name == "pattern":
        if value not in PATTERNS:
            raise LimitsError("unknown_pattern", name)
        return f"regex(., '{PATTERNS[value]}')"
    if name in ("earliest", "latest"):
        return f". {_COMPARED[name]} {_day(name, value)}"
    whole = name in _MEASURED
    if not _NUMBER.fullmatch(value) or (whole and not value.isdigit()):
        raise LimitsError("not_a_number", name)
    return f"{_MEASURED[name]}(.) <= {value}" if whole else f". {_COMPARED[name]} {value}"


def _day(name: str, value: str) -> str:
    if value == TODAY:
        return "today()"
    try:
        return f"date('{date.fromisoformat(value).isoformat()}')"
    except ValueError:
        raise LimitsError("not_a_day", name) from None


def read_limits(source: str) -> Limits | None:
    """The limits that a constraint says; None when it says more than limits can."""
    if not source.strip():
        return Limits()
    try:
        found = _read_all(parse(source).tree)
    except ExpressionError:
        return None
    if found is None or len({name for name, _ in found}) < len(found):
        return None
    return Limits(**dict(found))


def _read_all(node: Node) -> list[tuple[str, str]] | None:
    match node:
        case Call("and", (left, right)):
            first, second = _read_all(left), _read_all(right)
            return None if first is None or second is None else first + second
    found = _read(node)
    return None if found is None else [found]


def _read(node: Node) -> tuple[str, str] | None:
    match node:
        case Call("regex", (Self(), Literal(str(pattern)))):
            code = next((code for code, known in PATTERNS.items() if known == pattern), None)
            return None if code is None else ("pattern", code)
        case Call("<=", (Call(name, (Self(),)), Literal(float(number)))):
            measured = {function: limit for limit, function in _MEASURED.items()}
            if name in measured and number >= 0 and number == int(number):
                return measured[name], str(int(number))
            return None
        case Call((">=" | "<=") as sign, (Self(), Call("today", ()))):
            return ("earliest" if sign == ">=" else "latest"), TODAY
        case Call((">=" | "<=") as sign, (Self(), Call("date", (Literal(str(day)),)))):
            return ("earliest" if sign == ">=" else "latest"), day
        case Call((">=" | "<=") as sign, (Self(), limit)):
            text = number_of(limit)
            return None if text is None else (("lowest" if sign == ">=" else "highest"), text)
    return None


def number_of(node: Node) -> str | None:
    """A number in the tree as text, without an exponent; None for anything else."""
    match node:
        case Literal(float(value)):
            return as_number(value)
        case Call("neg", (Literal(float(value)),)):
            return f"-{as_number(value)}" if value else "0"
    return None


def as_number(value: float) -> str:
    """5.0 is "5", 0.25 is "0.25"; never 1e-07."""
    text = f"{value:.0f}" if value == int(value) else repr(value)
    return text if "e" not in text else f"{value:.20f}".rstrip("0")
