"""The page of a gemeente: its buurten, those where it wringt first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fieldapp.db.queries.review_lists import RESIDENT_KINDS, GemeenteRow
from fieldapp.web.review import numbers, words
from fieldapp.web.review.drawing import Drawing
from fieldapp.web.review.pages import (
    BuurtItem,
    BuurtSection,
    GemeenteItem,
    GemeentenPage,
    GemeentePage,
    Link,
)
from fieldapp.web.review.period import PeriodChoice

Profile = Mapping[str, Any]
Counts = Mapping[str, Mapping[str, int]]


def gemeenten_page(rows: Sequence[GemeenteRow], search: str) -> GemeentenPage:
    """The gemeenten whose name or code holds what was searched for."""
    found = [row for row in rows if matches(search, row.name, row.code)]
    items = (
        GemeenteItem(
            name=row.name,
            code=row.code,
            url=url_for("review.gemeente", code=row.code),
            text=ngettext(
                "%(num)s buurt, grenzen van %(year)s",
                "%(num)s buurten, grenzen van %(year)s",
                row.buurten,
                year=row.boundary_year,
            ),
        )
        for row in found
    )
    return GemeentenPage(tuple(items), search, len(rows))


def gemeente_page(
    name: str,
    code: str,
    profiles: Sequence[Profile],
    counts: Counts,
    period: PeriodChoice,
    search: str,
    map_settings: dict[str, str],
    drawing: Drawing | None,
) -> GemeentePage:
    """All of the page. `counts`: area -> kind of survey -> voices."""
    items = [_item(profile, counts, period) for profile in profiles]
    shown = [item for item in items if matches(search, item.name, item.code)]
    query: dict[str, Any] = {"code": code, **period.query}
    return GemeentePage(
        name=name,
        code=code,
        sentence=_sentence(items),
        period=period,
        sections=tuple(sections(shown, {p["area"]["code"]: wringt_count(p) for p in profiles})),
        search=search,
        total=len(items),
        map=map_settings,
        drawing=drawing,
        legend=tuple((state, str(text)) for state, text in words.AREA_STATES.items()),
        downloads=(
            Link("CSV", url_for("review.gemeente_csv", **query)),
            Link("GeoJSON", url_for("review.gemeente_geojson", **query)),
        ),
        trail=((_("Gemeenten"), url_for("review.gemeenten", alle=1)), (name, None)),
    )


def area_state(profile: Profile) -> str:
    """wringt: on at least one theme; few: on no theme was enough heard; else agree."""
    if wringt_count(profile):
        return "wringt"
    heard = any(theme["warm"]["bewoners"]["class"] is not None for theme in profile["themes"])
    return "agree" if heard else "few"


def wringt_count(profile: Profile) -> int:
    """On how many themes figures and residents disagree."""
    return sum(theme["wringt"] for theme in profile["themes"])


def state_label(profile: Profile) -> str:
    """The state of an area in a few words, for its badge and the map."""
    count = wringt_count(profile)
    if count:
        return str(ngettext("wringt op %(num)s thema", "wringt op %(num)s thema's", count))
    return words.word(words.AREA_STATES, area_state(profile))


def wringt_lines(profile: Profile) -> tuple[tuple[str, str], ...]:
    """("Verborgen zorg", "veiligheid en werk en inkomen"), per verdict that wringt."""
    found: dict[str, list[str]] = {}
    for theme in profile["themes"]:
        if theme["wringt"]:
            short = words.word(words.THEMES_SHORT, theme["code"])
            found.setdefault(theme["confrontation"], []).append(short)
    return tuple(
        (words.word(words.VERDICTS, verdict), numbers.listed(themes))
        for verdict, themes in found.items()
    )


def unheard(profile: Profile) -> list[str]:
    """The groups of residents that are still too little heard."""
    return [
        words.word(words.GROUPS, group["code"])
        for background in profile["heard"]["backgrounds"].values()
        for group in background["groups"]
        if group["verdict"]
    ]


def matches(search: str, *texts: str) -> bool:
    """Whether one of the texts holds the search, capitals and accents aside."""
    wanted = _folded(search)
    return any(wanted in _folded(text) for text in texts)


def _folded(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.strip())
    return "".join(c for c in split if not unicodedata.combining(c)).casefold()


def voices_words(kinds: Mapping[str, int]) -> str:
    """How many voices there are, residents and professionals apart."""
    residents = sum(count for kind, count in kinds.items() if kind in RESIDENT_KINDS)
    others = sum(kinds.values()) - residents
    first: str = ngettext("%(num)s stem van een bewoner", "%(num)s stemmen van bewoners", residents)
    return str(_("%(first)s, %(others)s van professionals", first=first, others=others))


def _item(profile: Profile, counts: Counts, period: PeriodChoice) -> BuurtItem:
    area = profile["area"]
    missing = unheard(profile)
    return BuurtItem(
        name=area["name"],
        code=area["code"],
        url=url_for("review.buurt", code=area["code"], **period.query),
        state=area_state(profile),
        badge=state_label(profile),
        lines=wringt_lines(profile),
        voices=voices_words(counts.get(area["code"], {})),
        unheard=(
            _("Nog te weinig gehoord: %(groups)s.", groups=numbers.listed(missing))
            if missing
            else ""
        ),
    )


def sections(items: Iterable[BuurtItem], wringt: Mapping[str, int]) -> Iterable[BuurtSection]:
    """Buurten by state; in each most themes that wring first, then by name."""
    ordered = sorted(items, key=lambda i: (-wringt[i.code], i.name.casefold(), i.code))
    headings = (
        (
            "wringt",
            _("Hier wringt het"),
            _("Cijfers en bewoners spreken elkaar hier tegen. Begin met lezen bij deze buurten."),
        ),
        (
            "few",
            _("Hier zijn te weinig mensen gehoord"),
            _("Zonder stemmen blijven alleen de cijfers over. Haal hier eerst meer verhalen op."),
        ),
        (
            "agree",
            _("Hier wringt het niet"),
            _("Cijfers en bewoners spreken elkaar hier niet duidelijk tegen."),
        ),
    )
    for state, heading, text in headings:
        found = tuple(item for item in ordered if item.state == state)
        if found:
            yield BuurtSection(heading, text, found)


def _sentence(items: Sequence[BuurtItem]) -> str:
    total = len(items)
    wringt = sum(item.state == "wringt" for item in items)
    few = sum(item.state == "few" for item in items)
    if few == total:
        return str(_("In geen enkele buurt zijn al genoeg stemmen gehoord om iets te zeggen."))
    first: str = ngettext(
        "In %(num)s van de %(total)s buurten wringt het tussen cijfers en stemmen.",
        "In %(num)s van de %(total)s buurten wringt het tussen cijfers en stemmen.",
        wringt,
        total=total,
    )
    if not few:
        return first
    second = ngettext(
        "In %(num)s buurt zijn te weinig mensen gehoord.",
        "In %(num)s buurten zijn te weinig mensen gehoord.",
        few,
    )
    return f"{first} {second}"
