"""Taking desk folders in: versions, refusals, and the live version that goes on."""

import pytest
from sqlalchemy import select

from app.actions.desks.import_desks import ImportRefused, import_desks
from app.domain.access.actor import command_line
from app.domain.config.folder_reader import read_folder
from app.domain.desks.customers_merge import CustomersChanged
from app.domain.message_refs import ref
from app.store import Database
from app.store.desks import desk_texts, find_desk, list_desks
from app.store.people import TooManyRemoved, load_customers
from app.store.tables import DeskVersionRow, LineRow, RosterVersionRow
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import (
    CUSTOMERS_CSV,
    DESK,
    DESK_TOML,
    DUTY,
    NIGHT,
    ROSTER_TOML,
    SUPPORT,
    blank_database,
    edit,
    folder,
    import_sample_desks,
    number,
)
from tests.support.shipped_desks import DESKS, folder_files
from tests.support.turns import answer_call

AUTHOR = command_line("Teamleiar")
RENAMED = DESK_TOML.replace('name = "Fjordhjelp"', 'name = "Fjorden"')


def test_the_five_shipped_desks_move_in_together(migrated_url: str) -> None:
    with blank_database(migrated_url) as database:
        folders = [read_folder(folder_files(desk), desk) for desk in DESKS]
        done = import_sample_desks(database, *folders)
        assert all(each.desk_is_new for each in done.desks)
        with database.read() as connection:
            assert [live.desk.id for live in list_desks(connection)] == sorted(DESKS)


def test_the_same_texts_again_make_no_version(database: Database) -> None:
    (again,) = import_sample_desks(database).desks
    assert (again.desk_is_new, again.roster_is_new) == (False, False)
    assert again.customers.counted == CustomersChanged()
    assert len(_versions(database)) == 1


@ONE_DATABASE
def test_a_changed_text_is_a_new_version_and_the_old_one_stays_as_it_was(
    database: Database,
) -> None:
    (done,) = import_sample_desks(database, folder(desk=RENAMED)).desks
    assert (done.desk_is_new, done.roster_is_new) == (True, False)
    assert _versions(database) == [(1, DESK_TOML, AUTHOR), (2, RENAMED, AUTHOR)]
    with database.read() as connection:
        live = find_desk(connection, DESK)
        texts = desk_texts(connection, DESK)
    assert live
    assert (live.desk.name, live.version) == ("Fjorden", 2)
    assert texts == (RENAMED, ROSTER_TOML)


@ONE_DATABASE
def test_an_older_text_saved_again_is_live_again(database: Database) -> None:
    import_sample_desks(database, folder(desk=RENAMED))
    import_sample_desks(database)
    assert [number for number, _, _ in _versions(database)] == [1, 2, 3]
    with database.read() as connection:
        live = find_desk(connection, DESK)
    assert live
    assert live.desk.name == "Fjordhjelp"


@ONE_DATABASE
def test_errors_refuse_everything_and_the_live_version_goes_on(database: Database) -> None:
    broken = folder(desk=RENAMED.replace('"standard"', '"nothing"').replace("ring_seconds", "x"))
    with pytest.raises(ImportRefused) as refused:
        import_sample_desks(database, folder(), broken)
    assert len(refused.value.diagnostics) > 1
    assert len(_versions(database)) == 1
    assert answer_call(database, "CA1", DUTY, number(), NIGHT).desk


@ONE_DATABASE
def test_a_line_that_another_live_desk_answers_is_refused(database: Database) -> None:
    other = folder("other", roster=ROSTER_TOML.replace('id = "fjordhjelp"', 'id = "other"'))
    with pytest.raises(ImportRefused) as refused:
        import_sample_desks(database, other)
    taken = {each.message for each in refused.value.diagnostics if each.is_error}
    assert taken == {
        ref("diagnostic.line_of_two", number=number, desk=DESK) for number in (SUPPORT, DUTY)
    }


@ONE_DATABASE
def test_a_desk_may_name_a_roster_that_another_folder_brought(database: Database) -> None:
    moved = DESK_TOML.replace(SUPPORT, "+4720000911").replace(DUTY, "+4720000912")
    sister = read_folder({"desk.toml": moved}, "sister")
    import_sample_desks(database, sister)
    with database.read() as connection:
        live = find_desk(connection, "sister")
    assert live
    assert live.roster
    assert live.roster.id == DESK


@ONE_DATABASE
def test_a_roster_that_nobody_has_is_refused(database: Database) -> None:
    with pytest.raises(ImportRefused, match="unknown_roster"):
        import_sample_desks(
            database, folder(desk=DESK_TOML.replace('roster = "fjordhjelp"', 'roster = "x"'))
        )


def test_a_line_that_is_given_up_leads_nowhere(database: Database) -> None:
    import_sample_desks(database, folder(desk=DESK_TOML.replace(DUTY, "+4720000912")))
    with database.read() as connection:
        numbers = set(connection.execute(select(LineRow.number)).scalars())
    assert numbers == {SUPPORT, "+4720000912"}
    assert answer_call(database, "CA1", DUTY, number(), NIGHT).desk is None


def test_a_changed_roster_is_a_version_of_its_own(database: Database) -> None:
    changed = ROSTER_TOML.replace('name = "Duty 2"', 'name = "Duty Two"')
    (done,) = import_sample_desks(database, folder(roster=changed)).desks
    assert (done.desk_is_new, done.roster_is_new) == (False, True)
    with database.read() as connection:
        count = connection.execute(select(RosterVersionRow.number)).scalars().all()
    assert sorted(count) == [1, 2]


@ONE_DATABASE
def test_more_than_a_tenth_of_the_customers_do_not_go_unless_told(database: Database) -> None:
    one_less = "\n".join(CUSTOMERS_CSV.splitlines()[:-1]) + "\n"
    with pytest.raises(TooManyRemoved):
        import_sample_desks(database, folder(desk=RENAMED, customers=one_less))
    assert len(_versions(database)) == 1  # all or nothing
    done = import_desks(database, [folder(customers=one_less)], edit(), may_remove=True)
    assert done.desks[0].customers.counted == CustomersChanged(removed=1)


@ONE_DATABASE
def test_a_folder_without_customers_leaves_them_as_they_are(database: Database) -> None:
    files = {"desk.toml": DESK_TOML, "roster.toml": ROSTER_TOML}
    import_sample_desks(database, read_folder(files, DESK))
    with database.read() as connection:
        assert len(load_customers(connection, DESK)) == 2


def _versions(database: Database) -> list[tuple[int, str, str]]:
    columns = DeskVersionRow.number, DeskVersionRow.text, DeskVersionRow.author
    with database.read() as connection:
        rows = connection.execute(select(*columns).order_by(DeskVersionRow.number))
        return [(row.number, row.text, row.author) for row in rows]
