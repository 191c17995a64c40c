"""What callers left at the network while the whole house was away becomes tickets, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.actions.gather_messages import Gathering
from app.actions.rounds import begin_due_rounds
from app.actions.take_turn import answer_call, hang_up, take_turn
from app.actions.tick import do_next_job
from app.domain.call import Pressed, Recorded
from app.domain.desk import LineKind, Priority
from app.domain.documents.reading import read_folder
from app.domain.forgetting import Kept
from app.domain.left_there import CallThere, LeftMessage
from app.domain.people import parse_number
from app.exchange.exchange import Exchange
from app.exchange.faults.read import read_faults
from app.exchange.faults.rules import Faults
from app.phone.left_there import Network
from app.phone.sender import NotSent, Sender
from app.settings import Settings
from app.store import Database
from app.store.tables import CallRow, RecordingRow, TicketRow
from app.voice_prompts import texts
from tests.a_house import CALLER, DUTY, NIGHT, SUPPORT, a_house, later
from tests.desks import folder_files, line_number, shipped
from tests.phone import test_static_lifeline as outage

BACK = outage.NIGHT + timedelta(hours=3)
AWAY = read_faults({"rest": [{"status": 503, "code": 20500, "match": "Calls"}]})
DUTY_LINE = line_number(shipped("brukarstotte"), LineKind.DUTY)


@pytest.fixture
def shipped_house(migrated_url: str) -> Iterator[Database]:
    desks = (read_folder(folder_files(desk), desk) for desk in ("brukarstotte", "dekode"))
    with a_house(migrated_url, *desks) as database:
        for line in (DUTY_LINE, line_number(shipped("dekode"))):
            the_day_before(database, line)
        yield database


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url) as database:
        the_day_before(database, DUTY)
        yield database


def the_day_before(house: Database, line: str) -> None:
    """Somebody phones and hangs up: the desk is at work."""
    sid = f"CA-before-{line}"
    answer_call(house, sid, line, parse_number(""), NIGHT - timedelta(days=1))
    hang_up(house, sid, NIGHT - timedelta(days=1))


def sender(exchange: Exchange) -> Sender:
    return Sender(
        Settings.model_validate(
            {
                "secret_key": "of the test",
                "public_url": outage.DEAD,
                "twilio_account_sid": exchange.config.account_sid,
                "twilio_auth_token": exchange.config.auth_token,
                "twilio_api_url": exchange.address,
            }
        )
    )


def tickets(house: Database) -> list[TicketRow]:
    with house.read() as connection:
        return list(connection.execute(select(TicketRow.__table__)).all())  # type: ignore[arg-type]


def leaves_a_message(exchange: Exchange, line: str, script: str) -> str:
    sid = exchange.call(outage.CALLER, line, script=script, at=outage.NIGHT)
    exchange.wait(sid)
    return sid


def test_a_message_on_the_duty_line_at_night_is_a_critical_ticket_as_of_that_night(
    shipped_house: Database, tmp_path: Path
) -> None:
    with outage.away(tmp_path, outage.BRUKARSTOTTE, outage.NIGHT, {}) as exchange:
        sid = leaves_a_message(exchange, DUTY_LINE, "speak 7")
        network = Network(sender(exchange))

        assert Gathering(shipped_house, network).gather(BACK) == 1
        assert Gathering(shipped_house, network).gather(BACK) == 0, "once, whoever looks"

        [ticket] = tickets(shipped_house)
        assert (ticket.desk, ticket.priority, ticket.call_sid) == (
            "brukarstotte",
            Priority.CRITICAL,
            sid,
        )
        assert ticket.caller == outage.CALLER
        assert timedelta(0) < ticket.created_at - outage.NIGHT < timedelta(minutes=5)
        assert ticket.offset_seconds == 0, "from now on it is real time"

        assert begin_due_rounds(shipped_house, BACK) == 0
        assert begin_due_rounds(shipped_house, BACK + timedelta(minutes=1)) == 1, "it is rung about"

        for _ in range(10):
            do_next_job(shipped_house, sender(exchange), texts(), BACK + timedelta(minutes=1))
        with shipped_house.read() as connection:
            [recording] = connection.execute(select(RecordingRow.__table__)).all()
        assert recording.ticket == ticket.number
        assert recording.deleted_there_at
        assert not exchange.office.recordings.all(), "it is with us now"
        assert Gathering(shipped_house, network).gather(BACK) == 0


def test_on_the_support_line_it_is_critical_where_the_duty_was_rung(
    shipped_house: Database, tmp_path: Path
) -> None:
    facts = shipped("dekode")
    with outage.away(tmp_path, facts, outage.NIGHT, {}) as exchange:
        critical = leaves_a_message(exchange, line_number(facts), "1,speak 7")
        patient = leaves_a_message(exchange, line_number(facts), "-,speak 7")
        assert Gathering(shipped_house, Network(sender(exchange))).gather(BACK) == 2

    found = {ticket.call_sid: ticket.priority for ticket in tickets(shipped_house)}
    assert found == {critical: Priority.CRITICAL, patient: Priority.MEDIUM}
    assert begin_due_rounds(shipped_house, BACK + timedelta(minutes=1)) == 1


def test_a_network_that_does_not_tell_is_asked_again(
    shipped_house: Database, tmp_path: Path
) -> None:
    with outage.away(tmp_path, outage.BRUKARSTOTTE, outage.NIGHT, {}) as exchange:
        leaves_a_message(exchange, DUTY_LINE, "speak 7")
        gathering = Gathering(shipped_house, Network(sender(exchange)))
        exchange.set_faults(AWAY)
        with pytest.raises(NotSent):
            gathering.gather(BACK)
        assert tickets(shipped_house) == []
        exchange.set_faults(Faults())
        assert gathering.gather(BACK) == 1


# --- what is left alone ------------------------------------------------------------------


@dataclass
class ANetwork:
    """Stands where phone/left_there.py's Network stands."""

    left: list[LeftMessage] = field(default_factory=list)
    calls: dict[str, CallThere] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def messages(self, since: datetime) -> tuple[LeftMessage, ...]:
        return tuple(message for message in self.left if message.at >= since)

    def call(self, sid: str) -> CallThere | None:
        self.asked.append(sid)
        return self.calls.get(sid)


