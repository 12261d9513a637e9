"""Files that nothing refers to any more. They are named here and go after the commit."""

from __future__ import annotations

from fieldapp.db.queries import phones
from fieldapp.db.queries import retention as queries
from fieldapp.db.queries.imports import files_in_use
from fieldapp.services.import_runs import upload_store
from fieldapp.services.media_named import survey_media
from fieldapp.services.parts import PartStore
from fieldapp.services.retention.job import Job
from fieldapp.services.sealed import Vault

UPLOAD_DAYS = 30
# A photo is written before the draft or submission that names it is committed.
ORPHAN_DAYS = 1
PART_DAYS = 30
SEALED_DAYS = 60


def media(job: Job) -> int:
    """Photos and recordings that no submission, draft, conflict or survey names."""
    used = queries.media_in_use(job.session) | survey_media(job.session)
    old = job.before(ORPHAN_DAYS).timestamp()
    found = [
        path
        for path in job.settings.media_dir.glob("??/*")
        if path.name not in used and path.stat().st_mtime < old
    ]
    job.files += found
    return len(found)


def uploads(job: Job) -> int:
    """Files for imports that are done."""
    used = files_in_use(job.session)
    old = job.before(UPLOAD_DAYS).timestamp()
    folder = upload_store(job.settings).folder
    found = [
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.name not in used and path.stat().st_mtime < old
    ]
    job.files += found
    return len(found)


def parts(job: Job) -> int:
    """Files that a phone sent in parts, and then nothing came."""
    store = PartStore(job.settings.data_dir / "parts")
    found = list(store.left_over(job.before(PART_DAYS).timestamp()))
    job.files += found
    return len(found)


def sealed(job: Job) -> int:
    """Rows first; then every folder without a row that is older than a file on its way."""
    vault = Vault(job.settings.data_dir / "sealed")
    old = phones.drafts_untouched_since(job.session, job.before(SEALED_DAYS))
    for row in old:
        phones.remove_sealed(job.session, row.user_id, row.draft_id)
        job.files.append(vault.home(row.user_id, row.draft_id))
    kept = {vault.home(*key) for key in phones.sealed_drafts(job.session)} | set(job.files)
    young = job.before(ORPHAN_DAYS).timestamp()
    for home in vault.folder.glob("*/*"):
        if home not in kept and home.stat().st_mtime < young:
            job.files.append(home)
    return len(old)
