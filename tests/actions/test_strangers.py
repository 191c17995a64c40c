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

from app.actions.audit import audit
from app.actions.foresee import WhatIf, foresee
from app.actions.rounds import begin_due_rounds
from app.actions.take_turn import Answer, take_leg_turn
from app.actions.tick import do_next_job
from app.domain.alarms import AlarmKind
from app.domain.call import LegAnswered, LegPressed, Place, RateLimit, Recorded
from app.domain.decision import Bridge, Ring, Silent
from app.domain.desk import Ceilings
from app.domain.documents.reading import read_folder
from app.domain.people import NOBODY
from app.phone.sender import Sender
from app.standby.standby import open_standby
from app.store import Database
from app.store.blocked import WITHHELD, Block, put_block
from app.store.rounds import open_rounds
from app.store.tables import CallRow, LegRow, TicketRow
from app.voice_prompts import texts
from tests.a_house import (
    CALLER,
    DESK,
    DESK_TOML,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    NIGHT,
    SUPPORT,
    a_house,
    folder,
    later,
    move_in,
)
from tests.actions.a_call import ACall, critical_at_night
from tests.actions.a_network import ANetwork
from tests.actions.a_round import nobody_answers
from tests.actions.contacts import LEADER, WITH_CONTACTS
from tests.desks import folder_files

NO_FILES = open_standby(())
MINUTE = timedelta(minutes=1)
WITHHELD_CALLER = "anonymous"
OTHERS = read_folder(folder_files("brukarstotte"), "brukarstotte")
LIMIT = Ceilings().stranger_wakes_per_hour
ROUNDS_AN_HOUR = 12  # every five minutes
OF_DUTY = {"duty-1", "duty-2", LAST_RESORT}


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url, WITH_CONTACTS) as database:
        yield database


@pytest.fixture
def one_house(migrated_sqlite_url: str) -> Iterator[Database]:
    with a_house(migrated_sqlite_url, WITH_CONTACTS) as database:
        yield database


def short_call(house: Database, sid: str, at: datetime, caller: str = WITHHELD_CALLER) -> ACall:
    """They press 1 and hang up while the first telephone rings, if it does."""
    call = critical_at_night(house, sid, caller=caller, start=at)
    call.hangs_up()
    return call


def the_worker_works(house: Database, now: datetime, network: ANetwork) -> None:
    """It sends what is due, begins rounds that nobody answers, and audits."""
    if begin_due_rounds(house, now):
        with house.read() as connection:
            going_on = [each.call.sid for each in open_rounds(connection, now)]
        for sid in going_on:
            nobody_answers(house, now, sid)
    audit(house, NO_FILES, now)
    while do_next_job(house, cast(Sender, network), texts(), now):
        pass


def flood(house: Database, callers: list[str], network: ANetwork | None = None) -> ANetwork:
    """One short call a minute, while the worker works; nobody of the duty ever answers."""
    network = network or ANetwork()
    for minute, caller in enumerate(callers):
        at = NIGHT + minute * MINUTE
        short_call(house, f"CA-flood-{minute}", at, caller)
        for seconds in (10, 30, 50):
            the_worker_works(house, at + timedelta(seconds=seconds), network)
    return network


def wakes(house: Database, *, rounds: bool) -> Counter[str]:
    """In how many calls, or rounds, each person was rung."""
    with house.read() as connection:
        legs = connection.execute(select(LegRow.person, LegRow.call_sid).distinct()).all()
    return Counter(leg.person for leg in legs if leg.call_sid.startswith("round-") == rounds)


def tickets(house: Database) -> list[int]:
    with house.read() as connection:
        return list(connection.execute(select(TicketRow.number)).scalars())


def rings_for(house: Database, caller: str, at: datetime, sid: str = "CA-customer") -> list[str]:
    """Whom a critical call rings first."""
    call = ACall(house, sid, caller=caller, start=at)
    call.arrives()
    answer = call.presses("1")
    if call.stored.place is Place.DUTY_MENU:  # it was asked whether it is the same case
        answer = call.presses("1")
    script = answer.script
    call.hangs_up()
    return [callee.number for callee in script.callees] if isinstance(script, Ring) else []


def test_sixty_withheld_calls_are_one_case_and_a_customer_is_still_put_through(
    house: Database,
) -> None:
    network = flood(house, [WITHHELD_CALLER] * 60)

    [ticket] = tickets(house)
    in_calls, in_rounds = wakes(house, rounds=False), wakes(house, rounds=True)
    assert in_calls == dict.fromkeys(OF_DUTY, LIMIT), "sixty calls rang each of them a few times"
    assert set(in_rounds) == OF_DUTY
    assert max(in_rounds.values()) <= ROUNDS_AN_HOUR, "as for any one ticket"

    sms = Counter(each["to"] for each in network.did("sms"))
    told_of_case, told_of_rounds = 1, max(in_rounds.values())
    assert sms[DUTY_1] == sms[DUTY_2] == told_of_case + told_of_rounds
    flooded = [each for each in network.did("sms") if "STENG SKJULT" in str(each["body"])]
    assert [each["to"] for each in flooded] == [LEADER], "the contacts are alarmed, once an hour"

    after = NIGHT + 60 * MINUTE
    assert rings_for(house, CALLER, after) == [DUTY_1]
    assert len(tickets(house)) == 2
    with house.read() as connection:
        about = connection.execute(select(TicketRow.calls).where(TicketRow.number == ticket))
        assert about.scalar() == 60


