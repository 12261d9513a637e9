"""What the inbox pages show, as plain values for the templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from fieldapp.core.answers import parse_answers
from fieldapp.core.people import Actor
from fieldapp.core.portiek import portiek_as_typed
from fieldapp.core.survey import Survey
from fieldapp.core.survey.vocabulary import GEO_TYPES
from fieldapp.db.models import Area, Attachment, Submission, SubmissionConflict
from fieldapp.db.queries.review import (
    area_names,
    buurten_near,
    history,
    older_versions,
    open_conflicts,
)
from fieldapp.db.queries.submissions import attachments_of
from fieldapp.services.filled import in_file_order, paths_of
from fieldapp.services.intake.answers import as_stored, stored_paths
from fieldapp.services.place_seen import PlaceSeen, place_seen, sees_exact
from fieldapp.services.retention import is_hidden
from fieldapp.services.review_submissions import note_of, steps_from
from fieldapp.services.rounds import leaf, steps
from fieldapp.services.survey_versions import survey_of
from fieldapp.web.dates import moment
from fieldapp.web.field.answers import ShownAnswer, photos_among, shown_answers
from fieldapp.web.names import person_name


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A step: a new state and why, or a note ('area', 'conflict', 'improved') with its value."""

    at: datetime
    who: str
    state: str
    reason: str
    note: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One question of a conflict: what came first, what came after."""

    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether the two sides say something else."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """Other content under the same id, beside what was kept: a conflict or an older version."""

    id: int
    received_at: datetime
    rows: tuple[Difference, ...]

    @property
    def different(self) -> list[Difference]:
        """What the two sides say differently."""
        return [row for row in self.rows if row.differs]

    @property
    def equal(self) -> list[Difference]:
        """What they say alike."""
        return [row for row in self.rows if not row.differs]


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One submission to be reviewed."""

    submission: Submission
    survey: Survey
    area: str
    portiek: str
    place: PlaceSeen | None
    answers: Sequence[ShownAnswer]
    photos: Sequence[Attachment]
    history: tuple[HistoryRow, ...]
    conflicts: tuple[ShownConflict, ...]
    older: tuple[ShownConflict, ...]
    steps: tuple[str, ...]
    near: Sequence[Area]
    may_choose_area: bool


def inbox_page(session: Session, submission: Submission, actor: Actor, language: str) -> InboxPage:
    """All that the page of a submission shows."""
    survey = survey_of(session, submission.survey_version_id)
    place = place_seen(submission, actor)
    rows = _history(session, submission)
    codes = {row.value for row in rows if row.note == "area"}
    names = area_names(session, codes | ({submission.area_code} if submission.area_code else set()))
    rows = tuple(_named(row, names) for row in rows)
    choose = submission.area_status != "found"
    near = buurten_near(session, place.lon, place.lat) if choose and place else []
    files = attachments_of(session, submission.id)
    conflicts, older = (
        tuple(_conflict(other, submission, survey, language, files) for other in others)
        for others in (
            open_conflicts(session, submission.id),
            older_versions(session, submission.id),
        )
    )
    return InboxPage(
        submission=submission,
        survey=survey,
        area=names.get(submission.area_code or "", submission.area_code or ""),
        portiek=_portiek(submission),
        place=place,
        answers=shown_answers(
            survey,
            submission,
            language,
            attachments=files,
            exact=sees_exact(submission, actor),
        ),
        photos=photos_among(files),
        history=rows,
        conflicts=conflicts,
        older=tuple(version for version in older if version.different),
        steps=steps_from(submission.state),
        near=near,
        may_choose_area=choose,
    )


def _portiek(submission: Submission) -> str:
    """The stairwell as it was typed; nothing once its name is gone."""
    key = submission.portiek or ""
    return "" if is_hidden(key) else portiek_as_typed(key, submission.answers)


def _history(session: Session, submission: Submission) -> tuple[HistoryRow, ...]:
    rows = []
    before = ""
    for event, who in history(session, submission.id):
        # Only a step that changed no state is a note; a reason that looks like one is a reason.
        note = note_of(event.reason) if event.state == before else None
        kind, value = note or ("", "")
        reason = "" if note else event.reason
        rows.append(HistoryRow(event.at, person_name(who), event.state, reason, kind, value))
        before = event.state
    return tuple(rows)


def _named(row: HistoryRow, names: dict[str, str]) -> HistoryRow:
    if row.note != "area":
        return row
    name = names.get(row.value, row.value)
    return HistoryRow(row.at, row.who, row.state, row.reason, row.note, name)


def _conflict(
    conflict: SubmissionConflict,
    submission: Submission,
    survey: Survey,
    language: str,
    photos: Sequence[Attachment],
) -> ShownConflict:
    content: dict[str, Any] = conflict.content
    raw = content.get("answers") or {}
    # The other side was never checked: what cannot be read is shown as it was sent.
    read = parse_answers(survey, raw)
    other = as_stored(survey, read.answers, submission.language)
    first, second = stored_paths(survey, submission.answers), stored_paths(survey, other)
    sent = {path: value for path, _question, value in paths_of(survey, raw)}
    unread = {p.where for p in read.problems} | (set(sent) - set(second))
    rows = [
        Difference(
            _label(survey, path, language),
            _words(first.get(path)),
            str(sent[path])[:500] if path in unread and path in sent else _words(second.get(path)),
        )
        for path in in_file_order(survey, {*first, *sent})
        if not _is_place(survey, path)
    ]
    strange = sorted(
        name for name in raw if name not in survey.by_name and name not in survey.groups
    )
    rows += [Difference(name[:80], "", str(raw[name])[:500]) for name in strange]
    rows += _circumstances(content, submission, photos)
    return ShownConflict(conflict.id, conflict.received_at, tuple(rows))


def _label(survey: Survey, path: str, language: str) -> str:
    """The question, and for one in a round which round that is."""
    question = survey.by_name[leaf(path)]
    words = question.label.in_language(language) if question.label else question.name
    around, _last = steps(path)
    numbers = ", ".join(
        f"{group.label.in_language(language) if group.label else name} {index + 1}"
        for name, index in around
        if (group := survey.groups.get(name)) is not None
    )
    return f"{numbers}: {words}" if numbers else words


def _is_place(survey: Survey, path: str) -> bool:
    """Where something is, is told in a row of its own, as exactly as the reader may know."""
    return survey.by_name[leaf(path)].type in GEO_TYPES


def _circumstances(
    content: dict[str, Any], submission: Submission, photos: Sequence[Attachment]
) -> list[Difference]:
    """When, whether at the same place, and which photos: a difference need not be in an answer."""
    rows = []
    sent = content.get("captured_at")
    if sent:
        first, second = submission.captured_at, datetime.fromisoformat(sent)
        rows.append(Difference(_("Moment"), moment(first), moment(second)))
    place = content.get("location")
    if place is not None:
        # The exact place is not this reader's to see: only whether it is the same one.
        same = (submission.lon, submission.lat) == (place.get("lon"), place.get("lat"))
        other = _("dezelfde plek") if same else _("een andere plek")
        rows.append(Difference(_("Plek"), _("dezelfde plek"), other))
    files = content.get("files") or []
    if photos or files:
        names = ", ".join(sorted(photo.file_name for photo in photos))
        others = ", ".join(sorted(str(file.get("file_name", "")) for file in files))
        rows.append(Difference(_("Foto’s"), names, others))
    return rows


def _words(stored: dict[str, Any] | None) -> str:
    if not stored or stored.get("v") is None:
        return ""
    value = stored.get("l", stored["v"])
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)
