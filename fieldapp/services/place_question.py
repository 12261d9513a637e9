"""Which questions ask where: one of them is the place of a submission, the others are answers."""

from __future__ import annotations

from fieldapp.core.submission import Location
from fieldapp.core.survey import Question, Survey
from fieldapp.core.survey.vocabulary import GEO_TYPES

ENQUETE = "enquete"


def geopoint_question(survey: Survey) -> Question | None:
    """The question about the place: the first geopoint that is asked once."""
    return next((q for q in survey.questions if q.type == "geopoint" and not q.repeats), None)


def asks_other_places(survey: Survey) -> bool:
    """Whether positions can stand among the answers, beside the place of the submission."""
    place = geopoint_question(survey)
    return any(q.type in GEO_TYPES and q is not place for q in survey.questions)


def unkept_places(survey: Survey) -> frozenset[str]:
    """Names of questions that are never asked or kept: where a resident was besides the buurt.

    Of a resident's own survey no position stays (docs/privacy.md), so no second point, no trace
    and no shape is asked, and what a client sends for them is dropped unread.
    """
    if survey.kind != ENQUETE:
        return frozenset()
    place = geopoint_question(survey)
    return frozenset(
        question.name
        for question in survey.questions
        if question.type in GEO_TYPES and question is not place
    )


def point_text(location: Location, kind: str = "") -> str:
    """The location as the raw answer to a geopoint question.

    Where the position is unknown or must not be kept the question counts as answered, at 0 0: a
    calculation could carry the point elsewhere.
    """
    if location.lon is None or location.lat is None or kind == ENQUETE:
        return "0 0"
    return f"{location.lat} {location.lon} 0 {location.accuracy_m or 0}"
