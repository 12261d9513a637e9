#!/usr/bin/env python3
"""Draw the icons of the app on the phone: static/icons/app-*.png, after icons/favicon.svg.

    tools/app_icons.py        write them (Pillow); the results are committed

The maskable one fills its square: a phone cuts its own shape out of it, of which only the circle
in the middle (80 %) is sure to stay.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

ICONS = Path(__file__).resolve().parents[1] / "fieldapp" / "static" / "icons"
BLUE, WHITE, YELLOW = "#0b4a63", "#ffffff", "#ffc857"
SIDE = 32  # of the drawing that favicon.svg has
FINER = 4  # drawn larger and scaled down, for smooth edges
COLOURS = 16
WHOLE, SAFE = 1.0, 0.72  # how much of the square the drawing takes


def icon(pixels: int, *, maskable: bool) -> Image.Image:
    """The house with a dot on its square."""
    size = pixels * FINER
    scale = size / SIDE
    image = Image.new("RGBA", (size, size), BLUE if maskable else (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if not maskable:
        draw.rounded_rectangle((0, 0, size - 1, size - 1), radius=7 * scale, fill=BLUE)
    share = SAFE if maskable else WHOLE

    def at(x: float, y: float) -> tuple[float, float]:
        middle = SIDE / 2
        return ((x - middle) * share + middle) * scale, ((y - middle) * share + middle) * scale

    width = 2.5 * share * scale

    def line(*points: tuple[float, float]) -> None:
        placed = [at(*point) for point in points]
        draw.line(placed, fill=WHITE, width=round(width), joint="curve")
        for x, y in placed:
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=WHITE)

    line((7, 16.5), (16, 8), (25, 16.5))
    line((10, 14.5), (10, 24), (22, 24), (22, 14.5))
    x, y = at(16, 19)
    dot = 2 * share * scale
    draw.ellipse((x - dot, y - dot, x + dot, y + dot), fill=YELLOW)
    small = image.resize((pixels, pixels), Image.Resampling.LANCZOS)
    return small.quantize(COLOURS, method=Image.Quantize.FASTOCTREE)


def main() -> None:
    """Write all of them."""
    for name, pixels, maskable in (
        ("app-192.png", 192, False),
        ("app-512.png", 512, False),
        ("app-maskable.png", 512, True),
    ):
        icon(pixels, maskable=maskable).save(ICONS / name, optimize=True)


if __name__ == "__main__":
    main()
