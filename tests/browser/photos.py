"""Real photos for tests: JPEGs as phones make them, with EXIF, and what a JPEG still tells."""

from __future__ import annotations

import io
import struct

from PIL import Image, ImageDraw
from PIL.ExifTags import IFD, Base

# Dom tower, Utrecht: 52 degrees 5' 26.5" north, 5 degrees 7' 17.0" east.
LAT, LON = ((52.0, 5.0, 26.5), (5.0, 7.0, 17.0))
TAKEN = "2026:11:20 09:08:07"
OFFSET = "+01:00"
RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (40, 60, 200), (250, 250, 250)


def phone_photo(
    width: int = 4000, height: int = 3000, orientation: int = 1, quality: int = 88
) -> bytes:
    """A JPEG with four coloured quarters (red, green / blue, white as stored) and full EXIF."""
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    for x, y, colour in ((0, 0, RED), (1, 0, GREEN), (0, 1, BLUE)):
        draw.rectangle(
            (x * width // 2, y * height // 2, (x + 1) * width // 2, (y + 1) * height // 2), colour
        )
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "Fairphone", "FP5"
    exif[Base.Orientation] = orientation
    exif.get_ifd(IFD.Exif).update({Base.DateTimeOriginal: TAKEN, Base.OffsetTimeOriginal: OFFSET})
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: LAT, 3: "E", 4: LON})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def segments(jpeg: bytes) -> list[tuple[int, bytes]]:
    """(marker, first bytes) of every segment of a JPEG before the picture itself."""
    assert jpeg[:2] == b"\xff\xd8", "not a JPEG"
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        (size,) = struct.unpack(">H", jpeg[at + 2 : at + 4])
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + size]))
        at += 2 + size
    return found


def told_beside_the_picture(jpeg: bytes) -> list[bytes]:
    """What a JPEG carries besides the picture: EXIF, XMP, IPTC, comments; not its JFIF head."""
    tells = [
        body for marker, body in segments(jpeg) if marker in range(0xE1, 0xF0) or marker == 0xFE
    ]
    return [body[:12] for body in tells if not body.startswith(b"ICC_PROFILE")]


def corners(jpeg: bytes) -> list[str]:
    """Colours in the corners as shown: top left, top right, bottom left, bottom right."""
    image = Image.open(io.BytesIO(jpeg)).convert("RGB")
    w, h = image.size
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    spots = ((w // 8, h // 8), (w - w // 8, h // 8), (w // 8, h - h // 8), (w - w // 8, h - h // 8))

    def nearest(spot: tuple[int, int]) -> str:
        pixel = image.getpixel(spot)
        assert isinstance(pixel, tuple)
        return min(
            names, key=lambda n: sum((a - b) ** 2 for a, b in zip(pixel, names[n], strict=True))
        )

    return [nearest(spot) for spot in spots]
