"""A flood of strangers' calls: what is rung, sent and opened, and what a customer meets."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.calls.answer import Answer
from app.actions.health.audit import audit
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.simulate.simulate_call import SimulationRequest, simulate_call
from app.domain.calls.call import Recorded, Step
from app.domain.config.folder_reader import read_folder
from app.domain.desks.desk import Ceilings
from app.domain.health.alarms import AlarmKind
from app.domain.hunts.events import LegAnswered, LegPressed
from app.domain.hunts.hunt import RateLimit
from app.domain.hunts.instructions import Bridge, Ring, Silent
from app.domain.numbers import NOBODY
from app.gateways.sender import Sender
from app.offline.offline_store import open_offline_store
from app.store import Database
from app.store.blocked_numbers import WITHHELD, Block, put_block
from app.store.call_outs import open_call_outs
from app.store.tables import CallRow, LegRow, TicketRow
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import nobody_answers
from tests.support.contacts import LEADER, WITH_CONTACTS
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    CALLER,
    DESK,
    DESK_TOML,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    NIGHT,
    SUPPORT,
    folder,
    import_sample_desks,
    later,
    sample_database,
)
from tests.support.shipped_desks import folder_files
from tests.support.stored_call import DrivenCall, critical_at_night
from tests.support.turns import take_leg_turn

NO_FILES = open_offline_store(())
MINUTE = timedelta(minutes=1)
WITHHELD_CALLER = "anonymous"
OTHERS = read_folder(folder_files("brukarstotte"), "brukarstotte")
LIMIT = Ceilings().stranger_wakes_per_hour
CALL_OUTS_AN_HOUR = 12  # every five minutes
OF_DUTY = {"duty-1", "duty-2", LAST_RESORT}


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, WITH_CONTACTS) as database:
        yield database


@pytest.fixture
def one_desk(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(migrated_sqlite_url, WITH_CONTACTS) as database:
        yield database


def short_call(
    database: Database, sid: str, at: datetime, caller: str = WITHHELD_CALLER
) -> DrivenCall:
    """They press 1 and hang up while the first telephone rings, if it does."""
    call = critical_at_night(database, sid, caller=caller, start=at)
    call.hangs_up()
    return call


def the_worker_works(database: Database, now: datetime, network: FakeGateway) -> None:
    """It sends what is due, and begins call-outs that nobody answers."""
    if begin_due_call_outs(database, now):
        with database.read() as connection:
            going_on = [each.call_out.sid for each in open_call_outs(connection, now)]
        for sid in going_on:
            nobody_answers(database, now, sid)
    while do_next_job(database, cast(Sender, network), texts(), now):
        pass


def flood(
    database: Database, callers: list[str], network: FakeGateway | None = None
) -> FakeGateway:
    """One short call and one audit a minute, while the worker works; nobody ever answers."""
    network = network or FakeGateway()
    for minute, caller in enumerate(callers):
        at = NIGHT + minute * MINUTE
        short_call(database, f"CA-flood-{minute}", at, caller)
        audit(database, NO_FILES, at)
        for seconds in (10, 30, 50):
            the_worker_works(database, at + timedelta(seconds=seconds), network)
    return network


def wakes(database: Database, *, call_outs: bool) -> Counter[str]:
    """In how many calls, or call-outs, each person was rung."""
    with database.read() as connection:
        legs = connection.execute(select(LegRow.person, LegRow.call_sid).distinct()).all()
    return Counter(leg.person for leg in legs if leg.call_sid.startswith("call-out-") == call_outs)


def tickets(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.execute(select(TicketRow.number)).scalars())


def rings_for(database: Database, caller: str, at: datetime, sid: str = "CA-customer") -> list[str]:
    """Whom a critical call rings first."""
    call = DrivenCall(database, sid, caller=caller, start=at)
    call.arrives()
    answer = call.presses("1")
    if call.stored.step is Step.DUTY_MENU:  # it was asked whether it is the same case
        answer = call.presses("1")
    instruction = answer.instruction
    call.hangs_up()
    return (
        [callee.number for callee in instruction.callees] if isinstance(instruction, Ring) else []
    )


@ONE_DATABASE  # the next one is on the other database
def test_sixty_withheld_calls_are_one_case_and_a_customer_is_still_put_through(
    database: Database,
) -> None:
    network = flood(database, [WITHHELD_CALLER] * 60)

    [ticket] = tickets(database)
    in_calls, in_call_outs = wakes(database, call_outs=False), wakes(database, call_outs=True)
    assert in_calls == dict.fromkeys(OF_DUTY, LIMIT), "sixty calls rang each of them a few times"
    assert set(in_call_outs) == OF_DUTY
    assert max(in_call_outs.values()) <= CALL_OUTS_AN_HOUR, "as for any one ticket"

    sms = Counter(each["to"] for each in network.did("sms"))
    told_of_case, told_of_call_outs = 1, max(in_call_outs.values())
    assert sms[DUTY_1] == sms[DUTY_2] == told_of_case + told_of_call_outs
    flooded = [each for each in network.did("sms") if "STENG SKJULT" in str(each["body"])]
    assert [each["to"] for each in flooded] == [LEADER], "the contacts are alarmed, once an hour"

    after = NIGHT + 60 * MINUTE
    assert rings_for(database, CALLER, after) == [DUTY_1]
    assert len(tickets(database)) == 2
    with database.read() as connection:
        about = connection.execute(select(TicketRow.calls).where(TicketRow.number == ticket))
        assert about.scalar() == 60


@pytest.mark.parametrize("backend", ["postgresql"])
def test_sixty_unknown_numbers_are_sixty_cases_that_ring_as_often_as_one(
    database: Database,
) -> None:
    network = flood(database, [f"+47490098{count:02}" for count in range(40)])

    assert len(tickets(database)) == 40, "each number has its own case"
    assert wakes(database, call_outs=False) == dict.fromkeys(OF_DUTY, LIMIT)
    assert max(wakes(database, call_outs=True).values()) <= CALL_OUTS_AN_HOUR
    transcript = Counter(each["to"] for each in network.did("sms"))
    assert transcript[DUTY_1] <= LIMIT + CALL_OUTS_AN_HOUR
    assert rings_for(database, CALLER, NIGHT + 40 * MINUTE) == [DUTY_1]


SHARED = [
    pytest.param("+4720000210", id="a line of another desk"),
    pytest.param(SUPPORT, id="a line of this desk"),
    pytest.param(DUTY_2, id="a telephone of the duty"),
    pytest.param("+18005551212", id="a service number"),
    pytest.param("+47490098", id="an impossible number"),
    pytest.param("02800", id="a short number"),
]


@ONE_DATABASE
@pytest.mark.parametrize("caller", SHARED)
def test_a_number_that_many_people_share_is_joined_to_no_earlier_ticket(
    database: Database, caller: str
) -> None:
    import_sample_desks(database, WITH_CONTACTS, OTHERS)
    short_call(database, "CA1", NIGHT, caller)
    second = DrivenCall(database, "CA2", caller=caller, start=later(60))
    arrived = second.arrives()
    assert arrived.held.recent_ticket is None, "nobody hears of it"
    second.presses("1")
    assert len(tickets(database)) == 2
    assert second.stored.ticket
    assert second.stored.joined == 0


@ONE_DATABASE
def test_who_is_foreseen_to_call_from_a_line_of_another_desk_is_nobody_either(
    database: Database,
) -> None:
    import_sample_desks(database, WITH_CONTACTS, OTHERS)
    asked = SimulationRequest(SUPPORT, "+4720000210", NIGHT.isoformat())
    assert simulate_call(database, asked, NIGHT).facts.caller_is_line


@ONE_DATABASE
@pytest.mark.parametrize("placeholder", ["+266696687", "+7378742833", "anonymous", "Restricted"])
def test_a_placeholder_of_a_hidden_number_is_one_more_withheld_call(
    database: Database, placeholder: str
) -> None:
    short_call(database, "CA1", NIGHT)
    hidden = short_call(database, "CA2", later(60), placeholder)
    assert len(tickets(database)) == 1
    assert hidden.stored.caller == NOBODY


def test_strangers_who_are_rung_for_again_and_again_cannot_use_up_the_customers_room(
    migrated_url: str,
) -> None:
    tight = folder(
        desk=DESK_TOML + "\n[ceilings]\nrings_per_hour = 3\nstranger_wakes_per_hour = 60"
    )
    with sample_database(migrated_url, tight) as database:
        for count in range(5):
            short_call(database, f"CA{count}", NIGHT + count * MINUTE)
        limited = [call for call in _calls(database) if call.rate_limited]
        assert [call.sid for call in limited] == ["CA3", "CA4"]
        assert {call.rate_limited for call in limited} == {RateLimit.STRANGERS}
        at = NIGHT + 6 * MINUTE
        assert [rings_for(database, CALLER, at, f"CB{n}") for n in range(4)] == [[DUTY_1]] * 3 + [
            []
        ]


@ONE_DATABASE
def test_a_customer_at_the_customers_own_limit_is_rung_about_in_a_round_and_alarmed(
    migrated_url: str,
) -> None:
    desk = WITH_CONTACTS.desk
    assert desk
    toml = (
        DESK_TOML
        + f'\n[ceilings]\nrings_per_hour = 1\n[[contacts]]\nrole = "L"\nphone = "{LEADER}"'
    )
    with sample_database(migrated_url, folder(desk=toml)) as database:
        short_call(database, "CA1", NIGHT, "+4749009002")
        call = DrivenCall(database, "CA2", start=later(90))
        call.arrives()
        before_the_tone = _says(call.presses("1"))
        assert call.stored.step is Step.MESSAGE
        assert call.stored.hunt.rate_limited is RateLimit.CUSTOMERS
        last = _says(call.does(Recorded(12, "RE-2")))
        assert [*before_the_tone, *last].count("contacts_are_told") == 1
        assert last == ["message_taken", "call_outs_begin"]
        found = audit(database, NO_FILES, later(200))
        assert AlarmKind.RINGS_USED_UP in [alarm.kind for alarm in found.raised]
        assert begin_due_call_outs(database, later(200)) == 1, "a full hour ends no call-out"


def test_calls_that_keep_coming_put_no_round_off(database: Database) -> None:
    short_call(database, "CA1", NIGHT)
    for count in range(len(OF_DUTY) * LIMIT):  # they use up what strangers may ring
        short_call(database, f"CA-{count}", later(count))
    began = 0
    for count in range(30):
        at = later(60 + 10 * count)
        call = critical_at_night(database, f"CB{count}", caller=WITHHELD_CALLER, start=at)
        assert call.stored.step is Step.MESSAGE, "it stays on the line"
        began += begin_due_call_outs(database, at)
    assert began >= 1


@ONE_DATABASE
def test_whoever_took_a_strangers_case_is_rung_for_the_next_call_and_told_of_a_message(
    database: Database,
) -> None:
    def withheld(sid: str, seconds: int) -> DrivenCall:
        start = later(seconds)
        return critical_at_night(database, sid, caller=WITHHELD_CALLER, start=start)

    first = withheld("CA1", 0)
    first.somebody_accepts(1)
    first.hangs_up()
    for count in range(1, LIMIT):
        again = withheld(f"CA-{count}", 60 * count)
        assert [leg.callee.number for leg in again.stored.ringing] == [DUTY_1]
        again.hangs_up()
    for count in (10, 11):
        spared = withheld(f"CB{count}", 60 * count)
        while spared.stored.step is Step.DUTY_RINGS:  # the others were not rung often yet
            spared.nobody_answers()
        assert "duty-1" not in {leg.callee.person for leg in spared.stored.legs}
        spared.does(Recorded(9, f"RE{count}"))
    network = FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), later(700)):
        pass
    assert len(tickets(database)) == 1
    transcript = [each for each in network.did("sms") if "talebeskjed" in str(each["body"])]
    assert [each["to"] for each in transcript] == [DUTY_1], "once an hour"


def test_while_closed_to_withheld_numbers_a_critical_message_is_rung_about(
    database: Database,
) -> None:
    closed = Block(DESK, WITHHELD, "a flood", later(3600), "Teamleiar", NIGHT)
    database.write(partial(put_block, block=closed))
    silent = DrivenCall(database, "CA1", caller=WITHHELD_CALLER)
    silent.arrives()
    silent.does(Recorded(0))
    speaks = DrivenCall(database, "CA2", caller=WITHHELD_CALLER)
    speaks.arrives()
    assert speaks.stored.step is Step.CLOSED_TO_CALLER
    speaks.does(Recorded(9, "RE2"))
    assert speaks.stored.step is Step.MESSAGE_TAKEN
    assert not wakes(database, call_outs=False), "nobody is rung in the call"
    assert len(tickets(database)) == 1
    assert begin_due_call_outs(database, later(70)) == 1, "and in a call-out"
    assert rings_for(database, CALLER, later(80)) == [DUTY_1]
    assert DrivenCall(
        database, "CA3", caller=WITHHELD_CALLER, start=later(3700)
    ).arrives().held.step is (Step.DUTY_MENU)


STRANGERS = st.sampled_from([WITHHELD_CALLER, "+1", "+4749009801", "+4749009802", "+4749009803"])
ENDS = st.sampled_from(["hangs up", "accepted", "nobody", "0", "speaks"])
CALLS = st.lists(st.tuples(STRANGERS, ENDS, st.integers(1, 120)), max_size=25)


class Evening:
    """Goes on from one example to the next: what strangers did before still counts."""

    def __init__(self) -> None:
        self.now = NIGHT
        self.calls = 0


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(CALLS)
def test_no_sequence_of_strangers_calls_makes_a_customers_critical_call_ring_nobody(
    one_desk: Database, evening: Evening, calls: list[tuple[str, str, int]]
) -> None:
    for caller, end, pause in calls:
        evening.calls += 1
        evening.now += timedelta(seconds=pause)
        _strangers_call(one_desk, f"CA{evening.calls}", caller, end, evening.now)
        begin_due_call_outs(one_desk, evening.now)
    evening.calls += 1
    assert rings_for(one_desk, CALLER, evening.now, f"CA{evening.calls}") == [DUTY_1]
    assert all(count <= LIMIT for count in _wakes_of_the_last_hour(one_desk, evening.now).values())


@pytest.fixture
def evening() -> Evening:
    return Evening()


def _strangers_call(database: Database, sid: str, caller: str, end: str, at: datetime) -> None:
    call = DrivenCall(database, sid, caller=caller, start=at)
    call.arrives()
    if call.stored.step is Step.SAME_TICKET:
        call.presses("5")
    call.presses("0" if end == "0" else "1")
    if end == "accepted" and call.stored.ringing:
        leg = call.stored.ringing[0].id
        take_leg_turn(database, sid, LegAnswered(leg, f"{sid}-{leg}"), at)
        take_leg_turn(database, sid, LegPressed(leg, "1"), at, heard=1)
    if end in ("nobody", "speaks"):
        while call.stored.step in (Step.DUTY_RINGS, Step.TICKET_OWNER_RINGS):
            call.nobody_answers()
    if end == "speaks" and call.stored.step is Step.MESSAGE:
        call.does(Recorded(9, f"RE-{sid}"))
    call.hangs_up()


def _wakes_of_the_last_hour(database: Database, now: datetime) -> Counter[str]:
    rung = select(LegRow.person, LegRow.call_sid).where(
        LegRow.for_stranger.is_(True),
        LegRow.placed_at > now - timedelta(hours=1),
        LegRow.call_sid.not_like("call-out-%"),
    )
    with database.read() as connection:
        legs = connection.execute(rung.distinct()).all()
    return Counter(leg.person for leg in legs)


def _says(answer: Answer) -> list[str]:
    assert not isinstance(answer.instruction, Bridge | Silent)
    return [message.key for message in answer.instruction.says]


def _calls(database: Database) -> list[CallRow]:
    with database.read() as connection:
        rows = connection.execute(
            select(CallRow.sid, CallRow.rate_limited).order_by(CallRow.started_at)
        )
        return list(rows)  # type: ignore[arg-type]
