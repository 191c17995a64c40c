"""Count calls without reading them"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_calls_outcome_created_at", table_name="calls")
    op.create_index(
        "ix_calls_outcome_created_at_round",
        "calls",
        ["outcome", "created_at", "round"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_calls_outcome_created_at_round", table_name="calls")
    op.create_index("ix_calls_outcome_created_at", "calls", ["outcome", "created_at"], unique=False)
