"""Keep things no longer than a desk says"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listenings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recording", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.String(length=250), nullable=False),
        sa.Column("way", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_listenings_desk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listenings")),
    )
    op.create_index("ix_listenings_desk_at", "listenings", ["desk", "at"], unique=False)
    op.add_column(
        "calls",
        sa.Column("kept", sa.String(length=24), server_default="everything", nullable=False),
    )
    op.create_index("ix_calls_kept", "calls", ["kept", "desk", "created_at"], unique=False)
    op.create_index("ix_incoming_sms_desk_at", "incoming_sms", ["desk", "at"], unique=False)
    op.create_index("ix_outbox_desk_created_at", "outbox", ["desk", "created_at"], unique=False)
    op.create_index(
        "ix_recordings_desk_fetched_at", "recordings", ["desk", "fetched_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_recordings_desk_fetched_at", table_name="recordings")
    op.drop_index("ix_outbox_desk_created_at", table_name="outbox")
    op.drop_index("ix_incoming_sms_desk_at", table_name="incoming_sms")
    op.drop_index("ix_calls_kept", table_name="calls")
    op.drop_column("calls", "kept")
    op.drop_index("ix_listenings_desk_at", table_name="listenings")
    op.drop_table("listenings")
