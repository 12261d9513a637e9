"""surveys are tried before they are published"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("survey_version", sa.Column("based_on_id", sa.Integer(), nullable=True))
    op.add_column("survey_version", sa.Column("trial_token", sa.String(64), nullable=True))
    op.create_index("ix_survey_version_trial_token", "survey_version", ["trial_token"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_survey_version_trial_token", table_name="survey_version")
    op.drop_column("survey_version", "trial_token")
    op.drop_column("survey_version", "based_on_id")
