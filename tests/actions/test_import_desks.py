"""Taking desk folders in: versions, refusals, and the live version that goes on."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.actions.import_desks import Refused, import_desks
from app.actions.take_turn import answer_call
from app.domain.documents.reading import read_folder
from app.store import Database
from app.store.desks import desk_texts, find_desk, list_desks
from app.store.people import CustomersChanged, TooManyRemoved, count_customers
from app.store.tables import DeskVersionRow, LineRow, RosterVersionRow
from tests.a_house import (
    CUSTOMERS_CSV,
    DESK,
    DESK_TOML,
    DUTY,
    NIGHT,
    ROSTER_TOML,
    SUPPORT,
    a_house,
    an_empty_house,
    edit,
    folder,
    move_in,
    number,
)
from tests.desks import DESKS, folder_files

RENAMED = DESK_TOML.replace('name = "Fjordhjelp"', 'name = "Fjorden"')


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url) as database:
        yield database


def test_the_five_shipped_desks_move_in_together(migrated_url: str) -> None:
    with an_empty_house(migrated_url) as database:
        folders = [read_folder(folder_files(desk), desk) for desk in DESKS]
        done = move_in(database, *folders)
        assert all(each.desk_is_new for each in done.desks)
        with database.read() as connection:
            assert [live.desk.id for live in list_desks(connection)] == sorted(DESKS)


def test_the_same_texts_again_make_no_version(house: Database) -> None:
    (again,) = move_in(house).desks
    assert (again.desk_is_new, again.roster_is_new) == (False, False)
    assert again.customers == CustomersChanged()
    assert len(_versions(house)) == 1


def test_a_changed_text_is_a_new_version_and_the_old_one_stays_as_it_was(
    house: Database,
) -> None:
    (done,) = move_in(house, folder(desk=RENAMED)).desks
    assert (done.desk_is_new, done.roster_is_new) == (True, False)
    assert _versions(house) == [(1, DESK_TOML, "Teamleiar"), (2, RENAMED, "Teamleiar")]
    with house.read() as connection:
        live = find_desk(connection, DESK)
        texts = desk_texts(connection, DESK)
    assert live
    assert (live.desk.name, live.version) == ("Fjorden", 2)
    assert texts == (RENAMED, ROSTER_TOML)


def test_an_older_text_saved_again_is_live_again(house: Database) -> None:
    move_in(house, folder(desk=RENAMED))
    move_in(house)
    assert [number for number, _, _ in _versions(house)] == [1, 2, 3]
    with house.read() as connection:
        live = find_desk(connection, DESK)
    assert live
    assert live.desk.name == "Fjordhjelp"


def test_errors_refuse_everything_and_the_live_version_goes_on(house: Database) -> None:
    broken = folder(desk=RENAMED.replace('"standard"', '"nothing"').replace("ring_seconds", "x"))
    with pytest.raises(Refused) as refused:
        move_in(house, folder(), broken)
    assert len(refused.value.faults) > 1
    assert len(_versions(house)) == 1
    assert answer_call(house, "CA1", DUTY, number(), NIGHT).desk


def test_a_line_that_another_live_desk_answers_is_refused(house: Database) -> None:
    other = folder("other", roster=ROSTER_TOML.replace('id = "fjordhjelp"', 'id = "other"'))
    with pytest.raises(Refused, match=DESK):
        move_in(house, other)


def test_a_desk_may_name_a_roster_that_another_folder_brought(house: Database) -> None:
    moved = DESK_TOML.replace(SUPPORT, "+4720000911").replace(DUTY, "+4720000912")
    sister = read_folder({"desk.toml": moved}, "sister")
    move_in(house, sister)
    with house.read() as connection:
        live = find_desk(connection, "sister")
    assert live
    assert live.roster
    assert live.roster.id == DESK


def test_a_roster_that_nobody_has_is_refused(house: Database) -> None:
    with pytest.raises(Refused, match="no roster"):
        move_in(house, folder(desk=DESK_TOML.replace('roster = "fjordhjelp"', 'roster = "x"')))


def test_a_line_that_is_given_up_leads_nowhere(house: Database) -> None:
    move_in(house, folder(desk=DESK_TOML.replace(DUTY, "+4720000912")))
    with house.read() as connection:
        numbers = set(connection.execute(select(LineRow.number)).scalars())
    assert numbers == {SUPPORT, "+4720000912"}
    assert answer_call(house, "CA1", DUTY, number(), NIGHT).desk is None


def test_a_changed_roster_is_a_version_of_its_own(house: Database) -> None:
    changed = ROSTER_TOML.replace('name = "Duty 2"', 'name = "Duty Two"')
    (done,) = move_in(house, folder(roster=changed)).desks
    assert (done.desk_is_new, done.roster_is_new) == (False, True)
    with house.read() as connection:
        count = connection.execute(select(RosterVersionRow.number)).scalars().all()
    assert sorted(count) == [1, 2]


def test_more_than_a_tenth_of_the_customers_do_not_go_unless_told(house: Database) -> None:
    one_less = "\n".join(CUSTOMERS_CSV.splitlines()[:-1]) + "\n"
    with pytest.raises(TooManyRemoved):
        move_in(house, folder(desk=RENAMED, customers=one_less))
    assert len(_versions(house)) == 1  # all or nothing
    done = import_desks(house, [folder(customers=one_less)], edit(), may_remove=True)
    assert done.desks[0].customers == CustomersChanged(removed=1)


def test_a_folder_without_customers_leaves_them_as_they_are(house: Database) -> None:
    files = {"desk.toml": DESK_TOML, "roster.toml": ROSTER_TOML}
    move_in(house, read_folder(files, DESK))
    with house.read() as connection:
        assert count_customers(connection, DESK) == 2


def _versions(house: Database) -> list[tuple[int, str, str]]:
    columns = DeskVersionRow.number, DeskVersionRow.text, DeskVersionRow.author
    with house.read() as connection:
        rows = connection.execute(select(*columns).order_by(DeskVersionRow.number))
        return [(row.number, row.text, row.author) for row in rows]
