"""The definition of a survey as frozen values: Survey, Group, Question, Choice, Text, Table.

A survey is a tree of rows (`items`), as in XLSForm; what is shown together (`pages`) follows from
it. Vocabulary follows XLSForm; `theme`, `role`, `signal` and `icon` are columns of our own.
Built by `load_survey`, which guarantees what these classes assume (names exist, no cycles).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.core.expression import Expression
from fieldapp.core.survey.vocabulary import FIELD_LIST, GHOST, SILENT_TYPES


@dataclass(frozen=True, slots=True)
class Text:
    """One text in all its languages. `name` is shown when there is no text at all."""

    values: Mapping[str, str]
    default_language: str
    name: str = ""

    def in_language(self, language: str, fallback: Iterable[str] = ()) -> str:
        """The text in `language`, else in a fallback, else in the default language, else the name.

        A regional tag also finds its language: `ar-MA` finds `ar`. Never blank.
        """
        return next(self._candidates(language, fallback), None) or self.name or "…"

    def language_shown(self, language: str, fallback: Iterable[str] = ()) -> str:
        """The tag of the language that `in_language` answers in (for the `lang` attribute)."""
        for tag in self._tags(language, fallback):
            if self.values.get(tag):
                return tag
        return self.default_language

    def _candidates(self, language: str, fallback: Iterable[str]) -> Iterator[str]:
        yield from (
            self.values[tag] for tag in self._tags(language, fallback) if self.values.get(tag)
        )

    def _tags(self, language: str, fallback: Iterable[str]) -> Iterator[str]:
        for tag in (language, *fallback, self.default_language):
            yield tag
            yield tag.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a closed question. `signal` in [-1, 1]: how good or bad it is for a theme."""

    name: str
    label: Text
    signal: float | None = None
    icon: str | None = None
    theme: str | None = None  # overrides the theme of the question
    media: Mapping[str, Text] = field(default_factory=dict)  # image, audio, ... -> file names
    columns: Mapping[str, str] = field(default_factory=dict)  # for choice_filter and instance()


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the survey. Absent texts and expressions are None, absent columns are empty.

    `page` is the name of the page that shows it; `path` the names of the groups and repeats it
    lies in, outermost first; `repeats` those of them that are repeats.
    """

    name: str
    type: str
    page: str
    label: Text | None = None
    hint: Text | None = None
    guidance_hint: Text | None = None
    list_name: str | None = None
    choices: tuple[Choice, ...] = ()
    required: Expression | None = None
    relevant: Expression | None = None
    constraint: Expression | None = None
    calculation: Expression | None = None
    choice_filter: Expression | None = None
    read_only: Expression | None = None
    constraint_message: Text | None = None
    required_message: Text | None = None
    media: Mapping[str, Text] = field(default_factory=dict)
    appearance: str = ""
    parameters: str = ""
    default: str = ""
    default_logic: Expression | None = None  # set when the default has to be worked out
    trigger: tuple[str, ...] = ()
    theme: str | None = None
    role: str | None = None
    path: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    choice_names: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        names = frozenset(choice.name for choice in self.choices)
        object.__setattr__(self, "choice_names", names)

    @property
    def always_required(self) -> bool:
        """True when the question is required whatever the other answers are."""
        return self.required is not None and self.required.source == "true()"

    @property
    def appearances(self) -> frozenset[str]:
        """The words of the `appearance` column."""
        return frozenset(self.appearance.split())

    @property
    def earlier_photo(self) -> str:
        """The question whose photo this one is taken over (appearance `ghost-<name>`), or ""."""
        found = (word[len(GHOST) :] for word in self.appearances if word.startswith(GHOST))
        return next(found, "")

    def parameter(self, key: str, default: str = "") -> str:
        """One `key=value` of the `parameters` column (separated by spaces, commas, semicolons)."""
        for part in self.parameters.replace(";", " ").replace(",", " ").split():
            name, _, value = part.partition("=")
            if name == key:
                return value
        return default

    def choice(self, name: str) -> Choice | None:
        """The choice with this name, or None."""
        return next((choice for choice in self.choices if choice.name == name), None)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together; `type` is group or repeat (answered any number of times).

    `path`, `repeats` and `page` are as for a question; a group spread over pages has page "".
    """

    name: str
    type: str
    children: tuple[Item, ...]
    label: Text | None = None
    hint: Text | None = None
    relevant: Expression | None = None
    repeat_count: Expression | None = None
    appearance: str = ""
    page: str = ""
    path: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()

    @property
    def appearances(self) -> frozenset[str]:
        """The words of the `appearance` column."""
        return frozenset(self.appearance.split())

    @property
    def is_repeat(self) -> bool:
        """Whether it may be answered several times."""
        return self.type == "repeat"


