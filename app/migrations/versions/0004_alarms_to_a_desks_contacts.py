"""Alarms to a desk's contacts"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_alarms_desk")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_alarms_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("desk", "kind", "subject", name=op.f("uq_alarms_desk_kind_subject")),
    )
    op.create_index(
        "ix_alarms_open",
        "alarms",
        ["kind"],
        unique=False,
        postgresql_where=sa.text("over_at IS NULL"),
        sqlite_where=sa.text("over_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("alarms")
