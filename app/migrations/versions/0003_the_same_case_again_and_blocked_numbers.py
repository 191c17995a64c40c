"""The same case again, and blocked numbers"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocked_numbers",
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("digits", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author", sa.String(length=250), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_blocked_numbers_desk")),
        sa.PrimaryKeyConstraint("desk", "digits", name=op.f("pk_blocked_numbers")),
    )
    op.add_column(
        "tickets", sa.Column("calls", sa.BigInteger(), server_default="1", nullable=False)
    )
    op.create_index(
        "ix_tickets_desk_caller_number", "tickets", ["desk", "caller", "number"], unique=False
    )
    op.create_index(
        "ix_calls_desk_caller_started_at", "calls", ["desk", "caller", "started_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_calls_desk_caller_started_at", table_name="calls")
    op.drop_index("ix_tickets_desk_caller_number", table_name="tickets")
    op.drop_column("tickets", "calls")
    op.drop_table("blocked_numbers")
