"""Storing one page of a draft: first what was typed and the good files, then the verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.filling import first_round
from fieldapp.core.submission import SentFile
from fieldapp.core.survey import Problem, Question
from fieldapp.core.survey.model import Group, Item
from fieldapp.db.models import Draft
from fieldapp.services.drafts import AREA_PAGE, DraftState, as_sent, changed_place
from fieldapp.services.intake import Intake, StoredFile
from fieldapp.services.intake.files import MOST_FILES, check_file, keep_file
from fieldapp.services.media import CannotKeep
from fieldapp.services.place_question import geopoint_question
from fieldapp.services.rounds import (
    KEY,
    SHOWN,
    add_round,
    at,
    changed,
    forget_removed,
    keep_removed,
    leaf,
    new_round,
    remove_round,
    restore_round,
    rounds_in,
    steps,
    with_keys,
)
from fieldapp.services.typed import NOT_TYPED, raw_of, was_sent
from fieldapp.services.uploads import WrongFile

LONGEST_NAME = 80
MOST_ROUNDS = 100  # of one repeat, in a form of pages


@dataclass(frozen=True, slots=True)
class PageInput:
    """What one page sent. `removed` names files as `photo_key` writes them.

    `place` None: the page has no question about the place. `seen`: the paths that were shown;
    None when the page did not say.
    """

    page: str
    values: Mapping[str, list[str]] = field(default_factory=dict)
    files: tuple[SentFile, ...] = ()  # question: its path
    removed: frozenset[str] = frozenset()
    place: Mapping[str, str] | None = None
    seen: frozenset[str] | None = None


def photo_key(question: str, sent_sha256: str) -> str:
    """How a page names one stored file of a draft; `question` is the path of its answer."""
    return f"{question}:{sent_sha256}"


def save_page(
    session: Session, state: DraftState, sent: PageInput, now: datetime, intake: Intake
) -> tuple[Problem, ...]:
    """Store a page: one commit. What could not be kept (wrong files) comes back as problems."""
    draft = state.draft
    if sent.page != AREA_PAGE:
        items = state.survey.page(sent.page).items
        draft.raw = _Merge(state, sent).level(items, draft.raw, "", "")
    if sent.place is not None:
        draft.location = _place(draft, sent)
    problems = _Files(state, sent, intake).save()
    _touch(draft, now)
    session.commit()
    return problems


def _touch(draft: Draft, now: datetime) -> None:
    # A draft counts as touched when this is later than its start.
    draft.updated_at = max(now, draft.started_at + timedelta(microseconds=1))


def _place(draft: Draft, sent: PageInput) -> dict[str, str]:
    place = dict(sent.place or {})
    if sent.page == AREA_PAGE:  # "I don't know" is an answer too, and is shown again
        return {**changed_place({}, place), "said": place.get("said", "")}
    return changed_place(draft.location, place)


class _Merge:
    """Puts what a page sent over what was kept; what was not on the page stays as it was."""

    def __init__(self, state: DraftState, sent: PageInput) -> None:
        self.values = sent.values
        self.asked = sent.seen if sent.seen is not None else state.relevant
        self.place = geopoint_question(state.survey)
        self.unkept = state.filled.unkept

    def level(
        self, items: Sequence[Item], old: Mapping[str, Any], prefix: str, was: str
    ) -> dict[str, Any]:
        """One level of answers. `was`: the prefix under which it was shown."""
        new = dict(old)
        for item in items:
            if isinstance(item, Question):
                self.question(item, new, prefix, was)
            elif not item.is_repeat:
                new = self.level(item.children, new, prefix, was)
            elif f"{prefix}{item.name}/{SHOWN}" in self.values:
                new = self.rounds(item, new, prefix)
        return new

    def question(self, question: Question, new: dict[str, Any], prefix: str, was: str) -> None:
        """One answer, in place; one that was shown and not sent was left blank."""
        if question.type in NOT_TYPED or question is self.place or question.name in self.unkept:
            return
        path = prefix + question.name
        if was_sent(question, path, self.values) or path in self.asked:
            new[question.name] = raw_of(question, path, self.values)

    def rounds(self, repeat: Group, old: dict[str, Any], prefix: str) -> dict[str, Any]:
        """The rounds that were sent, in their order; those that are gone can be put back."""
        path = prefix + repeat.name
        before = rounds_in(old, repeat.name)
        known = {one.get(KEY): one for one in before}
        rounds: list[dict[str, Any]] = []
        for index in self.numbers(path)[:MOST_ROUNDS]:
            key = self.values[f"{path}/{index}/{KEY}"][0].replace("\0", "")[:20]
            base = known.pop(key, None) or new_round()
            own = f"{path}/{index}/"
            rounds.append(self.level(repeat.children, base, own, own))
        gone = [one for one in before if one.get(KEY) in known]
        if repeat.repeat_count is not None:  # the number may go up again
            return {**old, repeat.name: rounds + gone}
        removed = [{"path": f"{path}/{before.index(one)}", "round": one} for one in gone]
        return keep_removed({**old, repeat.name: rounds}, removed) if removed else {
            **old, repeat.name: rounds
        }  # fmt: skip

    def numbers(self, path: str) -> list[int]:
        """The numbers of the rounds that came along."""
        start, end = f"{path}/", f"/{KEY}"
        middles = (
            name[len(start) : -len(end)]
            for name in self.values
            if name.startswith(start) and name.endswith(end)
        )
        return sorted({int(one) for one in middles if one.isdecimal() and len(one) < 6})


class _Files:
    """Takes files out and in: the bytes are safely kept before an answer names them."""

    def __init__(self, state: DraftState, sent: PageInput, intake: Intake) -> None:
        self.draft, self.survey = state.draft, state.survey
        self.sent, self.intake = sent, intake
        self.kept: list[dict[str, Any]] = list(state.draft.files)
        self.problems: list[Problem] = []

    def save(self) -> tuple[Problem, ...]:
        """The problems of what could not be kept."""
        for key in self.sent.removed:
            self.remove(*key.rpartition(":")[::2])
        for file in self.sent.files:
            self.add(file)
        self.draft.files = self.kept
        return tuple(self.problems)

    def names(self, path: str) -> list[str]:
        """The files that the answer at this path names."""
        question = leaf(path)
        if "/" not in path:
            return [str(k["file_name"]) for k in self.kept if k["question"] == question]
        found = at(self.draft.raw, path)
        return [str(name) for name in found] if isinstance(found, list) else []

    def name(self, path: str, names: list[str]) -> None:
        """Let the answer in a round name these files; at the top the list of files says it."""
        if "/" in path:
            around, last = steps(path)
            self.draft.raw = changed(self.draft.raw, around, last, names)

    def of(self, path: str) -> list[dict[str, Any]]:
        """The stored files of the answer at this path."""
        names = self.names(path)
        question = leaf(path)
        return [k for k in self.kept if k["question"] == question and k["file_name"] in names]

    def remove(self, path: str, sha256: str) -> None:
        """Take a file out of an answer."""
        gone = [file for file in self.of(path) if file["sent_sha256"] == sha256]
        left = [n for n in self.names(path) if n not in {file["file_name"] for file in gone}]
        self.kept = [file for file in self.kept if file not in gone]
        self.name(path, left)

    def add(self, file: SentFile) -> None:
        """Check and keep one file."""
        stored = self.keep(file)
        if stored is not None:
            names = [*self.names(file.question), stored.file_name]
            self.kept.append(stored.as_json())
            self.name(file.question, names)

    def keep(self, file: SentFile) -> StoredFile | None:
        question = self.survey.by_name[leaf(file.question)]
        sha256 = file.sent_sha256
        if any(k["sent_sha256"] == sha256 for k in self.of(file.question)):
            return None  # the browser sent its choice once more
        if len(self.kept) >= MOST_FILES:
            self.problems.append(Problem("too_many_files", file.question, {"most": MOST_FILES}))
            return None
        try:
            checked = check_file(question.type, file.data, self.intake)
        except WrongFile as error:
            params = {**error.params, "file": file.file_name}
            self.problems.append(Problem(error.code, file.question, params))
            return None
        taken = {str(k["file_name"]) for k in self.kept if k["question"] == question.name}
        usual = checked.usual_name
        named = SentFile(question.name, free_name(file.file_name, taken, usual), file.data, sha256)
        try:
            return keep_file(named, checked, self.intake.media)
        except CannotKeep:
            code = "photo_not_kept" if question.type == "image" else "file_not_kept"
            self.problems.append(Problem(code, file.question, {"file": file.file_name}))
            return None


def free_name(name: str, taken: set[str], usual: str = "foto.jpg") -> str:
    """A plain file name that is not in use: phones call every photo image.jpg."""
    base = re.split(r"[\\/]", name)[-1].replace("\n", " ").replace("\0", "").strip(". ")
    stem, dot, ending = (base or usual).rpartition(".")
    if not dot:
        stem, ending = ending, usual.rpartition(".")[2]
    stem, ending = stem[:LONGEST_NAME], ending[:8]
    candidate, number = f"{stem}.{ending}", 1
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}.{ending}"
    return candidate


# steps with rounds


def may_grow(state: DraftState, repeat: str) -> bool:
    """Whether the repeat at this path is asked and may get one more round."""
    group = state.filled.item(repeat)
    if not isinstance(group, Group) or not group.is_repeat or group.repeat_count is not None:
        return False
    found = at(state.draft.raw, repeat)
    return state.filled.asks(repeat) and len(found if isinstance(found, list) else ()) < MOST_ROUNDS


def add(session: Session, state: DraftState, repeat: str) -> str:
    """One more round, with its defaults: one commit. The path of the new round, "" when full."""
    if not may_grow(state, repeat):
        return ""
    draft = state.draft
    group = state.survey.groups[leaf(repeat)]
    number = len(at(draft.raw, repeat) or ())
    path = f"{repeat}/{number}"
    values = as_sent(first_round(state.survey, path, state.filled.found))
    draft.raw = add_round(draft.raw, repeat, with_keys(group.children, values))
    session.commit()
    return path


def remove(session: Session, state: DraftState, path: str) -> bool:
    """Take a round out, so that it can be put back: one commit. False when there is none."""
    repeat, _, index = path.rpartition("/")
    group = state.filled.item(repeat)
    if not isinstance(group, Group) or not group.is_repeat or group.repeat_count is not None:
        return False
    if not index.isdecimal() or not isinstance(at(state.draft.raw, path), dict):
        return False
    state.draft.raw = remove_round(state.draft.raw, path)
    session.commit()
    return True


def restore(session: Session, state: DraftState) -> str:
    """Put the round that was taken out last back: one commit. Its path, "" when there is none."""
    state.draft.raw, path = restore_round(state.draft.raw)
    session.commit()
    return path


def leave_page(session: Session, state: DraftState) -> None:
    """Forget what could be put back: one commit, when there is anything."""
    cleared = forget_removed(state.draft.raw)
    if cleared != state.draft.raw:
        state.draft.raw = cleared
        session.commit()
