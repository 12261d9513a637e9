"""From a request, JSON or multipart, to an Incoming; every problem at once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeGuard

from babel import Locale, UnknownLocaleError
from flask import Request

from fieldapp.core.submission import (
    Incoming,
    SentFile,
    can_be_stored,
    read_location,
    read_revision,
)
from fieldapp.core.survey import Problem
from fieldapp.services.parts import is_hash
from fieldapp.services.rounds import leaf

TEXT_FIELDS = ("id", "survey", "version", "language", "captured_at", "round")
OBJECT_FIELDS = ("location", "answers")
NAMED_FILES = "files"  # in JSON: files that came in parts, before the submission
REVISION = "revision"
KNOWN = (*TEXT_FIELDS, *OBJECT_FIELDS, NAMED_FILES, REVISION)
Load = Callable[[str], bytes]  # the bytes by SHA-256; FileNotFoundError when they are not here
FILE_FIELDS = ("files", "file", "files[]")
LONGEST = 200
DEEPEST = 40  # rounds in rounds


class _Twice(Exception):
    """A name that stands twice in one JSON object."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _not_here(sha256: str) -> bytes:
    raise FileNotFoundError(sha256)


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


@dataclass(slots=True)
class Reader:
    """Reads one request, gathering problems."""

    problems: list[Problem] = field(default_factory=list)

    def read(self, request: Request, load: Load | None = None) -> Incoming | None:
        """The submission, or None when `problems` says why not.

        `load` reads files that came in parts.
        """
        data = self._fields(request)
        if data is None:
            return None
        answers = data.get("answers")
        sent = self._files(request, answers if isinstance(answers, dict) else {})
        return self.read_data(data, load, sent)

    def read_text(self, text: str | bytes, load: Load | None = None) -> Incoming | None:
        """As `read`, of the document that a phone made."""
        data = self._object_of(text)
        return None if data is None else self.read_data(data, load)

    def read_data(
        self, data: Mapping[str, Any], load: Load | None = None, sent: tuple[SentFile, ...] = ()
    ) -> Incoming | None:
        """As `read`, of fields that were read already; `sent` came along as multipart."""
        self.problems += [
            Problem("unknown_field", str(name)[:80]) for name in data if name not in KNOWN
        ]
        location, found = read_location(data.get("location"))
        self.problems += found
        revision, found = read_revision(data.get(REVISION))
        self.problems += found
        answers = self._answers(data.get("answers"))
        identity = self._uuid(data.get("id"))
        captured_at = self._moment(data.get("captured_at"))
        survey = self._text(data, "survey", needed=True)
        version = self._text(data, "version")
        language = self._language(data)
        round_slug = self._text(data, "round")
        files = (*sent, *self._named(data.get(NAMED_FILES), load or _not_here))
        if self.problems or identity is None or captured_at is None:
            return None
        return Incoming(
            id=identity,
            survey=survey,
            version=version,
            language=language,
            captured_at=captured_at,
            answers=answers,
            location=location,
            files=files,
            round_slug=round_slug,
            channel="api",
            revision=revision,
        )

    def _fields(self, request: Request) -> dict[str, Any] | None:
        if request.mimetype == "application/json":
            return self._object_of(request.get_data(cache=False))
        if request.mimetype not in ("multipart/form-data", "application/x-www-form-urlencoded"):
            params = {"found": request.mimetype[:80]}
            self.problems.append(Problem("body_type", "body", params))
            return None
        fields: dict[str, Any] = {}
        for name, values in request.form.lists():
            if len(values) > 1:
                self.problems.append(Problem("too_many_values", name[:80]))
            fields[name] = self._object(name, values[0]) if name in OBJECT_FIELDS else values[0]
        return fields

    def _object_of(self, text: str | bytes) -> dict[str, Any] | None:
        data = self._json("body", text)
        if isinstance(data, dict):
            return data
        if not self.problems:
            self.problems.append(Problem("body_not_json", "body"))
        return None

    def _object(self, name: str, text: str) -> Any:
        if not text.strip():
            return None
        return self._json(name, text)

    def _json(self, name: str, text: str | bytes) -> Any:
        """What JSON says; of a name given twice one answer would be lost, so that is refused."""
        try:
            return json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
        except _Twice as error:
            params = {"name": str(error)[:80].encode("utf-8", "replace").decode()}
            self.problems.append(Problem("name_twice", name, params))
        except (ValueError, RecursionError):
            code = "body_not_json" if name == "body" else "field_not_json"
            self.problems.append(Problem(code, name))
        return None

    def _text(self, data: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
        value = data.get(name)
        if value is None or value == "":
            if needed:
                self.problems.append(Problem("field_missing", name))
            return ""
        if not isinstance(value, str) or len(value) > LONGEST or not can_be_stored(value):
            self.problems.append(Problem("not_text", name))
            return ""
        return value.strip()

    def _language(self, data: Mapping[str, Any]) -> str:
        tag = self._text(data, "language") or "nl"
        try:
            Locale.parse(tag.split("-")[0])
        except (UnknownLocaleError, ValueError, TypeError):
            self.problems.append(Problem("unknown_language", "language", {"found": tag[:20]}))
        return tag[:12]

    def _uuid(self, value: Any) -> uuid.UUID | None:
        if value is None or value == "":
            self.problems.append(Problem("field_missing", "id"))
            return None
        try:
            return uuid.UUID(value)
        except (ValueError, AttributeError, TypeError):
            self.problems.append(Problem("id_not_uuid", "id", {"found": str(value)[:40]}))
            return None

    def _moment(self, value: Any) -> datetime | None:
        if value is None or value == "":
            self.problems.append(Problem("field_missing", "captured_at"))
            return None
        try:
            moment = datetime.fromisoformat(value)
        except (ValueError, TypeError):
            self.problems.append(Problem("not_a_moment", "captured_at", {"found": str(value)[:40]}))
            return None
        if moment.tzinfo is None or not 2000 <= moment.year <= 2200:
            self.problems.append(Problem("moment_without_zone", "captured_at"))
            return None
        return moment

    def _answers(self, value: Any) -> Mapping[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.problems.append(Problem("answers_not_a_mapping", "answers"))
            return {}
        return value

    def _named(self, value: Any, load: Load) -> tuple[SentFile, ...]:
        """[{question, name, sha256, size, taken_at}] of files that came in parts."""
        if value is None or value == "":
            return ()
        if not isinstance(value, list):
            self.problems.append(Problem("files_not_a_list", NAMED_FILES))
            return ()
        found = (self._named_file(number, one, load) for number, one in enumerate(value))
        return tuple(file for file in found if file is not None)

    def _named_file(self, number: int, value: Any, load: Load) -> SentFile | None:
        told = value if isinstance(value, Mapping) else {}
        question, name, sha256 = (told.get(key) for key in ("question", "name", "sha256"))
        if not (_is_name(question) and _is_name(name) and _is_name(sha256) and is_hash(sha256)):
            self.problems.append(Problem("file_unclear", f"{NAMED_FILES}.{number}"))
            return None
        return SentFile(
            leaf(question), name, b"", sha256, _moment_or_none(told), partial(load, sha256)
        )

    def _files(self, request: Request, answers: Mapping[str, Any]) -> tuple[SentFile, ...]:
        """Files by the name of their question, or under `files` by the name an answer gives."""
        named = dict(_named_files(answers, 0))
        sent = []
        for part, files in request.files.lists():
            for file in files:
                file_name = (file.filename or "").replace("\0", "")
                if not file_name:
                    continue
                # A part may also be called by the path of its answer: rooms/0/photo.
                question = named.get(file_name, "") if part in FILE_FIELDS else leaf(part)
                sent.append(SentFile(question, file_name, file.read()))
        return tuple(sent)


def _named_files(answers: Mapping[str, Any], depth: int) -> Iterator[tuple[str, str]]:
    """(text of an answer, question), also in rounds: some of those texts are file names."""
    for question, value in answers.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield one, question
            elif isinstance(one, Mapping) and depth < DEEPEST:
                yield from _named_files(one, depth + 1)


def _is_name(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and can_be_stored(value)


def _moment_or_none(told: Mapping[str, Any]) -> datetime | None:
    """When a photo was taken, as far as the phone knows: it is no reason to refuse anything."""
    try:
        moment = datetime.fromisoformat(told.get("taken_at") or "")
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None and 1990 <= moment.year <= 2200 else None
