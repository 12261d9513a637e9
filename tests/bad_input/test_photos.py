"""Photos that are none, photos that are odd, and photos made to do harm."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fieldapp.services.photos import PhotoError, prepare_photo
from tests.bad_input.world import picture

MOST = 20 * 1024 * 1024
CORNERS = {"red": (230, 20, 20), "lime": (20, 230, 20), "blue": (20, 20, 230), "white": (240,) * 3}


def quarters(size: tuple[int, int] = (80, 60)) -> Image.Image:
    """Red, lime over blue, white: every turn of it looks different."""
    width, height = size
    image = Image.new("RGB", size)
    for number, color in enumerate(CORNERS):
        place = (number % 2 * width // 2, number // 2 * height // 2)
        image.paste(Image.new("RGB", (width // 2, height // 2), color), place)
    return image


def saved(image: Image.Image, kind: str, **given: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **given)
    return out.getvalue()


def kept(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(prepare_photo(data, max_bytes=MOST).data))
    image.load()
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    assert not image.getexif()
    assert "icc_profile" not in image.info or image.info["icc_profile"] is None
    return image


def looks(image: Image.Image) -> list[str]:
    """The colour name in the middle of each quarter, in reading order."""
    width, height = image.size
    names = []
    for y in (height // 4, 3 * height // 4):
        for x in (width // 4, 3 * width // 4):
            found = np.array(image.getpixel((x, y)), dtype=float)
            names.append(min(CORNERS, key=lambda n: np.abs(found - np.array(CORNERS[n])).sum()))
    return names


UPRIGHT = ["red", "lime", "blue", "white"]
# EXIF orientation -> what must be done to the upright picture to get the stored one (Exif 2.32).
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_ends_upright(orientation: int) -> None:
    turn = STORED[orientation]
    stored = quarters() if turn is None else quarters().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = kept(saved(stored, "JPEG", exif=exif, quality=95))
    assert image.size == (80, 60)
    assert looks(image) == UPRIGHT


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "1"),
     ("PNG", "I;16"), ("GIF", "P"), ("WEBP", "RGBA"), ("WEBP", "RGB")],
)  # fmt: skip
def test_odd_colour_modes(kind: str, mode: str) -> None:
    if mode == "I;16":
        grey = np.asarray(quarters().convert("L"), dtype=np.uint16) * 257
        data = saved(Image.fromarray(grey), "PNG")
    else:
        data = saved(quarters().convert(mode), kind)
    image = kept(data)
    assert image.size == (80, 60)
    if mode in ("CMYK", "P", "RGBA", "RGB"):
        assert looks(image) == UPRIGHT
    elif mode != "1":
        wanted = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b in CORNERS.values()]
        middles = [image.getpixel((x, y))[0] for y in (15, 45) for x in (20, 60)]  # type: ignore[index]
        assert middles == pytest.approx(wanted, abs=45), "grey became black or white"


def test_transparent_parts_become_white() -> None:
    image = quarters().convert("P", palette=Image.Palette.ADAPTIVE)
    red = image.getpixel((10, 10))
    found = kept(saved(image, "PNG", transparency=red))
    assert looks(found) == ["white", "lime", "blue", "white"]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture_is_kept(kind: str) -> None:
    frames = [quarters(), Image.new("RGB", (80, 60), "black")]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    assert looks(kept(data)) == UPRIGHT


def odd_exif(**tags: Any) -> bytes:
    exif = Image.Exif()
    details = exif.get_ifd(0x8769)
    for name, value in tags.items():
        place = {"offset": 0x9011, "taken": 0x9003, "comment": 0x9286}[name]
        details[place] = value
    return saved(quarters(), "JPEG", exif=exif)


@pytest.mark.parametrize(
    "tags",
    [
        {"taken": "2026:03:02 10:00:00", "offset": "+99:99"},
        {"taken": "2026:03:02 10:00:00", "offset": "+24:00"},
        {"taken": "0001:01:01 00:00:00", "offset": "+14:00"},
        {"taken": "9999:99:99 99:99:99"},
        {"taken": "\0" * 19},
        {"comment": b"x" * 60_000},
    ],
)
def test_odd_exif_is_no_reason_to_lose_a_photo(tags: dict[str, Any]) -> None:
    assert looks(kept(odd_exif(**tags))) == UPRIGHT


def test_bytes_of_exif_in_any_order() -> None:
    """Every byte of a small EXIF block changed in turn: the picture itself is good."""
    data = odd_exif(taken="2026:03:02 10:00:00", offset="+01:00")
    start = data.index(b"Exif\0\0")
    length = struct.unpack(">H", data[start - 2 : start])[0]
    for place in range(start + 6, start + length - 2):
        for value in (0x00, 0xFF, data[place] ^ 0x15):
            broken = data[:place] + bytes([value]) + data[place + 1 :]
            prepare_photo(broken, max_bytes=MOST, read_place=True)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"This is no photo.", "photo_not_an_image"),
        (b"\xff\xd8\xff", "photo_not_an_image"),
        (picture(size=(400, 300))[:1500], "photo_damaged"),
        (saved(quarters(), "PNG")[:-40], "photo_damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
         "photo_not_an_image"),
        (saved(quarters(), "TIFF"), "photo_format"),
        (saved(quarters(), "BMP"), "photo_format"),
        (b"\0" * (MOST + 1), "photo_too_large"),
        (b"%PDF-1.4 ...", "photo_not_an_image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "photo_format"),
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(PhotoError) as refused:
        prepare_photo(data, max_bytes=MOST)
    assert refused.value.code == code


def bomb(width: int, height: int) -> bytes:
    """A PNG of so many pixels in a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(20_000, 20_000), (2**31 - 1, 2**31 - 1), (60_000_001, 1)])
def test_a_bomb_is_not_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(PhotoError) as refused:
        prepare_photo(bomb(*size), max_bytes=MOST)
    assert refused.value.code in ("photo_too_many_pixels", "photo_not_an_image")


def test_a_very_long_photo() -> None:
    photo = prepare_photo(saved(Image.new("RGB", (30_000, 2), "red"), "PNG"), max_bytes=MOST)
    assert photo.width <= 1600
    assert photo.height >= 1