def test_sixty_unknown_numbers_are_sixty_cases_that_ring_as_often_as_one(house: Database) -> None:
    network = flood(house, [f"+47490098{count:02}" for count in range(40)])

    assert len(tickets(house)) == 40, "each number has its own case"
    assert wakes(house, rounds=False) == dict.fromkeys(OF_DUTY, LIMIT)
    assert max(wakes(house, rounds=True).values()) <= ROUNDS_AN_HOUR
    told = Counter(each["to"] for each in network.did("sms"))
    assert told[DUTY_1] <= LIMIT + ROUNDS_AN_HOUR
    assert rings_for(house, CALLER, NIGHT + 40 * MINUTE) == [DUTY_1]


SHARED = [
    pytest.param("+4720000210", id="a line of another desk"),
    pytest.param(SUPPORT, id="a line of this desk"),
    pytest.param(DUTY_2, id="a telephone of the duty"),
    pytest.param("+18005551212", id="a service number"),
    pytest.param("+47490098", id="an impossible number"),
    pytest.param("02800", id="a short number"),
]


@pytest.mark.parametrize("caller", SHARED)
def test_a_number_that_many_people_share_is_joined_to_no_earlier_ticket(
    house: Database, caller: str
) -> None:
    move_in(house, WITH_CONTACTS, OTHERS)
    short_call(house, "CA1", NIGHT, caller)
    second = ACall(house, "CA2", caller=caller, start=later(60))
    arrived = second.arrives()
    assert arrived.call.open_case is None, "nobody hears of it"
    second.presses("1")
    assert len(tickets(house)) == 2
    assert second.stored.ticket
    assert second.stored.ticket.joined == 0


def test_who_is_foreseen_to_call_from_a_line_of_another_desk_is_nobody_either(
    house: Database,
) -> None:
    move_in(house, WITH_CONTACTS, OTHERS)
    asked = WhatIf(SUPPORT, "+4720000210", NIGHT.isoformat())
    assert foresee(house, asked, NIGHT).facts.caller_is_line


@pytest.mark.parametrize("placeholder", ["+266696687", "+7378742833", "anonymous", "Restricted"])
def test_a_placeholder_of_a_hidden_number_is_one_more_withheld_call(
    house: Database, placeholder: str
) -> None:
    short_call(house, "CA1", NIGHT)
    hidden = short_call(house, "CA2", later(60), placeholder)
    assert len(tickets(house)) == 1
    assert hidden.stored.caller == NOBODY


def test_strangers_who_are_rung_for_again_and_again_cannot_use_up_the_customers_room(
    migrated_url: str,
) -> None:
    tight = folder(
        desk=DESK_TOML + "\n[ceilings]\nrings_per_hour = 3\nstranger_wakes_per_hour = 60"
    )
    with a_house(migrated_url, tight) as house:
        for count in range(5):
            short_call(house, f"CA{count}", NIGHT + count * MINUTE)
        limited = [call for call in _calls(house) if call.rate_limited]
        assert [call.sid for call in limited] == ["CA3", "CA4"]
        assert {call.rate_limited for call in limited} == {RateLimit.STRANGERS}
        at = NIGHT + 6 * MINUTE
        assert [rings_for(house, CALLER, at, f"CB{n}") for n in range(4)] == [[DUTY_1]] * 3 + [[]]


def test_a_customer_at_the_customers_own_limit_is_rung_about_in_a_round_and_alarmed(
    migrated_url: str,
) -> None:
    desk = WITH_CONTACTS.desk
    assert desk
    toml = (
        DESK_TOML
        + f'\n[ceilings]\nrings_per_hour = 1\n[[contacts]]\nrole = "L"\nphone = "{LEADER}"'
    )
    with a_house(migrated_url, folder(desk=toml)) as house:
        short_call(house, "CA1", NIGHT, "+4749009002")
        call = ACall(house, "CA2", start=later(90))
        call.arrives()
        before_the_tone = _says(call.presses("1"))
        assert call.stored.place is Place.MESSAGE
        assert call.stored.rate_limited is RateLimit.CUSTOMERS
        last = _says(call.does(Recorded(12, "RE-2")))
        assert [*before_the_tone, *last].count("contacts_are_told") == 1
        assert last == ["message_taken", "rounds_begin"]
        found = audit(house, NO_FILES, later(200))
        assert AlarmKind.RINGS_USED_UP in [alarm.kind for alarm in found.raised]
        assert begin_due_rounds(house, later(200)) == 1, "a full hour ends no round"


