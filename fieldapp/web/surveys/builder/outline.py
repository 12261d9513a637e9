"""The survey as a list of its rows, each with what an author wants to see at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from fieldapp.core.survey import Problem, edit
from fieldapp.core.survey.edit.tree import is_group
from fieldapp.web.surveys.builder.texts import KIND_WORDS


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """One row. `parent` and `index` are where it stands, for dragging."""

    name: str
    label: str
    icon: str
    kind: str
    is_group: bool
    current: bool
    problems: int
    conditional: bool
    required: bool
    parent: str
    index: int
    children: tuple[OutlineItem, ...]


def outline(
    data: edit.Definition, current: str, problems: Mapping[str, tuple[Problem, ...]]
) -> tuple[OutlineItem, ...]:
    """All rows, nested."""
    return _level(data, data["survey"], "", current, problems)


def _level(
    data: edit.Definition,
    rows: list[edit.Row],
    parent: str,
    current: str,
    problems: Mapping[str, tuple[Problem, ...]],
) -> tuple[OutlineItem, ...]:
    return tuple(
        OutlineItem(
            name=row["name"],
            label=label_of(row, data["settings"]["default_language"]),
            icon=_icon(row),
            kind=kind_words(row),
            is_group=is_group(row),
            current=row["name"] == current,
            problems=len(problems.get(row["name"], ())),
            conditional=bool(row.get("relevant")),
            required=bool(row.get("required")),
            parent=parent,
            index=index,
            children=_level(data, row["children"], row["name"], current, problems)
            if is_group(row)
            else (),
        )
        for index, row in enumerate(rows)
    )


def label_of(row: Mapping[str, Any], language: str) -> str:
    """What a row is called in lists: its text; a group without one takes its first question's."""
    texts: Mapping[str, str] = row.get("label") or {}
    found = texts.get(language) or next(iter(texts.values()), "")
    if not found and row.get("children"):
        return label_of(row["children"][0], language)
    return found or _("(nog geen tekst)")


def kind_words(row: Mapping[str, Any]) -> str:
    """The name of the kind that a row is."""
    kind = edit.kind_of(row)
    return str(KIND_WORDS[kind.code][0]) if kind else str(row.get("type", ""))


def _icon(row: Mapping[str, Any]) -> str:
    kind = edit.kind_of(row)
    return kind.icon if kind else "settings"
