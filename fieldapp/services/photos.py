"""Photos: checked, turned upright, made smaller, re-encoded; EXIF is read and then gone."""

from __future__ import annotations

import io
import warnings
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import IFD, Base

from fieldapp.core.dates import HERE
from fieldapp.services.uploads import WrongFile

LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis", b"avif")


class PhotoError(WrongFile):
    """This photo cannot be taken; `code` says why, `params` with which numbers."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo fit to keep: JPEG without EXIF. Place in degrees, when it was asked for."""

    data: bytes
    width: int
    height: int
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    media_type: str = "image/jpeg"


def prepare_photo(data: bytes, *, max_bytes: int, read_place: bool = False) -> Photo:
    """Check and re-encode one photo.

    Raises PhotoError: photo_empty, photo_too_large, photo_not_an_image, photo_damaged,
    photo_too_many_pixels, photo_format.
    """
    if not data:
        raise PhotoError("photo_empty")
    if len(data) > max_bytes:
        raise PhotoError("photo_too_large", size=len(data), most=max_bytes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd EXIF is no reason to lose a photo
        image = _open(data)
        if image.width * image.height > MOST_PIXELS:
            raise PhotoError("photo_too_many_pixels", width=image.width, height=image.height)
        said = _read_exif(image, read_place=read_place)
        try:
            # Half or quarter size straight from the decoder, where the format allows.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            small = _shrink(_flatten(image))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise PhotoError("photo_damaged") from error
    if said.turn is not None:
        small = small.transpose(said.turn)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, progressive=False)
    return Photo(out.getvalue(), small.width, small.height, said.taken_at, said.lon, said.lat)


@dataclass(frozen=True, slots=True)
class _Said:
    """What EXIF says that we use."""

    turn: Image.Transpose | None = None
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


# EXIF orientation -> what makes the picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _read_exif(image: Image.Image, *, read_place: bool) -> _Said:
    said = _Said()
    # One step at a time: broken EXIF raises whatever it likes, and the picture is good all the
    # same, as are the tags read before.
    with suppress(Exception):
        exif = image.getexif()
        said = replace(said, turn=_TURNS.get(exif.get(Base.Orientation, 1)))
        if read_place:
            lon, lat = _place(exif)
            said = replace(said, lon=lon, lat=lat)
        said = replace(said, taken_at=_taken_at(exif))
    return said


def _open(data: bytes) -> Image.Image:
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        # The iPhone's own format; the decoder is loaded only when one arrives.
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        image = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise PhotoError("photo_too_many_pixels", width=0, height=0) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PhotoError("photo_not_an_image") from error
    if image.format not in (*FORMATS, "HEIF", "AVIF"):
        raise PhotoError("photo_format", found=image.format or "?")
    return image


def _flatten(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode == "I" or image.mode.startswith("I;16"):
        # Pillow cuts 16 bits off at 255, which makes such a photo white.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        ground = Image.new("RGB", image.size, "white")
        layer = image.convert("RGBA")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("RGB")


def _shrink(image: Image.Image) -> Image.Image:
    longest = max(image.size)
    if longest <= LONGEST_SIDE:
        image.load()
        return image
    scale = LONGEST_SIDE / longest
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _taken_at(exif: Image.Exif) -> datetime | None:
    details = exif.get_ifd(IFD.Exif)
    text = details.get(Base.DateTimeOriginal) or exif.get(Base.DateTime)
    try:
        moment = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return moment.replace(tzinfo=_offset(details.get(Base.OffsetTimeOriginal)) or HERE)


def _offset(text: Any) -> timezone | None:
    parts = str(text or "").strip("\0 ")
    if len(parts) != 6 or parts[0] not in "+-" or parts[3] != ":":
        return None
    try:
        minutes = int(parts[1:3]) * 60 + int(parts[4:6])
    except ValueError:
        return None
    return timezone(timedelta(minutes=-minutes if parts[0] == "-" else minutes))


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    gps = exif.get_ifd(IFD.GPSInfo)
    try:
        lat = _degrees(gps[2]) * (-1 if str(gps.get(1, "N")).startswith("S") else 1)
        lon = _degrees(gps[4]) * (-1 if str(gps.get(3, "E")).startswith("W") else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None, None
    return (lon, lat) if abs(lat) <= 90 and abs(lon) <= 180 else (None, None)


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600
