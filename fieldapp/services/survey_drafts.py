"""Drafts of surveys: save, try, publish, go on in a next version, withdraw, throw away.

A draft may be half-finished; what is published is whole and never changes again (ADR 0024). An
organisation edits its own surveys. One that ships with fieldapp belongs to every organisation in
the house: who wants another one gets a copy under a name of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.survey import KINDS, REMARKS, definition_hash, judge_survey, survey_to_dict
from fieldapp.core.survey.versions import free_name, raised, slug
from fieldapp.db.models import AuditEntry, Organisation, Survey, SurveyVersion
from fieldapp.db.queries.drafts import delete_trials
from fieldapp.db.queries.survey_edits import forget_edits
from fieldapp.db.queries.surveys import (
    change_draft,
    drafts_based_on,
    noted_since,
    survey_by_name,
    survey_in_use,
)
from fieldapp.services.refusal import Refusal
from fieldapp.services.visible import NotThere

LARGEST_DEFINITION = 8_000_000  # characters of JSON: ten times a form of 1,000 rows in 6 languages
LONGEST_NAME, LONGEST_VERSION = 80, 40
NOTE_SAVES_EVERY = timedelta(hours=1)  # the builder saves at every change
FORM_ID = re.compile(r"[a-z][a-z0-9_]*")


class StaleDraft(Refusal):
    """Somebody else saved this draft in the meantime; `version` is what stands there now."""

    def __init__(self, version: SurveyVersion) -> None:
        super().__init__("stale_draft", stored=version.definition_sha256)
        self.version = version


class NotFinished(Refusal):
    """The definition has faults; `problems` are all of them."""

    def __init__(self, problems: Collection[Any]) -> None:
        super().__init__("draft_not_finished", count=len(problems))
        self.problems = tuple(problems)


class NotAccepted(Refusal):
    """Findings of the check that nobody decided on yet; `keys` names them."""

    def __init__(self, keys: Collection[str]) -> None:
        super().__init__("findings_open", count=len(keys))
        self.keys = tuple(keys)


def written_hash(data: Mapping[str, Any]) -> str:
    """sha256 (hex) of a definition as written, finished or not; the order of keys is no change.

    Of a whole one it may differ from core's `definition_hash`, which looks at the meaning.
    """
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if len(text) > LARGEST_DEFINITION:
        raise Refusal("definition_too_large", found=len(text), most=LARGEST_DEFINITION)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def visible_version(session: Session, version_id: int, actor: Actor) -> SurveyVersion:
    """A version of the actor's organisation or of fieldapp itself; NotThere for any other."""
    found = session.get(SurveyVersion, version_id)
    ours = (None, actor.organisation_id)
    if found is None or not (actor.is_system or found.survey.organisation_id in ours):
        raise NotThere(f"no survey version {version_id}")
    return found


def own_draft(session: Session, version_id: int, actor: Actor) -> SurveyVersion:
    """A draft that this actor may change. NotThere, or Refusal: `shipped`, `not_a_draft`."""
    found = visible_version(session, version_id, actor)
    if not may_change(found.survey, actor):
        raise Refusal("shipped")
    if found.state != "draft":
        raise Refusal("not_a_draft")
    return found


def may_change(survey: Survey, actor: Actor) -> bool:
    """Whether new versions of this survey are the actor's to make."""
    return actor.is_system or (
        survey.organisation_id is not None and survey.organisation_id == actor.organisation_id
    )


def save_draft(
    session: Session,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    version_id: int | None = None,
    expected_sha256: str = "",
) -> SurveyVersion:
    """Keep a definition, finished or not: a new draft, or a change of the draft `version_id`.

    Without a form_id a new draft gets one from its title; a version that is taken is raised. The
    stored definition holds both. `expected_sha256`: what the maker had before; "" overwrites.
    Raises StaleDraft, NotThere and Refusal: `not_a_definition`, `unknown_kind`, `name_not_allowed`,
    `form_id_taken`, `kind_fixed`, `form_id_fixed`, `version_taken`, `shipped`, `not_a_draft`,
    `definition_too_large`. One commit.
    """
    settings = data.get("settings") if isinstance(data, Mapping) else None
    if not isinstance(settings, Mapping):
        raise Refusal("not_a_definition", "settings")
    if settings.get("kind") not in KINDS:
        raise Refusal("unknown_kind", "settings > kind", found=str(settings.get("kind", ""))[:40])
    written_hash(data)  # too large: before anything else is done with it
    try:
        if version_id is None:
            return _new_draft(session, data, actor, now)
        return _changed_draft(session, data, actor, now, version_id, expected_sha256)
    except IntegrityError as error:  # somebody took the name or the version at the same moment
        session.rollback()
        raise Refusal("form_id_taken", "settings > form_id") from error