Item = Question | Group


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown at once: a group with appearance field-list, a repeat, or one question.

    `items` are its rows, with groups and repeats inside; `label` is its heading.
    """

    name: str
    items: tuple[Item, ...]
    label: Text | None = None
    questions: tuple[Question, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "questions", tuple(leaves(self.items)))


def leaves(items: Iterable[Item]) -> Iterator[Question]:
    """Every question below these rows, in file order."""
    for item in items:
        if isinstance(item, Question):
            yield item
        else:
            yield from leaves(item.children)


def groups_in(items: Iterable[Item]) -> Iterator[Group]:
    """Every group and repeat among and below these rows, outer ones first."""
    for item in items:
        if isinstance(item, Group):
            yield item
            yield from groups_in(item.children)


def pages_of(items: Iterable[Item], label: Text | None = None) -> Iterator[Page]:
    """The pages that rows are shown on, as ODK Collect does it.

    A group with appearance field-list is one page and so is a repeat, with all its rounds. Any
    other question has a page of its own, under the heading of the group it stands in. What is
    never shown (calculate, hidden, ...) has no page unless it stands among what is.
    """
    for item in items:
        if isinstance(item, Question):
            if item.type not in SILENT_TYPES:
                yield Page(item.name, (item,), label)
        elif item.is_repeat:
            yield Page(item.name, (item,), item.label or label)
        elif FIELD_LIST in item.appearances:
            yield Page(item.name, item.children, item.label or label)
        else:
            yield from pages_of(item.children, item.label or label)


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file that goes with a survey, for choices from a file and pulldata; all text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def records(self) -> Iterator[dict[str, str]]:
        """Each row by column name."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))


@dataclass(frozen=True, slots=True)
class Survey:
    """A whole definition. `order` lists the question names so that each comes after what it needs
    to know whether it is asked and what it holds. `files` maps media file names to sha256 hashes.
    """

    name: str
    version: str
    kind: str
    default_language: str
    languages: tuple[str, ...]
    title: Text
    items: tuple[Item, ...]
    intro: Text | None = None
    thanks: Text | None = None
    style: str = ""
    instance_name: Expression | None = None
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    pages: tuple[Page, ...] = field(init=False, compare=False, repr=False)
    questions: tuple[Question, ...] = field(init=False, compare=False, repr=False)
    by_name: Mapping[str, Question] = field(init=False, compare=False, repr=False)
    groups: Mapping[str, Group] = field(init=False, compare=False, repr=False)
    in_order: tuple[Question, ...] = field(init=False, compare=False, repr=False)
    pages_by_name: Mapping[str, Page] = field(init=False, compare=False, repr=False)
    # what others work out from a definition once (core/tree.py, core/survey/choices.py)
    derived: dict[str, Any] = field(
        default_factory=dict, init=False, compare=False, repr=False, hash=False
    )

    def __post_init__(self) -> None:
        questions = tuple(leaves(self.items))
        by_name = {question.name: question for question in questions}
        ordered = tuple(by_name[name] for name in self.order) if self.order else questions
        pages = tuple(pages_of(self.items))
        object.__setattr__(self, "pages", pages)
        object.__setattr__(self, "questions", questions)
        object.__setattr__(self, "by_name", by_name)
        object.__setattr__(self, "groups", {group.name: group for group in groups_in(self.items)})
        object.__setattr__(self, "in_order", ordered)
        object.__setattr__(self, "pages_by_name", {page.name: page for page in pages})

    def question(self, name: str) -> Question:
        """The question with this name; KeyError when there is none."""
        return self.by_name[name]

    def page(self, name: str) -> Page:
        """The page with this name; KeyError when there is none."""
        return self.pages_by_name[name]

    def with_role(self, role: str) -> Question | None:
        """The question that carries this role, or None."""
        return next((question for question in self.questions if question.role == role), None)
