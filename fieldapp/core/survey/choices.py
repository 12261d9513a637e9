"""The choices of a question, out of a list of the survey or out of a table that goes with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.core.survey.model import Choice, Question, Survey, Text

Rows = Sequence[Mapping[str, str]]


def survey_choices(question: Question, survey: Survey) -> tuple[Choice, ...]:
    """All choices there are, before any filter. Empty for a question without a list."""
    table = survey.tables.get(question.list_name or "")
    if question.choices or table is None:
        return question.choices
    value, label = question.parameter("value", "name"), question.parameter("label", "label")
    kept: dict[tuple[str, ...], tuple[Choice, ...]] = survey.derived.setdefault("choices", {})
    key = (question.list_name or "", value, label)
    if key not in kept:
        kept[key] = tuple(
            Choice(
                name=row.get(value, ""),
                label=Text(
                    {survey.default_language: row[label]} if row.get(label) else {},
                    survey.default_language,
                    row.get(value, ""),
                ),
                columns=row,
            )
            for row in table.records()
            if row.get(value)
        )
    return kept[key]


def choice_names(question: Question, survey: Survey) -> Collection[str]:
    """The names among which an answer must be."""
    if question.choices or question.list_name not in survey.tables:
        return question.choice_names
    kept: dict[tuple[str, ...], frozenset[str]] = survey.derived.setdefault("choice_names", {})
    key = (question.list_name or "", question.parameter("value", "name"))
    if key not in kept:
        kept[key] = frozenset(choice.name for choice in survey_choices(question, survey))
    return kept[key]


@dataclass(frozen=True, slots=True)
class Offer:
    """All choices of a question, each with its row of text; `places`: name -> where it is."""

    choices: tuple[Choice, ...]
    rows: Rows
    places: Mapping[str, tuple[int, ...]]


def offer_of(question: Question, survey: Survey, language: str) -> Offer:
    """What a choice_filter of this question chooses from; kept with the survey."""
    key = (question.list_name, question.parameters, language)
    kept: dict[object, Offer] = survey.derived.setdefault("offers", {})
    if key not in kept:
        choices = survey_choices(question, survey)
        places: dict[str, tuple[int, ...]] = {}
        for index, choice in enumerate(choices):
            places[choice.name] = (*places.get(choice.name, ()), index)
        from_table = question.list_name in survey.tables and not question.choices
        rows = [choice.columns if from_table else row_of(choice, language) for choice in choices]
        kept[key] = Offer(choices, rows, places)
    return kept[key]


def row_of(choice: Choice, language: str) -> dict[str, str]:
    """A choice as a row of text, as filters and instance() see it: name, label, extra columns."""
    return {"label": choice.label.in_language(language), **choice.columns, "name": choice.name}


class Lists(Mapping[str, Rows]):
    """Every choice list and table as rows of text, for instance() and pulldata().

    Rows are made when they are asked for and kept with the survey.
    """

    def __init__(self, survey: Survey, language: str) -> None:
        self.survey = survey
        self.language = language
        self.kept: dict[str, Rows] = survey.derived.setdefault(f"rows {language}", {})

    def __getitem__(self, name: str) -> Rows:
        if name not in self.kept:
            if name in self.survey.choices:
                found = self.survey.choices[name]
                self.kept[name] = [row_of(choice, self.language) for choice in found]
            else:
                self.kept[name] = list(self.survey.tables[name].records())
        return self.kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.survey.choices, **self.survey.tables})

    def __len__(self) -> int:
        return len({**self.survey.choices, **self.survey.tables})