def _new_draft(
    session: Session, data: Mapping[str, Any], actor: Actor, now: datetime
) -> SurveyVersion:
    settings = data["settings"]
    name = _checked_name(settings) or free_name(
        _name_from_title(data), lambda name: survey_by_name(session, name) is not None
    )
    survey = survey_by_name(session, name)
    if survey is None:
        survey = _new_survey(session, name, settings["kind"], actor)
    else:
        _check_mine(survey, settings, actor)
    taken = {version.version for version in survey.versions}
    version = str(settings.get("version") or "")[:LONGEST_VERSION]
    if not version or version in taken:
        version = raised(version, taken, now.year)
    newest = next((v for v in reversed(survey.versions) if v.state != "draft"), None)
    return _add_version(session, survey, data, version, newest, actor, now)


def _check_mine(survey: Survey, settings: Mapping[str, Any], actor: Actor) -> None:
    if not may_change(survey, actor):
        raise Refusal("form_id_taken", "settings > form_id", found=survey.name)
    if survey.kind == settings["kind"]:
        return
    if _was_published(survey):
        raise Refusal("kind_fixed", "settings > kind", kind=survey.kind)
    survey.kind = settings["kind"]


def _was_published(survey: Survey) -> bool:
    return any(version.state != "draft" for version in survey.versions)


def _new_survey(session: Session, name: str, kind: str, actor: Actor) -> Survey:
    survey = Survey(name=name, kind=kind, organisation_id=actor.organisation_id)
    session.add(survey)
    session.flush()
    return survey


def _add_version(
    session: Session,
    survey: Survey,
    data: Mapping[str, Any],
    version: str,
    based_on: SurveyVersion | None,
    actor: Actor,
    now: datetime,
) -> SurveyVersion:
    named = with_settings(data, form_id=survey.name, version=version)
    added = SurveyVersion(
        survey=survey,
        version=version,
        state="draft",
        definition=named,
        definition_sha256=written_hash(named),
        created_at=now,
        based_on_id=based_on.id if based_on is not None else None,
    )
    session.add(added)
    _note(session, "survey_draft_made", added, actor, now)
    session.commit()
    return added


def with_settings(data: Mapping[str, Any], **values: str) -> dict[str, Any]:
    """The definition with other settings; the one given stays as it is."""
    return {**data, "settings": {**data.get("settings", {}), **values}}


def _changed_draft(
    session: Session,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    version_id: int,
    expected_sha256: str,
) -> SurveyVersion:
    draft = own_draft(session, version_id, actor)
    before = draft.definition_sha256
    if expected_sha256 not in ("", before):
        raise StaleDraft(draft)
    survey, settings = draft.survey, data["settings"]
    version = str(settings.get("version") or draft.version)[:LONGEST_VERSION]
    if any(v.version == version and v.id != draft.id for v in survey.versions):
        raise Refusal("version_taken", "settings > version", found=version)
    name = _checked_name(settings) or survey.name
    if name != survey.name:
        _rename(session, survey, name)
    _check_mine(survey, settings, actor)
    named = with_settings(data, form_id=name, version=version)
    after = written_hash(named)
    if after == before:
        session.commit()
        return draft
    if not change_draft(session, draft, before, named, after, version):
        session.rollback()
        raise StaleDraft(visible_version(session, version_id, actor))
    if not noted_since(session, "survey_draft_saved", _subject(draft), now - NOTE_SAVES_EVERY):
        _note(session, "survey_draft_saved", draft, actor, now)
    session.commit()
    session.refresh(draft)
    return draft


def _rename(session: Session, survey: Survey, name: str) -> None:
    """Another form_id, as long as nobody outside has seen it."""
    if len(survey.versions) > 1 or _was_published(survey):
        raise Refusal("form_id_fixed", "settings > form_id", found=name, name=survey.name)
    if survey_by_name(session, name) is not None:
        raise Refusal("form_id_taken", "settings > form_id", found=name)
    survey.name = name


def _checked_name(settings: Mapping[str, Any]) -> str:
    name = str(settings.get("form_id") or "")
    if name and (len(name) > LONGEST_NAME or not FORM_ID.fullmatch(name)):
        raise Refusal("name_not_allowed", "settings > form_id", found=name[:LONGEST_NAME])
    return name


def _name_from_title(data: Mapping[str, Any]) -> str:
    title = data.get("title")
    words = next((str(v) for v in title.values() if v), "") if isinstance(title, Mapping) else ""
    return slug(words or str(title or ""))


