"""What can be judged of a call before there are answers: names, counts, and literal arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from fieldapp.core.expression.dates import PARTS, PLACE
from fieldapp.core.expression.errors import ExpressionError
from fieldapp.core.expression.functions import REFUSED, Function
from fieldapp.core.expression.hashes import ALGORITHMS, ENCODINGS
from fieldapp.core.expression.lexer import NCNAME
from fieldapp.core.expression.regex import compiled
from fieldapp.core.expression.regex_reader import RegexError
from fieldapp.core.expression.tree import Call, Literal, Node, Path, Reference, Self

QUOTED_REFERENCE = re.compile(rf"\s*\$\{{\s*({NCNAME})\s*\}}\s*")
# arguments that come in pairs: these remainders of 2 are wrong
PAIRS = (("weighted-checklist", 1), ("indexed-repeat", 0))
WITH_NODES = ("randomize", "indexed-repeat")


def check_arguments(table: Mapping[str, Function], name: str, count: int, **place: int) -> None:
    """ExpressionError when the function does not exist or does not take that many arguments."""
    row = table.get(name)
    if row is None:
        raise _unknown(table, name, place)
    if count < row.least or (row.most is not None and count > row.most):
        raise ExpressionError(
            "wrong_argument_count",
            function=name,
            found=count,
            least=row.least,
            most=row.most,
            **place,
        )


def _unknown(table: Mapping[str, Function], name: str, place: dict[str, int]) -> ExpressionError:
    if name in REFUSED:
        way_out = {"suggestion": REFUSED[name]} if REFUSED[name] else {}
        return ExpressionError("function_not_supported", found=name, **way_out, **place)
    near = get_close_matches(name, [known for known in table if known[0].isalpha()], n=1)
    way_out = {"suggestion": near[0]} if near else {}
    return ExpressionError("unknown_function", found=name, **way_out, **place)


def check_call(call: Call, position: int) -> Call:
    """The call, as it goes into the tree. ExpressionError for an argument that cannot be right."""
    count = len(call.arguments)
    if (call.name, count % 2) in PAIRS:
        raise ExpressionError(
            "wrong_argument_count", function=call.name, found=count, least=count - 1,
            most=count + 1, position=position,
        )  # fmt: skip
    check = CHECKS.get(call.name)
    return check(call, position) if check else call


def is_node_set(node: Node) -> bool:
    """Whether the value is a node-set, whatever the answers are."""
    return isinstance(node, Reference | Self | Path) or (
        isinstance(node, Call) and node.name in WITH_NODES
    )


def _nodes_first(call: Call, position: int) -> Call:
    if call.arguments and not is_node_set(call.arguments[0]):
        raise ExpressionError(
            "not_a_node_set", function=call.name, position=position, suggestion="${...}"
        )
    return call


def _names_only(call: Call, position: int) -> Call:
    """indexed-repeat: the question and the repeats are names, only the indexes are worked out."""
    for argument in (call.arguments[0], *call.arguments[1::2]):
        if not isinstance(argument, Reference | Path):
            raise ExpressionError(
                "not_a_node_set", function=call.name, position=position, suggestion="${...}"
            )
    return call


def _literal_first(call: Call, position: int) -> Call:
    if _text(call.arguments[0]) is None:
        raise ExpressionError(
            "literal_needed", function=call.name, position=position, suggestion="'...'"
        )
    return call


def _quoted_question(call: Call, position: int) -> Call:
    """jr:choice-name: the tree holds the bare name of the question."""
    found = QUOTED_REFERENCE.fullmatch(_text(call.arguments[1]) or "")
    if found is None:
        raise ExpressionError(
            "literal_needed", function=call.name, position=position, suggestion="'${...}'"
        )
    return Call(call.name, (call.arguments[0], Literal(found[1])))


def _pattern(call: Call, position: int) -> Call:
    pattern = _text(call.arguments[1])
    if pattern is not None:
        try:
            compiled(pattern)
        except RegexError as error:
            way_out = {"suggestion": error.suggestion} if error.suggestion else {}
            raise ExpressionError(
                "regex_wrong", found=error.found[:80], position=position, **way_out
            ) from None
    return call


def _format(call: Call, position: int) -> Call:
    pattern = _text(call.arguments[1])
    for letter in PLACE.findall(pattern or ""):
        if letter not in PARTS:
            known = " ".join(f"%{part}" for part in PARTS)
            raise ExpressionError(
                "format_wrong", found=f"%{letter}", position=position, suggestion=known
            )
    return call


def _algorithm(call: Call, position: int) -> Call:
    for argument, known in zip(call.arguments[1:], (ALGORITHMS, ENCODINGS), strict=False):
        found = _text(argument)
        if found is not None and found not in known:
            raise ExpressionError(
                "algorithm_unknown", found=found[:80], position=position,
                suggestion=", ".join(known),
            )  # fmt: skip
    return call


def _text(node: Node) -> str | None:
    """The text of a literal; None for anything else."""
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None


CHECKS: Mapping[str, Callable[[Call, int], Call]] = {
    "count": _nodes_first,
    "count-non-empty": _nodes_first,
    "digest": _algorithm,
    "format-date": _format,
    "format-date-time": _format,
    "indexed-repeat": _names_only,
    "jr:choice-name": _quoted_question,
    "local-name": _nodes_first,
    "name": _nodes_first,
    "position": _nodes_first,
    "pulldata": _literal_first,
    "randomize": _nodes_first,
    "regex": _pattern,
    "sum": _nodes_first,
}
