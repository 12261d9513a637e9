"""The three marks of a theme on one scale: figures, residents, professionals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from fieldapp.web.review import numbers, sentences, words
from fieldapp.web.review.pages import Mark

Theme = Mapping[str, Any]
CHART_STATES = {"agree": "agree", "wringt": "wringt"}  # every other state is drawn grey


def marks(theme: Theme, city: Sequence[Theme]) -> tuple[Mark, ...]:
    """Figures, residents, professionals; `city`: the same theme of the other buurten."""
    # The verdict is about figures and residents; professionals stand beside it in grey.
    state = CHART_STATES.get(words.STATES.get(theme["confrontation"], ""), "context")
    return (
        _cold(theme, city, state),
        _warm("bewoners", theme, city, state),
        _warm("professionals", theme, city, "context"),
    )


def _cold(theme: Theme, city: Sequence[Theme], state: str) -> Mark:
    cold = theme["cold"]
    title, id_ = _("Cijfers"), f"{theme['code']}-cijfers"
    if cold["score"] is None:
        return Mark(id_, title, few=words.word(words.REASONS, cold["reason"]) + ".")
    text = words.word(words.COLD, cold["class"])
    others = tuple(t["cold"]["score"] for t in city if t["cold"]["score"] is not None)
    return Mark(
        id_,
        title,
        text=text,
        value=cold["score"],
        limit=3,
        ends=(_("ongunstiger"), _("gunstiger")),
        city=others,
        description=_(
            "%(title)s: %(text)s. Score %(score)s op een schaal van -3 tot 3.",
            title=title,
            text=text,
            score=numbers.score(cold["score"]),
        ),
        state=state,
    )


def _warm(group: str, theme: Theme, city: Sequence[Theme], state: str) -> Mark:
    warm = theme["warm"][group]
    title, id_ = words.word(words.SOURCE_GROUPS, group), f"{theme['code']}-{group}"
    if warm["mean"] is None:
        return Mark(id_, title, few=_too_few(warm))
    shown = (t["warm"][group]["mean"] for t in city)
    if warm["class"] is None:
        text = f"{_voices(warm)}, {words.word(words.REASONS, warm['reason']).lower()}"
    else:
        text = f"{words.word(words.WARM, warm['class'])}, {_voices(warm)}"
    return Mark(
        id_,
        title,
        text=text,
        value=warm["mean"],
        low=warm["low"],
        high=warm["high"],
        ends=(_("ontevreden"), _("tevreden")),
        city=tuple(mean for mean in shown if mean is not None),
        description=_describe(title, text, warm),
        state=state,
    )


def _describe(title: str, text: str, warm: Mapping[str, Any]) -> str:
    mean = numbers.score(warm["mean"])
    if warm["low"] is None:
        return str(
            _(
                "%(title)s: %(text)s. Gemiddeld %(mean)s op een schaal van -1 tot 1.",
                title=title,
                text=text,
                mean=mean,
            )
        )
    return str(
        _(
            "%(title)s: %(text)s. Gemiddeld %(mean)s op een schaal van -1 tot 1, waarschijnlijk "
            "tussen %(low)s en %(high)s.",
            title=title,
            text=text,
            mean=mean,
            low=numbers.score(warm["low"]),
            high=numbers.score(warm["high"]),
        )
    )


def _voices(warm: Mapping[str, Any]) -> str:
    return str(_("%(n)s stemmen", n=numbers.number(warm["n"], 0)))


def _too_few(warm: Mapping[str, Any]) -> str:
    return sentences.step_words("stemmen_ophalen", warm["missing"])
