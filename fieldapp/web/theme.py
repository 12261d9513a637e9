"""What an organisation may change about the look, and whether its choice can be read.

An organisation gives a few custom properties; everything else of the design follows from them
(`static/css/src/tokens.css`). Anything outside the list is refused, so a theme can neither break
a page nor fetch something from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fieldapp.core.survey import Problem

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LENGTH = re.compile(r"(\d{1,2})px")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_ROUND = 24  # px; rounder than this, a choice row becomes a pill that hides its tick


def _is_colour(value: str) -> bool:
    return _COLOUR.fullmatch(value) is not None


def _is_radius(value: str) -> bool:
    match = _LENGTH.fullmatch(value)
    return match is not None and int(match[1]) <= MOST_ROUND


@dataclass(frozen=True, slots=True)
class ThemeProperty:
    """One property that may be set: its default, what it does, and which values it takes."""

    name: str
    default: str
    meaning: str
    accepts: Callable[[str], bool]


THEME_PROPERTIES: tuple[ThemeProperty, ...] = (
    ThemeProperty("--fieldapp-accent", "#0b4a63", "buttons, links, chosen answers", _is_colour),
    ThemeProperty("--fieldapp-accent-strong", "#06303f", "the same under the pointer", _is_colour),
    ThemeProperty("--fieldapp-accent-soft", "#e6f0f4", "ground of a chosen answer", _is_colour),
    ThemeProperty("--fieldapp-on-accent", "#ffffff", "text on the accent", _is_colour),
    ThemeProperty("--fieldapp-accent-dark", "#8ccbe6", "accent in dark mode", _is_colour),
    ThemeProperty(
        "--fieldapp-accent-dark-strong", "#b9e1f2", "the same under the pointer", _is_colour
    ),
    ThemeProperty(
        "--fieldapp-accent-dark-soft", "#16313d", "ground of a chosen answer, dark", _is_colour
    ),
    ThemeProperty("--fieldapp-on-accent-dark", "#04202c", "text on the dark accent", _is_colour),
    ThemeProperty("--fieldapp-radius", "10px", "roundness, 0px to 24px", _is_radius),
)
_ALLOWED = {item.name: item for item in THEME_PROPERTIES}

# Grounds and inks of css/src/tokens.css that a theme cannot change.
PAPER, GROUND, INK = "#ffffff", "#f4f6f7", "#12202b"
PAPER_DARK, GROUND_DARK, INK_DARK = "#10181d", "#1a252c", "#f2f5f7"

# Pairs that stand on each other: (text, ground). 7:1 because phones are read outdoors (WCAG 1.4.6).
ENOUGH = 7.0
_PAIRS: tuple[tuple[str, str], ...] = (
    ("--fieldapp-accent", PAPER),
    ("--fieldapp-accent", GROUND),
    ("--fieldapp-accent", "--fieldapp-accent-soft"),
    ("--fieldapp-accent-strong", "--fieldapp-accent-soft"),
    ("--fieldapp-on-accent", "--fieldapp-accent"),
    ("--fieldapp-on-accent", "--fieldapp-accent-strong"),
    (INK, "--fieldapp-accent-soft"),
    ("--fieldapp-accent-dark", PAPER_DARK),
    ("--fieldapp-accent-dark", GROUND_DARK),
    ("--fieldapp-accent-dark", "--fieldapp-accent-dark-soft"),
    ("--fieldapp-accent-dark-strong", "--fieldapp-accent-dark-soft"),
    ("--fieldapp-on-accent-dark", "--fieldapp-accent-dark"),
    ("--fieldapp-on-accent-dark", "--fieldapp-accent-dark-strong"),
    (INK_DARK, "--fieldapp-accent-dark-soft"),
)


def luminance(colour: str) -> float:
    """Relative luminance of a `#rrggbb` colour, 0 to 1 (WCAG 2.2, definition)."""

    def linear(part: str) -> float:
        share = int(part, 16) / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[start : start + 2]) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, definition)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def check_theme(tokens: Mapping[str, str]) -> list[Problem]:
    """What is wrong with a theme; an empty list when it may be used.

    Codes: `theme_unknown` (a property outside the list), `theme_value` (not a value it takes),
    `theme_contrast` (params text, ground, ratio, enough). Properties left out keep their default.
    """
    problems = [
        Problem("theme_unknown", name, {"allowed": ", ".join(_ALLOWED)})
        for name in tokens
        if name not in _ALLOWED
    ]
    problems += [
        Problem("theme_value", name, {"value": value, "example": _ALLOWED[name].default})
        for name, value in tokens.items()
        if name in _ALLOWED and not _ALLOWED[name].accepts(value)
    ]
    if problems:
        return problems
    values = {item.name: tokens.get(item.name, item.default) for item in THEME_PROPERTIES}
    for text, ground in _PAIRS:
        ratio = contrast(values.get(text, text), values.get(ground, ground))
        if ratio < ENOUGH:
            # Cut, not rounded: 6.96 must not be reported as 7.0, which would be enough.
            found = int(ratio * 10) / 10
            problems.append(
                Problem(
                    "theme_contrast",
                    text if text in _ALLOWED else ground,
                    {"text": text, "ground": ground, "ratio": found, "enough": ENOUGH},
                )
            )
    return problems


def theme_css(slug: str, tokens: Mapping[str, str]) -> str:
    """The style sheet of one organisation, for `/theme/<slug>.css`.

    ValueError when the slug or the theme is not in order: check_theme comes first.
    """
    if _SLUG.fullmatch(slug) is None:
        raise ValueError(f"not a slug: {slug!r}")
    problems = check_theme(tokens)
    if problems:
        raise ValueError(f"theme {slug}: {problems[0].code} at {problems[0].where}")
    lines = "".join(f"{name}:{tokens[name]};" for name in sorted(tokens))
    return f":root.theme-{slug}{{{lines}}}\n"
