"""Find at once what went wrong"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_calls_outcome_created_at", "calls", ["outcome", "created_at"], unique=False)
    op.create_index("ix_outbox_state_finished_at", "outbox", ["state", "finished_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_outbox_state_finished_at", table_name="outbox")
    op.drop_index("ix_calls_outcome_created_at", table_name="calls")
