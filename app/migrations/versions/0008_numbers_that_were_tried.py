"""Numbers that were tried"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("key_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sms_sid", sa.String(length=64), nullable=True),
        sa.Column("reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_trials_desk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
    )


def downgrade() -> None:
    op.drop_table("trials")
