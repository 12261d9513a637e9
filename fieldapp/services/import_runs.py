"""Imports that are asked for on a page and done by the worker.

The upload is kept by its hash, a row in import_run waits, the worker performs it. The import
itself is one transaction that also marks the row done, so that a worker killed at any moment
leaves either nothing or all of it, and the next one begins again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import Actor
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.models import AuditEntry, ImportRun
from fieldapp.paths import SURVEYS
from fieldapp.sources.errors import SourceError

MAPPINGS = SURVEYS / "mappings"
INDICATOR_SOURCES = ("kwb", "statline", "rivm", "leefbaarometer", "csv")
FINISHED = ("done", "failed")
BLOCK = 1 << 20

log = logging.getLogger("fieldapp.worker")


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """A file that was sent: its name as the sender's, and the hash it is kept under."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class UploadStore:
    """Uploads below data_dir/imports, each in a folder named by its hash under its own name.

    The name stays, because readers look at its ending and name it in what they report.
    """

    folder: Path

    def path(self, upload: StoredUpload) -> Path:
        """Where it lies; the name is cleaned, so that it stays inside the folder."""
        return self.folder / upload.sha256 / clean_name(upload.name)

    def write(self, stream: IO[bytes], name: str) -> StoredUpload:
        """Keep a file, safely on disk before this returns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix="making-")
        try:
            with os.fdopen(handle, "wb") as file:
                while block := stream.read(BLOCK):
                    digest.update(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            upload = StoredUpload(clean_name(name), digest.hexdigest())
            self.path(upload).parent.mkdir(exist_ok=True)
            Path(temporary).replace(self.path(upload))
        finally:
            Path(temporary).unlink(missing_ok=True)
        return upload

    def kept(self, name: str, sha256: str) -> StoredUpload | None:
        """An upload that is still here, or None; safe for whatever a form sends."""
        if re.fullmatch(r"[0-9a-f]{64}", sha256) is None or not name:
            return None
        upload = StoredUpload(clean_name(name), sha256)
        return upload if self.path(upload).is_file() else None


def clean_name(name: str) -> str:
    """A file name without folders or signs that a file system refuses; at most 100 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = re.sub(r"[^\w.() +-]", "_", last).strip(" .")[-100:]
    return plain or "bestand"


def upload_store(settings: Settings) -> UploadStore:
    """The uploads of this installation."""
    return UploadStore(settings.data_dir / "imports")


@dataclass(frozen=True, slots=True)
class RequestImport:
    """An import to queue. `source` is empty for areas; `mapping` a StoredUpload or a shipped name.

    `kind` is areas or indicators; `edition` names the publication (figures), `crs` a coordinate
    system such as EPSG:28992 (areas); both may be empty.
    """

    kind: str
    file: StoredUpload
    year: int
    source: str = ""
    crs: str = ""
    edition: str = ""
    mapping: StoredUpload | str | None = None


def request_import(
    session: Session, command: RequestImport, actor: Actor, now: datetime
) -> ImportRun:
    """Write down that an import waits: one commit. The caller then puts it in the queue."""
    mapping = command.mapping
    run = ImportRun(
        organisation_id=actor.organisation_id,
        kind=command.kind,
        source=command.source,
        file_name=command.file.name,
        file_sha256=command.file.sha256,
        options={
            "year": command.year,
            "crs": command.crs or None,
            "edition": command.edition or None,
            "mapping": asdict(mapping) if isinstance(mapping, StoredUpload) else mapping,
        },
        state="queued",
        actor_id=actor.user_id,
        created_at=now,
    )
    session.add(run)
    session.flush()
    session.add(_audit(run, "import_requested", now))
    session.commit()
    return run


