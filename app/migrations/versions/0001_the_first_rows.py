"""The first rows"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "deliveries",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_deliveries")),
    )
    op.create_table(
        "desk_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=250), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_versions")),
        sa.UniqueConstraint("desk", "number", name=op.f("uq_desk_versions_desk_number")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("worker", sa.String(length=250), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("dedup", sa.String(length=250), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("urgency", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("provider_sid", sa.String(length=64), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("call_sid", sa.String(length=64), nullable=True),
        sa.Column("leg", sa.BigInteger(), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("person", sa.String(length=250), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedup", name=op.f("uq_outbox_dedup")),
    )
    op.create_index(op.f("ix_outbox_call_sid"), "outbox", ["call_sid"], unique=False)
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_outbox_provider_sid"), "outbox", ["provider_sid"], unique=False)
    op.create_index(op.f("ix_outbox_ticket"), "outbox", ["ticket"], unique=False)
    op.create_table(
        "roster_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=250), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_versions")),
        sa.UniqueConstraint("roster", "number", name=op.f("uq_roster_versions_roster_number")),
    )
    op.create_table(
        "rosters",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("desks", sa.Text(), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_tokens_secret_hash")),
    )
    op.create_table(
        "desks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_desks_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desks")),
    )
    op.create_table(
        "people",
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=250), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_people_roster")),
        sa.PrimaryKeyConstraint("roster", "id", name=op.f("pk_people")),
    )
    op.create_table(
        "calls",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("place", sa.String(length=24), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.String(length=24), nullable=True),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("talking", sa.String(length=64), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offset_seconds", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_calls_desk")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_calls")),
    )
    op.create_index(
        "ix_calls_desk_started_at_sid", "calls", ["desk", "started_at", "sid"], unique=False
    )
    op.create_index(
        "ix_calls_open",
        "calls",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_calls_talking",
        "calls",
        ["talking"],
        unique=False,
        postgresql_where=sa.text("talking IS NOT NULL"),
        sqlite_where=sa.text("talking IS NOT NULL"),
    )
    op.create_table(
        "customers",
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("agreement", sa.String(length=64), nullable=False),
        sa.Column("phones", sa.Text(), nullable=False),
        sa.Column("shared_phones", sa.Text(), nullable=False),
        sa.Column("caller_class", sa.String(length=250), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_customers_desk")),
        sa.PrimaryKeyConstraint("desk", "number", name=op.f("pk_customers")),
    )
    op.create_table(
        "incoming_sms",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_incoming_sms_desk")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_incoming_sms")),
    )
    op.create_table(
        "lines",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("public_number", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_lines_desk")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_lines")),
    )
    op.create_index(op.f("ix_lines_desk"), "lines", ["desk"], unique=False)
    op.create_table(
        "customer_phones",
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("digits", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["desk", "customer"],
            ["customers.desk", "customers.number"],
            name=op.f("fk_customer_phones_desk_customer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("desk", "digits", "customer", name=op.f("pk_customer_phones")),
    )
    op.create_table(
        "legs",
        sa.Column("call_sid", sa.String(length=64), nullable=False),
        sa.Column("leg", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("person", sa.String(length=250), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_sid"], ["calls.sid"], name=op.f("fk_legs_call_sid")),
        sa.PrimaryKeyConstraint("call_sid", "leg", name=op.f("pk_legs")),
    )
    op.create_index("ix_legs_desk_placed_at", "legs", ["desk", "placed_at"], unique=False)
    op.create_index(op.f("ix_legs_sid"), "legs", ["sid"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=True),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("agreement", sa.String(length=64), nullable=True),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("no_keys", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solve_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=250), nullable=True),
        sa.Column("acknowledged_person", sa.String(length=250), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("desk_version", sa.BigInteger(), nullable=True),
        sa.Column("offset_seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["call_sid"], ["calls.sid"], name=op.f("fk_tickets_call_sid")),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_tickets_desk")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tickets")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_tickets_call_sid")),
    )
    op.create_index("ix_tickets_desk_number", "tickets", ["desk", "number"], unique=False)
    op.create_index(
        "ix_tickets_waiting",
        "tickets",
        ["priority", "created_at"],
        unique=False,
        postgresql_where=sa.text("acknowledged_at IS NULL"),
        sqlite_where=sa.text("acknowledged_at IS NULL"),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=False),
        sa.Column("leg", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("desk_version", sa.BigInteger(), nullable=True),
        sa.Column("roster_version", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_sid"], ["calls.sid"], name=op.f("fk_turns_call_sid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint("call_sid", "leg", "key", name=op.f("uq_turns_call_sid_leg_key")),
    )
    op.create_table(
        "recordings",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("call_sid", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("media", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_there_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_sid"], ["calls.sid"], name=op.f("fk_recordings_call_sid")),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_recordings_desk")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_recordings_ticket")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_recordings")),
    )
    op.create_index(op.f("ix_recordings_call_sid"), "recordings", ["call_sid"], unique=False)
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("who", sa.String(length=250), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_ticket_events_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_events")),
    )
    op.create_index(op.f("ix_ticket_events_ticket"), "ticket_events", ["ticket"], unique=False)

    # The first ticket is 1001 (contract.md, Ticket numbers).
    op.execute("INSERT INTO counters (name, value) VALUES ('ticket', 1000)")


def downgrade() -> None:
    op.drop_index(op.f("ix_ticket_events_ticket"), table_name="ticket_events")
    op.drop_table("ticket_events")
    op.drop_index(op.f("ix_recordings_call_sid"), table_name="recordings")
    op.drop_table("recordings")
    op.drop_table("turns")
    op.drop_index(
        "ix_tickets_waiting",
        table_name="tickets",
        postgresql_where=sa.text("acknowledged_at IS NULL"),
        sqlite_where=sa.text("acknowledged_at IS NULL"),
    )
    op.drop_index("ix_tickets_desk_number", table_name="tickets")
    op.drop_table("tickets")
    op.drop_index(op.f("ix_legs_sid"), table_name="legs")
    op.drop_index("ix_legs_desk_placed_at", table_name="legs")
    op.drop_table("legs")
    op.drop_table("customer_phones")
    op.drop_index(op.f("ix_lines_desk"), table_name="lines")
    op.drop_table("lines")
    op.drop_table("incoming_sms")
    op.drop_table("customers")
    op.drop_index(
        "ix_calls_talking",
        table_name="calls",
        postgresql_where=sa.text("talking IS NOT NULL"),
        sqlite_where=sa.text("talking IS NOT NULL"),
    )
    op.drop_index(
        "ix_calls_open",
        table_name="calls",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_calls_desk_started_at_sid", table_name="calls")
    op.drop_table("calls")
    op.drop_table("people")
    op.drop_table("desks")
    op.drop_table("tokens")
    op.drop_table("rosters")
    op.drop_table("roster_versions")
    op.drop_index(op.f("ix_outbox_ticket"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_provider_sid"), table_name="outbox")
    op.drop_index(
        "ix_outbox_due",
        table_name="outbox",
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_outbox_call_sid"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("heartbeats")
    op.drop_table("desk_versions")
    op.drop_table("deliveries")
    op.drop_table("counters")
