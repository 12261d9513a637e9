"""What scripts need to follow the logic of a page: the engine's data, beside the plain form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldapp.core.dates import HERE
from fieldapp.core.survey import Survey
from fieldapp.core.survey.model import groups_in, leaves
from fieldapp.services.drafts import AREA_PAGE, DraftState, as_sent
from fieldapp.services.filled import seed_of

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"
NEEDED = (SCRIPTS / "live.js", SCRIPTS / "engine" / "min" / "form.js")


@dataclass(frozen=True, slots=True)
class Live:
    """The JSON for `<script type="application/json" data-engine>`."""

    data: Mapping[str, Any]


def has_logic(survey: Survey, page: str) -> bool:
    """Whether anything on this page can change while it is filled in."""
    items = survey.page(page).items
    for group in groups_in(items):
        if group.is_repeat or group.relevant is not None:
            return True
    return any(
        q.relevant or q.calculation or q.choice_filter or q.constraint or q.required
        or (q.label is not None and any("${" in words for words in q.label.values.values()))
        for q in leaves(items)
    )  # fmt: skip


def live_data(state: DraftState, page: str) -> Live | None:
    """None where there is nothing to follow, or no script to do it."""
    if page == AREA_PAGE or not has_logic(state.survey, page):
        return None
    if not all(script.is_file() for script in NEEDED):
        return None
    from fieldapp.core.survey.engine_json import engine_json  # only where scripts follow along

    draft = state.draft
    return Live(
        {
            "engine": engine_json(state.survey, draft.language),
            "answers": as_sent(state.answers),
            "page": page,
            "language": draft.language,
            "now": draft.started_at.astimezone(HERE).replace(tzinfo=None).isoformat(),
            "seed": seed_of(draft.id),
        }
    )
