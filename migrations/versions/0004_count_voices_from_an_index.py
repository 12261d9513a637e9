"""count voices from an index"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNTED = ["organisation_id", "area_code", "captured_at", "state", "kind", "received_at"]


def upgrade() -> None:
    op.drop_index("ix_submission_area", table_name="submission")
    op.create_index("ix_submission_area", "submission", COUNTED)
    op.create_index("ix_submission_user_state", "submission", ["user_id", "state", "received_at"])


def downgrade() -> None:
    op.drop_index("ix_submission_user_state", table_name="submission")
    op.drop_index("ix_submission_area", table_name="submission")
    op.create_index("ix_submission_area", "submission", ["area_code", "captured_at"])
