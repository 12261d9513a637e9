"""The receipt of a submission: what the server signs, in one spelling.

Canonical JSON here: keys sorted, no spaces, text as UTF-8 without escapes other than those JSON
demands, so that a phone that writes the same values gets the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

VERSION = 1
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U
NUMBER_BITS = 40
LONGEST = 200_000  # characters of a receipt that somebody hands in

_HASH = re.compile(r"[0-9a-f]{64}")
_NAMES = frozenset(
    ("v", "id", "number", "survey", "version", "received_at", "answers_sha256", "files")
)


class NotAReceipt(ValueError):
    """What was handed in does not have the shape of a receipt; `code` says what is missing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signed:
    """A receipt as it is given and kept: the document's exact text, its signature, which key."""

    document: str
    signature: str  # base64url, without padding
    key: str

    def as_json(self) -> dict[str, str]:
        """As the API and the download give it."""
        return {"document": self.document, "signature": self.signature, "key": self.key}


@dataclass(frozen=True, slots=True)
class Content:
    """What a receipt says."""

    id: UUID
    number: str
    survey: str
    version: str
    received_at: datetime
    answers_sha256: str
    files: tuple[tuple[str, str], ...]  # (name, SHA-256), as sent


def canonical(value: Any) -> str:
    """The one spelling of a JSON value. Half a character pair is escaped, as a phone does."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def answers_sha256(answers: Mapping[str, Any]) -> str:
    """SHA-256, hex, of the canonical JSON of the answers exactly as they were sent."""
    return hashlib.sha256(canonical(dict(answers)).encode()).hexdigest()


def number_of(submission_id: UUID) -> str:
    """A number to say on the telephone, such as F7K3-92QD: the id's first 40 bits.

    Crockford's base 32. Two submissions with one number are possible, hence never a key.
    """
    bits = submission_id.int >> (128 - NUMBER_BITS)
    digits = [CROCKFORD[(bits >> shift) & 31] for shift in range(NUMBER_BITS - 5, -1, -5)]
    return f"{''.join(digits[:4])}-{''.join(digits[4:])}"


def receipt_document(
    submission_id: UUID,
    survey: str,
    version: str,
    received_at: datetime,
    answers: Mapping[str, Any],
    files: Iterable[tuple[str, str]],
) -> str:
    """The text that is signed. `files`: (name, SHA-256 hex) of every file as sent."""
    return canonical(
        {
            "v": VERSION,
            "id": str(submission_id),
            "number": number_of(submission_id),
            "survey": survey,
            "version": version,
            "received_at": received_at.astimezone(UTC).isoformat(),
            "answers_sha256": answers_sha256(answers),
            "files": [{"name": name, "sha256": sha256} for name, sha256 in sorted(files)],
        }
    )


def read_signed(text: str) -> Signed:
    """A receipt as somebody hands it in: its JSON, or an answer of the API that holds it.

    Raises NotAReceipt.
    """
    data = _json(text.strip().removeprefix("\ufeff"), "not_json")
    if isinstance(data, Mapping) and isinstance(data.get("receipt"), Mapping):
        data = data["receipt"]
    if not isinstance(data, Mapping):
        raise NotAReceipt("not_a_receipt")
    document, signature, key = (data.get(name) for name in ("document", "signature", "key"))
    if not isinstance(document, str) or not isinstance(signature, str):
        raise NotAReceipt("not_a_receipt")
    return Signed(document, signature, key if isinstance(key, str) else "")


def read_document(text: str) -> Content:
    """What a receipt's document says. Raises NotAReceipt when it is not one of ours in shape."""
    data = _json(text, "document_not_json")
    if not isinstance(data, Mapping) or set(data) != _NAMES or data["v"] != VERSION:
        raise NotAReceipt("document_shape")
    try:
        found = Content(
            id=UUID(data["id"]),
            number=_text(data["number"]),
            survey=_text(data["survey"]),
            version=_text(data["version"]),
            received_at=datetime.fromisoformat(data["received_at"]),
            answers_sha256=_hash(data["answers_sha256"]),
            files=tuple((_text(file["name"]), _hash(file["sha256"])) for file in data["files"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAReceipt("document_shape") from error
    if found.received_at.tzinfo is None or found.number != number_of(found.id):
        raise NotAReceipt("document_shape")
    return found


def _json(text: str, code: str) -> Any:
    if len(text) > LONGEST:
        raise NotAReceipt("too_long")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAReceipt(code) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def _hash(value: Any) -> str:
    if not _HASH.fullmatch(_text(value)):
        raise ValueError("not a hash")
    return str(value)
