#!/usr/bin/env python3
"""Rebuild what is vendored from npm, and put the style sheets together. For developers only.

    tools/vendor.py fetch     download the exact versions below (needs npm) and prune them
    tools/vendor.py bundle    join the parts into css/{public,field,staff,widgets}.css (no network)
    tools/vendor.py check     exit 1 when a bundle is not what its parts say

Both results are committed: running the product needs neither Node nor this script.
Pruning keeps a rule only when every class it names is in COMPONENTS, and a design token only
when a kept rule or one of our own style sheets refers to it, directly or through other tokens.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "fieldapp" / "static"
SOURCE = STATIC / "css" / "src"
NLDS = STATIC / "vendor" / "nlds"

PACKAGES = {
    "utrecht": ("@utrecht/component-library-css", "9.0.4"),
    "button": ("@nl-design-system-candidate/button-css", "1.1.0"),
    "heading": ("@nl-design-system-candidate/heading-css", "1.1.3"),
    "link": ("@nl-design-system-candidate/link-css", "2.0.3"),
    "paragraph": ("@nl-design-system-candidate/paragraph-css", "2.1.3"),
    "skip-link": ("@nl-design-system-candidate/skip-link-css", "1.0.5"),
    "tokens": ("@nl-design-system-unstable/voorbeeld-design-tokens", "7.4.1"),
    "leaflet": ("leaflet", "1.9.4"),
    "axe": ("axe-core", "4.14.1"),
}

COMPONENTS: dict[str, frozenset[str]] = {
    "public": frozenset(
        """
        nl-button nl-button--primary nl-button--secondary nl-button--subtle nl-button--disabled
        nl-button__icon-start nl-button__label
        nl-heading nl-heading--level-1 nl-heading--level-2 nl-heading--level-3
        nl-link nl-paragraph nl-skip-link nl-skip-link--visible-on-focus
        utrecht-document
        utrecht-form-field utrecht-form-field--invalid utrecht-form-field__label
        utrecht-form-field__input utrecht-form-field__description
        utrecht-form-field__error-message
        utrecht-form-field-description utrecht-form-field-error-message
        utrecht-form-label utrecht-form-label--radio utrecht-form-label--checkbox
        utrecht-form-fieldset utrecht-form-fieldset--invalid
        utrecht-form-fieldset__fieldset--html-fieldset
        utrecht-form-fieldset__legend utrecht-form-fieldset__legend--html-legend
        utrecht-textbox utrecht-textbox--html-input utrecht-textbox--invalid
        utrecht-textarea utrecht-textarea--html-textarea utrecht-textarea--invalid
        utrecht-select utrecht-select--html-select utrecht-select--invalid
        utrecht-alert utrecht-alert--info utrecht-alert--ok utrecht-alert--warning
        utrecht-alert--error utrecht-alert__icon utrecht-alert__content
        """.split()
    ),
    "staff": frozenset(
        """
        utrecht-table utrecht-table__caption utrecht-table__header utrecht-table__body
        utrecht-table__row utrecht-table__cell utrecht-table__header-cell
        utrecht-table__header-cell--numeric-column utrecht-table__cell--numeric-column
        utrecht-table-container
        utrecht-badge-status utrecht-badge-status--neutral
        """.split()
    ),
}

# Our own style sheets, in order. staff is public plus what laptops add.
PARTS = {
    "public": (
        "tokens",
        "base",
        "layout",
        "form",
        "phone-capture",
        "phone-receipts",
        "rounds",
        "map",
        "print",
    ),
    # Colleagues on their phone: what residents get and what belongs to the app (phone-*.css).
    "field": (
        "tokens",
        "base",
        "layout",
        "form",
        "phone-capture",
        "rounds",
        "map",
        "phone-shell",
        "phone-device",
        "phone-form",
        "phone-copy",
        "phone-receipts",
        "phone-queue",
        "phone-doors",
        "phone-earlier",
        "widgets",
        "print",
    ),
    "staff": (
        "tokens",
        "base",
        "layout",
        "form",
        "phone-capture",
        "rounds",
        "map",
        "staff",
        "charts",
        "review",
        "coding",
        "admin",
        "builder",
        "surveys",
        "devices",
        "print",
    ),
    "widgets": ("widgets",),  # beside public or staff, on pages that ask in richer ways
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, or an at-rule with what it encloses: `head` { `body` }."""

    head: str
    body: str


