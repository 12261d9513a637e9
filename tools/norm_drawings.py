#!/usr/bin/env python3
"""Draw the reference pictures of the stairwell: five elements, five levels each, as small SVGs.

    tools/norm_drawings.py    write fieldapp/static/norm/<element>-<level>.svg

They stand in where a survey has no photo of its own for a level (appearance norm-photo). Our own
line drawings, made here so that a level is changed in one place: a scene per element, and what is
added, taken away or broken per level. The words of the choice say what the picture shows.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "fieldapp" / "static" / "norm"
LEVELS = ("a-plus", "a", "b", "c", "d")
INK = "#1b2b36"
WALL, FLOOR, PALE, GLASS, DIRT, DARK = (
    "#f3efe6", "#cfd8dc", "#fff", "#d5e8f2", "#b8985c", "#39444d",
)  # fmt: skip
RED, GREEN, YELLOW, BLUE = "#c0392b", "#3f7f4c", "#f2c230", "#3a6ea5"


def rect(x: float, y: float, w: float, h: float, fill: str = "", extra: str = "") -> str:
    """A rectangle."""
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}"{_fill(fill)}{extra}/>'


def path(d: str, fill: str = "", extra: str = "") -> str:
    """A path."""
    return f'<path d="{d}"{_fill(fill)}{extra}/>'


def dot(x: float, y: float, r: float, fill: str = "", extra: str = "") -> str:
    """A circle."""
    return f'<circle cx="{x}" cy="{y}" r="{r}"{_fill(fill)}{extra}/>'


def _fill(colour: str) -> str:
    return f' fill="{colour}"' if colour else ""


def flat(*shapes: str) -> str:
    """Shapes without an outline."""
    return f'<g stroke="none">{"".join(shapes)}</g>'


def thin(*shapes: str, colour: str = INK, width: float = 1.5) -> str:
    """Shapes with a finer line."""
    return f'<g stroke="{colour}" stroke-width="{width}">{"".join(shapes)}</g>'


def star(x: float, y: float, r: float = 7) -> str:
    """A glint: clean, or new."""
    s = r * 0.28
    steps = (
        f"l{s} {r - s} {r - s} {s} {s - r} {s} -{s} {r - s} -{s} {s - r} {s - r} -{s} {r - s} -{s}z"
    )
    return path(f"M{x} {y - r}{steps}", YELLOW, ' stroke-width="1.2"')


def back(wall: str = WALL) -> str:
    """The wall behind everything."""
    return flat(rect(0, 0, 160, 120, wall))


def paper(x: float, y: float, turn: int = 0) -> str:
    """A loose sheet, turned by degrees."""
    return (
        f'<g transform="translate({x} {y}) rotate({turn})" stroke-width="1.5">'
        f"{rect(-7, -5, 14, 10, PALE)}{path('M-4-1H4M-4 2H2')}</g>"
    )


def bag(x: float, y: float) -> str:
    """A full rubbish bag, standing on (x, y)."""
    return path(f"M{x} {y}c-9-1-10-20-3-26l-4-6 8 3 8-3-4 6c8 7 7 25-2 26z", DARK)


# --- schoon: the steps ---


def schoon(level: str) -> str:
    """How clean: the steps."""
    steps = "M0 108H44V90H74V72H104V54H134V36H160V120H0z"
    scene = back() + path(steps, FLOOR)
    sand = [(12, 113), (24, 115), (36, 112), (56, 95), (86, 77), (66, 97), (120, 59)]
    grains = flat(*(dot(x, y, 1.6, DIRT) for x, y in sand))
    stains = flat(
        path("M8 112c6-4 16-2 18 1s-16 5-18-1z", DIRT),
        path("M50 94c5-3 13-2 14 1s-14 4-14-1z", DIRT),
        path("M112 58c5-3 12-2 13 1s-13 4-13-1z", DIRT),
        path("M80 76c4-3 9-2 10 0s-10 4-10 0z", DIRT),
    )
    can = f'<g transform="rotate(80 90 68)">{rect(86, 60, 8, 13, RED)}</g>'
    bottle = path("M108 52h12l4-2h5v-4h-5l-4-2h-12z", GREEN, ' transform="translate(0 -1)"')
    mop = path("M30 22L22 84", extra=' stroke-width="3.5"') + path("M14 84h16l3 18H11z", PALE)
    bucket = path("M40 84h26l-3 23H43z", BLUE) + path("M40 84c0-14 26-14 26 0")
    extras = {
        "a-plus": mop + bucket + star(92, 58, 9) + star(122, 38, 8) + star(92, 100, 7),
        "a": grains,
        "b": grains + stains,
        "c": grains + stains + can + bottle + paper(58, 84, 18) + paper(22, 102, -14),
        "d": stains
        + bag(24, 110)
        + bag(60, 90)
        + can
        + bottle
        + paper(142, 30, 15)
        + path("M76 118c6-8 36-8 46-4 8 3 6 6 2 6H80c-4 0-5-1-4-2z", "#e3cf4a")
        + path("M96 104c-4-6 4-8 0-14M110 104c-4-6 4-8 0-14", extra=f' stroke="{GREEN}"')
        + path("M132 112c3-8 14-8 18-1l8-3-6 6h-20l-5-1z", DARK),
    }
    return scene + extras[level]


# --- heel: wall, tiles, rail and pane ---


def heel(level: str) -> str:
    """How whole: wall, tiles, rail and pane."""
    missing = {"c": {(2, 0)}, "d": {(2, 0), (3, 0), (3, 1), (6, 1), (5, 0)}}.get(level, set())
    tiles = "".join(
        rect(20 * column, 82 + 19 * row, 20, 19, DARK if (column, row) in missing else FLOOR)
        for column in range(8)
        for row in range(2)
    )
    pane = rect(14, 12, 50, 52, GLASS, ' stroke-width="4"')
    whole = path("M78 76L150 36", extra=' stroke-width="5"') + path("M90 69v13M116 55v27M142 41v41")
    broken = path("M78 76L104 61M116 80L140 68", extra=' stroke-width="5"') + path(
        "M90 69v13M142 60v22"
    )
    scuffs = thin(path("M100 20l8 5M104 18l6 4M20 94l9 4"))
    worn = flat(
        path("M92 8c10-4 26 0 24 9s-26 8-24-9z", "#d8ccb4"),
        path("M124 14c7-3 17 1 15 7s-17 4-15-7z", "#d8ccb4"),
        path("M70 40c5-3 14 0 12 6s-13 4-12-6z", "#d8ccb4"),
    ) + thin(path("M24 92l22 16M30 90l20 15M104 88l26 8M106 94l22 7M70 98l14 16"))
    crack = thin(path("M34 12l5 16-9 10 8 10-4 16M39 28l12-5 13 6M30 38l-16 4M38 48l14 8"), width=2)
    hole = path("M30 18l7 10 12-4-2 12 10 8-13 2-2 14-9-9-13 3 5-12-6-11 12 1z", DARK)
    spray = path(
        "M84 30c0-18 14-18 12-2s-10 12-4 0 14-16 14 0 8 8 8-6 10-10 8 4 10 6 14-6",
        extra=f' stroke="{RED}" stroke-width="4"',
    )
    extras = {
        "a-plus": whole + thin(path("M22 34l16-16M24 46l24-24")) + star(132, 20, 9) + star(86, 96),
        "a": whole + scuffs,
        "b": worn + whole,
        "c": worn + whole + crack,
        "d": hole + crack + broken + spray,
    }
    return back() + tiles + pane + extras[level]


# --- hal: hall and letterboxes ---


def _box(column: int, row: int, kind: str) -> str:
    x, y = 62 + 30 * column, 14 + 27 * row
    if kind == "torn":
        door = path(f"M{x} {y + 27}l-9 7 3-24 6-6z", GLASS)
        return rect(x, y, 30, 27, DARK) + door
    shut = rect(x, y, 30, 27, GLASS) + path(f"M{x + 6} {y + 8}h18")
    plate = flat(rect(x + 9, y + 16, 12, 5, INK))
    full = paper(x + 12, y + 6, -12) + paper(x + 19, y + 5, 16) if kind == "full" else ""
    return shut + plate + full


def hal(level: str) -> str:
    """Hall and letterboxes."""
    kinds = {"c": ["full", "shut", "full", "torn", "full", "shut"],
             "d": ["torn", "torn", "shut", "full", "torn", "torn"]}  # fmt: skip
    row = kinds.get(level, ["shut"] * 6)
    boxes = "".join(_box(i % 3, i // 3, kind) for i, kind in enumerate(row))
    floor = path("M0 96H160V120H0z", FLOOR)
    way_out = rect(8, 24, 38, 72, PALE) + dot(40, 62, 2, INK)
    plant = path("M60 96h20l-3 16H63z", RED) + path(
        "M70 96c-2-12-12-12-14-20 10 0 14 6 14 20 0-14 4-20 14-20-2 8-12 8-14 20", GREEN
    )
    bike = (
        dot(72, 98, 13)
        + dot(108, 98, 13)
        + path("M72 98l12-20h18l6 20M84 78l10 20h14M94 98l8-20M80 78h8M102 78l-2-6h8")
    )
    folders = paper(128, 110, 8) + paper(146, 104, -16)
    stuff = rect(122, 84, 28, 26, DIRT) + path("M122 92h28M136 84v8") + rect(104, 94, 20, 18, DIRT)
    blocked = (
        rect(6, 72, 34, 34, DIRT)
        + path("M6 82h34M23 72v10")
        + path("M12 72l4-34h24l4 34M14 56h28", BLUE, ' fill-opacity=".8"')
    )
    extras = {
        "a-plus": plant + path("M10 106h34l6 8H4z", GREEN)
        + rect(98, 78, 26, 14, PALE) + path("M101 89l6-7 5 5 4-3 5 5") + star(146, 84, 7),
        "a": path("M10 106h34l6 8H4z", GREEN),
        "b": bike + folders,
        "c": bike + stuff + folders + paper(40, 108, 20),
        "d": bike + stuff + blocked + folders + paper(58, 112, 20),
    }  # fmt: skip
    return back() + floor + way_out + boxes + extras[level]


# --- verlichting: how light it is on the stairs and at the door ---


def _lamp(x: int, kind: str) -> str:
    halo = {"bright": flat(dot(x, 30, 25, "#fff"), dot(x, 30, 17, "#ffe98a")),
            "on": flat(dot(x, 30, 18, "#fff3b0")),
            "weak": flat(dot(x, 30, 11, "#e6d48d"))}  # fmt: skip
    rays = path(
        f"M{x} 44v9M{x - 14} 39l-7 6M{x + 14} 39l7 6M{x - 17} 28h-8M{x + 17} 28h8",
        extra=' stroke-width="3"',
    )
    bulb = {"out": "#5b6670", "broken": "none", "weak": "#d9b648"}.get(kind, YELLOW)
    shape = path(f"M{x} 0v18") + path(f"M{x - 9} 26c0-11 18-11 18 0l-3 10h-12z", bulb)
    jagged = path(f"M{x - 9} 34l4-5 4 6 4-7 6 6") if kind == "broken" else ""
    return halo.get(kind, "") + (rays if kind == "bright" else "") + shape + jagged


def verlichting(level: str) -> str:
    """How light it is on the stairs and at the door."""
    walls = {"a-plus": "#fff8d8", "a": "#fbf1cc", "b": "#c9bd93", "c": "#f6ebc0", "d": "#2a3239"}
    ink = "#93a1ac" if level == "d" else INK
    step = {"a-plus": "#e9ecd8", "a": "#dfe2cf", "b": "#a19a7c", "c": "#d8d9c4", "d": "#353f48"}[
        level
    ]
    lamps = {"a-plus": ["bright"] * 3, "a": ["on"] * 3, "b": ["weak"] * 3,
             "c": ["broken", "out", "on"], "d": ["out", "broken", "out"]}[level]  # fmt: skip
    stairs = path("M0 62H20V76H40V90H60V104H160V120H0z", step)
    door = rect(112, 56, 32, 48, {"d": "#20272d", "b": "#b5aa84"}.get(level, PALE)) + dot(
        138, 82, 2
    )
    shadow = flat(path("M0 0H96L78 120H0z", "#3d4750")) if level == "c" else ""
    outside = (
        thin(*(path(f"M150 {y}h8") for y in (60, 70, 80)), width=3) if level == "a-plus" else ""
    )
    # In the dark half of C the outlines turn light, else nothing of the stairs is seen.
    half = ' stroke="#aab5be"' if level == "c" else ""
    edge = path("M0 62H20V76H40V90H60V104H80") if level == "c" else ""
    left = f"<g{half}>{edge}{_lamp(36, lamps[0])}{_lamp(80, lamps[1])}</g>"
    body = back(walls[level]) + stairs + shadow + door + outside + left + _lamp(124, lamps[2])
    return f'<g stroke="{ink}">{body}</g>'


# --- deur: front door and bells ---


def _bells(level: str) -> str:
    gone = {"b": {3}, "c": {0, 3, 4}, "d": {0, 1, 3, 4}}.get(level, set())
    turn = ' transform="rotate(14 118 40)"' if level == "d" else ""
    panel = rect(114, 34, 34, 58, PALE)
    rows = ""
    for i in range(5):
        y = 42 + 10.5 * i
        button = dot(121, y, 3, DARK if i in gone else YELLOW)
        cross = path(f"M117 {y - 4}l8 8m0-8l-8 8", extra=f' stroke="{RED}"') if i in gone else ""
        rows += button + cross + path(f"M129 {y}h13", extra=' stroke-width="3"')
    wires = path("M126 96c0 10 8 6 6 16M136 96c2 8-6 10-2 16", extra=f' stroke="{RED}"')
    return f"<g{turn}>{panel}{rows}</g>" + (wires if level == "d" else "")


def deur(level: str) -> str:
    """Front door and bells."""
    frame = rect(28, 8, 64, 106, PALE)
    shut = (
        rect(34, 14, 52, 100, BLUE) + rect(42, 22, 36, 34, GLASS) + path("M76 68h6v12h-6z", YELLOW)
    )
    closer = path("M40 14v-6h18l10 6", extra=' stroke-width="3.5"')
    ajar = (
        flat(rect(34, 14, 52, 100, DARK))
        + path("M34 14l36 7v100l-36-7z", BLUE)
        + path("M40 24l24 5v30l-24-4z", GLASS)
        + path("M62 72h5v12h-5z", YELLOW)
    )
    wide = (
        flat(rect(34, 14, 52, 100, DARK))
        + path("M34 14l-26 9v96l26-5z", BLUE)
        + path("M29 26l-16 5v28l16-3z", GLASS)
        + path("M28 28l-8 12 6 6-9 11M20 40l-7-4")
    )
    splinters = path("M86 58l8 4-6 6 9 3-7 6 6 6-10 2", PALE)
    scratch = thin(path("M46 78l14 20M52 76l16 22M44 90l10 12"), colour=PALE, width=2)
    speech = (
        rect(121, 12, 20, 16, PALE)
        + path("M125 17h12M125 22h12")
        + path("M146 13c4 4 4 10 0 14M151 9c6 6 6 16 0 22")
    )
    body = {
        "a-plus": frame + shut + closer + speech + star(20, 22, 8) + star(104, 104, 7),
        "a": frame + shut + closer,
        "b": frame + shut + closer + scratch,
        "c": frame + ajar,
        "d": frame + wide + splinters,
    }
    return back() + body[level] + _bells(level)


ELEMENTS = {"schoon": schoon, "heel": heel, "hal": hal, "verlichting": verlichting, "deur": deur}


def drawing(element: str, level: str) -> str:
    """One SVG, 160 by 120."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120" width="320" height="240">'
        f'<g fill="none" stroke="{INK}" stroke-width="2.5" stroke-linecap="round" '
        f'stroke-linejoin="round">{ELEMENTS[element](level)}</g></svg>\n'
    )


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    for element in ELEMENTS:
        for level in LEVELS:
            (FOLDER / f"{element}-{level}.svg").write_text(drawing(element, level))


if __name__ == "__main__":
    main()
