"""a form that was improved on the phone takes the place of its older version"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "submission", sa.Column("revision", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "submission_conflict",
        sa.Column("superseded", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    # What was replaced stays: settled, as something that a person has seen.
    op.drop_column("submission_conflict", "superseded")
    op.drop_column("submission", "revision")