def rules(css: str) -> Iterator[Rule]:
    """The top-level rules of a style sheet; statements such as @charset are left out."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@(charset|import)[^;{]*;", "", css)
    start = depth = 0
    opened = 0
    for position, character in enumerate(css):
        if character == "{":
            if depth == 0:
                opened = position
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield Rule(css[start:opened].strip(), css[opened + 1 : position].strip())
                start = position + 1


def split_selectors(head: str) -> list[str]:
    """The selectors of a list, split at commas outside brackets."""
    parts, depth, current = [], 0, ""
    for character in head:
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()]


def needed_classes(selector: str) -> set[str]:
    """Classes that must be present for the selector to match: not those inside :not and :has."""
    while True:
        shorter = re.sub(r":(?:not|has|where)\((?:[^()]|\([^()]*\))*\)", "", selector)
        if shorter == selector:
            break
        selector = shorter
    return set(re.findall(r"\.([A-Za-z][\w-]*)", selector))


def prune(css: str, classes: frozenset[str]) -> str:
    """Only the rules whose classes are all wanted, minified."""
    kept = []
    for rule in rules(css):
        if rule.head.startswith(("@media", "@supports")):
            inner = prune(rule.body, classes)
            if inner:
                kept.append(f"{rule.head}{{{inner}}}")
            continue
        if rule.head.startswith("@"):
            continue
        selectors = [
            selector
            for selector in split_selectors(rule.head)
            if (names := needed_classes(selector)) and names <= classes
        ]
        if selectors and rule.body:
            kept.append(f"{','.join(selectors)}{{{rule.body}}}")
    return minify("".join(kept))


def minify(css: str) -> str:
    """Without comments, needless white space and last semicolons."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    css = re.sub(r":\s+", ":", css)
    return css.replace(";}", "}").strip()


