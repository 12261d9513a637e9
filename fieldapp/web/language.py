"""Which language a page speaks, and in which direction it runs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Flask, g, request, session
from flask_babel import Babel, force_locale, get_locale, refresh
from flask_security import current_user

from fieldapp.paths import TRANSLATIONS
from fieldapp.web.context import settings

SOURCE = "nl"  # the msgids are Dutch


@cache
def interface_languages() -> tuple[str, ...]:
    """Dutch, and every language with a catalogue in translations/."""
    found = sorted(path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    return (SOURCE, *dict.fromkeys(name for name in found if name not in (SOURCE, "x_pseudo")))


@cache
def direction(language: str) -> str:
    """'rtl' or 'ltr', from the language tag."""
    try:
        order = Locale.parse(language, sep="-").character_order
    except (UnknownLocaleError, ValueError):
        return "ltr"
    return "rtl" if order == "right-to-left" else "ltr"


@cache
def own_name(language: str) -> str:
    """A language by its name in its own script: 'Türkçe'."""
    try:
        name = Locale.parse(language, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:] if name else language


def in_each(languages: Iterable[tuple[str, str]], text: Any) -> dict[str, str]:
    """Language tag -> a lazy text as that language says it."""
    said = {}
    for tag, _name in languages:
        with force_locale(tag.replace("-", "_")):
            said[tag] = str(text)
    return said


def use_language(language: str) -> None:
    """Fix the language of this request (a form knows its own)."""
    g.language = language
    refresh()  # a text may have been asked for already, which fixes the locale


def asked_language() -> str | None:
    """The language in ?taal=, when we have it; it is kept for the browser session of staff."""
    asked = request.args.get("taal", "")
    return asked if asked in interface_languages() else None


def _select() -> str:
    chosen = g.get("language")
    if chosen:
        return str(chosen).replace("-", "_")
    asked = asked_language()
    if asked:
        return asked
    kept = session.get("language")
    if kept in interface_languages():
        return str(kept)
    if current_user and current_user.is_authenticated:
        return str(current_user.language or current_user.organisation.language)
    best = request.accept_languages.best_match(interface_languages())
    return best or settings().default_language


def current_language() -> str:
    """The BCP 47 tag of this page's language."""
    locale = get_locale()
    return str(locale).replace("_", "-") if locale else SOURCE


def init_language(app: Flask) -> None:
    """Babel, and what templates need to set lang and dir."""
    app.config.update(
        BABEL_DEFAULT_LOCALE=SOURCE,
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
    )
    Babel(app, locale_selector=_select)

    @app.context_processor
    def speak() -> dict[str, object]:
        language = current_language()
        return {
            "language": language,
            "direction": direction(language),
            "language_name": own_name,
            "language_direction": direction,
            "interface_languages": interface_languages(),
        }
