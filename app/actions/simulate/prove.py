"""Proves a desk's coming months: from the live documents, from a folder, or both compared.

Reads only; nothing is stored. Reading files is the caller's.
"""

from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta

from app.actions.roster.entries_in_files import preview_roster_import
from app.actions.roster.own_numbers import with_own_numbers
from app.domain.config.diagnostics import Diagnostics
from app.domain.config.folder import DeskFolder
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.roster.on_duty import Roster
from app.domain.simulate.proof.differences import Differences, differences
from app.domain.simulate.proof.proof import Proof, prove
from app.domain.simulate.simulation import SimulationFacts
from app.domain.texts.operator_input import read_when
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.desks import list_desks
from app.store.people import load_customers


class UnreadableFolder(Exception):
    """A folder that has errors, or lacks what a proof needs. `faults` tells all of them."""

    def __init__(self, reason: MessageRef, diagnostics: Diagnostics = ()) -> None:
        super().__init__(reason)
        self.reason, self.diagnostics = reason, diagnostics


class UnknownDesk(Exception):
    """There is no live desk with that id; `known` are those that there are."""

    def __init__(self, desk: str, known: tuple[str, ...]) -> None:
        super().__init__(desk)
        self.desk, self.known = desk, known


@dataclass(frozen=True, slots=True)
class ProofWindow:
    """How far to look: from now, or from a WHEN, so many months."""

    now: datetime
    when: str | None  # ISO 8601; without an offset the desk's wall time
    months: int

    def span(self, desk: Desk) -> Interval:
        """From when to when, seconds cut off. ValueError for a WHEN that cannot be read."""
        at = read_when(self.when, desk.time_zone) if self.when else self.now
        start = at.replace(second=0, microsecond=0)
        return Interval(start, start + relativedelta(months=self.months))


def prove_live(database: Database, desk: str, window: ProofWindow) -> Proof:
    """Prove a desk as it is live. UnknownDesk where there is none."""
    live = _live(database, desk)
    return prove(live.facts, window.span(live.desk))


def prove_folder(folder: DeskFolder, window: ProofWindow) -> Proof:
    """Prove a folder alone. UnreadableFolder when it has errors, or its roster is elsewhere."""
    desk = _readable(folder)
    roster = folder.roster if folder.roster and folder.roster.id == desk.roster else None
    if roster is None and desk.duty and desk.roster:
        raise UnreadableFolder(
            ref("command.prove_roster_elsewhere", roster=desk.roster, folder=folder.where)
        )
    return prove(SimulationFacts(desk, roster, tuple(folder.customers or ())), window.span(desk))


def prove_draft(
    database: Database, desk: str, folder: DeskFolder, window: ProofWindow
) -> Differences:
    """Tell what a draft of the desk's folder changes against what is live.

    What the folder lacks (roster, customers) is as it is live, and a roster's entries are as an
    import would leave them. UnknownDesk, UnreadableFolder.
    """
    live = _live(database, desk)
    drafted = _readable(folder)
    rosters = {**live.rosters, **_drafted_plan(database, folder)}
    roster = rosters.get(drafted.roster or "")
    if roster is None and drafted.duty and drafted.roster:
        raise UnreadableFolder(ref("command.prove_no_roster", roster=drafted.roster))
    customers = live.facts.customers if folder.customers is None else tuple(folder.customers)
    served = _with_agreements(customers, drafted)
    span = window.span(live.desk)
    return differences(
        prove(live.facts, span), prove(SimulationFacts(drafted, roster, served), span)
    )


def _drafted_plan(database: Database, folder: DeskFolder) -> dict[str, Roster]:
    """The plan that an import would make: with the numbers that people have chosen themselves."""
    with database.read() as connection:
        try:
            roster = with_own_numbers(connection, folder).roster
        except MessageError as cannot:
            raise UnreadableFolder(cannot.message) from cannot
        return {roster.id: preview_roster_import(connection, roster).plan} if roster else {}


@dataclass(frozen=True, slots=True)
class _Live:
    desk: Desk
    facts: SimulationFacts
    rosters: dict[str, Roster]  # all that are live, by id: a draft may name another one


def _live(database: Database, desk: str) -> _Live:
    with database.read() as connection:
        desks = list_desks(connection)
        found = next((live for live in desks if live.desk.id == desk), None)
        if found is None:
            raise UnknownDesk(desk, tuple(live.desk.id for live in desks))
        customers = tuple(load_customers(connection, desk).values())
    rosters = {live.roster.id: live.roster for live in desks if live.roster}
    return _Live(found.desk, SimulationFacts(found.desk, found.roster, customers), rosters)


def _readable(folder: DeskFolder) -> Desk:
    if folder.is_refused or folder.desk is None:
        raise UnreadableFolder(
            ref("command.prove_has_errors", folder=folder.where), folder.diagnostics
        )
    return folder.desk


def _with_agreements(customers: tuple[Customer, ...], desk: Desk) -> tuple[Customer, ...]:
    """Those whose agreement the draft still has."""
    agreements = {agreement.id for agreement in desk.agreements}
    return tuple(customer for customer in customers if customer.agreement in agreements)