def wanted_tokens(definitions: dict[str, str], *style_sheets: str) -> dict[str, str]:
    """The tokens those style sheets refer to, and the tokens these in turn refer to."""
    waiting = [name for sheet in style_sheets for name in re.findall(r"var\(\s*(--[\w-]+)", sheet)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in definitions:
            continue
        found.add(name)
        waiting += re.findall(r"var\(\s*(--[\w-]+)", definitions[name])
    return {name: value for name, value in definitions.items() if name in found}


def resolve_constants(tokens: dict[str, str]) -> dict[str, str]:
    """Tokens with plain references to each other filled in.

    References to names that are not in `tokens`, because css/src/tokens.css sets them, stay
    references: those an organisation or the dark theme may change. All other steps of the chain
    only cost bytes on a phone.
    """

    def value(name: str, depth: int = 0) -> str:
        text = tokens[name]
        match = re.fullmatch(r"var\(\s*(--[\w-]+)\s*\)", text)
        if depth > 20 or not match or match[1] not in tokens:
            return text
        return value(match[1], depth + 1)

    return {name: value(name) for name in tokens}


def download(package: str, version: str, into: Path) -> Path:
    """The unpacked package folder; npm checks the integrity of what it downloads."""
    npm = shutil.which("npm")
    if not npm:
        sys.exit("tools/vendor.py fetch needs npm (Node 20 or later); bundle and check do not.")
    packed = (
        subprocess.run(  # noqa: S603 - fixed names above
            [npm, "pack", "--silent", f"{package}@{version}"],
            cwd=into,
            check=True,
            capture_output=True,
            text=True,
        )
        .stdout.strip()
        .splitlines()[-1]
    )
    folder = into / packed.removesuffix(".tgz")
    with tarfile.open(into / packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def fetch() -> None:
    """Download every package and write the pruned files under static/vendor."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = {
            key: download(package, version, Path(temporary))
            for key, (package, version) in PACKAGES.items()
        }
        components = "\n".join(
            (folder[key] / "dist" / name).read_text()
            for key, name in (
                ("button", "button.css"),
                ("heading", "heading.css"),
                ("link", "link.css"),
                ("paragraph", "paragraph.css"),
                ("skip-link", "skip-link.css"),
                ("utrecht", "index.css"),
            )
        )
        NLDS.mkdir(parents=True, exist_ok=True)
        for bundle, classes in COMPONENTS.items():
            (NLDS / f"components-{bundle}.css").write_text(prune(components, classes) + "\n")
        write_tokens((folder["tokens"] / "dist" / "theme.css").read_text())
        shutil.copy(folder["tokens"] / "LICENSE.md", NLDS / "LICENSE.md")
        copy_leaflet(folder["leaflet"])
        axe = ROOT / "tests" / "browser" / "vendor"
        axe.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder["axe"] / "axe.min.js", axe / "axe.min.js")
        shutil.copy(folder["axe"] / "LICENSE", axe / "LICENSE-axe-core.txt")


def write_tokens(theme: str) -> None:
    """All voorbeeld tokens that a component we ship may need, one per line."""
    definitions = {
        name: value.strip() for name, value in re.findall(r"(--[\w-]+)\s*:\s*([^;]+);", theme)
    }
    own = [path.read_text() for path in sorted(SOURCE.glob("*.css"))]
    sheets = [(NLDS / f"components-{bundle}.css").read_text() for bundle in COMPONENTS]
    lines = [
        f"{name}:{value};" for name, value in wanted_tokens(definitions, *sheets, *own).items()
    ]
    (NLDS / "tokens.css").write_text(":root{\n" + "\n".join(lines) + "\n}\n")


def copy_leaflet(folder: Path) -> None:
    """Leaflet's script and style; the pictures we do not use (own marker) stay behind."""
    target = STATIC / "vendor" / "leaflet"
    target.mkdir(parents=True, exist_ok=True)
    script = (folder / "dist" / "leaflet.js").read_text()
    (target / "leaflet.js").write_text(script.replace("//# sourceMappingURL=leaflet.js.map", ""))
    style = (folder / "dist" / "leaflet.css").read_text()
    style = re.sub(r"[^{}]*\{[^{}]*url\((?!#)[^{}]*\}", "", style)
    (target / "leaflet.css").write_text(minify(style) + "\n")
    shutil.copy(folder / "LICENSE", target / "LICENSE")


def bundle_text(name: str) -> str:
    """One bundle: a licence line, tokens, components, our own style sheets."""
    parts = PARTS[name]
    own = [(SOURCE / f"{part}.css").read_text() for part in parts]
    if name == "widgets":
        return minify("".join(own)) + "\n"
    sets = ("public", "staff") if name == "staff" else ("public",)
    components = [(NLDS / f"components-{which}.css").read_text() for which in sets]
    vendored = (NLDS / "tokens.css").read_text()
    definitions = dict(re.findall(r"(--[\w-]+):([^;]+);", vendored))
    tokens = wanted_tokens(definitions, *components, *own)
    set_by_us = set(re.findall(r"(--[\w-]+)\s*:", own[0]))
    tokens = resolve_constants({k: v for k, v in tokens.items() if k not in set_by_us})
    tokens = wanted_tokens(tokens, *components, *own)
    root = ":root{" + ";".join(f"{key}:{value}" for key, value in tokens.items()) + "}"
    licence = (
        "/*! EUPL-1.2. NL Design System components and voorbeeld tokens: vendor/README.md */\n"
    )
    return licence + minify(root + "".join(components) + "".join(own)) + "\n"


def bundle() -> None:
    """Write every bundle."""
    for name in PARTS:
        (STATIC / "css" / f"{name}.css").write_text(bundle_text(name))


def check() -> None:
    """Stop with status 1 when a committed bundle differs from its parts."""
    stale = [
        name for name in PARTS if (STATIC / "css" / f"{name}.css").read_text() != bundle_text(name)
    ]
    if stale:
        sys.exit(f"Not up to date: {', '.join(stale)}. Run tools/vendor.py bundle and commit.")


if __name__ == "__main__":
    commands = {"fetch": fetch, "bundle": bundle, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]]()