def one_message(line: str = DUTY, *, at: datetime = NIGHT, sid: str = "CA1") -> ANetwork:
    message = LeftMessage("RE1", sid, 7, at)
    return ANetwork([message], {sid: CallThere(line, CALLER, at)})


def test_a_message_that_may_still_come_by_our_own_way_is_waited_for(house: Database) -> None:
    network = one_message()
    gathering = Gathering(house, network)
    assert gathering.gather(later(9 * 60)) == 0
    assert gathering.gather(later(15 * 60), waiting=frozenset({"CA1"})) == 0
    assert gathering.gather(later(20 * 60)) == 1


def test_another_service_on_the_account_keeps_its_recordings(house: Database) -> None:
    network = one_message("+4720000999")
    gathering = Gathering(house, network)
    assert gathering.gather(later(3600)) == 0
    assert gathering.gather(later(7200)) == 0
    assert network.asked == ["CA1"], "it is asked about once"


def test_what_was_left_before_the_desk_took_its_first_call_is_not_ours(house: Database) -> None:
    network = one_message(at=NIGHT - timedelta(days=2))
    assert Gathering(house, network).gather(later(3600)) == 0
    assert tickets(house) == []


def test_what_our_own_call_has_is_not_taken_again(house: Database) -> None:
    answer_call(house, "CA1", SUPPORT, parse_number(CALLER), NIGHT)
    take_turn(house, "CA1", 1, Pressed("0"), later(5))
    take_turn(house, "CA1", 2, Recorded(7, "RE1", caller_gone=True), later(20))
    assert len(tickets(house)) == 1
    assert Gathering(house, one_message()).gather(later(3600)) == 0
    assert len(tickets(house)) == 1


def test_a_call_that_the_house_lost_in_the_middle_gets_the_message_on_its_own_ticket(
    house: Database,
) -> None:
    answer_call(house, "CA1", DUTY, parse_number(CALLER), NIGHT)
    take_turn(house, "CA1", 1, Pressed("1"), later(5))  # the duty rings, and the host goes
    [ticket] = tickets(house)

    assert Gathering(house, one_message(at=later(60))).gather(later(3600)) == 1
    assert [each.number for each in tickets(house)] == [ticket.number]
    network = one_message(at=later(60))
    network.left.append(LeftMessage("RE2", "CA1", 12, later(300)))
    assert Gathering(house, network).gather(later(3600)) == 1, "the second one too"
    hang_up(house, "CA1", later(3700))
    assert len(tickets(house)) == 1


def test_what_was_forgotten_or_erased_stays_so(house: Database) -> None:
    answer_call(house, "CA1", DUTY, parse_number(CALLER), NIGHT)
    house.write(lambda rows: rows.execute(update(CallRow).values(kept=Kept.FIGURES)))
    assert Gathering(house, one_message()).gather(later(3600)) == 0
    assert tickets(house) == []