def publish_draft(
    session: Session,
    version_id: int,
    actor: Actor,
    now: datetime,
    accepted: Collection[str],
    open_findings: Collection[str] = (),
) -> SurveyVersion:
    """Freeze a draft: one commit. Trials of it are removed.

    `open_findings`: keys of what the check says a person must decide on (services/check_survey
    gives them); `accepted`: those they decided to live with, and when it is a mapping, why.
    Raises NotThere, NotFinished, NotAccepted, Refusal (`shipped`, `not_a_draft`).
    """
    draft = own_draft(session, version_id, actor)
    survey, found = judge_survey(draft.definition)
    faults = [problem for problem in found if problem.code not in REMARKS]
    if survey is None or faults:
        raise NotFinished(faults)
    undecided = sorted(set(open_findings) - set(accepted))
    if undecided:
        raise NotAccepted(undecided)
    delete_trials(session, draft.id)
    forget_edits(session, draft.id)
    draft.definition = survey_to_dict(survey)
    draft.definition_sha256 = definition_hash(survey)
    draft.state, draft.published_at, draft.trial_token = "published", now, None
    reasons = accepted if isinstance(accepted, Mapping) else dict.fromkeys(accepted, "")
    decided = {key: str(reasons[key])[:500] for key in sorted(set(accepted) & set(open_findings))}
    detail = {"sha256": draft.definition_sha256, "accepted": decided}
    _note(session, "survey_published", draft, actor, now, detail)
    session.commit()
    return draft


def next_version(session: Session, version_id: int, actor: Actor, now: datetime) -> SurveyVersion:
    """A draft to go on from a published version: one commit.

    Pressed twice it is the same draft, as long as that is one. Of a survey that ships with
    fieldapp: a copy of one's own, under a name of its own. Raises NotThere, Refusal (`is_a_draft`).
    """
    source = visible_version(session, version_id, actor)
    if source.state == "draft":
        raise Refusal("is_a_draft")
    if not may_change(source.survey, actor):
        return _own_copy(session, source, actor, now)
    survey = source.survey
    open_one = next((v for v in survey.versions if _follows(v, source)), None)
    if open_one is not None:
        return open_one
    taken = {version.version for version in survey.versions}
    newest = survey.versions[-1].version
    version = raised(newest, taken, now.year)
    return _add_version(session, survey, source.definition, version, source, actor, now)


def _follows(version: SurveyVersion, source: SurveyVersion) -> bool:
    return version.state == "draft" and version.based_on_id == source.id


def _own_copy(
    session: Session, source: SurveyVersion, actor: Actor, now: datetime
) -> SurveyVersion:
    organisation = session.get(Organisation, actor.organisation_id)
    if organisation is None:
        raise Refusal("shipped")
    for draft in drafts_based_on(session, source.id):
        if draft.survey.organisation_id == organisation.id:
            return draft
    wanted = slug(f"{source.survey.name} {organisation.slug}")
    name = free_name(wanted, lambda name: survey_by_name(session, name) is not None)
    survey = _new_survey(session, name, source.survey.kind, actor)
    version = raised("", frozenset(), now.year)
    return _add_version(session, survey, source.definition, version, source, actor, now)


def withdraw(session: Session, version_id: int, actor: Actor, now: datetime) -> SurveyVersion:
    """No new answers with this version; what was filled in stays valid. One commit.

    Raises NotThere, Refusal: `shipped`, `not_published`, or `round_open` when a round that still
    takes answers would have no version left.
    """
    found = visible_version(session, version_id, actor)
    if not may_change(found.survey, actor):
        raise Refusal("shipped")
    if found.state != "published":
        raise Refusal("not_published")
    others = any(v.state == "published" and v.id != found.id for v in found.survey.versions)
    if not others and survey_in_use(session, found.survey_id, now.date()):
        raise Refusal("round_open")
    found.state = "withdrawn"
    _note(session, "survey_withdrawn", found, actor, now)
    session.commit()
    return found


def delete_draft_version(session: Session, version_id: int, actor: Actor, now: datetime) -> None:
    """Throw a draft away, and its survey when nothing is left of it: one commit."""
    draft = own_draft(session, version_id, actor)
    survey = draft.survey
    delete_trials(session, draft.id)
    _note(session, "survey_draft_deleted", draft, actor, now)
    session.delete(draft)
    session.flush()
    session.expire(survey, ["versions"])
    if not survey.versions:
        session.delete(survey)
    session.commit()


def _subject(version: SurveyVersion) -> str:
    return f"{version.survey.name} {version.version}"[:120]


def _note(
    session: Session,
    deed: str,
    version: SurveyVersion,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.user_id,
            deed=deed,
            subject=_subject(version),
            detail=dict(detail or {}),
        )
    )
