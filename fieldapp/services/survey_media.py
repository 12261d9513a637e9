"""Media that go with a survey: pictures, sound and film beside labels and choices.

Known by their first bytes, bounded, and rid of what a camera writes into them (place, phone): what
goes with a survey is shown to residents. No SVG: it can hold a program.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

from PIL import Image

from fieldapp.services.photos import LONGEST_SIDE, MOST_PIXELS, PhotoError, prepare_photo
from fieldapp.services.uploads import shown_type
from fieldapp.sources.xlsform.limits import NotRead, file_problem

LARGEST = {"image": 20_000_000, "audio": 30_000_000, "video": 60_000_000}
SVG = (b"<svg", b"<?xml", b"<!doctype svg")
REWRITTEN = {"image/png": "PNG", "image/webp": "WEBP"}
HEIF = (b"heic", b"heix", b"mif1", b"heim", b"heis", b"hevc")


def prepare_media(name: str, data: bytes) -> bytes:
    """The bytes to keep.

    Raises NotRead: media_is_svg, media_kind_unknown, media_too_large, media_not_this_kind.
    """
    if data.lstrip()[:20].lower().startswith(SVG):
        raise NotRead(file_problem("media_is_svg", name))
    kind = "image/heif" if data[4:8] == b"ftyp" and data[8:12] in HEIF else shown_type(data)
    if kind is None:
        raise NotRead(file_problem("media_kind_unknown", name))
    most = LARGEST[kind.partition("/")[0]]
    if len(data) > most:
        params: dict[str, Any] = {
            "megabytes": -(-len(data) // 1_000_000),
            "most": most // 1_000_000,
        }
        raise NotRead(file_problem("media_too_large", name, **params))
    if not kind.startswith("image/"):
        return data
    try:
        return _picture(kind, data)
    except (PhotoError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotRead(file_problem("media_not_this_kind", name)) from error


def _picture(kind: str, data: bytes) -> bytes:
    if kind in ("image/jpeg", "image/heif"):
        return prepare_photo(data, max_bytes=LARGEST["image"]).data
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        picture = Image.open(io.BytesIO(data))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.load()
        if kind not in REWRITTEN:  # a GIF may move, and holds no place
            return data
        if max(picture.size) > LONGEST_SIDE:
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        out = io.BytesIO()
        picture.save(out, REWRITTEN[kind])  # Pillow writes no EXIF unless it is handed over
    return out.getvalue()
