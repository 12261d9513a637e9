"""What was promised to the user, and whether it is true: on the server once and whole, or here."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, SignedReceipt, Submission, SubmissionConflict
from fieldapp.services.media import MediaStore
from tests.browser.faults.server import World


@dataclass
class Entry:
    """What the phone said about one form. `finished`: it said that the form is done.

    `answers` are those that were finished last.
    """

    id: str
    answers: Mapping[str, Any]
    changes: int = 0  # times that it was taken back and changed
    taken_back: bool = False  # for a change that is not finished yet
    begun: bool = False
    finished: bool = False
    files: list[tuple[str, str]] = field(default_factory=list)  # (question, SHA-256)
    cleared: bool = False  # the phone was emptied, its receipts too
    controls: list[list[str]] = field(default_factory=list)  # of those that were saved

    @property
    def hashes(self) -> Counter[str]:
        """Of every file that was attached."""
        return Counter(sha256 for _path, sha256 in self.files)


@dataclass
class Verdict:
    """What is wrong, by kind, each with words."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    cut_short: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)  # whole on the phone, though all is well again
    arrived: int = 0
    kept: int = 0

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.cut_short or self.stuck)

    def lines(self) -> list[str]:
        """Every complaint."""
        kinds = ("lost", "doubled", "cut_short", "stuck")
        return [f"{kind}: {words}" for kind in kinds for words in getattr(self, kind)]


def judge(
    world: World,
    user_id: int,
    entries: Iterable[Entry],
    kept: Iterable[Mapping[str, Any]],
    receipts: Iterable[Mapping[str, Any]],
) -> Verdict:
    """`kept` are the drafts on the phone with `whole` (hashes of bytes that are there)."""
    verdict = Verdict()
    here = {draft["id"]: draft for draft in kept}
    bonds = {bond["id"]: bond for bond in receipts}
    entries = list(entries)
    with world.sessions() as session:
        for entry in entries:
            if entry.finished:
                _finished(session, world, entry, here.get(entry.id), bonds.get(entry.id), verdict)
            elif entry.begun:
                _open(session, entry, here.get(entry.id), verdict)
        own = select(Submission.id).where(Submission.user_id == user_id)
        known = {uuid.UUID(entry.id) for entry in entries if entry.id}
        for other in set(session.scalars(own)) - known:
            verdict.doubled.append(f"{other} is on the server and nobody made it")
    return verdict


def _finished(
    session: Session,
    world: World,
    entry: Entry,
    here: Mapping[str, Any] | None,
    bond: Mapping[str, Any] | None,
    verdict: Verdict,
) -> None:
    row = session.get(Submission, uuid.UUID(entry.id))
    if row is None:
        _only_here(entry, here, verdict)
        return
    wrong = [*_wrong_answers(row, entry), *_wrong_files(session, world, row, entry)]
    wrong += _wrong_receipt(session, row, entry, bond, here)
    verdict.cut_short += [f"{entry.id}: {words}" for words in wrong]
    conflicts = session.scalar(
        select(func.count()).where(
            SubmissionConflict.submission_id == row.id, ~SubmissionConflict.superseded
        )
    )
    if conflicts:
        verdict.doubled.append(f"{entry.id} has {conflicts} conflicts")
    if here is not None:
        verdict.stuck.append(f"{entry.id} arrived and is {here['state']} on the phone")
    verdict.arrived += 1


def _only_here(entry: Entry, here: Mapping[str, Any] | None, verdict: Verdict) -> None:
    if here is None:
        verdict.lost.append(f"{entry.id} is nowhere")
        return
    missing = entry.hashes - Counter(here["whole"])
    if missing or Counter(file["sha256"] for file in here["files"]) != entry.hashes:
        verdict.lost.append(f"{entry.id} is on the phone without {len(missing) or 'its'} files")
    elif here["state"] not in ("queued", "refused"):
        verdict.lost.append(f"{entry.id} is {here['state']} on the phone, not in the queue")
    elif not says(here, entry.answers):
        verdict.lost.append(f"{entry.id} is on the phone without its last answers")
    else:
        verdict.kept += 1
        verdict.stuck.append(f"{entry.id} is {here['state']}: {here['refusal']}")


def _wrong_answers(row: Submission, entry: Entry) -> list[str]:
    found = {name: cell.get("v") for name, cell in row.answers.items()}
    wrong = []
    for name, value in entry.answers.items():
        if _plain(found.get(name)) != _plain(value):
            wrong.append(f"{name} is {str(found.get(name))[:60]!r}, not {str(value)[:60]!r}")
    return wrong


def says(draft: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether these answers are in the document of a draft."""
    sent = json.loads(draft["document"] or "{}").get("answers", {})
    return all(_plain(sent.get(name)) == _plain(value) for name, value in answers.items())


def _plain(value: Any) -> Any:
    """Choices of several come in the order of the form."""
    return sorted(value) if isinstance(value, list) else value


def _wrong_files(session: Session, world: World, row: Submission, entry: Entry) -> list[str]:
    media = MediaStore(world.media)
    rows = session.scalars(select(Attachment).where(Attachment.submission_id == row.id)).all()
    sent = Counter(one.sent_sha256 for one in rows)
    wrong = [] if sent == entry.hashes else [f"files {dict(sent)}, not {dict(entry.hashes)}"]
    places = Counter((one.question, one.sent_sha256) for one in rows)
    if places != Counter(entry.files):
        wrong.append(f"files at {sorted(places)}, not at {sorted(entry.files)}")
    for one in rows:
        try:
            data = media.read(one.sha256)
            with Image.open(media.path(one.sha256)) as image:
                image.load()
        except OSError as error:
            wrong.append(f"file {one.file_name} cannot be read: {error}")
            continue
        if hashlib.sha256(data).hexdigest() != one.sha256 or len(data) != one.size:
            wrong.append(f"file {one.file_name} is damaged on the server")
    return wrong


def _wrong_receipt(
    session: Session,
    row: Submission,
    entry: Entry,
    bond: Mapping[str, Any] | None,
    here: Mapping[str, Any] | None,
) -> list[str]:
    """The server's receipt says what was sent; the phone has the same one."""
    signed = session.get(SignedReceipt, row.id)
    if signed is None:
        return ["no receipt on the server"]
    document = json.loads(signed.document)
    wrong = []
    if Counter(file["sha256"] for file in document["files"]) != entry.hashes:
        wrong.append(f"receipt for files {document['files']}")
    if here is None and bond is None and not entry.cleared:
        wrong.append("no receipt on the phone, and the form is gone there")
    elif bond is not None and bond["document"] != signed.document:
        wrong.append("another receipt on the phone than on the server")
    return wrong


def _open(session: Session, entry: Entry, here: Mapping[str, Any] | None, verdict: Verdict) -> None:
    if session.get(Submission, uuid.UUID(entry.id)) is not None:
        verdict.doubled.append(f"{entry.id} was sent, and its user is not done")
    if here is None:
        verdict.lost.append(f"{entry.id} was begun and is nowhere")
        return
    if here["state"] != "open":
        verdict.lost.append(f"{entry.id} is {here['state']}, and its user is not done")
    unsaved = [pair for pair in entry.controls if pair not in here["controls"]]
    if unsaved:
        verdict.lost.append(f"{entry.id} has lost answers that were saved: {unsaved}")
    if entry.hashes - Counter(here["whole"]):
        verdict.lost.append(f"{entry.id} lacks photos that were saved")
