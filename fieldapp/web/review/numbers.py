"""Numbers, dates and lists as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from flask_babel import format_date, format_decimal, format_percent, get_locale
from flask_babel import gettext as _


def number(value: float, decimals: int = 2) -> str:
    """1234.5 -> "1.234,5"; at most `decimals` decimals."""
    pattern = "#,##0." + "#" * decimals if decimals else "#,##0"
    # Rounded away to nothing must not leave "-0".
    shown = round(value, decimals) + 0.0
    return str(format_decimal(shown, format=pattern))


def score(value: float) -> str:
    """A score or mean: always two decimals and a sign, so that columns compare."""
    return str(format_decimal(round(value, 2) + 0.0, format="+0.00;-0.00"))


def share(value: float) -> str:
    """0.244 -> "24%"."""
    return str(format_percent(value, format="0%"))


def day(value: date) -> str:
    """21 november 2026."""
    return str(format_date(value, "d MMMM y"))  # "long" is American in English


def days(start: date, end: date) -> str:
    """A period, both days included."""
    return str(_("%(start)s tot en met %(end)s", start=day(start), end=day(end)))


def language_name(tag: str) -> str:
    """A language in the language of the page: "Turks"."""
    try:
        name = Locale.parse(tag, sep="-").get_language_name(get_locale() or "nl")
    except (UnknownLocaleError, ValueError):
        return tag
    return name or tag


def listed(items: Iterable[str]) -> str:
    """a, b en c."""
    return format_list(list(items), locale=get_locale() or "nl")