def perform(
    settings: Settings,
    run_id: int,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Do a queued import, with an engine of its own; harmless to call again.

    A file that cannot be used makes the run `failed`, with the reason in its report. Raises
    OperationalError when the database does not answer; nothing is changed then.
    """
    engine = make_engine(settings.database_url, pool_size=1)
    sessions = make_session_factory(engine)
    progress = progress_file(settings, run_id)
    try:
        with sessions() as session:
            run = session.get(ImportRun, run_id)
            if run is None or run.state in FINISHED:
                return
            run.state, run.progress = "running", 0
            session.commit()
        with sessions() as session:
            try:
                _import(session, settings, run_id, clock(), progress)
            except SourceError as error:
                fail(session, run_id, error, clock())
            except OperationalError:
                raise  # the database is away or busy: the queue tries again
            except Exception:
                log.error("import %s failed: %s", run_id, traceback.format_exc())
                session.rollback()
                fail(session, run_id, "unexpected", clock())
    finally:
        progress.path.unlink(missing_ok=True)
        engine.dispose()


def fail(session: Session, run_id: int, why: SourceError | str, now: datetime) -> None:
    """Mark an import as failed: one commit. `why` is a SourceError or a code of our own."""
    session.rollback()
    session.expire_all()
    run = session.get(ImportRun, run_id)
    if run is None or run.state in FINISHED:
        return
    error = why if isinstance(why, SourceError) else SourceError(why, advice=ADVICE[why])
    run.state, run.finished_at, run.error = "failed", now, str(error)
    run.report = {
        "error": {
            "code": error.code,
            "where": error.where,
            "params": _plain(error.params),
            "advice": error.advice,
        }
    }
    session.add(_audit(run, "import_failed", now))
    session.commit()


def give_up(engine: Engine, run_id: int, now: datetime) -> None:
    """Mark an import that the queue stopped trying as failed, unless it finished meanwhile."""
    with make_session_factory(engine)() as session:
        fail(session, run_id, "gave_up", now)


# Reasons of our own, with what to do.
ADVICE: Mapping[str, str] = {
    "gave_up": "split_file",
    "unexpected": "tell_maker",
    "upload_gone": "upload_again",
}


@dataclass(slots=True)
class ProgressFile:
    """How far a running import is, in a small file beside the uploads; written once a second.

    Not in its row of import_run: the import's own transaction holds that row (PostgreSQL) or the
    whole database (SQLite) until it is done.
    """

    path: Path
    written_at: float = 0.0
    every: float = 1.0

    def __call__(self, done: int, total: int) -> None:
        """Note that `done` of `total` steps are taken."""
        moment = time.monotonic()
        if total <= 0 or moment - self.written_at < self.every:
            return
        self.written_at = moment
        making = self.path.with_suffix(".making")
        making.write_text(str(min(99, 100 * done // total)))
        making.replace(self.path)

    def read(self) -> int | None:
        """Per cent, or None when nothing is known yet."""
        try:
            return int(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return None


def progress_file(settings: Settings, run_id: int) -> ProgressFile:
    """The progress of one import."""
    return ProgressFile(upload_store(settings).folder / f"run-{run_id}.progress")


def _import(
    session: Session, settings: Settings, run_id: int, now: datetime, progress: ProgressFile
) -> None:
    run = session.get_one(ImportRun, run_id)
    store = upload_store(settings)
    file = store.path(StoredUpload(run.file_name, run.file_sha256))
    if not file.is_file():
        raise SourceError("upload_gone", run.file_name, advice=ADVICE["upload_gone"])
    actor = Actor(run.organisation_id, run.actor_id)
    options = run.options
    mapping = _mapping(store, options.get("mapping"))
    if run.kind == "areas":
        from fieldapp.services.import_areas import import_areas

        import_areas(
            session,
            file,
            year=int(options["year"]),
            actor=actor,
            now=now,
            crs=options.get("crs"),
            mapping=mapping,
            run=run,
            progress=progress,
        )
        return
    from fieldapp.services.import_indicators import import_indicators

    import_indicators(
        session,
        run.source,
        file,
        year=int(options["year"]),
        actor=actor,
        now=now,
        mapping=mapping,
        edition=options.get("edition"),
        run=run,
        progress=progress,
    )


def _mapping(store: UploadStore, kept: Any) -> Path | None:
    if not kept:
        return None
    if isinstance(kept, str):
        return MAPPINGS / f"{Path(kept).name}.yaml"
    return store.path(StoredUpload(str(kept["name"]), str(kept["sha256"])))


def shipped_mappings() -> list[tuple[str, str]]:
    """(name, title) of the column mappings for boundaries that ship with fieldapp."""
    import yaml

    found = []
    for path in sorted(MAPPINGS.glob("*.yaml")):
        title = yaml.safe_load(path.read_text(encoding="utf-8")).get("title", path.stem)
        found.append((path.stem, str(title)))
    return found


def _plain(value: Any) -> Any:
    """Values as JSON takes them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _audit(run: ImportRun, deed: str, now: datetime) -> AuditEntry:
    detail = {"file": run.file_name, "sha256": run.file_sha256, "source": run.source}
    return AuditEntry(
        at=now, actor_id=run.actor_id, deed=deed, subject=f"import {run.id}", detail=detail
    )
