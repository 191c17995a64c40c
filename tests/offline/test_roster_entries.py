"""Roster entries while the database is away: those of the facts are heard, and told afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions.roster.entries import EntryRequest, EntryResult, add_entry, withdraw_entry
from app.domain.access.actor import command_line
from app.domain.hunts.instructions import Ring
from app.domain.roster.entries import EntryKind
from app.offline.refresher import fingerprint
from tests.offline.outage import Outage, an_outage
from tests.support.sample_desk import DESK, DUTY_1, DUTY_2, NIGHT, sample_database

KARI = command_line("kari")


@pytest.fixture
def outage(migrated_url: str, tmp_path: Path) -> Iterator[Outage]:
    with sample_database(migrated_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


def swap(outage: Outage) -> int:
    values = {"person": "duty-2", "role": "primary"}
    span = {"from": "2026-11-01T08:00", "to": "2026-12-24T08:00"}
    request = EntryRequest(DESK, EntryKind.OVERRIDE, {**values, **span}, KARI)
    done = add_entry(outage.database, request, NIGHT)
    assert isinstance(done, EntryResult)
    assert done.entry
    return done.entry.id


def mark(outage: Outage) -> str:
    with outage.database.read() as connection:
        return fingerprint(connection)


def rung(outage: Outage, sid: str) -> str:
    caller = outage.call(sid)
    caller.arrives()
    rings = caller.presses("1")
    assert isinstance(rings.instruction, Ring)
    return rings.instruction.callees[0].number


def test_an_entry_is_heard_in_an_outage_and_its_revision_is_told_afterwards(
    outage: Outage,
) -> None:
    swap(outage)
    outage.offline.write_facts(outage.database)
    outage.breaks()
    assert rung(outage, "CA1") == DUTY_2
    outage.mends()
    assert {turn.roster_revision for turn in outage.stored("CA1").turns} == {1}


def test_an_entry_that_was_withdrawn_is_heard_no_more(outage: Outage) -> None:
    entry = swap(outage)
    outage.offline.write_facts(outage.database)
    withdraw_entry(outage.database, DESK, entry, KARI, NIGHT)
    outage.offline.write_facts(outage.database)
    outage.breaks()
    assert rung(outage, "CA1") == DUTY_1


def test_a_change_of_the_entries_has_the_facts_written_anew(outage: Outage) -> None:
    first = mark(outage)
    entry = swap(outage)
    second = mark(outage)
    withdraw_entry(outage.database, DESK, entry, KARI, NIGHT)
    assert len({first, second, mark(outage)}) == 3
