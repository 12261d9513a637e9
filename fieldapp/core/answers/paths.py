"""Answers by path and by question, through all rounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fieldapp.core.answers.values import Answer
from fieldapp.core.survey.model import Question


def answers_of(answers: Mapping[str, Any], question: Question) -> list[Answer]:
    """The answers to this question in all rounds, in order; blank ones are left out."""
    return [
        answer
        for around in rounds_of(answers, question.repeats)
        if (answer := around.get(question.name)) is not None
    ]


def rounds_of(answers: Mapping[str, Any], repeats: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """Every mapping that can hold an answer of a question within these repeats."""
    if not repeats:
        yield answers
        return
    for inner in answers.get(repeats[0]) or ():
        yield from rounds_of(inner, repeats[1:])


def answer_at(answers: Mapping[str, Any], path: str) -> Any:
    """The answer, round or list of rounds at a path; None when there is nothing."""
    found: Any = answers
    for part in path.split("/"):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found
