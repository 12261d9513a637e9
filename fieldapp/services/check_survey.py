"""The publish check of one version: what is wrong, what to decide on, how long it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.survey import REMARKS, Problem, Survey, judge_survey
from fieldapp.core.survey.advice import DECIDE, Advice, Duration, advice, duration_of
from fieldapp.core.survey.readability import DUTCH, Reading, survey_reading
from fieldapp.db.models import SurveyVersion
from fieldapp.services.survey_drafts import StaleDraft, own_draft, publish_draft


@dataclass(frozen=True, slots=True)
class Checked:
    """`survey` None: the definition has so many faults that there is nothing to show.

    `faults` must go; `findings` are those of the check. `times` by language; `reading` of the
    Dutch texts, None when there are none.
    """

    survey: Survey | None
    faults: tuple[Problem, ...]
    findings: tuple[Advice, ...] = ()
    times: Mapping[str, Duration] | None = None
    reading: Reading | None = None

    @property
    def to_decide(self) -> tuple[Advice, ...]:
        """What keeps the draft from being published until somebody decides."""
        return tuple(item for item in self.findings if item.severity == DECIDE)

    @property
    def remarks(self) -> tuple[Advice, ...]:
        """What is good to know."""
        return tuple(item for item in self.findings if item.severity != DECIDE)


def check_version(version: SurveyVersion, more: Iterable[Advice] = ()) -> Checked:
    """Check a version, finished or not. `more`: findings of the caller, such as the contrast."""
    survey, problems = judge_survey(version.definition)
    faults = tuple(problem for problem in problems if problem.code not in REMARKS)
    if survey is None:
        return Checked(None, faults)
    if faults:  # the rules of the check assume a sound survey
        return Checked(survey, faults, tuple(more))
    return Checked(
        survey,
        (),
        tuple(sorted((*advice(survey), *more), key=lambda item: item.severity != DECIDE)),
        {language: duration_of(survey, language) for language in survey.languages},
        survey_reading(survey) if DUTCH in survey.languages else None,
    )


def publish_checked(
    session: Session,
    version_id: int,
    actor: Actor,
    now: datetime,
    reasons: Mapping[str, str],
    *,
    more: Iterable[Advice] = (),
    expected_sha256: str = "",
) -> SurveyVersion:
    """Check the draft as it is now, and publish it when all is decided: one commit.

    `reasons`: key of a finding -> why it stays; a blank reason is no decision. Raises what
    publish_draft raises, and StaleDraft when the draft is not the one that was looked at.
    """
    draft = own_draft(session, version_id, actor)
    if expected_sha256 not in ("", draft.definition_sha256):
        raise StaleDraft(draft)
    checked = check_version(draft, more)
    said = {key: reason.strip() for key, reason in reasons.items() if reason.strip()}
    keys = [item.key for item in checked.to_decide]
    return publish_draft(session, version_id, actor, now, said, keys)
