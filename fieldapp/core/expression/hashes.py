"""digest() and base64-decode()."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from fieldapp.core.expression.table import Function
from fieldapp.core.expression.values import Value, to_string

ALGORITHMS: Mapping[str, str] = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
ENCODINGS = ("base64", "hex")
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def digest(value: Value, algorithm: Value, encoding: Value = "base64") -> str:
    """The hash of the text in UTF-8; empty for an algorithm or encoding that does not exist."""
    method, how = ALGORITHMS.get(to_string(algorithm)), to_string(encoding)
    if method is None or how not in ENCODINGS:
        return ""
    found = hashlib.new(method, to_string(value).encode(errors="replace"), usedforsecurity=False)
    return found.hexdigest() if how == "hex" else base64.b64encode(found.digest()).decode()


def base64_decode(value: Value) -> str:
    """The text that was encoded; empty when it is no base64."""
    text = re.sub(r"[ \t\r\n]+", "", to_string(value))
    return base64.b64decode(text).decode(errors="replace") if BASE64.fullmatch(text) else ""


HASHES: Mapping[str, Function] = {
    "base64-decode": Function(base64_decode, 1, 1),
    "digest": Function(digest, 2, 3),
}
