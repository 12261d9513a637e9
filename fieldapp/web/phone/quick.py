"""Whether a survey can begin with the camera: one tap, and the form opens behind its photo."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.core.survey import Survey


@dataclass(frozen=True, slots=True)
class Quick:
    """`photo`: the question that the first photo answers; `page`: the page that comes after it."""

    photo: str
    page: str


def quick_of(survey: Survey) -> Quick | None:
    """How to begin with a photo; None when the first page asks anything else."""
    if len(survey.pages) < 2:
        return None
    first, second = survey.pages[:2]
    asked = first.questions
    if len(asked) != 1 or asked[0].type != "image" or asked[0].repeats:
        return None
    return Quick(asked[0].name, second.name)