def test_calls_that_keep_coming_put_no_round_off(house: Database) -> None:
    short_call(house, "CA1", NIGHT)
    for count in range(len(OF_DUTY) * LIMIT):  # they use up what strangers may ring
        short_call(house, f"CA-{count}", later(count))
    began = 0
    for count in range(30):
        at = later(60 + 10 * count)
        call = critical_at_night(house, f"CB{count}", caller=WITHHELD_CALLER, start=at)
        assert call.stored.place is Place.MESSAGE, "it stays on the line"
        began += begin_due_rounds(house, at)
    assert began >= 1


def test_whoever_took_a_strangers_case_is_rung_for_the_next_call_and_told_of_a_message(
    house: Database,
) -> None:
    def withheld(sid: str, seconds: int) -> ACall:
        start = later(seconds)
        return critical_at_night(house, sid, caller=WITHHELD_CALLER, start=start)

    first = withheld("CA1", 0)
    first.somebody_accepts(1)
    first.hangs_up()
    for count in range(1, LIMIT):
        again = withheld(f"CA-{count}", 60 * count)
        assert [leg.callee.number for leg in again.stored.ringing] == [DUTY_1]
        again.hangs_up()
    for count in (10, 11):
        spared = withheld(f"CB{count}", 60 * count)
        while spared.stored.place is Place.DUTY_RINGS:  # the others were not rung often yet
            spared.nobody_answers()
        assert "duty-1" not in {leg.callee.person for leg in spared.stored.legs}
        spared.does(Recorded(9, f"RE{count}"))
    network = ANetwork()
    while do_next_job(house, cast(Sender, network), texts(), later(700)):
        pass
    assert len(tickets(house)) == 1
    told = [each for each in network.did("sms") if "talebeskjed" in str(each["body"])]
    assert [each["to"] for each in told] == [DUTY_1], "once an hour"


def test_while_closed_to_withheld_numbers_a_critical_message_is_rung_about(house: Database) -> None:
    closed = Block(DESK, WITHHELD, "a flood", later(3600), "Teamleiar", NIGHT)
    house.write(partial(put_block, block=closed))
    silent = ACall(house, "CA1", caller=WITHHELD_CALLER)
    silent.arrives()
    silent.does(Recorded(0))
    speaks = ACall(house, "CA2", caller=WITHHELD_CALLER)
    speaks.arrives()
    assert speaks.stored.place is Place.CLOSED_TO_CALLER
    speaks.does(Recorded(9, "RE2"))
    assert speaks.stored.place is Place.MESSAGE_TAKEN
    assert not wakes(house, rounds=False), "nobody is rung in the call"
    assert len(tickets(house)) == 1
    assert begin_due_rounds(house, later(70)) == 1, "and in a round"
    assert rings_for(house, CALLER, later(80)) == [DUTY_1]
    assert ACall(house, "CA3", caller=WITHHELD_CALLER, start=later(3700)).arrives().call.place is (
        Place.DUTY_MENU
    )


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
    one_house: Database, evening: Evening, calls: list[tuple[str, str, int]]
) -> None:
    for caller, end, pause in calls:
        evening.calls += 1
        evening.now += timedelta(seconds=pause)
        _strangers_call(one_house, f"CA{evening.calls}", caller, end, evening.now)
        begin_due_rounds(one_house, evening.now)
    evening.calls += 1
    assert rings_for(one_house, CALLER, evening.now, f"CA{evening.calls}") == [DUTY_1]
    assert all(count <= LIMIT for count in _wakes_of_the_last_hour(one_house, evening.now).values())


@pytest.fixture
def evening() -> Evening:
    return Evening()


def _strangers_call(house: Database, sid: str, caller: str, end: str, at: datetime) -> None:
    call = ACall(house, sid, caller=caller, start=at)
    call.arrives()
    if call.stored.place is Place.SAME_CASE:
        call.presses("5")
    call.presses("0" if end == "0" else "1")
    if end == "accepted" and call.stored.ringing:
        leg = call.stored.ringing[0].id
        take_leg_turn(house, sid, LegAnswered(leg, f"{sid}-{leg}"), at)
        take_leg_turn(house, sid, LegPressed(leg, "1"), at, heard=1)
    if end in ("nobody", "speaks"):
        while call.stored.place in (Place.DUTY_RINGS, Place.WHO_HAS_IT_RINGS):
            call.nobody_answers()
    if end == "speaks" and call.stored.place is Place.MESSAGE:
        call.does(Recorded(9, f"RE-{sid}"))
    call.hangs_up()


def _wakes_of_the_last_hour(house: Database, now: datetime) -> Counter[str]:
    rung = select(LegRow.person, LegRow.call_sid).where(
        LegRow.for_stranger.is_(True),
        LegRow.placed_at > now - timedelta(hours=1),
        LegRow.call_sid.not_like("round-%"),
    )
    with house.read() as connection:
        legs = connection.execute(rung.distinct()).all()
    return Counter(leg.person for leg in legs)


def _says(answer: Answer) -> list[str]:
    assert not isinstance(answer.script, Bridge | Silent)
    return [sentence.key for sentence in answer.script.says]


def _calls(house: Database) -> list[CallRow]:
    with house.read() as connection:
        rows = connection.execute(
            select(CallRow.sid, CallRow.rate_limited).order_by(CallRow.started_at)
        )
        return list(rows)  # type: ignore[arg-type]
