"""queues stay fast"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TO_CODE = sa.text("coded_at is null")


def upgrade() -> None:
    op.create_index("ix_statement_quote", "statement", ["quote_state", "created_at"])
    op.create_index(
        "ix_submission_to_code",
        "submission",
        ["organisation_id", "captured_at"],
        postgresql_where=TO_CODE,
        sqlite_where=TO_CODE,
    )


def downgrade() -> None:
    op.drop_index("ix_submission_to_code", table_name="submission")
    op.drop_index("ix_statement_quote", table_name="statement")
