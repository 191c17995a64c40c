"""Each change of a roster is a version: who, when, why; and any two can be compared."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from app.actions.desks.import_desks import import_desks
from app.actions.roster.entries import (
    EntryRequest,
    EntryResult,
    add_entry,
    withdraw_entry,
)
from app.actions.roster.versions import (
    ComparedVersions,
    compare_versions,
    compare_versions_of_desk,
    list_versions_of_desk,
)
from app.domain.access.actor import command_line
from app.domain.message_refs import MessageError
from app.domain.roster.entries import EntryKind
from app.domain.roster.versions import RosterChange
from app.store import Database
from app.store.desks import Edit
from app.store.roster_entries import purge_entries
from tests.support.backends import ONE_DATABASE
from tests.support.desk_documents import weekly_rotation
from tests.support.sample_desk import DAY, DESK, ROSTER_TOML, folder, sample_database

ANNE = command_line("anne", "Anne Vik")
AN_HOUR = timedelta(hours=1)
SWAPPED = ROSTER_TOML.replace(
    weekly_rotation("primary", "duty-1", start="2024-01-01"),
    weekly_rotation("primary", "duty-1", "duty-2", start="2024-01-01"),
)


def at(hours: int) -> datetime:
    return DAY + hours * AN_HOUR


def ill(database: Database, when: datetime) -> int:
    days = {"from": at(24), "to": at(48)}
    wanted = {"person": "duty-1", "note": "Syk", **days}
    done = add_entry(database, EntryRequest(DESK, EntryKind.ABSENCE, wanted, ANNE), when)
    assert isinstance(done, EntryResult)
    assert done.entry
    return done.entry.id


def changes(database: Database, before: str | None = None, limit: int = 9) -> list[RosterChange]:
    return list(list_versions_of_desk(database, DESK, before, limit)[1])


def between(database: Database, one: datetime, other: datetime) -> ComparedVersions:
    found = compare_versions(database, DESK, (one, other), at(10))
    assert found
    return found


def test_a_week_of_changes_is_listed_with_who_when_and_why(migrated_url: str) -> None:
    assert SWAPPED != ROSTER_TOML
    with sample_database(migrated_url) as database:
        entry = ill(database, at(1))
        edit = Edit(ANNE, at(2), "Duty 2 with us from Monday")
        import_desks(database, [folder(roster=SWAPPED)], edit)
        withdraw_entry(database, DESK, entry, ANNE, at(3))
        well, document, sick, first = changes(database)
        page = changes(database, at(2).isoformat(), 1)
    assert [one.at for one in (well, document, sick, first)] == [at(3), at(2), at(1), at(0)]
    assert document.document
    assert (document.document.number, document.document.remark) == (
        2,
        "Duty 2 with us from Monday",
    )
    assert [one.dated.note for one in (*sick.added, *well.withdrawn)] == ["Syk", "Syk"]
    assert [one.author.name for one in (well, document, sick, first)] == [
        "Anne Vik",
        "Anne Vik",
        "Anne Vik",
        "Teamleiar",
    ]
    assert page == [sick], "the next page begins before what was read last"


def test_two_versions_differ_in_text_entries_and_hours(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        entry = ill(database, at(1))
        import_desks(database, [folder(roster=SWAPPED)], Edit(ANNE, at(2)))
        withdraw_entry(database, DESK, entry, ANNE, at(3))
        all_of_it, only_text = between(database, at(0), at(3)), between(database, at(1), at(2))
        backwards = between(database, at(2), at(1))
    assert (all_of_it.added, all_of_it.withdrawn) == ((), ()), "ill and well again in between"
    [hunk] = only_text.lines
    assert {f"{line.sign}{line.text}" for line in hunk} >= {
        '-members = ["duty-1"]',
        '+members = ["duty-1", "duty-2"]',
    }
    assert [each.person for each in only_text.plan.people] == ["duty-1"]  # duty-2 is backup
    assert backwards == only_text, "the earlier one first, however they are named"


@ONE_DATABASE
def test_an_entry_is_a_version_of_its_own(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        entry = ill(database, at(1))
        told = between(database, at(0), at(1))
        undone = withdraw_entry(database, DESK, entry, ANNE, at(2))
        back = between(database, at(1), at(2))
    assert isinstance(undone, EntryResult)
    assert [each.id for each in told.added] == [entry] == [each.id for each in back.withdrawn]
    assert told.lines == back.lines == ()
    assert [(each.person, each.after < each.before) for each in told.plan.people] == [
        ("duty-1", True)
    ]


def test_before_its_first_document_there_is_no_roster(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        assert compare_versions(database, DESK, (at(-1), at(1)), at(2)) is None
        assert compare_versions(database, "nowhere", (at(0), at(1)), at(2)) is None
        with pytest.raises(MessageError):
            compare_versions_of_desk(database, DESK, "2001-01-01T00:00", None, at(2))
        ill(database, at(1))
        first = compare_versions_of_desk(database, DESK, None, None, at(2))
    assert len(first.added) == 1, "without moments: from the first version to now"


def test_what_retention_has_deleted_is_no_version_any_more(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        ill(database, at(1))
        database.write(partial(purge_entries, desk=DESK, before=at(100)))
        assert [one.at for one in changes(database)] == [at(0)]
