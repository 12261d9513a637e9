"""Signing with the key of this server (Ed25519, RFC 8032, by `cryptography`).

`cryptography` is imported at the first signature: an idle web process does without.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.core.receipt import Signed
from fieldapp.services.media import CannotKeep
from fieldapp.services.receipts.keyfile import read_or_make

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class BadKeyFile(RuntimeError):
    """The file named in FIELDAPP_RECEIPT_KEY_FILE holds no Ed25519 private key."""


@dataclass(frozen=True, slots=True)
class Key:
    """The key in use. `public`: 32 bytes, base64url; `id`: 16 hex digits of its SHA-256."""

    id: str
    public: str
    private: Ed25519PrivateKey

    def sign(self, document: str) -> Signed:
        """The document with its signature."""
        return Signed(document, base64url(self.private.sign(document.encode())), self.id)


def base64url(data: bytes) -> str:
    """Base64 for addresses and JSON, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def key_id(public: bytes) -> str:
    """The name of a public key: 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


class Signer:
    """Holds the key in a file; reads it again when the file was replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._key: Key | None = None
        self._stamp: tuple[int, int] | None = None

    def key(self) -> Key:
        """The key in use; made at the first call of all. Raises BadKeyFile and CannotKeep."""
        try:
            stamp = self._found()
            if self._key is None or stamp is None or stamp != self._stamp:
                self._key = _read(self.path, read_or_make(self.path, _new_key))
                self._stamp = self._found()
        except OSError as error:
            raise CannotKeep(error.errno, error.strerror) from error
        return self._key

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns


@cache
def signer_for(path: Path) -> Signer:
    """The signer of this process for that key file."""
    return Signer(path)


def _new_key() -> bytes:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read(path: Path, pem: bytes) -> Key:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKeyFile(f"{path} holds no private key that can be read: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKeyFile(f"{path} holds another kind of key; receipts need Ed25519")
    public = private.public_key().public_bytes_raw()
    return Key(key_id(public), base64url(public), private)
