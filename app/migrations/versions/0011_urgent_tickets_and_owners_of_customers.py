"""Urgent tickets, and owners of customers"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WAITING = sa.text("acknowledged_at IS NULL")


def upgrade() -> None:
    op.add_column(
        "tickets", sa.Column("is_urgent", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    tickets = sa.table("tickets", sa.column("priority"), sa.column("is_urgent", sa.Boolean()))
    op.execute(tickets.update().where(tickets.c.priority == "critical").values(is_urgent=True))
    op.drop_index("ix_tickets_waiting", table_name="tickets")
    op.create_index(
        "ix_tickets_waiting",
        "tickets",
        ["is_urgent", "created_at"],
        unique=False,
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
    op.add_column(
        "customers", sa.Column("owner", sa.String(length=250), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("customers", "owner")
    op.drop_index("ix_tickets_waiting", table_name="tickets")
    op.create_index(
        "ix_tickets_waiting",
        "tickets",
        ["priority", "created_at"],
        unique=False,
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
    op.drop_column("tickets", "is_urgent")
