"""The page of one buurt, from its profile and the evidence behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _

from fieldapp.core.indicator import Catalogue
from fieldapp.web.review import numbers, words
from fieldapp.web.review.drawing import Drawing
from fieldapp.web.review.evidence import Evidence
from fieldapp.web.review.heard import heard_part
from fieldapp.web.review.indicators import indicator_name
from fieldapp.web.review.pages import BuurtPage, Link, MethodPart
from fieldapp.web.review.period import PeriodChoice
from fieldapp.web.review.themes import theme_rows

Profile = Mapping[str, Any]


def buurt_page(
    profile: Profile,
    others: Sequence[Profile],
    evidence: Evidence,
    kinds: Mapping[str, int],
    cells: Mapping[Any, int],
    catalogue: Catalogue,
    period: PeriodChoice,
    computed_at: datetime,
    not_reviewed: int,
    map_settings: dict[str, str],
    drawing: Drawing | None,
) -> BuurtPage:
    """All that the page shows. `kinds`: kind of survey -> voices; `cells`: cell -> observations."""
    area = profile["area"]
    query: dict[str, Any] = {"code": area["code"], **period.query}
    gemeente_url = url_for("review.gemeente", code=area["gemeente_code"], **period.query)
    return BuurtPage(
        name=area["name"],
        code=area["code"],
        gemeente=area["gemeente_name"] or area["gemeente_code"],
        period=period,
        sentence=headline(profile),
        waiting=_waiting(not_reviewed),
        waiting_url=url_for("inbox.queue", gebied=area["code"], staat="received"),
        themes=theme_rows(profile, others, evidence, catalogue),
        heard=heard_part(profile, kinds),
        method=_method(profile, catalogue, computed_at),
        map=map_settings,
        drawing=drawing,
        map_text=_map_text(cells),
        cells=len(cells),
        downloads=tuple(
            Link(label, url_for(f"review.{endpoint}", **query))
            for label, endpoint in (
                ("CSV", "buurt_csv"),
                ("GeoJSON", "buurt_geojson"),
                ("JSON", "buurt_json"),
            )
        ),
        trail=(
            (_("Gemeenten"), url_for("review.gemeenten", alle=1)),
            (area["gemeente_name"] or area["gemeente_code"], gemeente_url),
            (area["name"], None),
        ),
    )


def headline(profile: Profile) -> str:
    """The profile in one sentence, drawn from its figures."""
    themes = profile["themes"]
    worry = _short(themes, "verborgen_zorg")
    strength = _short(themes, "verborgen_kracht")
    if worry and strength:
        return str(
            _(
                "Bewoners zijn over %(worry)s minder tevreden dan de cijfers doen verwachten, "
                "en over %(strength)s juist tevredener.",
                worry=worry,
                strength=strength,
            )
        )
    if worry:
        return str(
            _(
                "Bewoners zijn over %(worry)s minder tevreden dan de cijfers doen verwachten.",
                worry=worry,
            )
        )
    if strength:
        return str(
            _(
                "Bewoners zijn over %(strength)s tevredener dan de cijfers doen verwachten.",
                strength=strength,
            )
        )
    known = sum(theme["confrontation"] != "nog_niet_te_duiden" for theme in themes)
    if not known:
        return str(_("Er is nog te weinig bekend om cijfers en stemmen naast elkaar te leggen."))
    text: str = ngettext(
        "Bij %(num)s van de %(total)s thema's liggen cijfers en stemmen naast elkaar, en daar "
        "wringt het niet.",
        "Bij %(num)s van de %(total)s thema's liggen cijfers en stemmen naast elkaar, en nergens "
        "wringt het.",
        known,
        total=len(themes),
    )
    return text


def _short(themes: Iterable[Mapping[str, Any]], verdict: str) -> str:
    found = [
        words.word(words.THEMES_SHORT, theme["code"])
        for theme in themes
        if theme["confrontation"] == verdict
    ]
    return numbers.listed(found) if found else ""


def _waiting(count: int) -> str:
    if not count:
        return ""
    text: str = ngettext(
        "%(num)s inzending in dit profiel is nog niet bekeken door een collega.",
        "%(num)s inzendingen in dit profiel zijn nog niet bekeken door een collega.",
        count,
    )
    return text


def _map_text(cells: Mapping[Any, int]) -> str:
    if not cells:
        return str(_("In deze periode zijn hier geen observaties met een plek."))
    total = sum(cells.values())
    text: str = ngettext(
        "%(num)s observatie, per vak van 100 bij 100 meter. De kaart toont nooit de precieze plek.",
        "%(num)s observaties, per vak van 100 bij 100 meter. De kaart toont nooit de precieze "
        "plek.",
        total,
    )
    return text


def _method(profile: Profile, catalogue: Catalogue, computed_at: datetime) -> MethodPart:
    reference = profile["reference"]
    inhabitants = profile["inhabitants"]
    facts = (
        (_("Methode"), _("versie %(version)s", version=profile["method_version"])),
        (_("Berekend"), str(format_datetime(computed_at, "EEE d MMMM yyyy, HH:mm"))),
        (
            _("Vergeleken met"),
            _(
                "%(group)s (%(count)s)",
                group=words.word(words.REFERENCES, reference["group"]),
                count=reference["areas"],
            ),
        ),
        (_("Grenzen"), str(profile["area"]["boundary_year"])),
        (_("Inwoners"), "–" if inhabitants is None else _circa(inhabitants)),
        (_("Drempel"), _("%(k)s stemmen; daaronder tonen we geen beeld", k=profile["k"])),
        (_("Jaargangen"), numbers.listed(_vintages(profile)) or "–"),
    )
    return MethodPart(
        facts=facts,
        notes=tuple(_note(note, catalogue) for note in profile["notes"]),
        constants=tuple(_constants(profile["constants"])),
    )


def _circa(count: int) -> str:
    return str(_("ongeveer %(count)s", count=numbers.number(count, 0)))


def _vintages(profile: Profile) -> list[str]:
    return list(
        dict.fromkeys(
            f"{words.word(words.SOURCES, one['source'])} {one['year']}"
            + (f" ({one['edition']})" if one["edition"] not in ("", one["source"]) else "")
            for one in profile["vintages"]
        )
    )


def _note(note: Mapping[str, Any], catalogue: Catalogue) -> str:
    params = note["params"]
    named = [indicator_name(catalogue, code) for code in params.get("indicators", [])]
    named += [words.word(words.THEMES, code) for code in params.get("themes", [])]
    text = words.word(words.NOTES, note["code"])
    return text % {**params, "names": numbers.listed(named)} if "%(" in text else text


def _constants(constants: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for code, value in constants.items():
        yield words.word(words.CONSTANTS, code), _constant(value)


def _constant(value: Any) -> str:
    if isinstance(value, list):
        return numbers.listed(_constant(one) for one in value)
    if isinstance(value, str):
        return words.word(words.BACKGROUNDS, value).lower()
    return numbers.number(value, 4)
