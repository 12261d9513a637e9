"""What is wrong, where, and what was probably meant: one shape for every check in core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fieldapp.core.survey.model import Text

LONGEST_SHOWN = 80  # a wrong value is repeated in the message, but never a whole page of it
SEPARATOR = " > "

# What a form can live with: another language or the name stands in, the order takes care of it.
REMARKS = frozenset({"missing_text", "forward_reference", "bare_name", "many_answers"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: a code to translate at the edge, the place, and the values for the sentence.

    `where` is a path that a person finds in the file (`page > question > column`) or, for
    answers, the name of the question. `message` is the author's own text, when there is one.
    """

    code: str
    where: str
    params: Mapping[str, Any] = field(default_factory=dict)
    message: Text | None = None

    def __str__(self) -> str:
        """For logs and failing tests only; readers get a translated sentence."""
        shown = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        return f"{self.where}: {self.code}" + (f" ({shown})" if shown else "")


class SurveyError(ValueError):
    """A definition that cannot be used; `problems` holds all findings, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class Findings:
    """Collects problems while reading, so that an author sees all of them at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, code: str, where: str, **params: Any) -> None:
        """Note one problem."""
        self.problems.append(Problem(code, where, params))

    def unknown(self, code: str, where: str, found: object, known: Iterable[str]) -> None:
        """Note a value outside a known set, with the likely intended one when there is any."""
        self.problems.append(Problem(code, where, misspelt(found, known)))


def path(*parts: str) -> str:
    """`page > question > column`."""
    return SEPARATOR.join(parts)


def short(value: object) -> str:
    """The value as text, cut where it would fill the screen."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def suggestion(found: object, known: Iterable[str]) -> str | None:
    """The known word nearest to what was written, or None when nothing is near."""
    near = get_close_matches(short(found).lower(), list(known), n=1, cutoff=0.6)
    return near[0] if near else None


def misspelt(found: object, known: Iterable[str]) -> dict[str, Any]:
    """Parameters of an "unknown ..." problem: `found`, and `suggestion` when one is near."""
    near = suggestion(found, known)
    return {"found": short(found)} | ({"suggestion": near} if near else {})
