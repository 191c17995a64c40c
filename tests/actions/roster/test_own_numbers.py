"""A person's own numbers: rung once confirmed, kept by imports, tried as a call-out would ring."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import cast

import pytest

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.desks.import_desks import import_desks
from app.actions.desks.verify_number import press_on_verification, update_verification
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.privacy.personal_data import erase_person
from app.actions.roster.entries import EntryRefused
from app.actions.roster.live_roster import load_live_roster
from app.actions.roster.own_numbers import (
    add_own_number,
    forget_own_numbers,
    list_chosen_numbers,
    move_own_number,
    remove_own_number,
    show_own_numbers,
    with_own_numbers,
)
from app.actions.roster.ring_numbers import (
    WantedRing,
    own_verifications,
    result_of,
    ring_own_numbers,
)
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import AuditKind, Author
from app.domain.access.users import PersonLink
from app.domain.calls.flows.verify import RingResult, VerificationPurpose
from app.domain.config.folder_reader import read_folder
from app.domain.hunts.instructions import End
from app.domain.message_refs import MessageError
from app.domain.roster.own_numbers import OwnNumbers
from app.gateways.send_failures import PermanentFailure
from app.gateways.sender import Sender
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.number_verifications import NumberVerification
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import a_message_is_left
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    DESK,
    DUTY,
    DUTY_1,
    DUTY_1_HOME,
    DUTY_2,
    NIGHT,
    ROSTER_TOML,
    another_desk,
    edit,
    folder,
    import_sample_desks,
    later,
)
from tests.support.stored_call import DrivenCall, critical_at_night

KARI = PersonLink(DESK, "duty-1")
NEW = "+4749009171"
BY = Author(Actor(ActorKind.PERSON, "Kari Vik", "7"), NIGHT, "192.0.2.7")
# A person in one line, in which a name looks like a list of numbers.
UNWRITABLE = ROSTER_TOML.replace(
    f'[people.duty-1]\nname = "Duty 1"\nphones = ["{DUTY_1}", "{DUTY_1_HOME}"]\nlanguage = "nb"',
    f'[people]\nduty-1 = {{ name = "phones = []", phones = ["{DUTY_1}", "{DUTY_1_HOME}"] }}',
)
JOINS, TEST = VerificationPurpose.JOINS, VerificationPurpose.TEST


def work(database: Database, network: FakeGateway, now: datetime) -> None:
    """All that is due, but no more than once each."""
    for _ in range(9):
        if not do_next_job(database, cast(Sender, network), texts(), now):
            return


def newest(database: Database, now: datetime = NIGHT) -> NumberVerification:
    return own_verifications(database, KARI, now)[0]


def added(database: Database, number: str = NEW) -> NumberVerification:
    """A number that was added, and is rung."""
    digits = add_own_number(database, KARI, number, BY)
    ring_own_numbers(database, WantedRing(KARI, (digits,), JOINS), NIGHT)
    return newest(database)


def confirmed(database: Database) -> None:
    ring = added(database)
    press_on_verification(database, ring.id, "1", 1, later(20))
    update_verification(database, ring.id, "completed", later(25))


def rung(database: Database) -> tuple[str, ...]:
    live = load_live_roster(database, DESK)
    assert not isinstance(live, EntryRefused)
    person = live.plan.person("duty-1")
    assert person
    return person.numbers


@ONE_DATABASE
def test_a_number_joins_only_after_its_owner_has_pressed_1(database: Database) -> None:
    ring, network = added(database, "490 09 171"), FakeGateway()
    work(database, network, NIGHT)
    assert network.sent == [{"does": "verify", "to": NEW, "from_": DUTY, "seconds": 25}]
    assert rung(database) == (DUTY_1, DUTY_1_HOME)
    press_on_verification(database, ring.id, "5", 1, later(15))
    assert show_own_numbers(database, KARI) == OwnNumbers((DUTY_1, DUTY_1_HOME), (NEW,))
    for _ in range(2):
        press_on_verification(database, ring.id, "1", 2, later(20))
    assert rung(database) == (DUTY_1, DUTY_1_HOME, NEW)
    with database.read() as connection:
        events = [each.event for each in list_audit_events(connection, AuditFilter(limit=9))]
    assert [each.kind for each in events] == [AuditKind.NUMBER_CONFIRMED, AuditKind.NUMBER_ADDED]
    assert {each.actor.name for each in events} == {"Kari Vik"}


@ONE_DATABASE
def test_a_number_that_was_taken_back_while_it_rang_does_not_join(database: Database) -> None:
    ring = added(database)
    remove_own_number(database, KARI, NEW, BY)
    heard = press_on_verification(database, ring.id, "1", 1, later(20))
    assert heard.instruction == End(), "nobody is told that it rings from now on"
    assert rung(database) == (DUTY_1, DUTY_1_HOME)


@ONE_DATABASE
def test_the_last_number_stays_while_there_is_duty(database: Database) -> None:
    remove_own_number(database, KARI, DUTY_1, BY)
    with pytest.raises(MessageError) as refused:
        remove_own_number(database, KARI, DUTY_1_HOME, BY)
    assert refused.value.message.key == "own_numbers.last_one"
    assert rung(database) == (DUTY_1_HOME,)


@ONE_DATABASE
@pytest.mark.parametrize("number", [DUTY, "110", "12", DUTY_1])
def test_what_cannot_be_a_number_of_theirs_is_refused(database: Database, number: str) -> None:
    with pytest.raises(MessageError):
        add_own_number(database, KARI, number, BY)


@ONE_DATABASE
def test_an_import_neither_loses_nor_brings_back_what_somebody_has_chosen(
    database: Database,
) -> None:
    confirmed(database)
    move_own_number(database, KARI, NEW, -2, BY)
    remove_own_number(database, KARI, DUTY_1_HOME, BY)
    done = import_desks(database, (folder(),), edit())
    assert rung(database) == (NEW, DUTY_1)
    assert [each.code for each in done.warnings if "roster" in each.file] == ["own_numbers"]
    assert not done.desks[0].roster_is_new, "the same file changes nothing"

    live = load_live_roster(database, DESK)
    assert not isinstance(live, EntryRefused)
    again = import_desks(database, (folder(roster=live.text),), edit())
    assert "own_numbers" not in {each.code for each in again.warnings}, "an export has them"

    forget_own_numbers(database, DESK, "duty-1", BY)
    assert list_chosen_numbers(database, DESK) == ()
    import_desks(database, (folder(),), edit())
    assert rung(database) == (DUTY_1, DUTY_1_HOME)


def test_who_leaves_the_file_begins_anew(database: Database) -> None:
    confirmed(database)
    gone = ROSTER_TOML.replace("duty-1", "duty-3")
    import_desks(database, (folder(roster=gone),), edit())
    assert list_chosen_numbers(database, DESK) == ()


@ONE_DATABASE
def test_a_number_that_only_waits_leaves_the_file_as_it_is(database: Database) -> None:
    added(database)
    changed = ROSTER_TOML.replace(DUTY_1_HOME, DUTY_2)
    import_desks(database, (folder(roster=changed),), edit())
    assert show_own_numbers(database, KARI) == OwnNumbers((DUTY_1, DUTY_2), (NEW,))


@ONE_DATABASE
def test_a_test_rings_one_number_after_another_until_1_is_pressed(database: Database) -> None:
    network = FakeGateway()
    ring_own_numbers(database, WantedRing(KARI, rung(database), TEST), NIGHT)
    work(database, network, NIGHT)
    with pytest.raises(MessageError):
        ring_own_numbers(database, WantedRing(KARI, rung(database), TEST), later(3))
    first = newest(database)
    for _ in range(2):  # told twice, the next one rings once
        update_verification(database, first.id, "no-answer", later(30))
    work(database, network, later(30))
    assert [each["to"] for each in network.did("verify")] == [DUTY_1, DUTY_1_HOME]
    second = newest(database)
    press_on_verification(database, second.id, "1", 1, later(45))
    update_verification(database, second.id, "completed", later(50))
    results = [result_of(each, later(60)) for each in own_verifications(database, KARI, later(60))]
    assert results == [RingResult.PRESSED, RingResult.NO_ANSWER]
    assert rung(database) == (DUTY_1, DUTY_1_HOME), "a test changes nothing"


@ONE_DATABASE
def test_a_call_comes_first_and_the_test_is_hung_up(database: Database) -> None:
    network = FakeGateway()
    ring_own_numbers(database, WantedRing(KARI, rung(database), TEST), NIGHT)
    work(database, network, NIGHT)
    work(database, network, later(2))
    assert not network.did("cancel")
    critical_at_night(database)
    work(database, network, later(4))
    assert network.did("cancel") == [{"does": "cancel", "sid": "CA1"}]
    update_verification(database, newest(database).id, "completed", later(5))
    assert result_of(newest(database), later(5)) is RingResult.GAVE_WAY
    work(database, network, later(6))
    assert len(network.did("verify")) == 1, "nor does the next number ring"
    with pytest.raises(MessageError) as refused:
        ring_own_numbers(database, WantedRing(KARI, rung(database), TEST), later(10))
    assert refused.value.message.key == "own_numbers.call_going_on"


@ONE_DATABASE
def test_a_test_is_hung_up_before_a_call_out_rings_the_same_telephone(database: Database) -> None:
    network, ended = FakeGateway(), a_message_is_left(database)
    ring_own_numbers(database, WantedRing(KARI, (DUTY_1,), TEST), later(40, ended))
    for _ in range(3):
        work(database, network, later(41, ended))
    assert begin_due_call_outs(database, later(60, ended))
    work(database, network, later(60, ended))
    done = [each["does"] for each in network.sent if each["does"] not in {"sms", "fetch"}]
    assert done[:3] == ["verify", "cancel", "ring"]
    assert network.did("ring")[0]["to"] == DUTY_1
    assert result_of(newest(database), later(60, ended)) is RingResult.GAVE_WAY


@ONE_DATABASE
def test_a_call_of_another_desk_that_could_ring_the_telephone_comes_first(
    database: Database,
) -> None:
    other = another_desk(2)
    texts = {name: text.replace("+4749029201", DUTY_1) for name, text in other.texts}
    import_sample_desks(database, read_folder(texts, other.id))
    DrivenCall(database, line="+4720020902").arrives()
    with pytest.raises(MessageError) as refused:
        ring_own_numbers(database, WantedRing(KARI, (DUTY_1,), TEST), later(3))
    assert refused.value.message.key == "own_numbers.call_going_on"
    ring_own_numbers(database, WantedRing(KARI, (DUTY_1_HOME,), TEST), later(3))


def test_two_presses_at_once_ring_once(database: Database) -> None:
    def press(_: int) -> bool:
        try:
            ring_own_numbers(database, WantedRing(KARI, (DUTY_1,), TEST), NIGHT)
        except MessageError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(press, range(4))) == 1


@ONE_DATABASE
def test_a_number_that_cannot_be_written_is_not_let_wait(database: Database) -> None:
    import_desks(database, (folder(roster=UNWRITABLE),), edit())
    with pytest.raises(MessageError) as refused:
        add_own_number(database, KARI, NEW, BY)
    assert refused.value.message.key == "own_numbers.cannot_write"


@ONE_DATABASE
def test_what_becomes_unwritable_while_it_rings_is_hung_up_and_waits(database: Database) -> None:
    ring = added(database)
    import_desks(database, (folder(roster=UNWRITABLE),), edit())
    assert press_on_verification(database, ring.id, "1", 1, later(20)).instruction == End()
    assert show_own_numbers(database, KARI).waiting == (NEW,)


def test_an_erasure_takes_no_number_from_who_is_still_rung_on_it(database: Database) -> None:
    move_own_number(database, KARI, DUTY_1_HOME, -1, BY)
    assert erase_person(database, DUTY_1, NIGHT).stays.rosters == (DESK,)
    import_desks(database, (folder(),), edit())
    assert rung(database) == (DUTY_1_HOME, DUTY_1)


def test_what_the_network_refuses_or_never_ends_is_told_so(database: Database) -> None:
    network = FakeGateway(refuses=[PermanentFailure("refused with status 400", 21214)])
    ring_own_numbers(database, WantedRing(KARI, rung(database), TEST), NIGHT)
    work(database, network, NIGHT)
    work(database, network, NIGHT)
    found = own_verifications(database, KARI, NIGHT)
    assert [result_of(each, NIGHT) for each in found] == [
        RingResult.PLACING,
        RingResult.NOT_REACHED,
    ]
    assert result_of(found[0], later(200)) is RingResult.UNKNOWN


@ONE_DATABASE
def test_nobody_is_rung_for_ever(database: Database) -> None:
    for count in range(7):  # one more each ten minutes
        at = NIGHT + timedelta(minutes=2 * count)
        ring_own_numbers(database, WantedRing(KARI, (DUTY_1,), TEST), at)
    with pytest.raises(MessageError) as refused:
        ring_own_numbers(database, WantedRing(KARI, (DUTY_1,), TEST), at + timedelta(minutes=2))
    assert refused.value.message.key == "own_numbers.rung_too_often"


@ONE_DATABASE
def test_a_draft_is_proved_with_the_numbers_that_somebody_has_chosen(database: Database) -> None:
    for number in (DUTY_1, DUTY_1_HOME):
        if number == DUTY_1_HOME:
            confirmed(database)
        remove_own_number(database, KARI, number, BY)
    with database.read() as connection:
        before = list_chosen_numbers(database, DESK)
        drafted = with_own_numbers(connection, folder()).roster
    assert drafted
    person = drafted.person("duty-1")
    assert person
    assert person.numbers == (NEW,)
    assert list_chosen_numbers(database, DESK) == before, "looking changes nothing"
