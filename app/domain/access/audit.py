"""The audit trail: who changed what, from what, to what, when and from which address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.access.actor import Actor

Value = str | int | bool | None | list[str]
Values = Mapping[str, Value]


class AuditKind(StrEnum):
    """What was done."""

    USER_ADDED = "user_added"
    USER_CHANGED = "user_changed"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN = "role_taken"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    USER_ERASED = "user_erased"
    PASSWORD_SET = "password_set"
    PASSWORD_LINK_MADE = "password_link_made"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    LOGGED_IN = "logged_in"
    SESSIONS_ENDED = "sessions_ended"
    CALENDAR_ADDED = "calendar_added"
    CALENDAR_REVOKED = "calendar_revoked"
    DOCUMENT_CHANGED = "document_changed"
    ROSTER_PUBLISHED = "roster_published"
    PUBLICATION_UNDONE = "publication_undone"
    WALL_SCREEN_ADDED = "wall_screen_added"
    WALL_SCREENS_REVOKED = "wall_screens_revoked"
    DRAFT_MADE = "draft_made"
    DRAFT_ROW_REMOVED = "draft_row_removed"
    DRAFT_APPLIED = "draft_applied"
    DRAFT_UNDONE = "draft_undone"
    DRAFT_THROWN_AWAY = "draft_thrown_away"
    ENTRY_ADDED = "entry_added"
    ENTRY_WITHDRAWN = "entry_withdrawn"
    REQUEST_ASKED = "request_asked"
    REQUEST_YES = "request_yes"
    REQUEST_NO = "request_no"
    REQUEST_APPROVED = "request_approved"
    REQUEST_REFUSED = "request_refused"
    REQUEST_WITHDRAWN = "request_withdrawn"
    REQUEST_UNDONE = "request_undone"
    REQUEST_EXPIRED = "request_expired"
    REQUEST_ENDED = "request_ended"
    REQUEST_MOVED = "request_moved"
    NOTICES_CHOSEN = "notices_chosen"
    SHIFT_CONFIRMED = "shift_confirmed"
    SHIFT_UNCONFIRMED = "shift_unconfirmed"
    CALL_OUT_CONFIRMED = "call_out_confirmed"
    NUMBER_ADDED = "number_added"
    NUMBER_CONFIRMED = "number_confirmed"
    NUMBER_REMOVED = "number_removed"
    NUMBERS_MOVED = "numbers_moved"
    NUMBERS_FORGOTTEN = "numbers_forgotten"
    PIN_SET = "pin_set"
    PIN_REMOVED = "pin_removed"
    PIN_LOCKED = "pin_locked"
    PIN_UNLOCKED = "pin_unlocked"
    ABSENCE_FEED_ADDED = "absence_feed_added"
    ABSENCE_FEED_REMOVED = "absence_feed_removed"
    HOURS_CHANGED = "hours_changed"
    FIRST_LINE_CHANGED = "first_line_changed"
    CONTACTS_CHANGED = "contacts_changed"
    NUMBER_BLOCKED = "number_blocked"
    NUMBER_UNBLOCKED = "number_unblocked"
    OUTAGE_MARKED = "outage_marked"
    OUTAGE_CHANGED = "outage_changed"
    OUTAGE_ENDED = "outage_ended"
    ACCOUNT_INVITED = "account_invited"
    ACCOUNT_ACCEPTED = "account_accepted"
    ACCOUNT_REFUSED = "account_refused"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    CUSTOMER_CHANGED = "customer_changed"
    CUSTOMERS_IMPORTED = "customers_imported"


class SubjectKind(StrEnum):
    """What kind of thing was changed."""

    USER = "user"
    ROSTER = "roster"
    DESK = "desk"
    WALL_SCREEN = "wall_screen"  # by its name; several may have one


@dataclass(frozen=True, slots=True)
class Subject:
    """What was changed: its kind and its id."""

    kind: SubjectKind
    id: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a change, when, and from which address."""

    actor: Actor
    at: datetime
    address: str = ""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One change. `before` and `after` hold only what differs; never a secret."""

    kind: AuditKind
    at: datetime
    actor: Actor
    subject: Subject
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    address: str = ""


def audit_event(
    kind: AuditKind, by: Author, subject: Subject, before: Values, after: Values
) -> AuditEvent:
    """Tell what somebody has changed."""
    return AuditEvent(kind, by.at, by.actor, subject, before, after, by.address)


def changes(before: Values, after: Values) -> tuple[Values, Values]:
    """Return what differs between two states, as it was and as it is."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before.get(name) for name in names if name in before},
        {name: after.get(name) for name in names if name in after},
    )
