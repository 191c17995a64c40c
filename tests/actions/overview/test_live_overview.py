"""What everybody sees of all desks: made anew when something has happened, and only then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.overview.live_overview import LiveOverview, Overview
from app.actions.roster.entries import EntryRequest, add_entry
from app.actions.tickets.move_ticket import Acknowledge, MoveRequest, SetPriority, move_ticket
from app.domain.access.actor import command_line
from app.domain.desks.desk import Priority
from app.domain.reasons import Code, TroubleCode
from app.domain.roster.entries import EntryKind
from app.store import Database
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import a_message_is_left, accepts, no_answer
from tests.support.counted_statements import counting
from tests.support.sample_desk import (
    DESK,
    NIGHT,
    ROSTER_TOML,
    another_desk,
    blank_database,
    folder,
    import_sample_desks,
    later,
    sample_database,
)
from tests.support.stored_call import critical_at_night
from tests.support.turns import hang_up

ME = command_line("Teamleiar")


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url) as database:
        yield database


def codes(overview: Overview) -> list[TroubleCode]:
    return [trouble.code for trouble in overview.rows[0].troubles]


def rung_first(overview: Overview) -> str:
    """Who of the first desk is rung first for a critical call."""
    return overview.rows[0].answering[0].now.callees[0].name


def absence(person: str) -> EntryRequest:
    values = {"person": person, "from": "2026-11-21 00:00", "to": "2026-11-23 00:00"}
    return EntryRequest(DESK, EntryKind.ABSENCE, values, ME)


@ONE_DATABASE
def test_a_quiet_night_is_looked_at_with_one_statement(database: Database) -> None:
    live = LiveOverview(database)
    first = live.see(NIGHT)
    assert codes(first) == [TroubleCode.WELL]
    with counting() as statements:
        assert live.see(NIGHT + timedelta(minutes=40)) is first
    assert len(statements) == 1
    assert first.changes_at == datetime.fromisoformat("2026-11-22T00:00+01:00")
    assert live.see(first.changes_at) is not first


@ONE_DATABASE
def test_open_pages_cost_one_look_a_second(database: Database) -> None:
    live = LiveOverview(database)
    first = live.glance(NIGHT)
    with counting() as statements:
        away = add_entry(database, absence("duty-1"), NIGHT)
        done = len(statements)
        assert live.glance(later(0.9)) is first, "for whoever asks every two seconds"
        assert len(statements) == done
    assert away
    assert rung_first(live.see(later(0.9))) == "Duty 2", "for whoever opens the page"
    assert live.glance(later(1)) is live.see(later(1))
    assert live.glance(NIGHT) is not None, "the clock was put back"
    late = first.changes_at - timedelta(seconds=0.5)
    assert live.glance(late) is not live.glance(first.changes_at), "never beyond what holds"


def test_another_process_names_what_is_seen_alike(database: Database) -> None:
    first = LiveOverview(database).see(NIGHT)
    second = LiveOverview(database).see(later(600))
    assert second.etag("nb") == first.etag("nb")
    assert second.rows == first.rows
    assert first.etag("nn") != first.etag("nb")


@ONE_DATABASE
def test_whatever_happens_is_seen_at_the_next_look(database: Database) -> None:
    live = LiveOverview(database)
    seen = [live.see(NIGHT)]

    def happens(what: Callable[[], object], seconds: float) -> Overview:
        before = seen[-1]
        what()
        after = live.see(later(seconds))
        assert after.etag() != before.etag(), what
        seen.append(after)
        return after

    call = critical_at_night(database)
    after = happens(lambda: hang_up(database, "CA1", later(30)), 31)
    assert codes(after) == [TroubleCode.UNACKNOWLEDGED]
    assert after.rows[0].waiting.longest[0].next_at
    number = after.rows[0].waiting.longest[0].number
    away = happens(lambda: add_entry(database, absence("duty-1"), NIGHT), 40)
    assert rung_first(away) == "Duty 2"
    nobody = happens(lambda: add_entry(database, absence("duty-2"), NIGHT), 41)
    assert codes(nobody)[0] is TroubleCode.LAST_RESORT_NOW
    medium = SetPriority(Priority.MEDIUM)
    happens(lambda: move_ticket(database, MoveRequest(number, medium, ME), later(50)), 51)
    back = SetPriority(Priority.CRITICAL)
    happens(lambda: move_ticket(database, MoveRequest(number, back, ME), later(52)), 53)
    taken = MoveRequest(number, Acknowledge(), ME)
    last = happens(lambda: move_ticket(database, taken, later(60)), 61)
    assert codes(last) == [TroubleCode.LAST_RESORT_NOW]
    renamed = folder(roster=ROSTER_TOML.replace("Duty 1", "Somebody else"))
    happens(lambda: import_sample_desks(database, renamed), 70)
    assert call


@ONE_DATABASE
def test_whoever_misses_a_call_out_is_seen_to_be_rung_last(database: Database) -> None:
    live = LiveOverview(database)
    ended = a_message_is_left(database, "CA1")
    begin_due_call_outs(database, later(60, ended))
    before = live.see(later(61, ended))
    assert rung_first(before) == "Duty 1"
    no_answer(database, later(90, ended))
    no_answer(database, later(120, ended))  # at home
    accepts(database, later(150, ended))
    after = live.see(later(160, ended))
    assert rung_first(after) == "Duty 2"
    reasons = {each.code for each in after.rows[0].answering[0].now.why}
    assert Code.MISSED_A_CALL_OUT in reasons


@ONE_DATABASE
def test_whoever_talks_is_seen_to_be_rung_last(database: Database) -> None:
    live = LiveOverview(database)
    call = critical_at_night(database)
    before = live.see(later(20))
    assert rung_first(before) == "Duty 1"
    call.somebody_accepts(1)
    talking = live.see(later(20))
    assert talking.etag() != before.etag()
    assert rung_first(talking) == "Duty 2"


def test_only_the_desks_that_a_reader_may_see_are_shown(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url, folder(), another_desk(2)) as database:
        overview = LiveOverview(database).see(NIGHT)
        assert [row.desk.id for row in overview.rows] == [DESK, f"{DESK}-2"]
        assert [row.desk.id for row in overview.of_desks((DESK,))] == [DESK]
        assert overview.of_desks(()) == ()


def test_an_installation_without_desks_has_nothing_to_show(migrated_sqlite_url: str) -> None:
    with blank_database(migrated_sqlite_url) as database:
        live = LiveOverview(database)
        assert live.see(NIGHT).rows == ()
        assert live.see(later(1)) is live.see(NIGHT)
