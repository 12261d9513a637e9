"""Sound, film and other files: known by their first bytes, bounded, kept as they are.

What a file says about itself (name, content type) is not believed. Nothing is ever shown as a
page: such files leave the house as a download (web/media/files.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

HEAD_BYTES = 64  # of a file, to know its type
TEXT = "text/plain"
OLD_OFFICE = "application/x-ole-storage"


class WrongFile(ValueError):
    """This file cannot be taken; `code` says why, `params` with which numbers."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Upload:
    """A file fit to keep, with the type that its content says it has."""

    data: bytes
    media_type: str


def _at(start: int, *signs: bytes) -> Callable[[bytes], bool]:
    return lambda head: any(head[start : start + len(sign)] == sign for sign in signs)


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[4:8] == b"ftyp" and head[8:12] in brands


def _form(kind: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == kind


def _webm(head: bytes) -> bool:
    return head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]


def _mpeg_sound(head: bytes) -> bool:
    """A frame of MPEG sound: eleven set bits, a version that exists, layer II or III.

    Layer I is left out: nobody records it, and its first bytes are those of UTF-16 text.
    """
    return (
        len(head) > 2
        and head[0] == 0xFF
        and head[1] & 0xE0 == 0xE0
        and head[1] & 0x18 != 0x08
        and head[1] & 0x06 in (0x02, 0x04)
    )


# First bytes -> content type; the first that fits counts. Sources: the formats' own specifications.
SOUND: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_at(0, b"ID3"), "audio/mpeg"),
    (_form(b"WAVE"), "audio/wav"),
    (_at(0, b"OggS"), "audio/ogg"),
    (_at(0, b"fLaC"), "audio/flac"),
    (_at(0, b"#!AMR"), "audio/amr"),
    (_brand(b"M4A ", b"M4B ", b"isom", b"iso2", b"mp42", b"mp41", b"dash", b"iso5"), "audio/mp4"),
    (_brand(b"3gp4", b"3gp5", b"3gp6", b"3g2a"), "audio/3gpp"),
    (_webm, "audio/webm"),
    (_at(0, b"\xff\xf1", b"\xff\xf9"), "audio/aac"),
    (_mpeg_sound, "audio/mpeg"),
)
FILM: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_brand(b"qt  "), "video/quicktime"),
    (_brand(b"3gp4", b"3gp5", b"3gp6", b"3g2a"), "video/3gpp"),
    (
        _brand(
            *(b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "),
            *(b"dash", b"MSNV"),
        ),
        "video/mp4",
    ),
    (_webm, "video/webm"),
    (_at(0, b"OggS"), "video/ogg"),
    (_form(b"AVI "), "video/x-msvideo"),
)
PICTURE: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_at(0, b"\xff\xd8\xff"), "image/jpeg"),
    (_at(0, b"\x89PNG\r\n\x1a\n"), "image/png"),
    (_at(0, b"GIF87a", b"GIF89a"), "image/gif"),
    (_form(b"WEBP"), "image/webp"),
    (_brand(b"heic", b"heix", b"mif1", b"avif", b"heim", b"heis"), "image/heif"),
)
PAPER: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_at(0, b"%PDF-"), "application/pdf"),
    (_at(0, b"PK\x03\x04"), "application/zip"),
    (_at(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), OLD_OFFICE),
    (_at(0, b"{\\rtf"), "application/rtf"),
)
SIGNS: Mapping[str, tuple[tuple[Callable[[bytes], bool], str], ...]] = {
    "audio": SOUND,
    "video": FILM,
    "file": (*PAPER, *PICTURE, *FILM, *SOUND),
}


def media_type_of(data: bytes, kind: str) -> str | None:
    """The content type that the bytes say, of what a question of this type takes."""
    head = data[:HEAD_BYTES]
    return next((media_type for fits, media_type in SIGNS[kind] if fits(head)), None)


def shown_type(data: bytes) -> str | None:
    """The content type of a picture, a sound or a film that goes with a survey; never SVG."""
    head = data[:HEAD_BYTES]
    kinds = (*PICTURE, *FILM[:-1], *SOUND)
    found = next((media_type for fits, media_type in kinds if fits(head)), None)
    return None if found == "image/heif" else found


def prepare_upload(kind: str, data: bytes, *, max_bytes: int) -> Upload:
    """Check a file for a question of type audio, video or file.

    Raises WrongFile: file_empty, file_too_large, file_not_audio, file_not_video, file_kind.
    """
    if not data:
        raise WrongFile("file_empty")
    if len(data) > max_bytes:
        raise WrongFile("file_too_large", size=len(data), most=max_bytes)
    media_type = media_type_of(data, kind)
    if media_type is None and kind == "file" and _is_text(data):
        media_type = TEXT
    if media_type is None:
        code = "file_not_audio" if kind == "audio" else "file_kind"
        raise WrongFile("file_not_video" if kind == "video" else code)
    return Upload(data, media_type)


def _is_text(data: bytes) -> bool:
    """Readable text: UTF-8 without control signs other than white space."""
    if b"\0" in data:
        return False
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text[:4096])
