"""Callers write to a desk: told conversations, and what stands on the ticket afterwards."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.callouts.night_page import look_at_case
from app.actions.messages.caller_sms import STRANGERS_ALLOWED
from app.actions.messages.take_sms import take_sms
from app.actions.privacy.purge import purge_batch
from app.actions.tickets.move_ticket import Close, MoveRequest, move_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.config.folder_reader import read_folder
from app.domain.desks.desk import Priority
from app.domain.hunts.night_link import DutySms
from app.domain.tickets.ticket import Source, Ticket, WakesDuty
from app.store import Database
from app.store.blocked_numbers import Block, put_block
from app.store.call_out_rows import load_call_out
from app.store.sms import ReceivedSms, written_about
from app.store.tables import JobRow, SmsCaseRow
from app.store.ticket_lists import TicketFilter, find_ticket, list_tickets, ticket_events
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import (
    CALLER,
    DAY,
    DESK,
    DUTY,
    NIGHT,
    STRANGER,
    SUPPORT,
    sample_database,
)
from tests.support.shipped_desks import DESKS, folder_files, oslo
from tests.support.stored_call import critical_at_night
from tests.support.told_sms import Conversation

FIRST_LINE = "+4749009201"
PEOPLE = {
    "Kunde": CALLER, "Ukjent": STRANGER, "Førstelinje": FIRST_LINE, "Sentralbord": "+4720009001",
    "Teknisk": "+4749009002",
}  # fmt: skip
ASKS = (
    "Fjordhjelp: Sak {} er registrert. Hvor viktig? Svar 1 kritisk, 2 høy, 3 middels, 4 lav. "
    "Haster det, ring 20 00 09 01."
)


@pytest.fixture
def talk(database: Database) -> Conversation:
    return Conversation(database, PEOPLE, line=SUPPORT)


def ticket(database: Database, number: int = 1001) -> Ticket:
    with database.read() as connection:
        found = find_ticket(connection, number)
    assert found
    return found


def tickets(database: Database) -> list[int]:
    with database.read() as connection:
        return [each.number for each in list_tickets(connection, TicketFilter(limit=100))]


@ONE_DATABASE
def test_an_sms_opens_a_ticket_and_a_confirmed_1_wakes_the_duty(
    talk: Conversation, database: Database
) -> None:
    talk.reads(f"""
        Kunde > Journalen svarer ikke
        Kunde < {ASKS.format(1001)}
        Kunde > Vi står helt fast!
        Kunde < {ASKS.format(1001)}
        Kunde > 1.
        Kunde < Fjordhjelp: Liv og helse. Stemmer det for sak 1001, svar 1. Svar 2 for å velge på
            nytt.
        Kunde > 2
        Kunde < {ASKS.format(1001)}
        Kunde > 1
        Kunde < Fjordhjelp: Liv og helse. Stemmer det for sak 1001, svar 1. Svar 2 for å velge på
            nytt.
        Kunde > 1
        Kunde < Fjordhjelp: Sak 1001 har nå prioriteten kritisk, og vi ringer vakten om den. Blir
            det verre, ring 20 00 09 02.
        Kunde > 1
        Kunde < Fjordhjelp: Sak 1001 har prioriteten kritisk alt.
        Kunde > 3
        Kunde < Fjordhjelp: Sak 1001 har prioriteten kritisk, og den settes ikke lavere på SMS. Ring
            20 00 09 01.
        Kunde > takk!
    """)
    opened = ticket(database)
    assert (opened.source, opened.customer, opened.priority, opened.subject) == (
        Source.SMS, "9001", Priority.CRITICAL, "",
    )  # fmt: skip
    begin_due_call_outs(database, talk.now)
    with database.read() as connection:
        rung = load_call_out(connection, "call-out-1001-1")
        events = ticket_events(connection, 1001)
    assert rung
    assert [leg.callee.person for leg in rung.legs] == ["duty-1"]
    written = [each.facts["words"] for each in events if str(each.kind) == "sms_received"]
    assert written == ["Journalen svarer ikke", "Vi står helt fast!"]
    assert "Duty 1 < Fjordhjelp: Ingen har tatt sak 1001, kritisk." in "".join(sms_to_duty(talk))


def sms_to_duty(talk: Conversation) -> list[str]:
    talk.numbers = {**PEOPLE, "Duty 1": "+4749009101", "Duty 2": "+4749009102"}
    told = talk.sent()
    assert all("SMS fra +4749009001" in each for each in told)
    return told


@ONE_DATABASE
def test_other_levels_are_set_at_once_and_only_raised(talk: Conversation) -> None:
    talk.reads(f"""
        Ukjent > Skriveren står
        Ukjent < {ASKS.format(1001)}
        Ukjent > 3
        Ukjent < Fjordhjelp: Sak 1001 har nå prioriteten middels. Blir det verre, ring 20 00 09 01.
        Ukjent > 2
        Ukjent < Fjordhjelp: Sak 1001 har nå prioriteten høy. Blir det verre, ring 20 00 09 01.
        Ukjent > 1
        Ukjent < Fjordhjelp: Liv og helse. Stemmer det for sak 1001, svar 1. Svar 2 for å velge på
            nytt.
        Ukjent > 4
        Ukjent < Fjordhjelp: Liv og helse. Stemmer det for sak 1001, svar 1. Svar 2 for å velge på
            nytt.
    """)


@ONE_DATABASE
def test_late_and_unknown_answers_are_answered_and_lose_nothing(
    talk: Conversation, database: Database
) -> None:
    talk.reads(f"""
        Ukjent > 1
        Ukjent < Fjordhjelp: Vi vet ikke hvilken sak svaret gjelder. Skriv hva det dreier seg om,
            eller ring 20 00 09 01.
        Ukjent > ok
        Ukjent > Skriveren står
        Ukjent < {ASKS.format(1001)}
        + 90 min
        Ukjent > 3
        Ukjent < Fjordhjelp: Sak 1001 har nå prioriteten middels. Blir det verre, ring 20 00 09 01.
        Ukjent > Nå står den andre også
        Ukjent < {ASKS.format(1002)}
        Ukjent > 7
        Ukjent < {ASKS.format(1002)}
        + 1500 min
        Ukjent > 2
        Ukjent < Fjordhjelp: Vi vet ikke hvilken sak svaret gjelder. Skriv hva det dreier seg om,
            eller ring 20 00 09 01.
    """)
    leader = Actor(ActorKind.COMMAND, "Leiar")
    talk.writes("Ukjent", "Og enda en")
    move_ticket(database, MoveRequest(1003, Close(), leader), talk.now)
    talk.reads(f"""
        Ukjent > 2
        Ukjent < Fjordhjelp: Sak 1003 er lukket. Skriv hva det gjelder, så registrerer vi en ny.
        Ukjent > Den virker ikke
        Ukjent < {ASKS.format(1004)}
    """)


@ONE_DATABASE
def test_who_has_called_about_it_adds_what_they_write_to_the_same_ticket(
    database: Database,
) -> None:
    critical_at_night(database, start=NIGHT).hangs_up()
    talk = Conversation(database, {**PEOPLE, "Duty 1": "+4749009101", "Duty 2": "+4749009102"})
    talk.sent()
    talk.reads("""
        Kunde > Det gjelder hele huset
        Kunde < Fjordhjelp: Det du skrev, er lagt til sak 1001. Haster det, ring 20 00 09 02.
        Kunde > Er du der? Jeg er ute til mandag, dette er et autosvar
    """)
    with database.read() as connection:
        assert len(written_about(connection, 1001)) == 2
    assert tickets(database) == [1001]


@ONE_DATABASE
def test_in_the_day_nobody_is_rung_and_that_is_said(talk: Conversation) -> None:
    talk.now = DAY
    for body in ("Journalen svarer ikke", "1"):
        talk.writes("Kunde", body)
    assert talk.writes("Kunde", "1") == [
        "Kunde < Fjordhjelp: Sak 1001 har nå prioriteten kritisk, men vi ringer ingen om den av "
        "oss selv. Ring 20 00 09 01."
    ]


@ONE_DATABASE
def test_what_is_confirmed_on_the_duty_line_wakes_whatever_is_agreed(
    talk: Conversation, database: Database
) -> None:
    talk.line = DUTY
    for body in ("Journalen svarer ikke", "1", "1"):
        talk.writes("Ukjent", body)
    assert ticket(database).wakes_duty is WakesDuty.CONFIRMED


@ONE_DATABASE
def test_an_sms_that_is_posted_again_opens_no_second_ticket_and_confirms_nothing(
    talk: Conversation, database: Database
) -> None:
    first = talk.writes("Kunde", "Journalen svarer ikke", "SM8")
    assert talk.writes("Kunde", "Journalen svarer ikke", "SM8") == first
    confirm = talk.writes("Kunde", "1", "SM9")
    assert talk.writes("Kunde", "1", "SM9") == confirm
    assert tickets(database) == [1001]
    assert ticket(database).priority is Priority.MEDIUM


@ONE_DATABASE
def test_nobodys_numbers_and_blocked_ones_open_nothing(
    talk: Conversation, database: Database
) -> None:
    block = Block(DESK, STRANGER, "nuisance", None, "Leiar", NIGHT)
    database.write(lambda connection: put_block(connection, block))
    for who in ("Ukjent", "Førstelinje"):
        assert talk.writes(who, "Hei") == [], "told how to reach the desk, and no more"
    for sender in ("04900", "", SUPPORT):
        take_sms(database, ReceivedSms(f"SM-{sender}", SUPPORT, sender, "Tilbud!"), talk.now)
    assert tickets(database) == []


@ONE_DATABASE
def test_a_switchboard_opens_a_ticket_each_time_and_is_asked_nothing(
    talk: Conversation, database: Database
) -> None:
    for body in ("Skriveren står", "Nettet er borte"):
        assert talk.writes("Sentralbord", body) == [], "no SMS arrives there"
    assert [ticket(database, each).customer for each in tickets(database)] == [None, None]


@ONE_DATABASE
def test_floods_open_so_many_tickets_and_no_more(talk: Conversation, database: Database) -> None:
    for count in range(30):
        talk.now += timedelta(minutes=61) if count == 15 else timedelta(seconds=1)
        talk.writes("Kunde", f"Hei {count}")
    assert len(tickets(database)) == 2
    for count in range(STRANGERS_ALLOWED + 20):
        sms = ReceivedSms(f"SMf{count}", SUPPORT, f"+474901{count:04}", "Hei")
        take_sms(database, sms, talk.now)
    assert len(tickets(database)) == 2 + STRANGERS_ALLOWED
    assert talk.writes("Teknisk", "Hei"), "a customer is heard all the same"


@ONE_DATABASE
def test_what_waited_for_the_database_is_taken_late_and_answered_by_sms(
    talk: Conversation, database: Database
) -> None:
    for sid, body in (("SM8", "Journalen svarer ikke"), ("SM9", "1")):
        take_sms(database, ReceivedSms(sid, SUPPORT, CALLER, body), talk.now, is_late=True)
    assert talk.sent() == [f"Kunde < {ASKS.format(1001)}"]
    assert ticket(database).priority is Priority.MEDIUM, "an answer is given once more"


@ONE_DATABASE
def test_whoever_is_woken_reads_on_their_page_what_was_written(
    talk: Conversation, database: Database
) -> None:
    for count in range(6):
        talk.writes("Kunde", f"Nummer {count} " + "x" * 600)
    case = look_at_case(database, DutySms(1, 1001, "duty-1", DESK, talk.now), talk.now)
    assert case
    assert [(words[:8], len(words)) for words in case.written] == [
        (f"Nummer {count}", 500) for count in (2, 3, 4, 5)
    ]


def test_the_words_go_before_the_ticket_does(talk: Conversation, database: Database) -> None:
    talk.writes("Kunde", "Journalen svarer ikke")
    while purge_batch(database, talk.now + timedelta(days=91)):
        pass
    with database.read() as connection:
        assert written_about(connection, 1001) == ()
        assert [dict(each.facts) for each in ticket_events(connection, 1001)][1] == {"sms": "SM1"}
        assert connection.execute(select(SmsCaseRow.ticket)).all() == []
        words = connection.execute(select(JobRow.payload)).scalars().all()
    assert not any("Journalen" in each for each in words)
    while purge_batch(database, talk.now + timedelta(days=3 * 365 + 1)):
        pass
    assert tickets(database) == []


# --- the shipped desks ------------------------------------------------------------------

# Of each: somebody who writes in the day, and which text begins the conversation.
SHIPPED = [
    ("brukarstotte", "+4720000200", "+4749002001", "sms_case.ask"),
    ("brukerhjelpen", "+4720000300", "+4749003001", "sms_case.opened"),
    ("dekode", "+4720000500", "+4749005004", "sms_case.ask"),
    ("kundeservice", "+4720000400", "+4749004001", "sms_case.ask"),
    ("prokom", "+4720000100", "+4749001001", "sms_case.opened"),
    ("prokom", "+4720000100", "+4749001004", "sms_case.opened_portal"),
]


@pytest.fixture
def shipped(migrated_url: str) -> Iterator[Database]:
    folders = [read_folder(folder_files(each), each) for each in DESKS]
    with sample_database(migrated_url, *folders) as database:
        yield database


@ONE_DATABASE
def test_each_shipped_desk_takes_an_sms_and_asks_only_what_its_menu_has(shipped: Database) -> None:
    at = oslo("2026-11-19 10:00")
    for count, (desk, line, caller, begins) in enumerate(SHIPPED):
        taken = take_sms(shipped, ReceivedSms(f"SM{count}", line, caller, "Hei"), at)
        assert [each.key for each in taken.replies] == [begins], desk
        answered = take_sms(shipped, ReceivedSms(f"SMx{count}", line, caller, "3"), at)
        is_asked = begins == "sms_case.ask"
        assert [each.key for each in answered.replies] == [
            "sms_case.set" if is_asked else "sms_case.same"
        ], desk


@ONE_DATABASE
@pytest.mark.parametrize(
    ("caller", "told"),
    [("+4749005001", "sms_case.set_wakes"), ("+4749005004", "sms_case.set_wakes_nobody")],
)
def test_the_agreement_says_whether_critical_wakes_the_duty(
    shipped: Database, caller: str, told: str
) -> None:
    at = oslo("2026-11-21 23:10")
    for minute, body in enumerate(("Hei", "1", "1")):
        sms = ReceivedSms(f"SM{minute}", "+4720000500", caller, body)
        taken = take_sms(shipped, sms, at + timedelta(minutes=minute))
    assert taken.replies[0].key == told
