"""Every table, in one place to import from. No queries here."""

from app.store.tables.access import (
    AuditEventRow,
    AuthenticatorRow,
    GrantRow,
    IdentityRow,
    LoginTokenRow,
    PasskeyRow,
    RateLimitRow,
    RecoveryCodeRow,
    UserRow,
    WebSessionRow,
)
from app.store.tables.base import Base
from app.store.tables.calls import CallOutRow, CallRow, LegRow, TurnRow
from app.store.tables.desks import DeskRow, DeskVersionRow, LineRow, RosterRow, RosterVersionRow
from app.store.tables.outbox import DeliveryRow, JobKind, JobRow, JobState
from app.store.tables.people import (
    BlockedNumberRow,
    CustomerPhoneRow,
    CustomerRow,
    NumberVerificationRow,
    OptOutRow,
    PersonRow,
    SmsReplyRow,
)
from app.store.tables.roster import AbsenceFeedRow, RosterCalendarRow, RosterEntryRow
from app.store.tables.system import (
    AlarmRow,
    CounterRow,
    HeartbeatRow,
    LifelinePushRow,
    TokenRow,
    WallScreenRow,
)
from app.store.tables.tickets import (
    IncomingSmsRow,
    MissedCallOutRow,
    RecordingAccessRow,
    RecordingRow,
    TicketEventRow,
    TicketRow,
)

__all__ = [
    "AbsenceFeedRow",
    "AlarmRow",
    "AuditEventRow",
    "AuthenticatorRow",
    "Base",
    "BlockedNumberRow",
    "CallOutRow",
    "CallRow",
    "CounterRow",
    "CustomerPhoneRow",
    "CustomerRow",
    "DeliveryRow",
    "DeskRow",
    "DeskVersionRow",
    "GrantRow",
    "HeartbeatRow",
    "IdentityRow",
    "IncomingSmsRow",
    "JobKind",
    "JobRow",
    "JobState",
    "LegRow",
    "LifelinePushRow",
    "LineRow",
    "LoginTokenRow",
    "MissedCallOutRow",
    "NumberVerificationRow",
    "OptOutRow",
    "PasskeyRow",
    "PersonRow",
    "RateLimitRow",
    "RecordingAccessRow",
    "RecordingRow",
    "RecoveryCodeRow",
    "RosterCalendarRow",
    "RosterEntryRow",
    "RosterRow",
    "RosterVersionRow",
    "SmsReplyRow",
    "TicketEventRow",
    "TicketRow",
    "TokenRow",
    "TurnRow",
    "UserRow",
    "WallScreenRow",
    "WebSessionRow",
]
