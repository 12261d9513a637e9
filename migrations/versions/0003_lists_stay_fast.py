"""lists stay fast"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# name: (columns, the rows it holds; None: all)
INDEXES = {
    "ix_submission_state": (["organisation_id", "state", "received_at"], None),
    "ix_submission_round": (["round_id", "state"], "round_id is not null"),
    "ix_submission_visited": (["organisation_id", "captured_at"], "portiek is not null"),
    "ix_submission_coded": (["organisation_id", "captured_at"], "coded_at is not null"),
}


def upgrade() -> None:
    for name, (columns, rows) in INDEXES.items():
        where = None if rows is None else sa.text(rows)
        op.create_index(name, "submission", columns, postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    for name in reversed(INDEXES):
        op.drop_index(name, table_name="submission")
