"""Problems of a half-finished definition, by the row where an author can mend them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fieldapp.core.survey.edit.choices import users_of_list
from fieldapp.core.survey.edit.names import all_names
from fieldapp.core.survey.edit.tree import Definition
from fieldapp.core.survey.problems import SEPARATOR, Problem


def by_row(data: Definition, problems: Iterable[Problem]) -> Mapping[str, tuple[Problem, ...]]:
    """Name of a row -> its problems, in the order found; "" holds those of the survey itself.

    A problem of an answer belongs to every question that offers it.
    """
    names = all_names(data)
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        for owner in _owners(data, problem.where, names):
            found.setdefault(owner, []).append(problem)
    return {name: tuple(items) for name, items in found.items()}


def _owners(data: Definition, where: str, names: frozenset[str]) -> tuple[str, ...]:
    parts = where.split(SEPARATOR)
    if parts[0] == "choices" and len(parts) > 1:
        return users_of_list(data, parts[1]) or ("",)
    if parts[0] in ("settings", "title", "intro", "thanks", "tables", "files"):
        return ("",)
    # page > question > column: the deepest part that is a row; a column may be called like one
    candidates = parts[:2] if parts[0] in names else parts[:3]
    rows = [part for part in candidates if part in names]
    return (rows[-1],) if rows else ("",)
