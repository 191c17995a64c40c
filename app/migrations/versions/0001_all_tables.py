"""All tables"""

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
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_deliveries")),
    )
    op.create_table(
        "desk_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
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
        sa.Column("clock_skew_seconds", sa.Double(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "opt_outs",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", "line", name=op.f("pk_opt_outs")),
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
    op.create_index("ix_outbox_desk_created_at", "outbox", ["desk", "created_at"], unique=False)
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_provider_sid",
        "outbox",
        ["provider_sid"],
        unique=False,
        postgresql_where=sa.text("provider_sid IS NOT NULL"),
        sqlite_where=sa.text("provider_sid IS NOT NULL"),
    )
    op.create_index("ix_outbox_state_finished_at", "outbox", ["state", "finished_at"], unique=False)
    op.create_index(op.f("ix_outbox_ticket"), "outbox", ["ticket"], unique=False)
    op.create_table(
        "roster_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_versions")),
        sa.UniqueConstraint("roster", "number", name=op.f("uq_roster_versions_roster_number")),
    )
    op.create_table(
        "rosters",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("entries_sha", sa.String(length=64), nullable=False),
        sa.Column("published_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
    )
    op.create_table(
        "absence_feeds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_absence_feeds_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_feeds")),
    )
    op.create_index(op.f("ix_absence_feeds_roster"), "absence_feeds", ["roster"], unique=False)
    op.create_table(
        "roster_calendars",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["roster"], ["rosters.id"], name=op.f("fk_roster_calendars_roster")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_calendars")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_roster_calendars_secret_hash")),
    )
    op.create_index(
        op.f("ix_roster_calendars_roster"), "roster_calendars", ["roster"], unique=False
    )
    op.create_table(
        "roster_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("instead_of", sa.String(length=64), nullable=True),
        sa.Column("fills", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_in", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_in", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.BigInteger(), nullable=True),
        sa.Column("consents", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_roster_entries_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_entries")),
    )
    op.create_index(
        "ix_roster_entries_roster_withdrawn_in",
        "roster_entries",
        ["roster", "withdrawn_in"],
        unique=False,
    )
    op.create_table(
        "roster_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_roster_drafts_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_drafts")),
    )
    op.create_index(op.f("ix_roster_drafts_roster"), "roster_drafts", ["roster"], unique=False)
    op.create_table(
        "roster_draft_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draft", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"], ["roster_drafts.id"], name=op.f("fk_roster_draft_entries_draft")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_draft_entries")),
    )
    op.create_index(
        op.f("ix_roster_draft_entries_draft"), "roster_draft_entries", ["draft"], unique=False
    )
    op.create_table(
        "roster_publications",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["roster"], ["rosters.id"], name=op.f("fk_roster_publications_roster")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_publications")),
    )
    op.create_index(
        op.f("ix_roster_publications_roster"), "roster_publications", ["roster"], unique=False
    )
    op.create_table(
        "duty_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("shift_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shift_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=True),
        sa.Column("wanted_person", sa.String(length=64), nullable=True),
        sa.Column("wanted_role", sa.String(length=24), nullable=True),
        sa.Column("wanted_shift_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted_shift_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted_entry", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_duty_requests_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_requests")),
    )
    op.create_index(op.f("ix_duty_requests_entry"), "duty_requests", ["entry"], unique=False)
    op.create_index(
        "ix_duty_requests_roster_state", "duty_requests", ["roster", "state"], unique=False
    )
    op.create_index(
        op.f("ix_duty_requests_wanted_entry"), "duty_requests", ["wanted_entry"], unique=False
    )
    op.create_table(
        "duty_request_answers",
        sa.Column("request", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("is_yes", sa.Boolean(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request"], ["duty_requests.id"], name=op.f("fk_duty_request_answers_request")
        ),
        sa.PrimaryKeyConstraint("request", "person", name=op.f("pk_duty_request_answers")),
    )
    op.create_table(
        "sms_replies",
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_sms_replies")),
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
        "wall_screens",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("desks", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_screens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_wall_screens_secret_hash")),
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
    op.create_index(op.f("ix_desks_roster"), "desks", ["roster"], unique=False)
    op.create_table(
        "people",
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_people_roster")),
        sa.PrimaryKeyConstraint("roster", "id", name=op.f("pk_people")),
    )
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
    op.create_table(
        "staff_pins",
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("pin_hash", sa.String(length=250), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_staff_pins_roster")),
        sa.PrimaryKeyConstraint("roster", "person", name=op.f("pk_staff_pins")),
    )
    op.create_table(
        "outages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_outages_desk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )
    op.create_index(
        "uq_outages_open",
        "outages",
        ["desk"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "outage_watchers",
        sa.Column("outage", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digits", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["outage"], ["outages.id"], name=op.f("fk_outage_watchers_outage")),
        sa.PrimaryKeyConstraint("outage", "digits", name=op.f("pk_outage_watchers")),
    )
    op.create_table(
        "call_outs",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("talking", sa.String(length=64), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offset_seconds", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retained", sa.String(length=24), server_default="everything", nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_call_outs_desk")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_call_outs")),
    )
    op.create_index(
        "ix_call_outs_open",
        "call_outs",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_call_outs_retained", "call_outs", ["retained", "desk", "created_at"], unique=False
    )
    op.create_index(
        "ix_call_outs_talking",
        "call_outs",
        ["talking"],
        unique=False,
        postgresql_where=sa.text("talking IS NOT NULL"),
        sqlite_where=sa.text("talking IS NOT NULL"),
    )
    op.create_index("ix_call_outs_ticket_number", "call_outs", ["ticket", "number"], unique=False)
    op.create_table(
        "calls",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.String(length=24), nullable=True),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("talking", sa.String(length=64), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offset_seconds", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retained", sa.String(length=24), server_default="everything", nullable=False),
        sa.Column("rate_limited", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_calls_desk")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_calls")),
    )
    op.create_index(
        "ix_calls_desk_caller_started_at", "calls", ["desk", "caller", "started_at"], unique=False
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
        "ix_calls_outcome_created_at",
        "calls",
        ["outcome", "created_at"],
        unique=False,
        postgresql_where=sa.text("outcome IS NOT NULL"),
        sqlite_where=sa.text("outcome IS NOT NULL"),
    )
    op.create_index(
        "ix_calls_rate_limited",
        "calls",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("rate_limited IS NOT NULL"),
        sqlite_where=sa.text("rate_limited IS NOT NULL"),
    )
    op.create_index("ix_calls_retained", "calls", ["retained", "desk", "created_at"], unique=False)
    op.create_index(
        "ix_calls_talking",
        "calls",
        ["talking"],
        unique=False,
        postgresql_where=sa.text("talking IS NOT NULL"),
        sqlite_where=sa.text("talking IS NOT NULL"),
    )
    op.create_index(
        "ix_calls_ticket",
        "calls",
        ["ticket"],
        unique=False,
        postgresql_where=sa.text("ticket IS NOT NULL"),
        sqlite_where=sa.text("ticket IS NOT NULL"),
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
        sa.Column("owner", sa.String(length=250), server_default="", nullable=False),
        sa.Column("mail_domains", sa.Text(), server_default="[]", nullable=False),
        sa.Column("in_file", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_customers_desk")),
        sa.PrimaryKeyConstraint("desk", "number", name=op.f("pk_customers")),
    )
    op.create_table(
        "lifeline_pushes",
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("pushed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=250), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_lifeline_pushes_desk")),
        sa.PrimaryKeyConstraint("desk", name=op.f("pk_lifeline_pushes")),
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
        "number_verifications",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("misses", sa.BigInteger(), nullable=False),
        sa.Column("key_pressed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sms_sid", sa.String(length=64), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("then", sa.Text(), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_number_verifications_desk")),
        sa.ForeignKeyConstraint(
            ["roster"], ["rosters.id"], name=op.f("fk_number_verifications_roster")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_verifications")),
    )
    op.create_index(
        "ix_number_verifications_roster_person",
        "number_verifications",
        ["roster", "person"],
        unique=False,
    )
    op.create_table(
        "confirmed_call_outs",
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("measured_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measured_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_confirmed_call_outs_desk")),
        sa.ForeignKeyConstraint(
            ["roster"], ["rosters.id"], name=op.f("fk_confirmed_call_outs_roster")
        ),
        sa.PrimaryKeyConstraint("roster", "person", "about", name=op.f("pk_confirmed_call_outs")),
    )
    op.create_index(
        "ix_confirmed_call_outs_desk_since", "confirmed_call_outs", ["desk", "since"], unique=False
    )
    op.create_table(
        "shift_confirmations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alarm_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_shift_confirmations_desk")),
        sa.ForeignKeyConstraint(
            ["roster"], ["rosters.id"], name=op.f("fk_shift_confirmations_roster")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_confirmations")),
    )
    op.create_index("ix_shift_confirmations_until", "shift_confirmations", ["until"], unique=False)
    op.create_table(
        "own_numbers",
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("ringing", sa.Text(), nullable=True),
        sa.Column("waiting", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_own_numbers_roster")),
        sa.PrimaryKeyConstraint("roster", "person", name=op.f("pk_own_numbers")),
    )
    op.create_table(
        "recording_accesses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recording", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.String(length=250), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_recording_accesses_desk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_accesses")),
    )
    op.create_index(
        "ix_recording_accesses_desk_at", "recording_accesses", ["desk", "at"], unique=False
    )
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
        sa.Column("for_stranger", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("counts_hourly", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("call_sid", "leg", name=op.f("pk_legs")),
    )
    op.create_index("ix_legs_desk_placed_at", "legs", ["desk", "placed_at"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=True),
        sa.Column("opening_key", sa.String(length=250), nullable=True),
        sa.Column("opening_hash", sa.String(length=64), nullable=True),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("agreement", sa.String(length=64), nullable=True),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("caller_kind", sa.String(length=24), nullable=False),
        sa.Column("contact_name", sa.String(length=250), nullable=False),
        sa.Column("contact_email", sa.String(length=250), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.String(length=24), nullable=False),
        sa.Column("priority_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("wakes_duty", sa.String(length=24), nullable=False),
        sa.Column("no_keys", sa.Boolean(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solve_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pauses", sa.Text(), nullable=True),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workaround_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "workaround_stops", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("agreed_solve_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalation_held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalation_held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=250), nullable=True),
        sa.Column("acknowledged_person", sa.String(length=250), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_on_by", sa.Text(), nullable=True),
        sa.Column("rings_again", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.String(length=250), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_by", sa.String(length=250), nullable=False),
        sa.Column("assignee_name", sa.String(length=250), nullable=True),
        sa.Column("assignee_id", sa.String(length=64), nullable=True),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("changed_by", sa.String(length=250), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undoable", sa.Text(), nullable=True),
        sa.Column("desk_version", sa.BigInteger(), nullable=True),
        sa.Column("offset_seconds", sa.Double(), nullable=False),
        sa.Column("calls", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("target_review_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("target_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_call_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_outs_made", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["call_sid"], ["calls.sid"], name=op.f("fk_tickets_call_sid")),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_tickets_desk")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tickets")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_tickets_call_sid")),
        sa.UniqueConstraint("opening_key", name=op.f("uq_tickets_opening_key")),
    )
    op.create_index(
        "ix_tickets_desk_caller",
        "tickets",
        ["desk", "caller", "is_urgent", "created_at"],
        unique=False,
    )
    op.create_index("ix_tickets_desk_number", "tickets", ["desk", "number"], unique=False)
    op.create_index(
        "ix_tickets_closed",
        "tickets",
        [
            "desk",
            "number",
            "priority",
            "group_id",
            "customer",
            "closed_at",
        ],
        unique=False,
        postgresql_where=sa.text("closed_at IS NOT NULL"),
        sqlite_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_open",
        "tickets",
        [
            "desk",
            "next_due_at",
            "number",
            "status",
            "priority",
            "group_id",
            "assignee_id",
            "assignee_name",
            "customer",
            "closed_at",
        ],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_tickets_next_call_out_at",
        "tickets",
        ["next_call_out_at"],
        unique=False,
        postgresql_where=sa.text("next_call_out_at IS NOT NULL"),
        sqlite_where=sa.text("next_call_out_at IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_portal_desk_created_at",
        "tickets",
        ["desk", "created_at"],
        unique=False,
        postgresql_where=sa.text("source='portal'"),
        sqlite_where=sa.text("source='portal'"),
    )
    op.create_index(
        "ix_tickets_target_review_at",
        "tickets",
        ["target_review_at"],
        unique=False,
        postgresql_where=sa.text("target_review_at IS NOT NULL"),
        sqlite_where=sa.text("target_review_at IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_desk_target_version",
        "tickets",
        ["desk", "target_version"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_tickets_unacknowledged",
        "tickets",
        ["is_urgent", "created_at"],
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
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("desk_version", sa.BigInteger(), nullable=True),
        sa.Column("roster_version", sa.BigInteger(), nullable=True),
        sa.Column("roster_revision", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint("call_sid", "leg", "key", name=op.f("uq_turns_call_sid_leg_key")),
    )
    op.create_table(
        "alarms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
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
        postgresql_where=sa.text("resolved_at IS NULL"),
        sqlite_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("side", sa.String(length=24), nullable=False),
        sa.Column("visibility", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=250), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("via", sa.String(length=250), nullable=False),
        sa.Column("key", sa.String(length=250), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_comments_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("key", name=op.f("uq_comments_key")),
    )
    op.create_index(op.f("ix_comments_ticket"), "comments", ["ticket"], unique=False)
    op.create_table(
        "target_notices",
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.String(length=24), nullable=False),
        sa.Column("level", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("priority", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_target_notices_ticket")
        ),
        sa.PrimaryKeyConstraint(
            "ticket", "target", "level", "priority", name=op.f("pk_target_notices")
        ),
    )
    op.create_table(
        "ticket_words",
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column(
            "word",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_ticket_words_ticket")
        ),
        sa.PrimaryKeyConstraint("ticket", "word", name=op.f("pk_ticket_words")),
    )
    op.create_index("ix_ticket_words_word_ticket", "ticket_words", ["word", "ticket"], unique=False)
    op.create_table(
        "ticket_links",
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["other"], ["tickets.number"], name=op.f("fk_ticket_links_other")),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_ticket_links_ticket")
        ),
        sa.PrimaryKeyConstraint("ticket", "kind", "other", name=op.f("pk_ticket_links")),
    )
    op.create_index(op.f("ix_ticket_links_other"), "ticket_links", ["other"], unique=False)
    op.create_table(
        "missed_call_outs",
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=250), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["roster"], ["rosters.id"], name=op.f("fk_missed_call_outs_roster")
        ),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_missed_call_outs_ticket")
        ),
        sa.PrimaryKeyConstraint("roster", "person", name=op.f("pk_missed_call_outs")),
    )
    op.create_index(
        op.f("ix_missed_call_outs_ticket"), "missed_call_outs", ["ticket"], unique=False
    )
    op.create_table(
        "incoming_sms",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_incoming_sms_desk")),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_incoming_sms_ticket")
        ),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_incoming_sms")),
    )
    op.create_index("ix_incoming_sms_desk_at", "incoming_sms", ["desk", "at"], unique=False)
    op.create_index(op.f("ix_incoming_sms_ticket"), "incoming_sms", ["ticket"], unique=False)
    op.create_table(
        "sms_cases",
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_sms_cases_desk")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_sms_cases_ticket")),
        sa.PrimaryKeyConstraint("desk", "sender", name=op.f("pk_sms_cases")),
    )
    op.create_index(op.f("ix_sms_cases_ticket"), "sms_cases", ["ticket"], unique=False)
    op.create_table(
        "sms_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=True),
        sa.Column("shift", sa.BigInteger(), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=250), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_sms_changes_desk")),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_sms_changes_roster")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_sms_changes_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_changes")),
        sa.UniqueConstraint("sid", name=op.f("uq_sms_changes_sid")),
    )
    op.create_index("ix_sms_changes_desk_at", "sms_changes", ["desk", "at"], unique=False)
    op.create_index(op.f("ix_sms_changes_ticket"), "sms_changes", ["ticket"], unique=False)
    op.create_table(
        "recordings",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("call_sid", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("media", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at_provider_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_sid"], ["calls.sid"], name=op.f("fk_recordings_call_sid")),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_recordings_desk")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_recordings_ticket")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_recordings")),
    )
    op.create_index(op.f("ix_recordings_call_sid"), "recordings", ["call_sid"], unique=False)
    op.create_index(
        "ix_recordings_desk_fetched_at", "recordings", ["desk", "fetched_at"], unique=False
    )
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
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_at", "audit_events", ["at"], unique=False)
    op.create_index(
        "ix_audit_events_subject_kind_subject",
        "audit_events",
        ["subject_kind", "subject"],
        unique=False,
    )
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limits")),
    )
    op.create_index("ix_rate_limits_full_at", "rate_limits", ["full_at"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=250), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("roster", sa.String(length=64), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["roster", "person"],
            ["people.roster", "people.id"],
            name=op.f("fk_users_roster_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "account_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=250), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("typed", sa.String(length=250), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_account_requests_desk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_requests")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_account_requests_secret_hash")),
    )
    op.create_index(
        "ix_account_requests_desk_state", "account_requests", ["desk", "state"], unique=False
    )
    op.create_index("ix_account_requests_email", "account_requests", ["email"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("roster", sa.String(length=64), nullable=True),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_grants_desk")),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_grants_roster")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_grants_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index("ix_grants_desk_customer", "grants", ["desk", "customer"], unique=False)
    op.create_index(op.f("ix_grants_user_id"), "grants", ["user_id"], unique=False)
    op.create_table(
        "login_tokens",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("login_kind", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_login_tokens_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_login_tokens_secret_hash")),
    )
    op.create_index("ix_login_tokens_expires_at", "login_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_login_tokens_user_id"), "login_tokens", ["user_id"], unique=False)
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=250), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_web_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_web_sessions_secret_hash")),
    )
    op.create_index("ix_web_sessions_last_seen_at", "web_sessions", ["last_seen_at"], unique=False)
    op.create_index(op.f("ix_web_sessions_user_id"), "web_sessions", ["user_id"], unique=False)
    op.create_table(
        "notice_choices",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sms", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("next_role", sa.String(length=24), nullable=True),
        sa.Column("next_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_gaps", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notice_choices_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_choices")),
    )
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_filters_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_filters_user_id_name")),
    )
    op.create_table(
        "customer_calls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("customer_number", sa.String(length=64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("misses", sa.BigInteger(), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=True),
        sa.Column("customer_status", sa.String(length=64), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("talk_seconds", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_customer_calls_desk")),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_customer_calls_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_calls")),
        sa.UniqueConstraint("key", name=op.f("uq_customer_calls_key")),
    )
    op.create_index(
        "ix_customer_calls_number_started_at",
        "customer_calls",
        ["number", "started_at"],
        unique=False,
    )
    op.create_index(
        "ix_customer_calls_ticket_started_at",
        "customer_calls",
        ["ticket", "started_at"],
        unique=False,
    )
    op.create_table(
        "ticket_writers",
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_ticket_writers_ticket")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ticket_writers_user_id")),
        sa.PrimaryKeyConstraint("ticket", "user_id", name=op.f("pk_ticket_writers")),
    )
    op.create_table(
        "authenticators",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_authenticators_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"], unique=False)
    op.create_table(
        "identities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=250), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_identities_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_index(op.f("ix_identities_user_id"), "identities", ["user_id"], unique=False)
    op.create_table(
        "passkeys",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"], unique=False)

    # The first ticket is 1001.
    op.execute("INSERT INTO counters (name, value) VALUES ('ticket', 1000)")
    op.create_table(
        "ideas",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_type", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_ideas_desk")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ideas_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ideas")),
        sa.UniqueConstraint("key", name=op.f("uq_ideas_key")),
    )
    op.create_index(op.f("ix_ideas_desk"), "ideas", ["desk"], unique=False)
    op.create_index(op.f("ix_ideas_user_id"), "ideas", ["user_id"], unique=False)
    op.create_table(
        "outage_subscribers",
        sa.Column("outage", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["outage"], ["outages.id"], name=op.f("fk_outage_subscribers_outage")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_outage_subscribers_user_id")
        ),
        sa.PrimaryKeyConstraint("outage", "user_id", name=op.f("pk_outage_subscribers")),
    )
    op.create_index(
        op.f("ix_outage_subscribers_user_id"), "outage_subscribers", ["user_id"], unique=False
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("media_type", sa.String(length=250), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("media", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_attachments_ticket")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_attachments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_ticket"), "attachments", ["ticket"], unique=False)
    op.create_index(op.f("ix_attachments_user_id"), "attachments", ["user_id"], unique=False)
    op.create_table(
        "case_watchers",
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_case_watchers_ticket")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_watchers_user_id")),
        sa.PrimaryKeyConstraint("ticket", "user_id", name=op.f("pk_case_watchers")),
    )
    op.create_index(op.f("ix_case_watchers_user_id"), "case_watchers", ["user_id"], unique=False)
    op.create_table(
        "portal_cases",
        sa.Column("ticket", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project", sa.String(length=64), nullable=False),
        sa.Column("case_type", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_portal_cases_ticket")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_portal_cases_user_id")),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_portal_cases")),
    )
    op.create_index(op.f("ix_portal_cases_user_id"), "portal_cases", ["user_id"], unique=False)
    op.create_index(
        "ix_tickets_desk_customer_number", "tickets", ["desk", "customer", "number"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_desk_customer_number", table_name="tickets")
    op.drop_index(op.f("ix_portal_cases_user_id"), table_name="portal_cases")
    op.drop_table("portal_cases")
    op.drop_index(op.f("ix_case_watchers_user_id"), table_name="case_watchers")
    op.drop_table("case_watchers")
    op.drop_index(op.f("ix_attachments_user_id"), table_name="attachments")
    op.drop_index(op.f("ix_attachments_ticket"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_index(op.f("ix_outage_subscribers_user_id"), table_name="outage_subscribers")
    op.drop_table("outage_subscribers")
    op.drop_index(op.f("ix_ideas_user_id"), table_name="ideas")
    op.drop_index(op.f("ix_ideas_desk"), table_name="ideas")
    op.drop_table("ideas")
    op.drop_index(op.f("ix_passkeys_user_id"), table_name="passkeys")
    op.drop_table("passkeys")
    op.drop_index(op.f("ix_identities_user_id"), table_name="identities")
    op.drop_table("identities")
    op.drop_index(op.f("ix_recovery_codes_user_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_table("ticket_writers")
    op.drop_index("ix_customer_calls_ticket_started_at", table_name="customer_calls")
    op.drop_index("ix_customer_calls_number_started_at", table_name="customer_calls")
    op.drop_table("customer_calls")
    op.drop_table("saved_filters")
    op.drop_table("notice_choices")
    op.drop_table("authenticators")
    op.drop_index(op.f("ix_web_sessions_user_id"), table_name="web_sessions")
    op.drop_index("ix_web_sessions_last_seen_at", table_name="web_sessions")
    op.drop_table("web_sessions")
    op.drop_index(op.f("ix_login_tokens_user_id"), table_name="login_tokens")
    op.drop_index("ix_login_tokens_expires_at", table_name="login_tokens")
    op.drop_table("login_tokens")
    op.drop_index(op.f("ix_grants_user_id"), table_name="grants")
    op.drop_index("ix_grants_desk_customer", table_name="grants")
    op.drop_table("grants")
    op.drop_index("ix_account_requests_email", table_name="account_requests")
    op.drop_index("ix_account_requests_desk_state", table_name="account_requests")
    op.drop_table("account_requests")
    op.drop_table("users")
    op.drop_index("ix_rate_limits_full_at", table_name="rate_limits")
    op.drop_table("rate_limits")
    op.drop_index("ix_audit_events_subject_kind_subject", table_name="audit_events")
    op.drop_index("ix_audit_events_at", table_name="audit_events")
    op.drop_table("audit_events")
    op.drop_index(op.f("ix_ticket_events_ticket"), table_name="ticket_events")
    op.drop_table("ticket_events")
    op.drop_index("ix_recordings_desk_fetched_at", table_name="recordings")
    op.drop_index(op.f("ix_recordings_call_sid"), table_name="recordings")
    op.drop_table("recordings")
    op.drop_index(op.f("ix_sms_cases_ticket"), table_name="sms_cases")
    op.drop_table("sms_cases")
    op.drop_index(op.f("ix_incoming_sms_ticket"), table_name="incoming_sms")
    op.drop_index("ix_incoming_sms_desk_at", table_name="incoming_sms")
    op.drop_table("incoming_sms")
    op.drop_index(op.f("ix_sms_changes_ticket"), table_name="sms_changes")
    op.drop_index("ix_sms_changes_desk_at", table_name="sms_changes")
    op.drop_table("sms_changes")
    op.drop_index("ix_ticket_words_word_ticket", table_name="ticket_words")
    op.drop_table("ticket_words")
    op.drop_index(op.f("ix_comments_ticket"), table_name="comments")
    op.drop_table("comments")
    op.drop_index(op.f("ix_missed_call_outs_ticket"), table_name="missed_call_outs")
    op.drop_table("missed_call_outs")
    op.drop_table("target_notices")
    op.drop_index(
        "ix_alarms_open",
        table_name="alarms",
        postgresql_where=sa.text("resolved_at IS NULL"),
        sqlite_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_table("alarms")
    op.drop_table("turns")
    op.drop_index(
        "ix_tickets_unacknowledged",
        table_name="tickets",
        postgresql_where=sa.text("acknowledged_at IS NULL"),
        sqlite_where=sa.text("acknowledged_at IS NULL"),
    )
    op.drop_index(
        "ix_tickets_desk_target_version",
        table_name="tickets",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "ix_tickets_portal_desk_created_at",
        table_name="tickets",
        postgresql_where=sa.text("source='portal'"),
        sqlite_where=sa.text("source='portal'"),
    )
    op.drop_index(
        "ix_tickets_target_review_at",
        table_name="tickets",
        postgresql_where=sa.text("target_review_at IS NOT NULL"),
        sqlite_where=sa.text("target_review_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_tickets_next_call_out_at",
        table_name="tickets",
        postgresql_where=sa.text("next_call_out_at IS NOT NULL"),
        sqlite_where=sa.text("next_call_out_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_tickets_open",
        table_name="tickets",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_tickets_desk_number", table_name="tickets")
    op.drop_index(
        "ix_tickets_closed",
        table_name="tickets",
        postgresql_where=sa.text("closed_at IS NOT NULL"),
        sqlite_where=sa.text("closed_at IS NOT NULL"),
    )
    op.drop_index("ix_tickets_desk_caller", table_name="tickets")
    op.drop_table("tickets")
    op.drop_index("ix_legs_desk_placed_at", table_name="legs")
    op.drop_table("legs")
    op.drop_table("customer_phones")
    op.drop_index("ix_recording_accesses_desk_at", table_name="recording_accesses")
    op.drop_table("recording_accesses")
    op.drop_table("own_numbers")
    op.drop_index("ix_confirmed_call_outs_desk_since", table_name="confirmed_call_outs")
    op.drop_table("confirmed_call_outs")
    op.drop_index("ix_shift_confirmations_until", table_name="shift_confirmations")
    op.drop_table("shift_confirmations")
    op.drop_index("ix_number_verifications_roster_person", table_name="number_verifications")
    op.drop_table("number_verifications")
    op.drop_index(op.f("ix_lines_desk"), table_name="lines")
    op.drop_table("lines")
    op.drop_table("lifeline_pushes")
    op.drop_table("customers")
    op.drop_index(
        "ix_calls_ticket",
        table_name="calls",
        postgresql_where=sa.text("ticket IS NOT NULL"),
        sqlite_where=sa.text("ticket IS NOT NULL"),
    )
    op.drop_index(
        "ix_calls_talking",
        table_name="calls",
        postgresql_where=sa.text("talking IS NOT NULL"),
        sqlite_where=sa.text("talking IS NOT NULL"),
    )
    op.drop_index("ix_calls_retained", table_name="calls")
    op.drop_index(
        "ix_calls_rate_limited",
        table_name="calls",
        postgresql_where=sa.text("rate_limited IS NOT NULL"),
        sqlite_where=sa.text("rate_limited IS NOT NULL"),
    )
    op.drop_index(
        "ix_calls_outcome_created_at",
        table_name="calls",
        postgresql_where=sa.text("outcome IS NOT NULL"),
        sqlite_where=sa.text("outcome IS NOT NULL"),
    )
    op.drop_index(
        "ix_calls_open",
        table_name="calls",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_calls_desk_started_at_sid", table_name="calls")
    op.drop_index("ix_calls_desk_caller_started_at", table_name="calls")
    op.drop_table("calls")
    op.drop_index("ix_call_outs_ticket_number", table_name="call_outs")
    op.drop_index(
        "ix_call_outs_talking",
        table_name="call_outs",
        postgresql_where=sa.text("talking IS NOT NULL"),
        sqlite_where=sa.text("talking IS NOT NULL"),
    )
    op.drop_index("ix_call_outs_retained", table_name="call_outs")
    op.drop_index(
        "ix_call_outs_open",
        table_name="call_outs",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("call_outs")
    op.drop_table("staff_pins")
    op.drop_table("outage_watchers")
    op.drop_index(
        "uq_outages_open",
        table_name="outages",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("outages")
    op.drop_table("blocked_numbers")
    op.drop_table("people")
    op.drop_index(op.f("ix_desks_roster"), table_name="desks")
    op.drop_table("desks")
    op.drop_table("wall_screens")
    op.drop_table("tokens")
    op.drop_table("sms_replies")
    op.drop_table("duty_request_answers")
    op.drop_index(op.f("ix_duty_requests_wanted_entry"), table_name="duty_requests")
    op.drop_index("ix_duty_requests_roster_state", table_name="duty_requests")
    op.drop_index(op.f("ix_duty_requests_entry"), table_name="duty_requests")
    op.drop_table("duty_requests")
    op.drop_index(op.f("ix_roster_draft_entries_draft"), table_name="roster_draft_entries")
    op.drop_table("roster_draft_entries")
    op.drop_index(op.f("ix_roster_drafts_roster"), table_name="roster_drafts")
    op.drop_table("roster_drafts")
    op.drop_index(op.f("ix_roster_publications_roster"), table_name="roster_publications")
    op.drop_table("roster_publications")
    op.drop_index("ix_roster_entries_roster_withdrawn_in", table_name="roster_entries")
    op.drop_table("roster_entries")
    op.drop_index(op.f("ix_roster_calendars_roster"), table_name="roster_calendars")
    op.drop_table("roster_calendars")
    op.drop_index(op.f("ix_absence_feeds_roster"), table_name="absence_feeds")
    op.drop_table("absence_feeds")
    op.drop_table("rosters")
    op.drop_table("roster_versions")
    op.drop_index(op.f("ix_outbox_ticket"), table_name="outbox")
    op.drop_index("ix_outbox_state_finished_at", table_name="outbox")
    op.drop_index(
        "ix_outbox_provider_sid",
        table_name="outbox",
        postgresql_where=sa.text("provider_sid IS NOT NULL"),
        sqlite_where=sa.text("provider_sid IS NOT NULL"),
    )
    op.drop_index(
        "ix_outbox_due",
        table_name="outbox",
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_index("ix_outbox_desk_created_at", table_name="outbox")
    op.drop_index(op.f("ix_outbox_call_sid"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("opt_outs")
    op.drop_table("heartbeats")
    op.drop_table("desk_versions")
    op.drop_table("deliveries")
    op.drop_table("counters")
