"""The seven themes of a profile as rows, wringt first, with all that opens behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from fieldapp.core.codeframe import theme_code
from fieldapp.core.indicator import Catalogue
from fieldapp.core.profile.constants import K_INTERNAL
from fieldapp.db.queries.review_lists import RESIDENT_KINDS, SpokenCode
from fieldapp.db.queries.statements import ApprovedQuote
from fieldapp.services.frames import code_frame
from fieldapp.web.language import current_language
from fieldapp.web.review import numbers, sentences, words
from fieldapp.web.review.evidence import Evidence
from fieldapp.web.review.indicators import indicator_parts
from fieldapp.web.review.marks import marks
from fieldapp.web.review.numbers import language_name
from fieldapp.web.review.pages import Quote, ThemeRow, VoiceRow

Theme = Mapping[str, Any]
BEST = 2
QUOTES_SHOWN = 6
WANTED_SIGN = {"verborgen_zorg": -1, "verborgen_kracht": 1}


def theme_rows(
    profile: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]],
    evidence: Evidence,
    catalogue: Catalogue,
) -> tuple[ThemeRow, ...]:
    """All themes; `others`: profiles of the other buurten of the gemeente."""
    city: dict[str, list[Theme]] = {}
    for other in others:
        for theme in other["themes"]:
            city.setdefault(theme["code"], []).append(theme)
    ordered = sorted(profile["themes"], key=lambda theme: not theme["wringt"])
    return tuple(_row(theme, city.get(theme["code"], []), evidence, catalogue) for theme in ordered)


def _row(theme: Theme, city: Sequence[Theme], evidence: Evidence, catalogue: Catalogue) -> ThemeRow:
    code = theme["code"]
    verdict = theme["confrontation"]
    best, rest = _quotes(theme, evidence.quotes)
    spoken, hidden = _codes(code, evidence.codes)
    parts = indicator_parts(theme, evidence, catalogue)
    notes = catalogue.theme_notes.get(code, {})
    return ThemeRow(
        code=code,
        name=words.word(words.THEMES, code),
        state=words.STATES.get(verdict, "none"),
        verdict=words.word(words.VERDICTS, verdict),
        sentence=sentences.theme_sentence(theme),
        differ=theme["groups_differ"],
        marks=marks(theme, city),
        steps=tuple(sentences.step_words(s["code"], s["count"]) for s in theme["next_steps"]),
        best_quotes=best if theme["wringt"] else (),
        indicators=parts.scored,
        context=parts.context,
        without=parts.without,
        sources=parts.sources,
        note=str(notes.get("nl" if current_language() == "nl" else "en", "")),
        trend=_trend(theme["cold"]["trend"]),
        trend_class=(theme["cold"]["trend"] or {}).get("class") or "",
        series=parts.series,
        voices=tuple(_voices(theme["warm"])),
        codes=spoken,
        codes_hidden=hidden,
        quotes=rest if theme["wringt"] else (best + rest)[:QUOTES_SHOWN],
    )


def _trend(trend: Mapping[str, Any] | None) -> str:
    if trend is None:
        return ""
    if trend["class"] is None:
        return words.word(words.REASONS, trend["reason"]).capitalize() + "."
    return str(
        _(
            "%(trend)s, van %(first)s tot %(last)s.",
            trend=words.word(words.TRENDS, trend["class"]),
            first=trend["years"][0],
            last=trend["years"][-1],
        )
    )


def _voices(warm: Mapping[str, Mapping[str, Any]]) -> Iterable[VoiceRow]:
    """The figures behind the marks; nothing here that the profile itself has hidden."""

    def row(name: str, text: Any) -> VoiceRow:
        return VoiceRow(name, text(warm["bewoners"]), text(warm["professionals"]))

    yield row(_("Stemmen"), lambda w: _or_dash(w["n"], lambda n: numbers.number(n, 0)))
    yield row(_("Gemiddeld (-1 tot 1)"), lambda w: _or_dash(w["mean"], numbers.score))
    yield row(_("Waarschijnlijk tussen"), _interval)
    yield row(_("Beeld"), lambda w: words.word(words.WARM, w["class"]) or _why(w))
    yield row(_("Zekerheid"), lambda w: words.word(words.RELIABILITY, w["reliability"]) or "–")
    yield row(_("Plekken"), lambda w: _or_dash(w["clusters"], lambda n: numbers.number(n, 0)))
    yield row(_("Gewogen naar wie hier woont"), _raked)


def _or_dash(value: Any, text: Any) -> str:
    return "–" if value is None else str(text(value))


def _interval(warm: Mapping[str, Any]) -> str:
    if warm["low"] is None:
        return "–"
    low, high = numbers.score(warm["low"]), numbers.score(warm["high"])
    return str(_("%(low)s en %(high)s", low=low, high=high))


def _raked(warm: Mapping[str, Any]) -> str:
    if warm["raked_mean"] is not None:
        return numbers.score(warm["raked_mean"])
    return words.word(words.REASONS, warm["raked_reason"]) or "–"


def _why(warm: Mapping[str, Any]) -> str:
    return words.word(words.REASONS, warm["reason"]).lower() or "–"


def _codes(theme: str, codes: Sequence[SpokenCode]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Sub-codes with how many spoke of them and how; those below the threshold are only counted."""
    mine = [spoken for spoken in codes if theme_code(spoken.code) == theme]
    shown = [spoken for spoken in mine if spoken.voices >= K_INTERNAL]
    hidden = len(mine) - len(shown)
    rows = tuple(
        (
            _code_label(spoken.code),
            str(
                _(
                    "%(n)s stemmen, %(mood)s",
                    n=spoken.voices,
                    mood=sentences.mood_words(spoken.valence),
                )
            ),
        )
        for spoken in shown
    )
    text = ngettext(
        "En %(num)s onderwerp waar minder dan %(k)s mensen over spraken.",
        "En %(num)s onderwerpen waar minder dan %(k)s mensen over spraken.",
        hidden,
        k=K_INTERNAL,
    )
    return rows, text if hidden else ""


def _code_label(code: str) -> str:
    try:
        return code_frame().code(code).label.in_language(current_language(), fallback=("en", "nl"))
    except KeyError:
        return code


def _quotes(
    theme: Theme, quotes: Sequence[ApprovedQuote]
) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """The best two and the others. Best: residents who say what the verdict says, strongest."""
    sign = WANTED_SIGN.get(theme["confrontation"], 0)
    mine = [quote for quote in quotes if quote.theme == theme["code"]]
    language = current_language()
    # Stable: among equals the strongest stays first. Quotes that the reader can read come before.
    mine.sort(
        key=lambda q: (
            q.kind not in RESIDENT_KINDS,
            bool(sign) and q.valence * sign <= 0,
            q.language != language,
        )
    )
    fitting = [quote for quote in mine if not sign or quote.valence * sign > 0][:BEST]
    rest = [quote for quote in mine if quote not in fitting][: QUOTES_SHOWN - len(fitting)]
    return tuple(map(_quote, fitting)), tuple(map(_quote, rest))


def _quote(quote: ApprovedQuote) -> Quote:
    month = format_date(quote.month, "MMMM yyyy")
    who = _("bewoner") if quote.kind in RESIDENT_KINDS else _("professional")
    parts = [who, month]
    if quote.language != current_language():
        parts.append(language_name(quote.language))
    return Quote(quote.text, ", ".join(parts), quote.language)
