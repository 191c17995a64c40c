"""The entries of roster.toml: taken into rows by an import, written out by an export."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.actions.desks.import_desks import ImportRefused, ImportResult
from app.actions.privacy.personal_data import erase_person
from app.actions.privacy.purge import purge_batch
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry, withdraw_entry
from app.actions.roster.entries_in_files import roster_text
from app.actions.simulate.prove import ProofWindow, prove_draft
from app.domain.access.actor import command_line, file_import
from app.domain.config.roster_document import read_roster
from app.domain.roster.entries import EntryKind, identity_of
from app.domain.roster.entries_import import EntriesImport
from app.domain.roster.plan import Roster
from app.store import Database
from app.store.desks import desk_texts, find_desk
from app.store.roster_entries import every_entry
from tests.support.backends import ONE_DATABASE
from tests.support.proved_once import proved_once
from tests.support.sample_desk import (
    DESK,
    NIGHT,
    ROSTER_TOML,
    folder,
    import_sample_desks,
    later,
    sample_database,
)
from tests.support.written import english

KARI = command_line("kari")
SWAP = """
# Kari and Ola have agreed
[[overrides]]
person = "duty-2"
role = "primary"
from = 2026-12-01T08:00:00
to = 2026-12-05T08:00:00
note = "Ferie"
author = "Ola"
"""
AWAY = """
[[absences]]
person = "duty-1"
from = 2026-12-10T08:00:00
to = 2026-12-12T08:00:00
"""
BOTH = ROSTER_TOML + SWAP + AWAY


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(roster=BOTH)) as database:
        yield database


def imported(database: Database, roster: str) -> ImportResult:
    return import_sample_desks(database, folder(roster=roster))


def plan(database: Database) -> Roster:
    with database.read() as connection:
        live = find_desk(connection, DESK)
    assert live
    assert live.roster
    return live.roster


def exported(database: Database) -> str:
    with database.read() as connection:
        texts = desk_texts(connection, DESK)
        assert texts
        return roster_text(connection, DESK, texts[1])


def entry_ids(database: Database, *, withdrawn: bool = False) -> list[int]:
    with database.read() as connection:
        found = every_entry(connection, DESK)
    return [each.id for each in found if bool(each.withdrawal) is withdrawn]


def a_night_off(database: Database, who: str = "duty-1") -> int:
    values = {"person": who, "from": "2026-12-20T16:00", "to": "2026-12-21T08:00"}
    done = add_entry(database, EntryRequest(DESK, EntryKind.ABSENCE, values, KARI), NIGHT)
    assert isinstance(done, EntryResult)
    assert done.entry
    return done.entry.id


def test_an_import_takes_them_in_with_their_author(database: Database) -> None:
    with database.read() as connection:
        override, absence = every_entry(connection, DESK)
    assert (override.author, override.dated.note) == (file_import("Ola"), "Ferie")
    assert absence.author == file_import("Teamleiar")
    assert plan(database).overrides == (override.dated,)
    assert plan(database).absences == (absence.dated,)


@ONE_DATABASE
def test_the_same_file_again_changes_nothing(database: Database) -> None:
    before = entry_ids(database)
    (done,) = imported(database, BOTH).desks
    assert (done.entries.add, done.entries.withdraw) == ((), ())
    assert entry_ids(database) == before


@ONE_DATABASE
def test_what_a_file_has_no_more_is_withdrawn_and_what_others_made_stays(
    database: Database,
) -> None:
    kept = a_night_off(database)
    (done,) = imported(database, ROSTER_TOML + AWAY).desks
    assert [each.dated.note for each in done.entries.withdraw] == ["Ferie"]
    assert [each.id for each in done.entries.not_in_file] == [kept]
    assert plan(database).overrides == ()
    assert len(plan(database).absences) == 2


@ONE_DATABASE
def test_what_somebody_withdrew_is_not_brought_back_and_the_import_says_so(
    database: Database,
) -> None:
    swap = entry_ids(database)[0]
    withdraw_entry(database, DESK, swap, KARI, NIGHT)
    (warning,) = [w for w in imported(database, BOTH).warnings if w.code == "entry_withdrawn"]
    assert "kari withdrew this" in english(warning.message)
    assert warning.position.line == BOTH[: BOTH.index("[[overrides]]")].count("\n") + 1
    assert plan(database).overrides == ()


@ONE_DATABASE
def test_an_export_is_the_text_itself_while_its_entries_are_those_in_force(
    database: Database,
) -> None:
    assert exported(database) == BOTH


@ONE_DATABASE
def test_an_export_has_what_is_in_force_and_the_rest_as_it_was_written(
    database: Database,
) -> None:
    a_night_off(database)
    withdraw_entry(database, DESK, entry_ids(database)[0], KARI, NIGHT)
    text = exported(database)
    assert text.startswith(ROSTER_TOML.rstrip())
    read = read_roster(text, "roster.toml").value
    assert read
    assert (read.overrides, [identity_of(each) for each in read.absences]) == (
        (),
        [identity_of(each) for each in plan(database).absences],
    )


@ONE_DATABASE
def test_an_exported_file_can_be_imported_and_changes_nothing(database: Database) -> None:
    a_night_off(database)
    before, ids = plan(database), entry_ids(database)
    (done,) = imported(database, exported(database)).desks
    assert done.entries == EntriesImport()
    assert (plan(database), entry_ids(database)) == (before, ids)


@ONE_DATABASE
def test_people_whom_an_entry_names_cannot_leave_the_roster(database: Database) -> None:
    entry = a_night_off(database, "duty-2")
    gone = ROSTER_TOML.replace("duty-2", "duty-9")
    with pytest.raises(ImportRefused) as refused:
        imported(database, gone)
    told = "\n".join(english(each.message) for each in refused.value.diagnostics)
    assert f"vakt roster entry withdraw DESK {entry}" in told
    withdraw_entry(database, DESK, entry, KARI, NIGHT)
    assert imported(database, gone).desks[0].roster_is_new


@ONE_DATABASE
def test_a_gap_that_others_entries_open_is_told_by_the_next_import(database: Database) -> None:
    a_night_off(database, "duty-1")
    a_night_off(database, "duty-2")
    codes = [each.code for each in imported(database, BOTH).warnings]
    assert "uncovered" in codes


def test_what_is_past_its_retention_goes_and_does_not_come_back_with_the_file(
    database: Database,
) -> None:
    years_later = later(0) + timedelta(days=4 * 365)
    while purge_batch(database, years_later):
        pass
    assert entry_ids(database) == entry_ids(database, withdrawn=True) == []
    assert plan(database).overrides == ()
    imported(database, BOTH + "\n# looked at\n")
    assert entry_ids(database) == []


def test_a_number_in_a_reason_is_erased_in_what_is_told_too(database: Database) -> None:
    number = "+4749009876"
    values = {"person": "duty-1", "from": "2026-12-20T16:00", "to": "2026-12-21T08:00"}
    request = EntryRequest(DESK, EntryKind.ABSENCE, {**values, "note": f"call {number}"}, KARI)
    add_entry(database, request, NIGHT)
    assert number in plan(database).absences[-1].note
    erased = erase_person(database, number, later(9))
    assert erased.rows == {"roster_entries": 1, "audit_events": 1}
    assert number not in plan(database).absences[-1].note


@pytest.mark.parametrize("backend", ["postgresql"])  # what is compared does not turn on it
def test_a_draft_is_proved_with_the_entries_that_an_import_would_leave(
    database: Database,
) -> None:
    a_night_off(database, "duty-1")
    a_night_off(database, "duty-2")
    window = ProofWindow(NIGHT, None, 1)
    with proved_once():  # what is live is the same each time
        same = prove_draft(database, DESK, folder(roster=BOTH), window)
        without = prove_draft(database, DESK, folder(roster=ROSTER_TOML + AWAY), window)
        again = prove_draft(database, DESK, folder(roster=exported(database)), window)
    assert same == again
    assert without != same
