"""Cover and swaps between colleagues: asked, answered, withdrawn, undone; who is rung and told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select

from app.actions.desks.import_desks import import_desks
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.privacy.purge import purge_batch
from app.actions.privacy.user_data import erase_user, export_user
from app.actions.roster.duty_requests import (
    WantedCover,
    WantedSwap,
    ask_for_cover,
    expire_next_request,
    list_duty_requests,
    offer_swap,
    open_requests,
)
from app.actions.roster.entries import (
    EntryList,
    EntryRequest,
    EntryScope,
    add_entry,
    list_entries,
    withdraw_entry,
)
from app.actions.roster.live_roster import LiveRoster, load_live_roster
from app.domain.access.actor import command_line
from app.domain.access.users import User
from app.domain.message_refs import MessageError
from app.domain.roles import Role
from app.domain.roster.duty_requests import DutyRequest, RequestMove, RequestState
from app.domain.roster.duty_slots import slot_at
from app.domain.roster.entries import EntryKind
from app.gateways.sender import Sender
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.tables import JobRow
from app.voice_prompts import texts
from tests.support.changed_roster import DESK
from tests.support.duty_requests import (
    NOW,
    a_folder,
    agreed,
    asked,
    by,
    colleagues,
    has_duty,
    moved,
    next_shift,
    offered,
    refused,
    stored,
    the_plan,
)
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import edit, folder, sample_database
from tests.support.users import author

HOUR = timedelta(hours=1)
Users = dict[str, User]


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(migrated_sqlite_url, a_folder()) as database:
        yield database


@pytest.fixture
def users(database: Database) -> Users:
    return colleagues(database)


def told(database: Database, notice: str) -> list[tuple[str, str]]:
    """Who was sent what about a notice."""
    with database.read() as connection:
        wanted = select(JobRow.kind, JobRow.person, JobRow.dedup).order_by(JobRow.dedup)
        rows = connection.execute(wanted).all()
    found = [(str(each.kind), each.person) for each in rows if f":{notice}:" in each.dedup]
    return sorted((kind, person.split("@")[0]) for kind, person in found)


def entries(database: Database, scope: EntryScope = EntryScope.COMING) -> EntryList:
    found = list_entries(database, DESK, scope, NOW)
    assert isinstance(found, EntryList)
    return found


def test_who_asks_and_withdraws_again_and_again_sends_few_sms_and_the_last_is_no_withdrawal(
    database: Database, users: Users
) -> None:
    for _ in range(4):
        request = asked(database, users["duty-1"])
        moved(database, request, RequestMove.WITHDRAW, "duty-1", by(users["duty-1"]))
    asked(database, users["duty-1"])
    with database.read() as connection:
        sms = select(JobRow.dedup).where(JobRow.kind == "sms", JobRow.person == "duty-2")
        sent = connection.execute(sms.order_by(JobRow.id)).scalars().all()
    assert [each.split(":")[2] for each in sent] == ["asked", "withdrawn", "asked"]


def test_several_are_asked_at_once_by_sms_and_mail(database: Database, users: Users) -> None:
    request = asked(database, users["duty-1"])
    assert told(database, "asked") == [
        ("mail", "ola"),
        ("mail", "siri"),
        ("sms", "duty-2"),
        ("sms", "duty-3"),
    ]
    assert list_duty_requests(database, DESK) == (request,)
    with pytest.raises(MessageError):
        asked(database, users["duty-1"])
    with pytest.raises(MessageError):
        ask_for_cover(database, WantedCover(DESK, (request.slot,), ()), by(users["duty-1"]))


def test_the_first_yes_has_the_shift_and_the_telephone_follows(
    database: Database, users: Users
) -> None:
    request = asked(database, users["duty-1"])
    begins = request.slot.when.from_
    assert has_duty(database, begins) == "duty-1"
    done = agreed(database, request, "duty-3", by(users["duty-3"]))
    assert (done.state, done.taker) == (RequestState.AGREED, "duty-3")
    assert has_duty(database, begins) == "duty-3"
    [entry] = entries(database).entries
    assert (entry.author.name, entry.dated.note) == ("Siri Vik", "Bryllup")
    assert told(database, "taken") == [
        ("mail", "anne"),
        ("mail", "kari"),
        ("mail", "ola"),
        ("sms", "duty-1"),
        ("sms", "duty-2"),
    ]
    late = moved(database, request, RequestMove.YES, "duty-2", by(users["duty-2"]))
    why = refused(late)
    assert (why.key, why.values) == ("duty_request_refused.taken", (("name", "Duty 3"),))
    again = moved(database, request, RequestMove.YES, "duty-3", by(users["duty-3"]))
    assert refused(again).key == "duty_request_refused.yours"
    assert len(entries(database).entries) == 1


def test_of_two_at_the_same_moment_one_has_it(migrated_url: str) -> None:
    with sample_database(migrated_url, a_folder()) as database:
        users = colleagues(database)
        request = asked(database, users["duty-1"])

        def says_yes(person: str) -> bool:
            done = moved(database, request, RequestMove.YES, person, by(users[person]))
            return done.refused is None

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(says_yes, ("duty-2", "duty-3")))
        assert sorted(done) == [False, True]
        assert len(entries(database).entries) == 1


def test_who_says_no_is_remembered_and_the_last_no_is_told(
    database: Database, users: Users
) -> None:
    request = asked(database, users["duty-1"])
    moved(database, request, RequestMove.NO, "duty-2", by(users["duty-2"]))
    assert told(database, "nobody") == []
    moved(database, request, RequestMove.NO, "duty-3", by(users["coordinator"]))
    answers = stored(database, request).answers
    said = {each.person: (each.is_yes, each.by and each.by.name) for each in answers}
    assert said == {"duty-2": (False, "Ola Vik"), "duty-3": (False, "Anne Vik")}
    assert told(database, "nobody") == [("mail", "kari"), ("sms", "duty-1")]
    assert stored(database, request).state is RequestState.OPEN, (
        "the coordinator may still find one"
    )


def test_nobody_has_it_whom_a_call_would_not_reach(database: Database, users: Users) -> None:
    request = asked(database, users["duty-1"])
    when = request.slot.when
    away = {"person": "duty-2", "from": when.from_, "to": when.to}
    add_entry(database, EntryRequest(DESK, EntryKind.ABSENCE, dict(away), command_line("x")), NOW)
    no = moved(database, request, RequestMove.YES, "duty-2", by(users["duty-2"]))
    assert refused(no).key == "duty_request_refused.hindered"
    assert stored(database, request).state is RequestState.OPEN


def test_a_request_is_withdrawn_or_expires_when_its_shift_begins(
    database: Database, users: Users
) -> None:
    request = asked(database, users["duty-1"])
    moved(database, request, RequestMove.WITHDRAW, "", by(users["duty-1"]))
    assert told(database, "withdrawn")[0] == ("mail", "ola")
    late = moved(database, request, RequestMove.YES, "duty-2", by(users["duty-2"]))
    assert refused(late).key == "duty_request_refused.withdrawn"
    second = asked(database, users["duty-1"])
    begins = second.slot.when.from_
    assert not expire_next_request(database, begins - HOUR)
    assert expire_next_request(database, begins)
    assert not expire_next_request(database, begins)
    assert stored(database, second).state is RequestState.EXPIRED
    assert ("mail", "anne") in told(database, "expired")
    assert ("sms", "duty-1") in told(database, "expired")


def test_a_swap_is_two_entries_and_one_revision(database: Database, users: Users) -> None:
    request = offered(database, users["duty-1"])
    assert request.wanted
    before = entries(database).revision
    agreed(database, request, "duty-2", by(users["duty-2"]))
    assert has_duty(database, request.slot.when.from_) == "duty-2"
    assert has_duty(database, request.wanted.when.from_) == "duty-1"
    assert entries(database).revision == before + 1
    assert len(open_requests(database, DESK, request.wanted.when.from_)) == 1, "half of it is over"
    assert open_requests(database, DESK, request.wanted.when.from_ + timedelta(days=30)) == ()
    with database.read() as connection:
        events = list_audit_events(connection, AuditFilter())
    kinds = [str(each.event.kind) for each in events]
    assert kinds[:4] == ["request_yes", "entry_added", "entry_added", "request_asked"]


def test_a_swap_is_declined_and_an_offer_for_ones_own_shift_is_refused(
    database: Database, users: Users
) -> None:
    request = offered(database, users["duty-1"])
    moved(database, request, RequestMove.NO, "duty-2", by(users["duty-2"]))
    assert stored(database, request).state is RequestState.DECLINED
    assert told(database, "declined") == [("mail", "kari"), ("sms", "duty-1")]
    with pytest.raises(MessageError):
        offered(database, users["duty-1"], "duty-1")


def test_undoing_a_swap_takes_both_back_also_by_one_of_its_entries(
    database: Database, users: Users
) -> None:
    request = agreed(database, offered(database, users["duty-1"]), "duty-2", by(users["duty-2"]))
    moved(database, request, RequestMove.UNDO, "duty-1", by(users["duty-1"]))
    assert entries(database).entries == ()
    assert ("sms", "duty-2") in told(database, "undone")
    second = agreed(database, offered(database, users["duty-1"]), "duty-2", by(users["duty-2"]))
    withdraw_entry(database, DESK, second.entries[1], command_line("x"), NOW)
    assert entries(database).entries == ()
    assert stored(database, second).state is RequestState.UNDONE


def test_what_was_given_on_is_not_undone_before_that(database: Database, users: Users) -> None:
    first = agreed(database, asked(database, users["duty-1"]), "duty-2", by(users["duty-2"]))
    theirs = slot_at(the_plan(database), "duty-2", Role.PRIMARY, first.slot.when)
    assert theirs
    wanted = WantedSwap(DESK, theirs, next_shift(database, "duty-3"))
    second = offer_swap(database, wanted, by(users["duty-2"]))
    agreed(database, second, "duty-3", by(users["duty-3"]))
    no = moved(database, first, RequestMove.UNDO, "duty-1", by(users["duty-1"]))
    assert refused(no).key == "duty_request_refused.given_on"
    assert len(entries(database).entries) == 3
    for request in (second, first):
        done = moved(database, request, RequestMove.UNDO, "", by(users["coordinator"]))
        assert done.refused is None


def test_half_of_a_swap_taken_out_of_the_file_undoes_it_and_a_new_reason_does_not(
    database: Database, users: Users
) -> None:
    request = agreed(database, offered(database, users["duty-1"]), "duty-2", by(users["duty-2"]))
    live = load_live_roster(database, DESK)
    assert isinstance(live, LiveRoster)
    begin, first, second = live.text.split("[[overrides]]")
    import_desks(database, (folder(roster=live.text),), edit())
    reason = "[[overrides]]".join((begin, first.replace("Bryllup", "Kurs"), second))
    import_desks(database, (folder(roster=reason),), edit())
    after = stored(database, request)
    assert after.state is RequestState.AGREED
    assert sorted(after.entries) == sorted(each.id for each in entries(database).entries)
    half = "[[overrides]]".join((begin, second))
    for _ in range(2):
        import_desks(database, (folder(roster=half),), edit())
        assert entries(database).entries == ()
    assert stored(database, request).state is RequestState.UNDONE
    assert ("sms", "duty-2") in told(database, "undone")


def test_a_request_is_found_however_many_came_after_it(
    database: Database, users: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.duty_requests.LISTED_AT_ONCE", 1)
    first = asked(database, users["duty-1"])
    asked_for_second(database, users)
    with pytest.raises(MessageError):
        asked(database, users["duty-1"])
    import_desks(database, (a_folder(start="2026-11-09"),), edit(NOW + HOUR))
    assert stored(database, first).state is RequestState.ENDED


def test_no_more_shifts_are_asked_about_at_once_than_people_can_read(
    database: Database, users: Users
) -> None:
    many = (next_shift(database, "duty-1"),) * 21
    with pytest.raises(MessageError) as no:
        ask_for_cover(database, WantedCover(DESK, many, ("duty-2",)), by(users["duty-1"]))
    assert no.value.message.key == "duty_request_refused.too_many"


def test_where_the_roster_says_so_a_coordinator_approves(migrated_sqlite_url: str) -> None:
    needs_approval = a_folder(more="swaps_need_approval = true\n")
    with sample_database(migrated_sqlite_url, needs_approval) as database:
        users = colleagues(database)
        request = offered(database, users["duty-1"])
        waits = agreed(database, request, "duty-2", by(users["duty-2"]))
        assert waits.state is RequestState.AWAITS_APPROVAL
        assert entries(database).entries == ()
        assert ("mail", "anne") in told(database, "awaits_approval")
        moved(database, request, RequestMove.APPROVE, "", by(users["coordinator"]))
        assert stored(database, request).state is RequestState.AGREED
        assert len(entries(database).entries) == 2


def test_a_swap_of_which_half_has_begun_is_neither_agreed_nor_approved(
    migrated_sqlite_url: str,
) -> None:
    needs_approval = a_folder(more="swaps_need_approval = true\n")
    with sample_database(migrated_sqlite_url, needs_approval) as database:
        users = colleagues(database)
        waits = offered(database, users["duty-1"])
        asks = offered(database, users["duty-1"], "duty-3")
        agreed(database, waits, "duty-2", by(users["duty-2"]))
        too_late = by(users["duty-3"], asks.expires_at)
        yes = moved(database, asks, RequestMove.YES, "duty-3", too_late)
        assert refused(yes).key == "duty_request_refused.expired"
        approval = by(users["coordinator"], waits.expires_at)
        assert moved(database, waits, RequestMove.APPROVE, "", approval).refused
        assert stored(database, waits).state is RequestState.EXPIRED
        assert entries(database).entries == ()
        assert told(database, "unapproved") == [
            ("mail", "kari"),
            ("mail", "ola"),
            ("sms", "duty-1"),
            ("sms", "duty-2"),
        ], "also who had said yes"


def test_another_offer_of_a_shift_that_has_gone_ends_and_both_are_told(
    database: Database, users: Users
) -> None:
    one, other = offered(database, users["duty-1"]), offered(database, users["duty-1"], "duty-3")
    agreed(database, one, "duty-2", by(users["duty-2"]))
    assert stored(database, other).state is RequestState.ENDED
    assert ("sms", "duty-3") in told(database, "ended")


def test_a_swap_follows_when_a_document_moves_the_handover(
    database: Database, users: Users
) -> None:
    request = agreed(database, offered(database, users["duty-1"]), "duty-2", by(users["duty-2"]))
    waiting = asked_for_second(database, users)
    begins = request.slot.when.from_
    import_desks(database, (a_folder(handover="10:00"),), edit(NOW + HOUR))
    assert has_duty(database, begins + HOUR) != "duty-2", "the handover is at ten from now on"
    assert has_duty(database, begins + 3 * HOUR) == "duty-2"
    after = stored(database, request)
    assert after.state is RequestState.AGREED
    assert after.entries != request.entries
    assert after.slot.when.from_ == begins + 2 * HOUR, "where it is now"
    assert len(open_requests(database, DESK, request.slot.when.to + HOUR)) == 1
    assert told(database, "moved") == [
        ("mail", "anne"),
        ("mail", "kari"),
        ("mail", "ola"),
        ("sms", "duty-1"),
        ("sms", "duty-2"),
    ]
    assert stored(database, waiting).expires_at == waiting.expires_at + 2 * HOUR
    moved(database, after, RequestMove.UNDO, "", by(users["coordinator"], NOW + 2 * HOUR))
    assert has_duty(database, begins + 3 * HOUR) == "duty-1"
    assert stored(database, request).slot.when.from_ == begins + 2 * HOUR


def test_what_has_moved_does_not_come_back_with_a_file_that_still_has_it(
    database: Database, users: Users
) -> None:
    request = agreed(database, offered(database, users["duty-1"]), "duty-2", by(users["duty-2"]))
    live = load_live_roster(database, DESK)
    assert isinstance(live, LiveRoster)
    file = folder(roster=live.text.replace('"08:00"', '"10:00"'))
    import_desks(database, (file,), edit(NOW + HOUR))
    after = stored(database, request)
    again = import_desks(database, (file,), edit(NOW + 2 * HOUR))
    assert [each.code for each in again.warnings].count("entry_withdrawn") == 2
    assert tuple(each.id for each in entries(database).entries) == after.entries


def asked_for_second(database: Database, users: Users) -> DutyRequest:
    slot = next_shift(database, "duty-3")
    wanted = WantedCover(DESK, (slot,), ("duty-1",))
    [request] = ask_for_cover(database, wanted, by(users["duty-3"]))
    return request


def test_a_swap_whose_shift_a_document_takes_away_ends_and_says_so(
    database: Database, users: Users
) -> None:
    request = agreed(database, offered(database, users["duty-1"]), "duty-2", by(users["duty-2"]))
    import_desks(database, (a_folder(start="2026-11-09"),), edit(NOW + HOUR))  # all a week later
    assert stored(database, request).state is RequestState.ENDED
    assert entries(database).entries == ()
    assert ("mail", "anne") in told(database, "ended")
    assert ("sms", "duty-2") in told(database, "ended")


def test_requests_are_given_out_erased_and_kept_no_longer_than_entries(
    database: Database, users: Users
) -> None:
    request = asked(database, users["duty-1"])
    moved(database, request, RequestMove.NO, "duty-2", by(users["duty-2"]))
    assert len(export_user(database, "kari@kommune.example")["duty_requests"]) == 1
    assert len(export_user(database, "ola@kommune.example")["duty_request_answers"]) == 1
    assert erase_user(database, "ola@kommune.example", author(NOW))["duty_request_answers"] == 1
    [said] = [each.by for each in stored(database, request).answers if each.by]
    assert said.name == "erased"
    expire_next_request(database, request.slot.when.from_)
    while purge_batch(database, NOW + timedelta(days=4 * 365)):
        pass
    assert list_duty_requests(database, DESK, set(RequestState)) == ()


def test_what_is_sent_says_which_shift_and_leads_to_the_page(
    database: Database, users: Users
) -> None:
    request = asked(database, users["duty-1"])
    network = FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), NOW):
        pass
    address = f"https://vakt.example.org/my-duty/requests/{request.id}"
    bodies = {str(each["to"]): str(each["body"]) for each in network.did("sms")}
    assert bodies.keys() == {"+4749009102", "+4749009103"}
    [body, _] = bodies.values()
    assert body.startswith("Fjordhjelp: Kan du ta en vakt? Duty 1: hovedvakt man. 7. des.")
    assert body.endswith(address)
    [(_, subject, words), _] = network.mails
    assert subject.startswith("Fjordhjelp: Kan du ta en vakt?")
    assert "Bryllup" in words
    assert address in words
