"""Which answers may name somebody: what was typed, filmed or spoken, and what is made of that.

Closed answers, numbers and dates stay: they carry the trends, and name nobody.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from fieldapp.core.expression import references
from fieldapp.core.signals import BACKGROUND
from fieldapp.core.survey import Question, Survey
from fieldapp.core.survey.vocabulary import COUNT_TYPES, FILE_TYPES, ROLES

# The last four should be empty always (docs/xlsform.md).
TYPED = frozenset({"text", "barcode", "deviceid", "username", "phonenumber", "email"})
HIDDEN_PORTIEK = "#" + "_" * 16  # how a stairwell without its name looks, as a LIKE pattern


def loose_answers(survey: Survey) -> frozenset[str]:
    """Names of the questions whose answers go: words, files, and what was worked out of words."""
    found = {question.name for question in survey.questions if _is_loose(question)}
    while True:
        made = {q.name for q in survey.questions if q.name not in found and _reads(q) & found}
        if not made:
            return frozenset(found)
        found |= made


def _is_loose(question: Question) -> bool:
    if question.role is not None and question.role.startswith(BACKGROUND):
        return False  # a code, whatever the type: the language that somebody speaks
    if question.role == "portiek":
        return True
    return question.type in TYPED or question.type in FILE_TYPES


def _reads(question: Question) -> set[str]:
    """What an answer that nobody gave is worked out of; a count of doors names nobody."""
    is_count = question.role is not None and ROLES[question.role] == COUNT_TYPES
    if question.type not in ("calculate", "hidden") or is_count:
        return set()
    logics = (question.calculation, question.default_logic)
    return {name for logic in logics if logic is not None for name in references(logic.tree)}


def without(names: frozenset[str], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers less those, in every round of every repeat."""
    kept: dict[str, Any] = {}
    for name, entry in stored.items():
        if name in names:
            continue
        value = entry.get("v") if isinstance(entry, Mapping) else None
        if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            rounds = [without(names, one) if isinstance(one, Mapping) else one for one in value]
            entry = {**entry, "v": rounds}
        kept[name] = entry
    return kept


def hidden_portiek(portiek: str, organisation_id: int, secret_key: str) -> str:
    """A stairwell without its name: the same one stays the same, so that voices stay together.

    Only with the key can somebody who guesses a name see whether it was that one.
    """
    words = f"portiek\n{organisation_id}\n{portiek}"
    return "#" + hmac.new(secret_key.encode(), words.encode(), "sha256").hexdigest()[:16]


def is_hidden(portiek: str) -> bool:
    """Whether a stairwell has no name any more."""
    return len(portiek) == len(HIDDEN_PORTIEK) and portiek.startswith("#")
