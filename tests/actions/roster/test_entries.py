"""Roster entries added and withdrawn while the product runs: who is rung, told by the database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from app.actions.roster.entries import (
    EntryList,
    EntryRefusal,
    EntryRefused,
    EntryRequest,
    EntryResult,
    EntryScope,
    add_entry,
    list_entries,
    withdraw_entry,
)
from app.domain.access.actor import Actor, ActorKind, command_line
from app.domain.roles import Role
from app.domain.roster.entries import EntryKind
from app.domain.roster.on_duty import on_duty
from app.domain.toml_positions import TomlValue
from app.store import Database, open_database
from app.store.call_lists import find_call
from app.store.documents import sha_of
from app.store.roster_entries import NO_ENTRIES, entries_in_force
from app.store.roster_plans import PlanVersion, load_plan_at, load_roster_text, plan_of
from app.store.tables import RosterEntryRow
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DESK, NIGHT, later
from tests.support.stored_call import critical_at_night

KARI = command_line("kari")
TOKEN = Actor(ActorKind.TOKEN, "wallboard", "7")
SPAN = {"from": "2026-11-01T08:00", "to": "2026-12-24T08:00"}


def adding(
    kind: EntryKind, author: Actor = KARI, *, is_trial: bool = False, **values: TomlValue
) -> EntryRequest:
    given: dict[str, TomlValue] = {**SPAN, **values}
    return EntryRequest(DESK, kind, given, author, is_trial)


def swap(author: Actor = KARI, **more: TomlValue) -> EntryRequest:
    """The backup takes the primary's time."""
    values: dict[str, TomlValue] = {"person": "duty-2", "role": "primary", **more}
    return EntryRequest(DESK, EntryKind.OVERRIDE, {**SPAN, **values}, author)


def added(database: Database, request: EntryRequest) -> EntryResult:
    done = add_entry(database, request, NIGHT)
    assert isinstance(done, EntryResult), done
    return done


def withdrawn(database: Database, entry: int) -> EntryResult:
    done = withdraw_entry(database, DESK, entry, TOKEN, later(60))
    assert isinstance(done, EntryResult), done
    return done


def listed(database: Database, scope: EntryScope = EntryScope.COMING, **asked: int) -> EntryList:
    found = list_entries(database, DESK, scope, NIGHT, **asked)
    assert isinstance(found, EntryList)
    return found


def rung_first(database: Database, sid: str) -> str:
    return critical_at_night(database, sid).stored.legs[0].callee.person


def test_an_entry_is_heard_by_the_next_call_of_every_process(
    database: Database, migrated_url: str
) -> None:
    other = open_database(migrated_url)
    try:
        assert rung_first(other, "CA1") == "duty-1"
        done = added(database, swap(note="Ferie"))
        assert (done.is_done, done.revision) == (True, 1)
        assert rung_first(other, "CA2") == "duty-2"
        assert done.entry
        withdrawn(database, done.entry.id)
        assert rung_first(other, "CA3") == "duty-1"
    finally:
        other.close()


@ONE_DATABASE
def test_it_keeps_who_made_it_and_who_withdrew_it(database: Database) -> None:
    done = added(database, swap(note="Ferie"))
    assert done.entry
    withdrawn(database, done.entry.id)
    (kept,) = listed(database, EntryScope.ALL).entries
    assert (kept.author, kept.made_at, kept.dated.note) == (KARI, NIGHT, "Ferie")
    assert kept.withdrawal
    assert (kept.withdrawal.by, kept.withdrawal.at) == (TOKEN, later(60))
    assert listed(database).entries == ()


@ONE_DATABASE
def test_the_same_entry_again_is_the_one_that_is_there(database: Database) -> None:
    first, again = added(database, swap()), added(database, swap(TOKEN, note="once more"))
    assert (again.is_done, again.entry, again.revision) == (False, first.entry, first.revision)
    assert len(listed(database).entries) == 1


def test_withdrawing_twice_keeps_the_first_withdrawal(database: Database) -> None:
    done = added(database, swap())
    assert done.entry
    first = withdrawn(database, done.entry.id)
    again = withdraw_entry(database, DESK, done.entry.id, KARI, later(90))
    assert isinstance(again, EntryResult)
    assert (again.is_done, again.entry, again.revision) == (False, first.entry, 2)


@ONE_DATABASE
def test_an_entry_that_was_withdrawn_can_be_made_again(database: Database) -> None:
    done = added(database, swap())
    assert done.entry
    withdrawn(database, done.entry.id)
    assert added(database, swap()).is_done
    assert len(listed(database, EntryScope.ALL).entries) == 2


@pytest.mark.parametrize("same", [True, False])
def test_entries_made_at_the_same_time_are_all_there_once(database: Database, same: bool) -> None:
    """However they interleave: each change is one revision, and the same entry is one."""
    requests = [swap(note=str(each)) if same else _of_hour(each) for each in range(6)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda request: added(database, request), requests))
    count = 1 if same else 6
    assert sum(each.is_done for each in done) == count
    found = listed(database)
    assert (len(found.entries), found.revision) == (count, count)
    assert {each.revision for each in done} == set(range(1, count + 1))


