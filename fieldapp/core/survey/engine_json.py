"""A survey as the phone's form engine reads it (static/js/engine/form.js): one JSON document.

{"version", "most", "modules", "rare", "again", "order": [name, ...], "rows": [row, ...],
 "lists": {name: [{column: text}, ...]}}

A row has `name`, and `kind` (group or repeat) with `rows`, or `type`. Further only what there is:
expressions as trees (`relevant`, `required`, `constraint`, `calculation`, `filter`, `count`,
`default`), `first` (a default that is no expression, as an answer), `trigger`, `list` with `value`
and `labels` (columns of a table), `part` (date: month or year), `scale` (range: start, end, step),
`kept` (false: an answer that is never stored; true: stored also when blank), `memory` (what was
worked out stays), and texts in one language: `label` and `hint` when they hold `${x}`, and
`constraintMessage` and `requiredMessage`.

`order`: every name in the order to work in. `again`: some row reads what comes after it in that
order, or what it reads cannot be told; then each change means one walk over everything.
`modules`: a call of each function that needs a further module, and `rare`: whether some type of
question does, for `prepare`. Of a list only the
names go along, unless expressions or texts read more of it; of a table nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import Any

from fieldapp.core.answers.numbers import scale_of
from fieldapp.core.answers.readers import read, remembers, takes_answer
from fieldapp.core.answers.rounds import MOST_ROUNDS
from fieldapp.core.answers.values import Answer, Impossible
from fieldapp.core.expression import Call, Expression, Path, tables, to_json
from fieldapp.core.expression.tree import Literal, walk
from fieldapp.core.survey.choices import row_of
from fieldapp.core.survey.fill import names_in
from fieldapp.core.survey.graph import graph_of
from fieldapp.core.survey.model import Group, Item, Question, Survey, Text
from fieldapp.core.survey.vocabulary import (
    FILE_TYPES,
    GEO_TYPES,
    METADATA_TYPES,
    UNANSWERED_TYPES,
)
from fieldapp.core.tree import plan_of

# types whose answers the phone reads with a module apart (rare.js)
RARE_TYPES = (FILE_TYPES | GEO_TYPES).union(("range", "date", "time", "dateTime", "start", "end"))
# functions that the phone has in modules apart (expression.js)
RARE = frozenset(
    "acos area asin atan atan2 base64-decode checklist cos decimal-time digest distance exp exp10 "
    "format-date format-date-time geofence intersects log log10 pow randomize regex sin tan "
    "translate uuid weighted-checklist".split()
)
EXPRESSIONS = {  # key of a row -> column of a question or group
    "relevant": "relevant",
    "required": "required",
    "constraint": "constraint",
    "calculation": "calculation",
    "filter": "choice_filter",
    "count": "repeat_count",
    "default": "default_logic",
}
FILLED = {"label": "label", "hint": "hint"}
MESSAGES = {"constraintMessage": "constraint_message", "requiredMessage": "required_message"}


def engine_json(survey: Survey, language: str) -> dict[str, Any]:
    """The survey for the phone, with texts in `language`. Made once; not to be changed.

    The same survey and language give the same document, to the byte.
    """
    kept: dict[str, dict[str, Any]] = survey.derived.setdefault("engine", {})
    if language not in kept:
        kept[language] = _made(survey, language)
    return kept[language]


def _made(survey: Survey, language: str) -> dict[str, Any]:
    used = list(_expressions(survey.items))
    calls = {node.name for logic in used for node in walk(logic.tree) if isinstance(node, Call)}
    return {
        "version": survey.version,
        "most": MOST_ROUNDS,
        "modules": [[name] for name in sorted(RARE & calls)],
        "rare": any(question.type in RARE_TYPES for question in survey.questions),
        "again": _looks_ahead(survey, used),
        "order": [item.name for item in plan_of(survey).steps],
        "rows": [_row(item, survey, language) for item in survey.items],
        "lists": _lists(survey, language, used),
    }


def _expressions(items: Iterable[Item]) -> Iterator[Expression]:
    for item in items:
        for column in EXPRESSIONS.values():
            logic = getattr(item, column, None)
            if logic is not None:
                yield logic
        if isinstance(item, Group):
            yield from _expressions(item.children)


def _looks_ahead(survey: Survey, used: Iterable[Expression]) -> bool:
    place = {item.name: number for number, item in enumerate(plan_of(survey).steps)}
    graph = graph_of(survey.items)
    for edges in (graph.needs, graph.wishes):
        if any(place[other] >= place[name] for name, others in edges.items() for other in others):
            return True
    return any(
        step.name == "*"
        for logic in used
        for node in walk(logic.tree)
        if isinstance(node, Path)
        for step in node.steps
    )


def _row(item: Item, survey: Survey, language: str) -> dict[str, Any]:
    row: dict[str, Any] = {"name": item.name}
    for key, column in EXPRESSIONS.items():
        logic = getattr(item, column, None)
        if logic is not None and (key != "required" or item.type not in UNANSWERED_TYPES):
            row[key] = to_json(logic.tree)
    for key, column in FILLED.items():
        text: Text | None = getattr(item, column)
        if text is not None and "${" in text.in_language(language):
            row[key] = text.in_language(language)
    if isinstance(item, Group):
        row["kind"] = item.type
        row["rows"] = [_row(child, survey, language) for child in item.children]
    else:
        row |= _question(item, survey, language)
    return row


def _question(question: Question, survey: Survey, language: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "type": question.type,
        "list": question.list_name if _has_rows(question, survey) else None,
        "trigger": list(question.trigger),
        "first": None if question.default_logic is not None else _first(question, survey),
        "part": next((word for word in ("year", "month-year") if word in question.appearances), ""),
    }
    for key, column in MESSAGES.items():
        message: Text | None = getattr(question, column)
        if message is not None:
            row[key] = message.in_language(language)
    if question.list_name in survey.tables and not question.choices:
        row["value"] = question.parameter("value", "name")
        row["labels"] = question.parameter("label", "label")
    if question.type == "range":
        row["scale"] = [float(number) for number in scale_of(question)]
    found = {key: value for key, value in row.items() if value not in (None, "", [])}
    return found | _storage(question)


def _storage(question: Question) -> dict[str, bool]:
    """What becomes of the answer: see `_is_kept` in core/validate.py."""
    taken = takes_answer(question)
    found = {"memory": True} if taken and remembers(question) else {}
    if question.calculation is not None and not question.trigger:
        return found | {"kept": True}
    return found if taken and question.type not in METADATA_TYPES else found | {"kept": False}


def _first(question: Question, survey: Survey) -> Any:
    """A default as an answer in JSON; None where core/walk.py gives none."""
    if not question.default or (question.calculation is not None and not question.trigger):
        return None
    try:
        return _as_json(read(question, question.default, survey))
    except (Impossible, KeyError):
        return None


def _as_json(answer: Answer) -> Any:
    return answer.isoformat() if isinstance(answer, date | time) else answer


def _has_rows(question: Question, survey: Survey) -> bool:
    return question.list_name in survey.choices or question.list_name in survey.tables


def _lists(survey: Survey, language: str, used: Iterable[Expression]) -> dict[str, Any]:
    """The rows of lists and tables: all columns where they are read, else names of choices."""
    logic = tuple(used)
    whole = {name for expression in logic for name in tables(expression.tree)}
    shown = _shown_names(survey, language)
    for expression in logic:
        for node in walk(expression.tree):
            if isinstance(node, Call) and node.name == "jr:choice-name":
                named = node.arguments[1]
                shown |= {str(named.value)} if isinstance(named, Literal) else set()
    for question in survey.questions:
        if question.choice_filter is not None or question.name in shown:
            whole.add(question.list_name or "")
    found: dict[str, Any] = {}
    for name in sorted({question.list_name or "" for question in survey.questions} | whole):
        if name in survey.choices:
            found[name] = [
                row_of(choice, language) if name in whole else {"name": choice.name}
                for choice in survey.choices[name]
            ]
        elif name in survey.tables and name in whole:
            found[name] = list(survey.tables[name].records())
    return found


def _shown_names(survey: Survey, language: str) -> set[str]:
    """The questions whose answers stand in texts."""
    texts = [
        getattr(item, column, None)
        for item in plan_of(survey).steps
        for column in (*FILLED.values(), *MESSAGES.values())
    ]
    return {name for text in texts if text for name in names_in(text.in_language(language))}
