"""Rounds about a critical ticket that nobody took"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "missed",
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=250), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_missed_roster")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_missed_ticket")),
        sa.PrimaryKeyConstraint("roster", "person", name=op.f("pk_missed")),
    )
    op.create_index(op.f("ix_missed_ticket"), "missed", ["ticket"], unique=False)
    op.add_column("calls", sa.Column("round", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index(
        "ix_calls_ticket",
        "calls",
        ["ticket"],
        unique=False,
        postgresql_where=sa.text("ticket IS NOT NULL"),
        sqlite_where=sa.text("ticket IS NOT NULL"),
    )
    op.add_column("tickets", sa.Column("next_round_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "tickets", sa.Column("rounds_made", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_index(
        "ix_tickets_next_round_at",
        "tickets",
        ["next_round_at"],
        unique=False,
        postgresql_where=sa.text("next_round_at IS NOT NULL"),
        sqlite_where=sa.text("next_round_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_next_round_at", table_name="tickets")
    op.drop_column("tickets", "rounds_made")
    op.drop_column("tickets", "next_round_at")
    op.drop_index("ix_calls_ticket", table_name="calls")
    op.drop_column("calls", "round")
    op.drop_table("missed")
