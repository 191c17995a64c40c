"""Limits for strangers"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "legs", sa.Column("for_stranger", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("calls", sa.Column("rate_limited", sa.String(length=24), nullable=True))
    op.create_index("ix_desks_roster", "desks", ["roster"], unique=False)
    op.create_index(
        "ix_calls_rate_limited",
        "calls",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("rate_limited IS NOT NULL"),
        postgresql_where=sa.text("rate_limited IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_desks_roster", table_name="desks")
    op.drop_index("ix_calls_rate_limited", table_name="calls")
    op.drop_column("calls", "rate_limited")
    op.drop_column("legs", "for_stranger")
