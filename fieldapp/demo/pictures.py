"""Drawings instead of photos: made when the demo is stored, so that git holds no pictures.

Every drawing says on its face that it is one.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 960, 720
LABEL = "Tekening, geen foto - Voorbeeldstad (verzonnen)"
_GROUND = 560

Colour = tuple[int, int, int]
_INK: Colour = (52, 60, 72)
_WALLS: tuple[Colour, ...] = ((226, 214, 196), (208, 221, 214), (222, 205, 205), (204, 214, 228))


def draw_picture(subject: str, seed: str, *, good: bool) -> bytes:
    """A JPEG of a stairwell, bench, lamp, container, playground or garden; same seed, same bytes.

    `good`: whole and clean, or not. KeyError for another subject.
    """
    from PIL import Image, ImageDraw, ImageFont

    draw_subject = SUBJECTS[subject]
    rng = random.Random(f"{subject} {seed}")  # noqa: S311 - fiction needs no secrets
    image = Image.new("RGB", (WIDTH, HEIGHT), rng.choice(_WALLS))
    pen = ImageDraw.Draw(image)
    draw_subject(pen, rng, good)
    pen.rectangle((0, HEIGHT - 52, WIDTH, HEIGHT), fill=(255, 255, 255))
    pen.text((20, HEIGHT - 40), LABEL, fill=_INK, font=ImageFont.load_default(26))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _outdoors(pen: ImageDraw, rng: random.Random) -> None:
    """Houses with windows and a pavement."""
    for left in range(0, WIDTH, 160):
        top = rng.randrange(110, 230)
        pen.rectangle((left, top, left + 158, _GROUND), fill=rng.choice(_WALLS), outline=_INK)
        for row in range(top + 30, _GROUND - 90, 90):
            for column in (left + 24, left + 92):
                pen.rectangle((column, row, column + 42, row + 52), fill=(247, 238, 200))
    pen.rectangle((0, _GROUND, WIDTH, HEIGHT), fill=(176, 178, 180))


def _stairwell(pen: ImageDraw, rng: random.Random, good: bool) -> None:
    steps, left, top = 9, 240, 150
    for step in range(steps):
        x, y = left + 58 * step, _GROUND - 42 * step
        pen.rectangle((x, y - 42, WIDTH, y), fill=(190 - 7 * step,) * 3, outline=_INK)
    pen.line((left, _GROUND - 150, left + 58 * steps, _GROUND - 150 - 42 * steps), _INK, 8)
    pen.rectangle((60, top + 60, 200, _GROUND), fill=(120, 88, 64), outline=_INK, width=4)
    for row in range(4):
        y = top + 70 + 44 * row
        pen.rectangle((225, y, 300, y + 34), fill=(214, 216, 220), outline=_INK)
    pen.rectangle((0, _GROUND, WIDTH, HEIGHT), fill=(150, 146, 140))
    for _ in range(0 if good else rng.randrange(3, 8)):
        x = rng.randrange(220, 700)
        pen.polygon(((x, 610), (x + 26, 590), (x + 40, 622)), fill=(236, 240, 244), outline=_INK)


def _bench(pen: ImageDraw, rng: random.Random, good: bool) -> None:
    _outdoors(pen, rng)
    broken = None if good else rng.randrange(3)
    for number, y in enumerate((430, 460, 510)):
        end = 520 if number == broken else 700
        pen.rectangle((260, y, end, y + 18), fill=(134, 92, 52), outline=_INK)
    for x in (300, 650):
        pen.rectangle((x, 430, x + 16, 610), fill=_INK)


def _lamp(pen: ImageDraw, rng: random.Random, good: bool) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(34, 40, 58))
    pen.polygon(((300, HEIGHT), (420, 330), (540, 330), (660, HEIGHT)), fill=(70, 72, 78))
    for x, top in ((250, 190), (700, 150)):
        pen.rectangle((x, top, x + 12, 640), fill=(130, 134, 140))
        pen.ellipse((x - 24, top - 40, x + 36, top + 10), fill=(255, 236, 150) if good else _INK)
    for x in (0, 760):
        pen.rectangle((x, 300, x + 200, 640), fill=(48, 50, 56), outline=(90, 92, 98))


def _container(pen: ImageDraw, rng: random.Random, good: bool) -> None:
    _outdoors(pen, rng)
    pen.rectangle((360, 330, 600, 620), fill=(74, 98, 82), outline=_INK, width=4)
    pen.rectangle((390, 360, 570, 420), fill=(40, 52, 46))
    for _ in range(0 if good else rng.randrange(4, 10)):
        x, y = (
            rng.choice((rng.randrange(180, 320), rng.randrange(620, 760))),
            rng.randrange(540, 600),
        )
        pen.ellipse((x, y, x + 84, y + 70), fill=(58, 58, 64), outline=_INK)


def _playground(pen: ImageDraw, rng: random.Random, good: bool) -> None:
    _outdoors(pen, rng)
    pen.rectangle((0, _GROUND, WIDTH, HEIGHT), fill=(214, 196, 150))
    pen.line((300, 600, 380, 300, 620, 300, 700, 600), _INK, 12, joint="curve")
    for x in (440, 560):
        pen.line((x - 22, 306, x - 22, 500), _INK, 4)
        pen.line((x + 22, 306, x + 22, 500 if good else 400), _INK, 4)
        pen.line((x - 26, 500, x + 26, 500 if good else 540), (170, 60, 50), 12)


def _garden(pen: ImageDraw, rng: random.Random, good: bool) -> None:
    _outdoors(pen, rng)
    pen.rectangle((0, _GROUND - 40, WIDTH, HEIGHT), fill=(116, 152, 96))
    for _ in range(60 if good else 6):
        x, y = rng.randrange(20, WIDTH - 20), rng.randrange(_GROUND - 20, HEIGHT - 70)
        petal = rng.choice(((222, 86, 92), (240, 196, 72), (168, 108, 190), (250, 250, 250)))
        pen.line((x, y, x, y + 26), (60, 96, 52), 3)
        pen.ellipse((x - 9, y - 9, x + 9, y + 9), fill=petal)


SUBJECTS: Mapping[str, Callable[[ImageDraw, random.Random, bool], None]] = {
    "stairwell": _stairwell,
    "bench": _bench,
    "lamp": _lamp,
    "container": _container,
    "playground": _playground,
    "garden": _garden,
}
