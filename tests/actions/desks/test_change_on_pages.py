"""Hours and customers changed on pages, on both databases; two at once, and files beside them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.actions.desks.change_customers import (
    CustomerEdit,
    CustomersFile,
    CustomersRefusal,
    CustomersRefused,
    edit_customer,
    import_customers,
    preview_customers,
    show_customer,
)
from app.actions.desks.change_hours import (
    EditRefusal,
    EditRefused,
    HoursRequest,
    change_hours,
    undo_hours,
)
from app.actions.desks.import_desks import ImportRefused, import_desks
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import Author
from app.domain.config.diagnostics import errors
from app.domain.config.folder_reader import read_folder
from app.domain.desks.wanted_hours import WantedDays
from app.store import Database
from app.store.desks import desk_texts, find_desk, last_file_version
from app.store.people import load_customers
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import (
    CUSTOMERS_CSV,
    DAY,
    DESK,
    DESK_TOML,
    edit,
    folder,
    import_sample_desks,
)

KARI = Author(Actor(ActorKind.PERSON, "Kari Vik", "1"), DAY)
FRIDAY = date(2027, 6, 11)


def closed(day: date = FRIDAY, seen: int | None = None) -> HoursRequest:
    return HoursRequest(DESK, ("desk",), WantedDays(day, day), seen)


def text_of(database: Database) -> str:
    with database.read() as connection:
        found = desk_texts(connection, DESK)
    assert found
    return found[0]


def cells(**changed: str) -> CustomerEdit:
    usual = {"number": "9001", "name": "Skogli skule", "agreement": "standard"}
    return CustomerEdit(DESK, "9001", {**usual, "phones": "49009001", **changed}, "")


def test_hours_are_live_with_their_author_and_undone_as_a_version_of_their_own(
    database: Database,
) -> None:
    version = change_hours(database, closed(seen=1), KARI)
    assert version == 2
    again = change_hours(database, closed(seen=1), KARI)
    assert again == 2, "pressed twice is saved once"
    stale = change_hours(database, closed(FRIDAY + timedelta(days=7), seen=1), KARI)
    assert stale == EditRefused(EditRefusal.CHANGED_MEANWHILE)
    with database.read() as connection:
        live, file = find_desk(connection, DESK), last_file_version(connection, DESK)
    assert live
    assert live.changed_by.name == "Kari Vik"
    assert file
    assert file.number == 1
    assert undo_hours(database, DESK, 2, KARI) == 3
    assert text_of(database).strip() == DESK_TOML.strip()
    assert undo_hours(database, DESK, 2, KARI) == EditRefused(EditRefusal.CHANGED_SINCE)
    import_sample_desks(database)
    assert text_of(database) == DESK_TOML, "what was undone keeps no file away"


def test_a_customer_is_changed_once_and_never_over_a_colleague(database: Database) -> None:
    shown = show_customer(database, DESK, "9001")
    assert shown
    mine = replace(cells(phones="49009003"), seen=shown.seen)
    edit_customer(database, mine, KARI)
    late = replace(cells(name="Skogli"), seen=shown.seen)
    refused = edit_customer(database, late, KARI)
    assert isinstance(refused, CustomersRefused)
    assert refused.refusal is CustomersRefusal.CHANGED_MEANWHILE
    with database.read() as connection:
        school = load_customers(connection, DESK)["9001"]
    assert (school.name, school.phones) == ("Skogli skule", ("+4749009003",))


@ONE_DATABASE
def test_a_file_is_saved_as_its_preview_was_seen(database: Database) -> None:
    file = CustomersFile(DESK, f"{CUSTOMERS_CSV}9003,Havna,standard,,,\n")
    seen = preview_customers(database, file)
    assert seen
    saved = import_customers(database, replace(file, seen=seen.seen), KARI)
    assert not isinstance(saved, CustomersRefused)
    assert saved.counted.added == 1
    again = import_customers(database, replace(file, seen=seen.seen), KARI)
    assert isinstance(again, CustomersRefused)
    assert again.refusal is CustomersRefusal.CHANGED_MEANWHILE


@ONE_DATABASE
def test_a_switchboard_of_one_is_no_person_of_another(database: Database) -> None:
    shown = show_customer(database, DESK, "9001")
    assert shown
    both = replace(cells(phones="20009001"), seen=shown.seen)
    refused = edit_customer(database, both, KARI)
    assert isinstance(refused, CustomersRefused)
    assert [each.code for each in refused.diagnostics] == ["shared_and_personal"]


@ONE_DATABASE
def test_no_file_takes_away_an_agreement_that_a_customer_was_given_on_a_page(
    database: Database,
) -> None:
    both = f"{DESK_TOML}\n[agreements.extra]\nname = 'Extra'\n"
    both += "telephone = true\ntelephone_calendar = 'desk'\nincludes_duty = true\n"
    import_sample_desks(database, folder(desk=both))
    shown = show_customer(database, DESK, "9001")
    assert shown
    edit_customer(database, replace(cells(agreement="extra"), seen=shown.seen), KARI)
    for without in (folder(), read_folder({"desk.toml": DESK_TOML}, DESK)):
        with pytest.raises(ImportRefused) as refused:
            import_sample_desks(database, without)
        [wrong] = errors(refused.value.diagnostics)
        assert (wrong.code, dict(wrong.message.values)["number"]) == ("agreement_in_use", "9001")
    moved = CUSTOMERS_CSV.replace("9001,Skogli skule", "9001,Skogli barneskule")
    with pytest.raises(ImportRefused):
        import_sample_desks(database, folder(customers=moved))
    only_other = "\n".join(each for each in moved.splitlines() if not each.startswith("9001"))
    import_desks(database, [folder(customers=only_other)], edit(), may_remove=True)
