"""The definition of a survey as frozen values: Survey, Page, Question, Choice, Text.

Vocabulary follows XLSForm; `theme`, `role`, `signal` and `icon` are columns of our own.
Built by `load_survey`, which guarantees what these classes assume (names exist, no cycles).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fieldapp.core.expression import Expression


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


@dataclass(frozen=True, slots=True)
class Question:
    """One row of a page. Absent texts and expressions are None, absent columns are empty."""

    name: str
    type: str
    page: str
    label: Text | None = None
    hint: Text | None = None
    list_name: str | None = None
    choices: tuple[Choice, ...] = ()
    required: Expression | None = None
    relevant: Expression | None = None
    constraint: Expression | None = None
    calculation: Expression | None = None
    constraint_message: Text | None = None
    required_message: Text | None = None
    appearance: str = ""
    parameters: str = ""
    default: str = ""
    theme: str | None = None
    role: str | None = None
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
class Page:
    """An XLSForm group with appearance field-list: what is shown at once."""

    name: str
    questions: tuple[Question, ...]
    label: Text | None = None
    relevant: Expression | None = None
    appearance: str = "field-list"
    same_page_relevant: bool = False  # the author knows that dependants here need scripts


@dataclass(frozen=True, slots=True)
class Survey:
    """A whole definition. `order` lists the question names so that each comes after what it needs
    to know whether it is asked and what it holds.
    """

    name: str
    version: str
    kind: str
    default_language: str
    languages: tuple[str, ...]
    title: Text
    pages: tuple[Page, ...]
    intro: Text | None = None
    thanks: Text | None = None
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    questions: tuple[Question, ...] = field(init=False, compare=False, repr=False)
    by_name: Mapping[str, Question] = field(init=False, compare=False, repr=False)
    in_order: tuple[Question, ...] = field(init=False, compare=False, repr=False)
    pages_by_name: Mapping[str, Page] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        questions = tuple(question for page in self.pages for question in page.questions)
        by_name = {question.name: question for question in questions}
        ordered = tuple(by_name[name] for name in self.order) if self.order else questions
        object.__setattr__(self, "questions", questions)
        object.__setattr__(self, "by_name", by_name)
        object.__setattr__(self, "in_order", ordered)
        object.__setattr__(self, "pages_by_name", {page.name: page for page in self.pages})

    def question(self, name: str) -> Question:
        """The question with this name; KeyError when there is none."""
        return self.by_name[name]

    def page(self, name: str) -> Page:
        """The page with this name; KeyError when there is none."""
        return self.pages_by_name[name]

    def with_role(self, role: str) -> Question | None:
        """The question that carries this role, or None."""
        return next((question for question in self.questions if question.role == role), None)
