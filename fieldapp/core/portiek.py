"""A stairwell by name: the key that groups its visits, and the words somebody typed for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST = 120  # characters


def portiek_key(typed: str) -> str:
    """The same for every way to capitalise a name."""
    return typed.strip().casefold()[:LONGEST]


def portiek_as_typed(key: str, answers: Mapping[str, Any]) -> str:
    """The stored answer ({question: {"v": value}}) behind this key, as typed; else the key."""
    for entry in answers.values():
        value = entry.get("v") if isinstance(entry, Mapping) else None
        if isinstance(value, str) and portiek_key(value) == key:
            return value.strip()
    return key
