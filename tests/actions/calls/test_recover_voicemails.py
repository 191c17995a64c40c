"""What callers left at the network while the whole site was away becomes tickets, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.calls.recover_voicemails import VoicemailRecovery
from app.actions.outbox.outbox_worker import do_next_job
from app.domain.calls.call import Pressed, Recorded
from app.domain.config.folder_reader import read_folder
from app.domain.desks.desk import LineKind, Priority
from app.domain.health.provider_records import ProviderCall, ProviderRecording
from app.domain.numbers import parse_number
from app.domain.privacy.anonymise import RetentionLevel
from app.gateways.send_failures import SendFailure
from app.gateways.sender import Sender
from app.gateways.twilio.voicemails import ProviderVoicemails
from app.settings import Settings
from app.store import Database
from app.store.tables import CallRow, RecordingRow, TicketRow
from app.voice_prompts import texts
from exchange.exchange import Exchange
from exchange.faults.read import read_faults
from exchange.faults.rules import Faults
from tests.gateways import test_site_outage_twiml as outage
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import CALLER, DUTY, NIGHT, SUPPORT, later, sample_database
from tests.support.shipped_desks import folder_files, line_number, shipped
from tests.support.turns import answer_call, hang_up, take_turn

BACK = outage.NIGHT + timedelta(hours=3)
AWAY = read_faults({"rest": [{"status": 503, "code": 20500, "match": "Calls"}]})
DUTY_LINE = line_number(shipped("brukarstotte"), LineKind.DUTY)


@pytest.fixture
def shipped_database(migrated_url: str) -> Iterator[Database]:
    desks = (read_folder(folder_files(desk), desk) for desk in ("brukarstotte", "dekode"))
    with sample_database(migrated_url, *desks) as database:
        for line in (DUTY_LINE, line_number(shipped("dekode"))):
            the_day_before(database, line)
        yield database


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url) as database:
        the_day_before(database, DUTY)
        yield database


def the_day_before(database: Database, line: str) -> None:
    """Somebody phones and hangs up: the desk is at work."""
    sid = f"CA-before-{line}"
    answer_call(database, sid, line, parse_number(""), NIGHT - timedelta(days=1))
    hang_up(database, sid, NIGHT - timedelta(days=1))


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


def tickets(database: Database) -> list[TicketRow]:
    with database.read() as connection:
        return list(connection.execute(select(TicketRow.__table__)).all())  # type: ignore[arg-type]


def leaves_a_message(exchange: Exchange, line: str, script: str) -> str:
    sid = exchange.call(outage.CALLER, line, script=script, at=outage.NIGHT)
    exchange.wait(sid)
    return sid


@ONE_DATABASE
def test_a_message_on_the_duty_line_at_night_is_a_critical_ticket_as_of_that_night(
    shipped_database: Database, tmp_path: Path
) -> None:
    with outage.away(tmp_path, outage.BRUKARSTOTTE, outage.NIGHT, {}) as exchange:
        sid = leaves_a_message(exchange, DUTY_LINE, "speak 7")
        network = ProviderVoicemails(sender(exchange))

        assert VoicemailRecovery(shipped_database, network).recover(BACK) == 1
        assert VoicemailRecovery(shipped_database, network).recover(BACK) == 0, (
            "once, whoever looks"
        )

        [ticket] = tickets(shipped_database)
        assert (ticket.desk, ticket.priority, ticket.call_sid) == (
            "brukarstotte",
            Priority.CRITICAL,
            sid,
        )
        assert ticket.caller == outage.CALLER
        assert timedelta(0) < ticket.created_at - outage.NIGHT < timedelta(minutes=5)
        assert ticket.offset_seconds == 0, "from now on it is real time"

        assert begin_due_call_outs(shipped_database, BACK) == 1, "nobody was rung a moment ago"

        for _ in range(10):
            do_next_job(shipped_database, sender(exchange), texts(), BACK + timedelta(minutes=1))
        with shipped_database.read() as connection:
            [recording] = connection.execute(select(RecordingRow.__table__)).all()
        assert recording.ticket == ticket.number
        assert recording.deleted_at_provider_at
        assert not exchange.network.recordings.all(), "it is with us now"
        assert VoicemailRecovery(shipped_database, network).recover(BACK) == 0


@ONE_DATABASE
def test_on_the_support_line_it_is_critical_where_the_duty_was_rung(
    shipped_database: Database, tmp_path: Path
) -> None:
    facts = shipped("dekode")
    with outage.away(tmp_path, facts, outage.NIGHT, {}) as exchange:
        critical = leaves_a_message(exchange, line_number(facts), "1,speak 7")
        patient = leaves_a_message(exchange, line_number(facts), "-,speak 7")
        assert (
            VoicemailRecovery(shipped_database, ProviderVoicemails(sender(exchange))).recover(BACK)
            == 2
        )

    found = {ticket.call_sid: ticket.priority for ticket in tickets(shipped_database)}
    assert found == {critical: Priority.CRITICAL, patient: Priority.MEDIUM}
    assert begin_due_call_outs(shipped_database, BACK + timedelta(minutes=1)) == 1


def test_a_network_that_does_not_tell_is_asked_again(
    shipped_database: Database, tmp_path: Path
) -> None:
    with outage.away(tmp_path, outage.BRUKARSTOTTE, outage.NIGHT, {}) as exchange:
        leaves_a_message(exchange, DUTY_LINE, "speak 7")
        recovery = VoicemailRecovery(shipped_database, ProviderVoicemails(sender(exchange)))
        exchange.set_faults(AWAY)
        with pytest.raises(SendFailure):
            recovery.recover(BACK)
        assert tickets(shipped_database) == []
        exchange.set_faults(Faults())
        assert recovery.recover(BACK) == 1


# --- what is left alone ------------------------------------------------------------------


@dataclass
class ANetwork:
    """Stands where the ProviderVoicemails of gateways/twilio/voicemails.py stand."""

    left: list[ProviderRecording] = field(default_factory=list)
    calls: dict[str, ProviderCall] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def messages(self, since: datetime) -> tuple[ProviderRecording, ...]:
        return tuple(message for message in self.left if message.at >= since)

    def call(self, sid: str) -> ProviderCall | None:
        self.asked.append(sid)
        return self.calls.get(sid)


def one_message(line: str = DUTY, *, at: datetime = NIGHT, sid: str = "CA1") -> ANetwork:
    message = ProviderRecording("RE1", sid, 7, at)
    return ANetwork([message], {sid: ProviderCall(line, CALLER, at)})


@ONE_DATABASE
def test_a_message_that_may_still_come_by_our_own_way_is_waited_for(database: Database) -> None:
    network = one_message()
    recovery = VoicemailRecovery(database, network)
    assert recovery.recover(later(9 * 60)) == 0
    assert recovery.recover(later(15 * 60), waiting=frozenset({"CA1"})) == 0
    assert recovery.recover(later(20 * 60)) == 1


@ONE_DATABASE
def test_another_service_on_the_account_keeps_its_recordings(database: Database) -> None:
    network = one_message("+4720000999")
    recovery = VoicemailRecovery(database, network)
    assert recovery.recover(later(3600)) == 0
    assert recovery.recover(later(7200)) == 0
    assert network.asked == ["CA1"], "it is asked about once"


@ONE_DATABASE
def test_what_was_left_before_the_desk_took_its_first_call_is_not_ours(database: Database) -> None:
    network = one_message(at=NIGHT - timedelta(days=2))
    assert VoicemailRecovery(database, network).recover(later(3600)) == 0
    assert tickets(database) == []


@ONE_DATABASE
def test_what_our_own_call_has_is_not_taken_again(database: Database) -> None:
    answer_call(database, "CA1", SUPPORT, parse_number(CALLER), NIGHT)
    take_turn(database, "CA1", 1, Pressed("0"), later(5))
    take_turn(database, "CA1", 2, Recorded(7, "RE1", caller_gone=True), later(20))
    assert len(tickets(database)) == 1
    assert VoicemailRecovery(database, one_message()).recover(later(3600)) == 0
    assert len(tickets(database)) == 1


@ONE_DATABASE
def test_a_call_that_the_house_lost_in_the_middle_gets_the_message_on_its_own_ticket(
    database: Database,
) -> None:
    answer_call(database, "CA1", DUTY, parse_number(CALLER), NIGHT)
    take_turn(database, "CA1", 1, Pressed("1"), later(5))  # the duty rings, and the host goes
    [ticket] = tickets(database)

    assert VoicemailRecovery(database, one_message(at=later(60))).recover(later(3600)) == 1
    assert [each.number for each in tickets(database)] == [ticket.number]
    network = one_message(at=later(60))
    network.left.append(ProviderRecording("RE2", "CA1", 12, later(300)))
    assert VoicemailRecovery(database, network).recover(later(3600)) == 1, "the second one too"
    hang_up(database, "CA1", later(3700))
    assert len(tickets(database)) == 1


def test_what_was_forgotten_or_erased_stays_so(database: Database) -> None:
    answer_call(database, "CA1", DUTY, parse_number(CALLER), NIGHT)
    database.write(
        lambda rows: rows.execute(update(CallRow).values(retained=RetentionLevel.FIGURES))
    )
    assert VoicemailRecovery(database, one_message()).recover(later(3600)) == 0
    assert tickets(database) == []