def _of_hour(hour: int) -> EntryRequest:
    return swap(**{"from": f"2026-12-01T{hour:02}:00", "to": f"2026-12-01T{hour + 1:02}:00"})


@ONE_DATABASE
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"person": "nobody"}, "unknown_person"),
        ({"instead_of": "nobody"}, "unknown_person"),
        ({"role": "boss"}, "unknown_word"),
        ({"to": "2026-10-31T08:00"}, "ends_before_start"),
        ({"from": "tomorrow"}, "wrong_type"),
        ({"from": "1826-11-01T08:00"}, "wrong_type"),
        ({"colour": "red"}, "unknown_key"),
    ],
)
def test_what_a_file_would_be_refused_for_is_refused(
    database: Database, values: dict[str, TomlValue], code: str
) -> None:
    refused = add_entry(database, swap(**values), NIGHT)
    assert isinstance(refused, EntryRefused)
    assert refused.refusal is EntryRefusal.INVALID
    assert [each.code for each in refused.diagnostics] == [code]
    assert listed(database).revision == 0


@ONE_DATABASE
def test_an_override_of_no_role_and_nobody_is_refused(database: Database) -> None:
    refused = add_entry(database, adding(EntryKind.OVERRIDE, person="duty-2"), NIGHT)
    assert isinstance(refused, EntryRefused)
    assert [each.code for each in refused.diagnostics] == ["no_role"]


@pytest.mark.parametrize("entry", [1, 2**63 - 1])
def test_an_entry_that_is_not_there_is_told_apart(database: Database, entry: int) -> None:
    unknown = EntryRefused(EntryRefusal.UNKNOWN_ENTRY)
    assert withdraw_entry(database, DESK, entry, KARI, NIGHT) == unknown


@ONE_DATABASE
def test_a_desk_that_is_not_there_is_told_apart(database: Database) -> None:
    unknown = EntryRefused(EntryRefusal.UNKNOWN_DESK)
    assert list_entries(database, "elsewhere", EntryScope.ALL, NIGHT) == unknown


@ONE_DATABASE
def test_it_tells_the_gap_that_it_opens_and_a_trial_changes_nothing(database: Database) -> None:
    added(database, adding(EntryKind.ABSENCE, person="duty-2"))
    trial = added(database, adding(EntryKind.ABSENCE, is_trial=True, person="duty-1"))
    assert [gap.desk for gap in trial.effect.uncovered] == [DESK]
    assert (trial.entry, trial.is_done, trial.revision) == (None, False, 1)
    assert len(listed(database).entries) == 1


@ONE_DATABASE
def test_it_tells_that_it_changes_nothing(database: Database) -> None:
    own = adding(EntryKind.OVERRIDE, person="duty-1", role="primary")
    effect = added(database, own).effect
    assert effect.changes_nothing
    assert [each.code for each in effect.why] == ["already_on_duty"]


def test_a_stored_turn_is_explained_by_the_entries_that_it_knew(database: Database) -> None:
    done = added(database, swap(note="Ferie"))
    assert done.entry
    call = critical_at_night(database, "CA1")
    withdrawn(database, done.entry.id)
    added(database, adding(EntryKind.ABSENCE, person="duty-1"))
    with database.read() as connection:
        past = find_call(connection, "CA1")
        assert past
        turn = past.turns[-1]
        assert turn.roster_version is not None
        assert turn.roster_revision == 1
        plan = load_plan_at(connection, turn.roster_version, turn.roster_revision)
    assert plan
    entry = on_duty(plan, turn.at).ringing[0]
    assert (entry.person and entry.person.id, entry.why[0].code) == ("duty-2", "override")
    assert call.stored.legs[0].callee.person == "duty-2"
    assert [each.id for each in listed(database, revision=1).entries] == [done.entry.id]


@ONE_DATABASE
def test_a_revision_before_the_first_entry_has_none(database: Database) -> None:
    added(database, swap())
    assert listed(database, revision=0).entries == ()


@ONE_DATABASE
def test_what_is_over_is_listed_only_when_all_is_asked_for(database: Database) -> None:
    past = swap(**{"from": "2026-01-01T08:00", "to": "2026-01-02T08:00"})
    added(database, past)
    assert listed(database).entries == ()
    assert len(listed(database, EntryScope.IN_FORCE).entries) == 1
    assert NIGHT - timedelta(days=1) > listed(database, EntryScope.ALL).entries[0].dated.to


def test_an_override_in_a_role_without_turns_is_refused_when_it_is_read(
    database: Database,
) -> None:
    added(database, swap())
    strange = update(RosterEntryRow).values(role=Role.FIRST_LINE)
    database.write(lambda connection: connection.execute(strange))
    with pytest.raises(ValueError, match="first_line"):
        listed(database)


@ONE_DATABASE
def test_a_plan_whose_entries_change_while_it_is_read_is_not_kept(database: Database) -> None:
    added(database, swap())
    text = database.look(partial(load_roster_text, roster=DESK))
    theirs = database.look(partial(entries_in_force, roster=DESK))
    before = PlanVersion(DESK, 1, f"{sha_of(text)} of this test", 0, NO_ENTRIES)
    read_too_late = plan_of(before, lambda: text, lambda: theirs)
    assert plan_of(before, lambda: text, tuple) != read_too_late
