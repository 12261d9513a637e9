"""The look: an organisation's theme, the bundles, and templates that obey the security policy."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.web.theme import THEME_PROPERTIES, check_theme, contrast, theme_css

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "fieldapp" / "static"
TEMPLATES = ROOT / "fieldapp" / "templates"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        # WCAG's own well-known edge of 4.5:1 on white
        ("#767676", "#ffffff", 4.54),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_defaults_are_in_order_and_equal_the_style_sheet() -> None:
    defaults = {item.name: item.default for item in THEME_PROPERTIES}
    source = (STATIC / "css" / "src" / "tokens.css").read_text()
    in_sheet = dict(re.findall(r"^  (--fieldapp-[\w-]+): ([^;]+);", source, re.MULTILINE))
    assert in_sheet == defaults
    assert check_theme({}) == []
    assert check_theme(defaults) == []


@pytest.mark.parametrize(
    ("tokens", "code", "where"),
    [
        ({"--utrecht-alert-border-width": "9px"}, "theme_unknown", "--utrecht-alert-border-width"),
        ({"--fieldapp-accent": "red"}, "theme_value", "--fieldapp-accent"),
        ({"--fieldapp-accent": "#fff}body{x:1"}, "theme_value", "--fieldapp-accent"),
        ({"--fieldapp-accent": "url(//evil.example)"}, "theme_value", "--fieldapp-accent"),
        ({"--fieldapp-accent": "#0b4a63\n"}, "theme_value", "--fieldapp-accent"),
        ({"--fieldapp-radius": "99px"}, "theme_value", "--fieldapp-radius"),
        ({"--fieldapp-accent": "#ffd400"}, "theme_contrast", "--fieldapp-accent"),
    ],
)
def test_what_is_refused(tokens: dict[str, str], code: str, where: str) -> None:
    problems = check_theme(tokens)
    assert (code, where) in [(problem.code, problem.where) for problem in problems]
    with pytest.raises(ValueError, match=code):
        theme_css("linde", tokens)


def test_a_theme_becomes_one_rule() -> None:
    css = theme_css("de-linde", {"--fieldapp-accent": "#5b1a4e", "--fieldapp-radius": "4px"})
    assert css == ":root.theme-de-linde{--fieldapp-accent:#5b1a4e;--fieldapp-radius:4px;}\n"


@pytest.mark.parametrize("slug", ["", "Linde", "a b", "x{}", "-a", "a\n"])
def test_a_slug_cannot_leave_its_selector(slug: str) -> None:
    with pytest.raises(ValueError, match="slug"):
        theme_css(slug, {})


def test_bundles_are_what_their_parts_say() -> None:
    command = [sys.executable, str(ROOT / "tools" / "vendor.py"), "check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_own_style_sheets_use_logical_sides_and_no_foreign_address() -> None:
    physical = re.compile(r"(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)")
    for path in sorted((STATIC / "css" / "src").glob("*.css")):
        text = path.read_text()
        assert not physical.findall(text), path.name
        assert not re.findall(r"url\((?!\"data:)", text), path.name
        assert "@import" not in text


def test_templates_have_no_inline_style_or_script() -> None:
    # Data beside a form (application/json) is no script to run.
    allowed = r"src=|type=.application/json"
    refused = re.compile(
        rf"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\s(?:{allowed}))"
    )
    for path in sorted(TEMPLATES.rglob("*.html")):
        found = refused.findall(path.read_text())
        assert not found, f"{path.relative_to(ROOT)}: {found}"
