"""The rules: what goes, after how long, and why. docs/retention.md is made from this table.

Their order matters to files: what lets go of photos stands before what removes them.
"""

from __future__ import annotations

from fieldapp.services.retention.accounts import (
    AUDIT_YEARS,
    CLOSED_MONTHS,
    LOG_IN_DAYS,
    WARN_DAYS,
    accounts,
    audit,
    log_ins,
)
from fieldapp.services.retention.files import (
    ORPHAN_DAYS,
    PART_DAYS,
    SEALED_DAYS,
    UPLOAD_DAYS,
    media,
    parts,
    sealed,
    uploads,
)
from fieldapp.services.retention.job import Rule
from fieldapp.services.retention.points import points
from fieldapp.services.retention.rows import (
    DEVICE_DAYS,
    MESSAGE_DAYS,
    PROMISE_KEPT_MONTHS,
    PROMISE_MONTHS,
    TOKEN_DAYS,
    devices,
    drafts,
    messages,
    promises,
    tokens,
    trials,
)
from fieldapp.services.retention.submissions import conflicts, submissions
from fieldapp.services.try_survey import KEPT

RULES: tuple[Rule, ...] = (
    Rule(
        "drafts",
        "Drafts that nobody touched",
        lambda settings: f"{settings.draft_days} days",
        "Somebody stopped halfway and never chose to send it.",
        drafts,
    ),
    Rule(
        "trials",
        "What was typed while somebody tried a draft of a survey",
        lambda _: f"{KEPT.days} day",
        "Nothing of a trial is sent; a day lets somebody go on after lunch.",
        trials,
    ),
    Rule(
        "submissions",
        "Of submissions: answers in words, photos, recordings, marked words, quotes without "
        "consent, reasons in the history, who captured it, the name of the stairwell",
        lambda settings: f"{settings.submission_months} months after it came in",
        "Two rounds of a year can be read side by side, in people's own words. After that a trend "
        "needs closed answers, counts and codes; those stay, and so do approved quotes.",
        submissions,
    ),
    Rule(
        "conflicts",
        "Other content that came in under the id of a submission",
        lambda settings: (
            f"{settings.submission_months} months after it came in; settled: with its submission"
        ),
        "It is another version of the same words.",
        conflicts,
    ),
    Rule(
        "accounts",
        "Name, e-mail address, roles and phones of colleagues who are no longer here",
        lambda settings: (
            f"{CLOSED_MONTHS} months after the account was closed, {settings.account_months} "
            f"after it was last used; {WARN_DAYS} days after a warning on *Mensen*"
        ),
        "Who closed an account by mistake finds it back. What somebody did stays, by a former "
        "colleague. The only beheerder stays.",
        accounts,
    ),
    Rule(
        "log_ins",
        "Log-ins, right and wrong, in the audit table",
        lambda _: f"{LOG_IN_DAYS} days; the last right one of each account stays",
        "Long enough to look into a break-in; the last one tells whether an account is used.",
        log_ins,
    ),
    Rule(
        "audit",
        "Everything else in the audit table",
        lambda _: f"{AUDIT_YEARS} years",
        "As long as somebody can claim damages for what was done (article 3:310 BW).",
        audit,
    ),
    Rule(
        "media",
        "Photos and recordings that no submission, draft, conflict or survey refers to",
        lambda _: f"{ORPHAN_DAYS} day",
        "They were taken out of a form, or belonged to something that is gone.",
        media,
    ),
    Rule(
        "tokens",
        "API tokens that have ended",
        lambda _: f"{TOKEN_DAYS} days after their end",
        "Long enough to find out who used one; after that they only name people.",
        tokens,
    ),
    Rule(
        "uploads",
        "Files that were uploaded for an import",
        lambda _: f"{UPLOAD_DAYS} days",
        "The figures are in the database and the report stays; the file is at its publisher.",
        uploads,
    ),
    Rule(
        "promises",
        "What was promised at a door, as a line of its own on *Beloftes*",
        lambda _: (
            f"{PROMISE_KEPT_MONTHS} months after it was kept, {PROMISE_MONTHS} after it was made"
        ),
        "A year of memory serves the next visit; the answer stays with its conversation.",
        promises,
    ),
    Rule(
        "parts",
        "Files that a phone sent in parts, without the submission that names them",
        lambda _: f"{PART_DAYS} days",
        "The phone has them still; it sends them again when it finds the way back.",
        parts,
    ),
    Rule(
        "sealed",
        "Sealed second copies of drafts on phones",
        lambda _: f"{SEALED_DAYS} days after their last change",
        "A lost phone is missed sooner. The server could never read them.",
        sealed,
    ),
    Rule(
        "devices",
        "Phones on the device board",
        lambda _: f"{DEVICE_DAYS} days after they were last seen",
        "Somebody has another phone, or no longer works here.",
        devices,
    ),
    Rule(
        "messages",
        "Short messages between colleagues",
        lambda _: f"{MESSAGE_DAYS} days",
        "They are about the work of that week.",
        messages,
    ),
    Rule(
        "points",
        "Exact points of submissions, rounded to the centre of their 100 m cell",
        lambda settings: f"{settings.point_months} months after capture",
        "A mended lamp needs its exact place, a trend needs the buurt. The buurt stays as it was.",
        points,
    ),
)
