"""Codes with parameters as sentences of the command line, from tables of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class _Params(dict[str, Any]):
    """Leaves out what a message has no value for, rather than failing while reporting."""

    def __missing__(self, key: str) -> str:
        return "?"


def fill(table: Mapping[str, str], code: str, params: Mapping[str, Any]) -> str:
    """The text of a code with its parameters, lists joined; the code itself without a text."""
    listed = {
        key: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        for key, value in params.items()
    }
    return table.get(code, code).format_map(_Params(listed))


def line(where: str, *told: str) -> str:
    """`where: what is wrong; what to do`, empty parts left out."""
    text = "; ".join(part for part in told if part)
    return f"{where}: {text}" if where else text
