"""follow-ups: what was promised at a door, also in what came in before"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from fieldapp.db.types import Json, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DONE = sa.text("done_at is not null")
OPEN = sa.text("done_at is null")
BATCH = 500
TEXT_MAX, PORTIEK_MAX = 2000, 120
NOTHING = ("geen", "nee", "niets", "niks", "nvt", "n.v.t.", "-", "geen afspraken")


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("portiek", sa.String(length=120), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "done_at is not null or done_by_id is null", name=op.f("ck_follow_up_done")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"],
            ["user.id"],
            name=op.f("fk_follow_up_done_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_follow_up_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_follow_up_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint(
            "submission_id", "question", name=op.f("uq_follow_up_submission_id_question")
        ),
    )
    op.create_index(
        "ix_follow_up_open",
        "follow_up",
        ["organisation_id", "made_at"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.create_index(
        "ix_follow_up_done",
        "follow_up",
        ["organisation_id", "done_at"],
        postgresql_where=DONE,
        sqlite_where=DONE,
    )
    _fill()


def downgrade() -> None:
    op.drop_index("ix_follow_up_done", table_name="follow_up")
    op.drop_index("ix_follow_up_open", table_name="follow_up")
    op.drop_table("follow_up")


# The tables as this revision knows them.
VERSION = sa.table("survey_version", sa.column("id"), sa.column("definition", Json))
SUBMISSION = sa.table(
    "submission",
    sa.column("id", sa.Uuid),
    sa.column("organisation_id"),
    sa.column("survey_version_id"),
    sa.column("kind"),
    sa.column("captured_at", UtcDateTime()),
    sa.column("answers", Json),
)
FOLLOW_UP = sa.table(
    "follow_up",
    sa.column("organisation_id"),
    sa.column("submission_id", sa.Uuid),
    sa.column("question"),
    sa.column("portiek"),
    sa.column("text"),
    sa.column("made_at", UtcDateTime()),
)


def _fill() -> None:
    """Promises in what came in before: once, here, so that no list has to wait for them."""
    connection = op.get_bind()
    for version_id, definition in connection.execute(
        sa.select(VERSION.c.id, VERSION.c.definition)
    ).all():
        roles = {row["role"]: row["name"] for row in _rows(definition) if row.get("role")}
        if "promise" in roles:
            _fill_from(connection, version_id, roles["promise"], roles.get("portiek", ""))


def _fill_from(connection: sa.Connection, version_id: int, promise: str, portiek: str) -> None:
    query = (
        sa.select(SUBMISSION)
        .where(SUBMISSION.c.survey_version_id == version_id, SUBMISSION.c.kind != "enquete")
        .order_by(SUBMISSION.c.id)
        .limit(BATCH)
    )
    after = None
    while True:
        page = query if after is None else query.where(SUBMISSION.c.id > after)
        rows = connection.execute(page).all()
        if not rows:
            return
        after = rows[-1].id
        found = [
            {
                "organisation_id": row.organisation_id,
                "submission_id": row.id,
                "question": promise,
                "portiek": _said(row.answers, portiek)[:PORTIEK_MAX].strip() or None,
                "text": words[:TEXT_MAX].strip(),
                "made_at": row.captured_at,
            }
            for row in rows
            if (words := _said(row.answers, promise)) and words.casefold() not in NOTHING
        ]
        if found:
            connection.execute(FOLLOW_UP.insert(), found)


def _said(answers: Any, question: str) -> str:
    """The words of a stored answer: the label as shown, else the value when it is a text."""
    entry = answers.get(question) if isinstance(answers, Mapping) else None
    if not isinstance(entry, Mapping):
        return ""
    found = entry.get("l", entry.get("v"))
    return found.strip() if isinstance(found, str) else ""


def _rows(definition: Any) -> Iterator[Mapping[str, Any]]:
    """Questions outside repeats: what is asked per round keeps its promises in the form."""
    waiting = list(definition.get("survey") or ())
    while waiting:
        row = waiting.pop(0)
        if not isinstance(row, Mapping) or row.get("type") == "repeat":
            continue
        if row.get("name"):
            yield row
        waiting += row.get("children") or []
