"""Everything that the checks may know. A part that could not be learnt says why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from app.domain.health.facts import Journal, OfflineSnapshot, SystemFacts
from app.domain.health.opt_outs import OptOut
from app.domain.message_refs import MessageRef
from app.gateways.twilio.inventory import OwnNumber, Profile, ProviderAccount
from app.preflight.finding import Mark
from app.settings import Settings
from app.store.database_server import DatabaseServer
from app.store.desks import LiveDesk
from app.store.lifeline_pushes import LifelinePush

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part that could not be learnt, why, and what to do about it."""

    why: MessageRef
    do: MessageRef | None = None
    mark: Mark = Mark.ERROR


class NotKnown(Exception):
    """A check asked for a part that could not be learnt."""

    def __init__(self, unknown: Unknown) -> None:
        self.unknown = unknown
        super().__init__(unknown.why.key)


def known(part: T | Unknown) -> T:
    """Return a part that was learnt; NotKnown for one that was not."""
    if isinstance(part, Unknown):
        raise NotKnown(part)
    return part


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What stands in the database. `verified`: when each number last answered with a key.

    `refuses` is why the database takes no writes; None where it does.
    """

    desks: tuple[LiveDesk, ...]
    system: SystemFacts
    verified: Mapping[str, datetime]
    refuses: MessageRef | None = None
    opt_outs: Collection[OptOut] = ()  # numbers that have written STOP to a line
    pushes: Mapping[str, LifelinePush] = field(default_factory=dict)  # by desk


@dataclass(frozen=True, slots=True)
class Disk:
    """Where files of ours lie: how much is free, and the kind of file system, where it shows."""

    what: MessageRef
    folder: str
    free: int  # bytes
    filesystem: str
    holds_database: bool


@dataclass(frozen=True, slots=True)
class LocalFiles:
    """The files on this machine that calls are answered from while the database is away.

    `lines` are those that the lifeline's file knows, None where it cannot be read.
    """

    lifeline: str
    lines: frozenset[str] | None
    lines_written_at: datetime | None
    snapshot: OfflineSnapshot
    journal: Journal


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """How our own webhooks answer at PUBLIC_URL: an HTTP status each.

    `genuine` is a signed post without a call in it, `forged` the same with a wrong signature.
    """

    genuine: int
    forged: int
    offline: str  # in a word, as /readyz tells it; empty where it does not
    redirected_to: str = ""


@dataclass(frozen=True, slots=True)
class PreflightFacts:
    """All parts, each learnt or not, as they were at one instant."""

    now: datetime
    settings: Settings
    server: DatabaseServer | Unknown
    newest_schema: str | Unknown
    rows: DatabaseFacts | Unknown
    disks: tuple[Disk, ...] | Unknown
    local_files: LocalFiles | Unknown
    webhooks: EndpointFacts | Unknown
    mail_server: bool | Unknown  # whether it let us in; False where none is set
    watcher: bool | Unknown  # whether it answers; False where none is set
    account: ProviderAccount | Unknown
    numbers: tuple[OwnNumber, ...] | Unknown
    profiles: tuple[Profile, ...] | Unknown
