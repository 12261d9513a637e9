"""Whether a signature belongs to a document and a key."""

from __future__ import annotations

import base64
import binascii

from fieldapp.core.receipt import Signed


def verify(document: str, signature: str, public_key: str) -> bool:
    """Whether the key (base64url of 32 bytes) signed exactly these bytes (Ed25519)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        public = Ed25519PublicKey.from_public_bytes(_bytes(public_key))
        public.verify(_bytes(signature), document.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def signed_by(signed: Signed, keys: dict[str, str]) -> str | None:
    """The id of the key (id -> base64url) that signed it; None when none of these did.

    The key that the receipt names is no more than a hint: its name is not signed.
    """
    document, signature = signed.document, signed.signature
    return next((key for key in keys if verify(document, signature, keys[key])), None)


def _bytes(text: str) -> bytes:
    """ValueError for what is no base64url."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ValueError("not base64url") from error
