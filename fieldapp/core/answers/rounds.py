"""Whole forms: raw values by name, with rounds in rounds, to typed answers and problems."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from fieldapp.core.answers.readers import read, takes_answer
from fieldapp.core.answers.values import Answers, Impossible
from fieldapp.core.survey.model import Group, Question, Survey
from fieldapp.core.survey.problems import Problem, misspelt, short

MOST_ROUNDS = 200  # of one repeat
MOST_ROUNDS_IN_ALL = 2_000  # of a form, rounds within rounds included
MOST_SUGGESTIONS = 10  # looking for near names costs time; a sender of thousands gets none


class Parsed(NamedTuple):
    """The answers that could be read, and a Problem (where = path) for each other one."""

    answers: Answers
    problems: list[Problem]


def parse_answers(survey: Survey, raw: object, asked: Collection[str] = ()) -> Parsed:
    """Typed answers from raw values by question name. Never raises.

    A repeat is a list of mappings. `asked` has the paths of the questions of the page that was
    shown: those that a browser leaves out when nothing is chosen count as blank rather than as not
    asked. Typed answers may be given too: reading twice changes nothing.
    """
    if not isinstance(raw, Mapping):
        return Parsed({}, [Problem("answers_not_a_mapping", "answers")])
    reading = _Reading(survey)
    answers = reading.level(raw, (), "")
    unreadable = {problem.where for problem in reading.problems}
    for path in asked:
        if path not in unreadable:
            _leave_blank(survey, answers, path)
    return Parsed(answers, reading.problems)


class _Reading:
    """One walk through raw values."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.problems: list[Problem] = []
        self.unknown = 0
        self.rounds = 0

    def level(self, raw: Mapping[Any, Any], repeats: tuple[str, ...], prefix: str) -> Answers:
        """The answers of the form itself or of one round."""
        answers: Answers = {}
        for name, value in raw.items():
            question = self.survey.by_name.get(name) if isinstance(name, str) else None
            if question is not None and question.repeats == repeats:
                self.question(question, value, answers, prefix)
                continue
            group = self.survey.groups.get(name) if isinstance(name, str) else None
            if group is not None and group.is_repeat and group.repeats == repeats:
                self.repeat(group, value, answers, prefix)
            else:
                self.stray(name, question or group, prefix)
        return answers

    def question(self, question: Question, value: object, answers: Answers, prefix: str) -> None:
        if not takes_answer(question):
            return
        try:
            answers[question.name] = read(question, value, self.survey)
        except Impossible as impossible:
            code, params = impossible.problem
            self.problems.append(Problem(code, prefix + question.name, params))

    def repeat(self, repeat: Group, value: object, answers: Answers, prefix: str) -> None:
        where = prefix + repeat.name
        if value is None:
            return
        if not isinstance(value, list | tuple):
            self.problems.append(Problem("rounds_not_a_list", where))
            return
        room = min(MOST_ROUNDS, MOST_ROUNDS_IN_ALL - self.rounds)
        if len(value) > room:
            found = {"found": len(value), "most": room}
            self.problems.append(Problem("too_many_rounds", where, found))
        taken = value[:room]
        self.rounds += len(taken)
        answers[repeat.name] = [
            self.round(item, (*repeat.repeats, repeat.name), f"{where}/{index}")
            for index, item in enumerate(taken)
        ]

    def round(self, value: object, repeats: tuple[str, ...], where: str) -> Answers:
        if isinstance(value, Mapping):
            return self.level(value, repeats, where + "/")
        self.problems.append(Problem("round_not_a_mapping", where))
        return {}  # the rounds after it keep their number

    def stray(self, name: object, known: Question | Group | None, prefix: str) -> None:
        """A name that is not in the survey, or not at this place in it."""
        shown = short(name).encode("utf-8", "replace").decode()
        where = prefix + shown
        if known is not None and (isinstance(known, Question) or known.is_repeat):
            place = "/".join((*known.repeats, known.name))
            self.problems.append(Problem("answer_out_of_place", where, {"place": place}))
            return
        self.unknown += 1
        near = self.unknown <= MOST_SUGGESTIONS
        params = misspelt(name, self.survey.by_name) if near else {}
        self.problems.append(Problem("unknown_question", where, {**params, "found": shown}))


def _leave_blank(survey: Survey, answers: Answers, path: str) -> None:
    """Make the answer at this path None when there is none; rounds up to it come into being."""
    *around, name = path.split("/")
    question = survey.by_name.get(name)
    if question is None or not takes_answer(question) or tuple(around[::2]) != question.repeats:
        return
    level = answers
    for repeat, number in zip(around[::2], around[1::2], strict=True):
        if not number.isdecimal() or int(number) >= MOST_ROUNDS:
            return
        rounds = level.setdefault(repeat, [])
        rounds += [{} for _ in range(len(rounds), int(number) + 1)]
        level = rounds[int(number)]
    level.setdefault(name, None)
