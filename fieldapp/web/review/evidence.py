"""What stands behind a buurt's profile and is not in its JSON: series, codes, quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.dates import day_bounds
from fieldapp.db.queries.indicators import by_indicator, latest_figures
from fieldapp.db.queries.review_lists import SpokenCode, spoken_codes
from fieldapp.db.queries.statements import ApprovedQuote, approved_quotes

YearValues = Mapping[str, Mapping[int, float]]  # indicator -> year -> value
QUOTES = 200  # statements read at most, the strongest first


@dataclass(frozen=True, slots=True)
class Evidence:
    """`here` and `city`: figures per year of the buurt and of its gemeente as a whole."""

    here: YearValues = field(default_factory=dict)
    city: YearValues = field(default_factory=dict)
    codes: Sequence[SpokenCode] = ()
    quotes: Sequence[ApprovedQuote] = ()


def gather(session: Session, organisation_id: int, profile: Mapping[str, Any]) -> Evidence:
    """The evidence of one profile, in a fixed number of queries."""
    code, gemeente = profile["area"]["code"], profile["area"]["gemeente_code"]
    start, end = (date.fromisoformat(profile["period"][key]) for key in ("from", "to"))
    figures = by_indicator(latest_figures(session, [code, gemeente], last_year=end.year))
    first, after = day_bounds(start, end)
    return Evidence(
        here={indicator: areas.get(code, {}) for indicator, areas in figures.items()},
        city={indicator: areas.get(gemeente, {}) for indicator, areas in figures.items()},
        codes=spoken_codes(session, organisation_id, code, start, end),
        quotes=approved_quotes(session, organisation_id, code, first, after, limit=QUOTES),
    )
