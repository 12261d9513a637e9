"""What a submission tells of persons goes; what it says of the buurt stays.

Gone: words, photos, recordings, who captured it, the name of the stairwell. Stay: closed answers,
numbers, what was coded, the buurt, and quotes that somebody agreed to and that were approved.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from fieldapp.config import Settings
from fieldapp.core.survey import Survey
from fieldapp.db.models import Submission
from fieldapp.db.queries import old_submissions as queries
from fieldapp.services.coding_rules import consent_given
from fieldapp.services.retention.job import Job, months_before
from fieldapp.services.retention.words import (
    HIDDEN_PORTIEK,
    hidden_portiek,
    is_hidden,
    loose_answers,
    without,
)
from fieldapp.services.survey_versions import surveys_of


def submissions(job: Job) -> int:
    """Submissions that came in before the term; counts those that still held something."""
    moment = job.months_ago(job.settings.submission_months)
    done = 0
    versions = queries.versions_before(job.session, moment)
    for version_id, survey in surveys_of(job.session, versions).items():
        loose = loose_answers(survey)
        found = queries.with_persons(
            job.session, moment, version_id, _keys(survey, loose), HIDDEN_PORTIEK
        )
        for batch in found:
            done += len(_let_go(job, batch, survey, loose))
            job.session.flush()
    return done


def is_let_go(submission: Submission, survey: Survey, settings: Settings, now: datetime) -> bool:
    """Whether its term is over and what it told of persons is gone: a page can say so."""
    over = submission.received_at < months_before(now, settings.submission_months)
    answers = submission.answers
    return (
        over and submission.user_id is None and without(loose_answers(survey), answers) == answers
    )


def conflicts(job: Job) -> int:
    """Content under the id of a submission: by its own age, or settled and with the submission."""
    moment = job.months_ago(job.settings.submission_months)
    return queries.delete_conflicts(job.session, moment)


def _keys(survey: Survey, loose: frozenset[str]) -> list[str]:
    """Where loose answers stand in a stored document: their names, or the repeat around them."""
    questions = [question for question in survey.questions if question.name in loose]
    return sorted({q.repeats[0] if q.repeats else q.name for q in questions})


def _let_go(
    job: Job, batch: Sequence[Submission], survey: Survey, loose: frozenset[str]
) -> set[uuid.UUID]:
    """Ids of those that had something to let go."""
    ids = [submission.id for submission in batch]
    asked = [found.id for found in batch if consent_given(survey, found.answers)]
    changed = queries.clear_statements(job.session, ids)
    changed |= queries.refuse_quotes(job.session, set(ids) - set(asked))
    changed |= queries.clear_reasons(job.session, ids)
    changed |= queries.clear_senders(job.session, ids)
    changed |= queries.delete_attachments(job.session, ids)
    changed.update(found.id for found in batch if _let_words_go(job, found, loose))
    return changed


def _let_words_go(job: Job, submission: Submission, loose: frozenset[str]) -> bool:
    """Whether the row itself held any."""
    answers, portiek = without(loose, submission.answers), submission.portiek
    if portiek is not None and not is_hidden(portiek):
        portiek = hidden_portiek(portiek, submission.organisation_id, job.settings.secret_key)
    if (answers, portiek) == (submission.answers, submission.portiek):
        return False
    submission.answers, submission.portiek = answers, portiek
    return True
