"""A Survey back to plain values, and what can be said of those: its hash, its missing texts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.check import place_of
from fieldapp.core.survey.model import Choice, Group, Item, Question, Survey, Table
from fieldapp.core.survey.problems import Problem, path


def survey_to_dict(survey: Survey) -> dict[str, Any]:
    """The mapping that `load_survey` makes the same survey from; only text, numbers and lists."""
    return {
        "settings": {
            "form_id": survey.name,
            "version": survey.version,
            "kind": survey.kind,
            "default_language": survey.default_language,
            "languages": list(survey.languages),
            **_filled(survey, ("style",)),
            **_logic(survey, ("instance_name",)),
        },
        **_texts(survey, ("title", "intro", "thanks")),
        "survey": [_row(item) for item in survey.items],
        "choices": {
            name: [_choice_row(choice) for choice in choices]
            for name, choices in survey.choices.items()
        },
        **_optional("tables", {name: _table(table) for name, table in survey.tables.items()}),
        **_optional("files", dict(survey.files)),
    }


def _optional(key: str, value: dict[str, Any]) -> dict[str, Any]:
    return {key: value} if value else {}


def _table(table: Table) -> dict[str, Any]:
    return {"columns": list(table.columns), "rows": [list(row) for row in table.rows]}


def definition_hash(survey: Survey) -> str:
    """sha256 (hex) of the definition; equal for equal surveys, whatever the file looked like."""
    text = json.dumps(
        survey_to_dict(survey), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return sha256(text.encode()).hexdigest()


def missing_texts(survey: Survey, language: str) -> tuple[Problem, ...]:
    """Every text of the survey that has no translation in this language."""
    texts = [(name, getattr(survey, name)) for name in ("title", "intro", "thanks")]
    for group in survey.groups.values():
        texts += [(path(place_of(group), key), getattr(group, key)) for key in ("label", "hint")]
    for question in survey.questions:
        texts += [
            (path(place_of(question), column), getattr(question, column))
            for column in words.TEXT_COLUMNS
        ]
    for name, choices in survey.choices.items():
        texts += [(path("choices", name, choice.name), choice.label) for choice in choices]
    return tuple(
        Problem("missing_text", where, {"language": language})
        for where, text in texts
        if text is not None and language not in text.values
    )


def _row(item: Item) -> dict[str, Any]:
    return _group_row(item) if isinstance(item, Group) else _question_row(item)


def _group_row(group: Group) -> dict[str, Any]:
    row: dict[str, Any] = {"type": group.type, "name": group.name}
    row |= _texts(group, ("label", "hint")) | _logic(group, ("relevant", "repeat_count"))
    row["appearance"] = group.appearance
    return row | {"children": [_row(item) for item in group.children]}


def _question_row(question: Question) -> dict[str, Any]:
    kind = f"{question.type} {question.list_name}" if question.list_name else question.type
    return {
        "type": kind,
        "name": question.name,
        **_texts(question, words.TEXT_COLUMNS),
        **_media(question),
        **_logic(question, words.EXPRESSION_COLUMNS),
        **_filled(question, (*words.PLAIN_COLUMNS, "theme", "role")),
        **({"trigger": list(question.trigger)} if question.trigger else {}),
    }


def _media(thing: Question | Choice) -> dict[str, Any]:
    return _optional("media", {kind: dict(text.values) for kind, text in thing.media.items()})


def _choice_row(choice: Choice) -> dict[str, Any]:
    row = {
        "name": choice.name,
        **_texts(choice, ("label",)),
        **_media(choice),
        **_filled(choice, ("icon", "theme")),
        **_optional("columns", dict(choice.columns)),
    }
    return row if choice.signal is None else row | {"signal": choice.signal}


def _texts(thing: object, columns: Iterable[str]) -> dict[str, Any]:
    found = ((column, getattr(thing, column)) for column in columns)
    return {column: dict(text.values) for column, text in found if text is not None}


def _logic(thing: object, columns: Iterable[str]) -> dict[str, Any]:
    found = ((column, getattr(thing, column)) for column in columns)
    return {column: logic.source for column, logic in found if logic is not None}


def _filled(thing: object, columns: Iterable[str]) -> dict[str, Any]:
    found = ((column, getattr(thing, column)) for column in columns)
    return {column: value for column, value in found if value}
