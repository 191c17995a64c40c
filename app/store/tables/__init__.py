"""Every table, in one place to import from. No queries here."""

from app.store.tables.base import Base
from app.store.tables.calls import ROUND_SID, CallRow, LegRow, TurnRow
from app.store.tables.desks import DeskRow, DeskVersionRow, LineRow, RosterRow, RosterVersionRow
from app.store.tables.house import AlarmRow, CounterRow, HeartbeatRow, LifelinePushRow, TokenRow
from app.store.tables.outbox import DeliveryRow, JobKind, JobRow, JobState
from app.store.tables.people import (
    BlockedNumberRow,
    CustomerPhoneRow,
    CustomerRow,
    OptOutRow,
    PersonRow,
    SmsReplyRow,
    TrialRow,
)
from app.store.tables.tickets import (
    IncomingSmsRow,
    ListeningRow,
    MissedRow,
    RecordingRow,
    TicketEventRow,
    TicketRow,
)

__all__ = [
    "ROUND_SID",
    "AlarmRow",
    "Base",
    "BlockedNumberRow",
    "CallRow",
    "CounterRow",
    "CustomerPhoneRow",
    "CustomerRow",
    "DeliveryRow",
    "DeskRow",
    "DeskVersionRow",
    "HeartbeatRow",
    "IncomingSmsRow",
    "JobKind",
    "JobRow",
    "JobState",
    "LegRow",
    "LifelinePushRow",
    "LineRow",
    "ListeningRow",
    "MissedRow",
    "OptOutRow",
    "PersonRow",
    "RecordingRow",
    "RosterRow",
    "RosterVersionRow",
    "SmsReplyRow",
    "TicketEventRow",
    "TicketRow",
    "TokenRow",
    "TrialRow",
    "TurnRow",
]
