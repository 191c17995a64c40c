"""A roster's document changed on its page: with its author, beside colleagues, and beside files."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.actions.desks.import_desks import ImportRefused, import_desks
from app.actions.roster.change_document import (
    DocumentRefused,
    DocumentRequest,
    change_document,
    merge_documents,
    show_document,
    try_document,
)
from app.actions.roster.entries import EntryScope, list_entries
from app.actions.roster.live_roster import LiveRoster, load_live_roster
from app.actions.roster.own_numbers import move_own_number
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import AuditKind, Author
from app.domain.access.users import PersonLink
from app.domain.config.diagnostics import errors
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.roster_versions import live_document
from tests.support.backends import ONE_DATABASE
from tests.support.desk_documents import weekly_rotation
from tests.support.sample_desk import (
    DAY,
    DESK,
    DUTY_1,
    ROSTER_TOML,
    edit,
    folder,
    import_sample_desks,
)

KARI = Author(Actor(ActorKind.PERSON, "Kari Vik", "1"), DAY + timedelta(hours=1))
TURNS = weekly_rotation("primary", "duty-1", start="2024-01-01")
BOTH_TAKE_TURNS = ROSTER_TOML.replace(
    TURNS, weekly_rotation("primary", "duty-1", "duty-2", start="2024-01-01")
)
RENAMED = ROSTER_TOML.replace('name = "Duty 2"', 'name = "Duty B"')
AWAY = """
[[absences]]
person = "duty-2"
from = "2027-03-01 08:00"
to = "2027-03-02 08:00"
"""


def wanted(text: str, seen: int = 1, remark: str = "") -> DocumentRequest:
    return DocumentRequest(DESK, text, seen, remark)


def text_of(database: Database) -> str:
    with database.read() as connection:
        found = live_document(connection, DESK)
    assert found
    return found.text


def codes(database: Database, text: str) -> list[tuple[str, int]]:
    tried = try_document(database, wanted(text), KARI)
    assert tried
    return [(each.code, each.position.line) for each in errors(tried.diagnostics)]


@ONE_DATABASE
def test_what_was_saved_is_live_with_its_author_and_is_exported(database: Database) -> None:
    saved = change_document(database, wanted(BOTH_TAKE_TURNS, remark="Two of us now"), KARI)
    assert saved == 2
    again = change_document(database, wanted(BOTH_TAKE_TURNS), KARI)
    assert again == 2, "pressed twice is saved once"
    exported = load_live_roster(database, DESK)
    assert isinstance(exported, LiveRoster)
    assert exported.text == BOTH_TAKE_TURNS
    with database.read() as connection:
        live = live_document(connection, DESK)
        [told] = list_audit_events(connection, AuditFilter(kind=AuditKind.DOCUMENT_CHANGED))
    assert live
    assert (live.document.author.name, live.document.remark) == ("Kari Vik", "Two of us now")
    assert told.event.after == {"version": 2, "note": "Two of us now"}


@ONE_DATABASE
def test_faults_are_told_at_their_lines_and_nothing_is_saved(database: Database) -> None:
    line = ROSTER_TOML.splitlines().index('members = ["duty-1"]') + 1
    misspelt = ROSTER_TOML.replace('members = ["duty-1"]', 'members = ["duty-9"]')
    assert codes(database, misspelt) == [("unknown_person", line)]
    assert codes(database, "id = ")[0][1] == 1
    assert codes(database, ROSTER_TOML.replace('id = "fjordhjelp"', 'id = "other"')) == [
        ("id_stays", 2)
    ]
    for text in (misspelt, "id = "):
        with pytest.raises(DocumentRefused) as refused:
            change_document(database, wanted(text), KARI)
        assert refused.value.diagnostics
    assert text_of(database) == ROSTER_TOML


@ONE_DATABASE
def test_what_it_means_is_told_before_it_is_saved(database: Database) -> None:
    tried = try_document(database, wanted(BOTH_TAKE_TURNS + AWAY), KARI)
    assert tried
    assert tried.meaning
    assert [each.dated.person for each in tried.meaning.entries.add] == ["duty-2"]
    assert [each.person for each in tried.meaning.plan.people] == ["duty-1", "duty-2"]
    assert text_of(database) == ROSTER_TOML


@ONE_DATABASE
def test_an_absence_written_into_the_text_is_an_entry_and_goes_with_it(database: Database) -> None:
    change_document(database, wanted(ROSTER_TOML + AWAY), KARI)
    listed = list_entries(database, DESK, EntryScope.IN_FORCE, DAY)
    assert [each.dated.person for each in getattr(listed, "entries", ())] == ["duty-2"]
    change_document(database, wanted(ROSTER_TOML, seen=2), KARI)
    listed = list_entries(database, DESK, EntryScope.IN_FORCE, DAY)
    assert getattr(listed, "entries", None) == ()


@ONE_DATABASE
def test_whoever_saves_second_gets_both_changes_and_loses_nothing(database: Database) -> None:
    change_document(database, wanted(BOTH_TAKE_TURNS), KARI)
    mine = wanted(RENAMED)
    with pytest.raises(DocumentRefused) as refused:
        change_document(database, mine, KARI)
    assert refused.value.diagnostics == ()
    both = merge_documents(database, mine, "Anne Vik")
    assert both
    assert both.merge.conflicts == ()
    assert both.by.name == "Kari Vik"
    assert change_document(database, wanted(both.text, seen=2), KARI) == 3
    assert 'name = "Duty B"' in text_of(database)
    assert 'members = ["duty-1", "duty-2"]' in text_of(database)


@ONE_DATABASE
def test_the_same_line_changed_by_both_waits_for_a_choice(database: Database) -> None:
    change_document(database, wanted(RENAMED), KARI)
    mine = wanted(ROSTER_TOML.replace('name = "Duty 2"', 'name = "Duty C"'))
    both = merge_documents(database, mine, "Anne Vik")
    assert both
    assert len(both.merge.conflicts) == 1
    assert 'name = "Duty B"' in both.text
    assert 'name = "Duty C"' in both.text
    assert {code for code, _ in codes(database, both.text)} == {"both_changed"}
    with pytest.raises(DocumentRefused):
        change_document(database, wanted(both.text, seen=2), KARI)


def test_a_telephone_that_its_owner_moves_meanwhile_is_merged(database: Database) -> None:
    move_own_number(database, PersonLink(DESK, "duty-1"), DUTY_1, 1, KARI)
    both = merge_documents(database, wanted(RENAMED), "Anne Vik")
    assert both
    assert both.merge.conflicts == ()
    assert change_document(database, wanted(both.text, seen=2), KARI) == 3


@ONE_DATABASE
def test_a_file_that_lacks_what_was_saved_on_the_page_is_refused(database: Database) -> None:
    change_document(database, wanted(RENAMED), KARI)
    with pytest.raises(ImportRefused) as refused:
        import_sample_desks(database)
    told = errors(refused.value.diagnostics)
    assert [each.message.key for each in told] == [
        "diagnostic.changed_on_page.document",
        "diagnostic.changed_on_page.document_line",
    ]
    assert dict(told[0].message.values)["line"] == 'name = "Duty B"'
    line = ROSTER_TOML.splitlines().index('name = "Duty 2"') + 1
    assert told[0].position.line == line
    assert text_of(database) == RENAMED
    with_more = RENAMED.replace('name = "Duty B"', '# ours\nname = "Duty B"') + AWAY
    import_desks(database, [folder(roster=with_more)], edit())
    assert text_of(database) == with_more, "a file that has it goes on from there"


@ONE_DATABASE
def test_replace_edits_lets_the_file_count(database: Database) -> None:
    change_document(database, wanted(RENAMED), KARI)
    import_desks(database, [folder()], edit(), replace_edits=True)
    assert text_of(database) == ROSTER_TOML
    import_sample_desks(database)  # and from there on files go on


@ONE_DATABASE
def test_what_was_put_back_on_the_page_keeps_no_file_away(database: Database) -> None:
    change_document(database, wanted(RENAMED), KARI)
    change_document(database, wanted(ROSTER_TOML, seen=2), KARI)
    import_desks(database, [folder(roster=BOTH_TAKE_TURNS)], edit())
    assert text_of(database) == BOTH_TAKE_TURNS


@ONE_DATABASE
def test_numbers_that_people_have_chosen_are_no_edit_of_the_page(database: Database) -> None:
    move_own_number(database, PersonLink(DESK, "duty-1"), DUTY_1, 1, KARI)
    done = import_sample_desks(database)
    assert not errors(done.warnings)


@ONE_DATABASE
def test_an_edit_is_kept_though_somebody_changes_their_numbers_after_it(
    database: Database,
) -> None:
    change_document(database, wanted(RENAMED), KARI)
    move_own_number(database, PersonLink(DESK, "duty-1"), DUTY_1, 1, KARI)
    with pytest.raises(ImportRefused):
        import_sample_desks(database)
    import_desks(database, [folder(roster=RENAMED)], edit())


@ONE_DATABASE
def test_an_earlier_version_is_brought_back_as_text(database: Database) -> None:
    change_document(database, wanted(RENAMED), KARI)
    shown = show_document(database, DESK, 1)
    assert shown
    assert shown[1] == ROSTER_TOML
    assert show_document(database, "nowhere") is None
    missing = show_document(database, DESK, 99)
    assert missing
    assert missing[1] == RENAMED
    nowhere = replace(wanted(ROSTER_TOML), roster="nowhere")
    assert try_document(database, nowhere, KARI) is None
    with pytest.raises(DocumentRefused):
        change_document(database, nowhere, KARI)


@ONE_DATABASE
def test_line_ends_of_windows_stay(database: Database) -> None:
    import_desks(database, [folder(roster=ROSTER_TOML.replace("\n", "\r\n"))], edit())
    change_document(database, wanted(RENAMED, seen=2), KARI)
    assert text_of(database) == RENAMED.replace("\n", "\r\n")
