"""Who was heard, beside who lives here; doors tried, opened and spoken per portiek."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from fieldapp.web.review import numbers, words
from fieldapp.web.review.gemeente import unheard, voices_words
from fieldapp.web.review.pages import HeardPart, HeardTable

DOORS_SHOWN = 8


def heard_part(profile: Mapping[str, Any], kinds: Mapping[str, int]) -> HeardPart:
    """The part "Wie is gehoord". `kinds`: kind of survey -> voices in the period."""
    heard = profile["heard"]
    doors = sorted(
        (row for row in heard["doors"] if row["level"] == "portiek"),
        key=lambda row: (-row["tried"], row["key"]),
    )
    rows = tuple(_door(row) for row in doors)
    missing = unheard(profile)
    sentence = voices_words(kinds) + "."
    if missing:
        sentence += " " + _("Nog te weinig gehoord: %(groups)s.", groups=numbers.listed(missing))
    return HeardPart(
        sentence=sentence,
        tables=tuple(_table(code, one) for code, one in heard["backgrounds"].items()),
        doors_text=_doors_text(doors),
        doors=rows[:DOORS_SHOWN],
        more_doors=rows[DOORS_SHOWN:],
    )


def _table(code: str, background: Mapping[str, Any]) -> HeardTable:
    title = words.word(words.BACKGROUNDS, code)
    known, voices = background["known"], background["voices"]
    if not known:
        text = (
            _("Niemand vertelde dit nog.")
            if known == 0
            else _("Te weinig mensen vertelden dit om het te tonen.")
        )
        return HeardTable(title, text)
    text = _(
        "%(known)s van de %(voices)s bewoners vertelden dit.",
        known=known,
        voices="–" if voices is None else voices,
    )
    groups = background["groups"]
    if all(group["expected"] is None for group in groups):
        return HeardTable(title, text, plain=tuple((_label(code, g), _count(g)) for g in groups))
    bars = tuple(_bar(code, group, known) for group in groups)
    widest = max(max(bar["heard"], bar["expected"]) for bar in bars)
    return HeardTable(title, text, bars=bars, full=max(widest, 0.01))


def _bar(code: str, group: Mapping[str, Any], known: int) -> dict[str, Any]:
    heard = group["heard"]
    expected = group["expected"]
    return {
        "label": _label(code, group),
        "heard": 0.0 if heard is None else heard / known,
        "expected": 0.0 if expected is None else expected / known,
        "heard_text": _count(group)
        if heard is None
        else f"{numbers.number(heard, 0)} ({numbers.share(heard / known)})",
        "expected_text": numbers.share(expected / known) if expected else "–",
        "under": bool(group["verdict"]),
    }


def _label(code: str, group: Mapping[str, Any]) -> str:
    if code == "language":
        return numbers.language_name(group["code"]).capitalize()
    return words.word(words.GROUPS, group["code"])


def _count(group: Mapping[str, Any]) -> str:
    # A second cell may be hidden beside a small one, so "fewer than 5" would not be true of it.
    return _("verborgen") if group["heard"] is None else numbers.number(group["heard"], 0)


def _door(row: Mapping[str, Any]) -> dict[str, str]:
    found = {name: numbers.number(row[name], 0) for name in ("tried", "opened", "spoken")}
    return {"place": str(row["key"]), **found}


def _doors_text(doors: Sequence[Mapping[str, Any]]) -> str:
    if not doors:
        return str(_("Er zijn in deze periode geen deuren geteld in een portiek."))
    tried, opened, spoken = (
        numbers.number(sum(row[name] for row in doors), 0) for name in ("tried", "opened", "spoken")
    )
    return str(
        _(
            "Bij %(tried)s deuren in %(places)s portieken is aangebeld: %(opened)s gingen open, "
            "bij %(spoken)s is gesproken.",
            tried=tried,
            places=len(doors),
            opened=opened,
            spoken=spoken,
        )
    )
