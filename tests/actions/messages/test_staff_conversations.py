"""The staff write commands by SMS: told conversations of who wrote what, and who was told what."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.messages.staff_commands import COMMANDS_ALLOWED
from app.actions.messages.take_sms import take_sms
from app.actions.privacy.purge import purge_batch
from app.actions.tickets.move_ticket import Close, MoveRequest, move_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.permissions import AccessRole
from app.domain.access.users import PersonLink
from app.domain.roster.own_duty import may_take_back
from app.domain.tickets.ticket import Ticket
from app.domain.workflow.status import Status
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.call_out_rows import load_call_out
from app.store.codec import message_of, read_facts
from app.store.roster_entries import entries_in_force
from app.store.sms import ReceivedSms
from app.store.tables import JobKind, JobRow, SmsChangeRow
from app.store.ticket_lists import find_ticket, ticket_events
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import nobody_answers
from tests.support.contacts import CONTACTS, IT_MAIL, LEADER, LEADERS_MAIL
from tests.support.sample_desk import (
    CALLER,
    DESK_TOML,
    DUTY_1,
    DUTY_2,
    ROSTER_TOML,
    STRANGER,
    folder,
    later,
    sample_database,
)
from tests.support.stored_call import critical_at_night
from tests.support.told_sms import Conversation
from tests.support.users import a_user

DUTY_3 = "+4749009103"
THREE_TEXT = f"""{ROSTER_TOML}
[people.duty-3]
name = "Duty 3"
phones = ["{DUTY_3}"]
language = "nn"
"""
THREE = folder(desk=DESK_TOML + CONTACTS, roster=THREE_TEXT)
PEOPLE = {
    "Duty 1": DUTY_1, "Duty 2": DUTY_2, "Duty 3": DUTY_3, "Teamleiar": LEADER, "Kunde": CALLER,
    "Ukjent": STRANGER, "Teknisk": "+4749009002",
}  # fmt: skip


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, THREE) as database:
        yield database


@pytest.fixture
def talk(database: Database) -> Conversation:
    """People who write; a critical ticket 1001 whose caller has hung up; those are told of it."""
    critical_at_night(database).hangs_up()
    talk = Conversation(database, PEOPLE, now=later(60))
    talk.sent()
    return talk


def ticket(database: Database, number: int = 1001) -> Ticket:
    with database.read() as connection:
        found = find_ticket(connection, number)
    assert found
    return found


def rung(database: Database, which: int) -> list[str]:
    """Who was rung in a call-out about 1001, in order."""
    with database.read() as connection:
        found = load_call_out(connection, f"call-out-1001-{which}")
    return [leg.callee.person for leg in found.legs] if found else []


@ONE_DATABASE
def test_vakt_tells_who_is_on_duty_in_the_readers_language_and_no_number(
    talk: Conversation,
) -> None:
    talk.reads("""
        Duty 2 > vakt
        Duty 2 < Fjordhjelp: Duty 1 har vakt til mandag kl. 08.00, deretter ringes Duty 2.
        Duty 3 >   Vakta?
        Duty 3 < Fjordhjelp: Duty 1 har vakt til måndag kl. 08.00, deretter ringer vi Duty 2.
    """)


def test_the_duty_is_taken_and_all_it_concerns_are_told_and_one_of_them_undoes_it(
    talk: Conversation, database: Database
) -> None:
    talk.reads("""
        Duty 3 > Ta  vakt!
        Duty 3 < Fjordhjelp: Du har vakta til måndag kl. 08.00. Dei det gjeld, får vite det.
            Gjer om: NEI VAKT før i morgon kl. 00.11.
        Duty 1 < Fjordhjelp: Duty 3 tok vakten på SMS, til mandag kl. 08.00. Er det feil, svar
            NEI VAKT før i morgen kl. 00.11.
        Teamleiar < Fjordhjelp: Duty 3 tok vakten på SMS, til mandag kl. 08.00. Er det feil,
            svar NEI VAKT før i morgen kl. 00.11.
        Duty 3 > TA VAKT
        Duty 3 < Fjordhjelp: Du har vakta alt, til måndag kl. 08.00.
        Duty 2 > VAKT
        Duty 2 < Fjordhjelp: Duty 3 har vakt til mandag kl. 08.00, deretter ringes Duty 2.
        Duty 1 > nei
        Duty 1 < Fjordhjelp: Duty 1 svarte NEI. Duty 3 har likevel ikke tatt vakten: den er som før.
        Duty 3 < Fjordhjelp: Duty 1 svara NEI. Duty 3 har likevel ikkje teke vakta: ho er som før.
        Teamleiar < Fjordhjelp: Duty 1 svarte NEI. Duty 3 har likevel ikke tatt vakten: den er
            som før.
        Duty 2 > VAKT
        Duty 2 < Fjordhjelp: Duty 1 har vakt til mandag kl. 08.00, deretter ringes Duty 2.
        Teamleiar > NEI VAKT
        Teamleiar < Fjordhjelp: Duty 1 har gjort det om alt.
    """)
    with database.read() as connection:
        found = list_audit_events(connection, AuditFilter())
    told = [(str(each.event.kind), each.event.actor.name, each.event.actor.via) for each in found]
    assert told[:2] == [("entry_withdrawn", "Duty 1", "sms"), ("entry_added", "Duty 3", "sms")]


@ONE_DATABASE
def test_the_backup_who_takes_the_duty_is_told_that_nobody_is_backup_then(
    talk: Conversation,
) -> None:
    talk.reads("""
        Duty 2 > TA VAKT
        Duty 2 < Fjordhjelp: Du har vakten til mandag kl. 08.00. De det gjelder, får vite det.
            Gjør om: NEI VAKT før i morgen kl. 00.11.
        Duty 2 < Fjordhjelp: Ingen er bakvakt så lenge.
        Duty 1 < Fjordhjelp: Duty 2 tok vakten på SMS, til mandag kl. 08.00. Er det feil, svar
            NEI VAKT før i morgen kl. 00.11.
        Teamleiar < Fjordhjelp: Duty 2 tok vakten på SMS, til mandag kl. 08.00. Er det feil,
            svar NEI VAKT før i morgen kl. 00.11.
    """)


@ONE_DATABASE
def test_a_ticket_is_acknowledged_and_given_back_and_the_duty_is_rung_again(
    talk: Conversation, database: Database
) -> None:
    talk.reads("""
        Duty 2 > ok1001
        Duty 2 < Fjordhjelp: Du har sak 1001. Ikke din likevel: FEIL 1001. Send den videre: OVER
            1001.
        Duty 1 < Fjordhjelp: Duty 2 tok sak 1001 på SMS. Er det feil, svar NEI 1001 før i morgen
            kl. 00.11.
        Teamleiar < Fjordhjelp: Duty 2 tok sak 1001 på SMS. Er det feil, svar NEI 1001 før i
            morgen kl. 00.11.
        Duty 2 > OK 1001
        Duty 2 < Fjordhjelp: Du har sak 1001 alt.
        Duty 1 > Ok, sak 1 001.
        Duty 1 < Fjordhjelp: Ingenting er endret. Duty 2 har sak 1001, siden i dag kl. 23.11.
        Duty 1 > feil 1001
        Duty 1 < Fjordhjelp: Ingenting er endret. Duty 2 har sak 1001, siden i dag kl. 23.11.
        + 50 min
        Duty 2 > FEIL 1001
        Duty 2 < Fjordhjelp: Ingen har sak 1001 nå. Vakten ringes på nytt.
        Duty 1 < Fjordhjelp: Duty 2 ga sak 1001 fra seg på SMS. Er det feil, svar NEI 1001 før i
            dag kl. 01.01.
        Teamleiar < Fjordhjelp: Duty 2 ga sak 1001 fra seg på SMS. Er det feil, svar NEI 1001
            før i dag kl. 01.01.
        Duty 2 > FEIL 1001
        Duty 2 < Fjordhjelp: Ingenting er endret. Ingen har sak 1001.
    """)
    begin_due_call_outs(database, talk.now)
    assert rung(database, 1) == ["duty-1"], "at once, and from the first: it is as new"


@ONE_DATABASE
def test_who_passes_a_ticket_on_is_rung_last_about_it_until_that_is_undone(
    talk: Conversation, database: Database
) -> None:
    talk.reads("""
        Duty 1 > OVER 1001
        Duty 1 < Fjordhjelp: Sak 1001 er sendt videre. Neste som ringes, er Duty 2.
        Duty 2 < Fjordhjelp: Duty 1 sendte sak 1001 videre på SMS. Er det feil, svar NEI 1001
            før i morgen kl. 00.11.
        Teamleiar < Fjordhjelp: Duty 1 sendte sak 1001 videre på SMS. Er det feil, svar NEI 1001
            før i morgen kl. 00.11.
    """)
    begin_due_call_outs(database, talk.now)
    assert rung(database, 1) == ["duty-2"]
    talk.sent()
    talk.reads("""
        Teamleiar > nei 1001
        Teamleiar < Fjordhjelp: Teamleiar svarte NEI. OVER 1001 fra Duty 1 er gjort om.
        Duty 1 < Fjordhjelp: Teamleiar svarte NEI. OVER 1001 fra Duty 1 er gjort om.
        Duty 2 < Fjordhjelp: Teamleiar svarte NEI. OVER 1001 fra Duty 1 er gjort om.
    """)
    assert ticket(database).passed_on_by == ()


def test_passing_on_while_the_telephone_rings_rings_the_next_at_once(
    talk: Conversation, database: Database
) -> None:
    talk.now += timedelta(minutes=10)
    begin_due_call_outs(database, talk.now)
    assert rung(database, 1) == ["duty-1"]
    talk.writes("Duty 1", "OVER 1001")
    assert rung(database, 1) == ["duty-1", "duty-2"]


@ONE_DATABASE
def test_a_forged_ok_is_undone_and_the_duty_is_called_again(
    talk: Conversation, database: Database
) -> None:
    talk.writes("Duty 1", "OK 1001")
    talk.reads("""
        Duty 1 > NEI
        Duty 1 < Fjordhjelp: Duty 1 svarte NEI. OK 1001 fra Duty 1 er gjort om.
        Duty 2 < Fjordhjelp: Duty 1 svarte NEI. OK 1001 fra Duty 1 er gjort om.
        Teamleiar < Fjordhjelp: Duty 1 svarte NEI. OK 1001 fra Duty 1 er gjort om.
    """)
    assert ticket(database).status is Status.OPEN
    begin_due_call_outs(database, talk.now)
    assert rung(database, 1) == ["duty-1"]
    with database.read() as connection:
        events = [str(each.kind) for each in ticket_events(connection, 1001)]
    assert events[-2:] == ["acknowledged", "undone"]


@ONE_DATABASE
def test_two_who_undo_the_same_ok_do_not_give_the_ticket_to_who_gave_it_back_before(
    talk: Conversation, database: Database
) -> None:
    for who, body in (("Duty 2", "OK 1001"), ("Duty 2", "FEIL 1001"), ("Duty 1", "OK 1001")):
        talk.writes(who, body)
    talk.writes("Teamleiar", "NEI 1001")
    talk.reads("""
        Duty 2 > NEI 1001
        Duty 2 < Fjordhjelp: Ingenting er endret. Ingen har sak 1001.
    """)
    assert ticket(database).acknowledged is None


@ONE_DATABASE
def test_who_passes_on_what_nobody_is_rung_about_any_more_is_told_so(
    talk: Conversation, database: Database
) -> None:
    talk.now += timedelta(minutes=57)  # another would come after the hour
    begin_due_call_outs(database, talk.now)
    nobody_answers(database, talk.now)
    talk.now += timedelta(hours=2)
    talk.sent()
    assert talk.writes("Duty 1", "OVER 1001")[0] == (
        "Duty 1 < Fjordhjelp: Sak 1001 er sendt videre. Ingen har den, og ingen ringes om den nå. "
        "Den står åpen på listen."
    )


@ONE_DATABASE
def test_a_no_comes_too_late_or_does_not_say_which_or_is_about_nothing(
    talk: Conversation, database: Database
) -> None:
    critical_at_night(database, "CA2", caller="+4749009002", start=later(5)).hangs_up()
    talk.sent()
    for command in ("OK 1001", "OK 1002", "TA VAKT"):
        talk.writes("Duty 2", command)
    talk.reads("""
        Duty 1 > nei
        Duty 1 < Fjordhjelp: Ingenting er endret. Hva vil du gjøre om? Svar NEI VAKT, NEI 1002,
            NEI 1001.
        Duty 1 > NEI 1042
        Duty 1 < Fjordhjelp: Det er ingenting å gjøre om.
        + 61 min
        Duty 1 > NEI 1002
        Duty 1 < Fjordhjelp: Ingenting er endret. Det kunne gjøres om til i dag kl. 00.11. Bruk
            nettsiden eller telefonen.
        Ukjent > NEI 1002
        Ukjent < Fjordhjelp: Ingenting er endret. Nummeret ditt står ikke på vaktlisten. Trenger du
            hjelp, ring 20 00 09 02.
    """)


@ONE_DATABASE
def test_what_somebody_has_done_since_is_not_undone(talk: Conversation, database: Database) -> None:
    talk.writes("Duty 1", "OVER 1001")
    leader = Actor(ActorKind.COMMAND, "Leiar")
    move_ticket(database, MoveRequest(1001, Close(), leader), talk.now)
    talk.reads("""
        Duty 1 > NEI 1001
        Duty 1 < Fjordhjelp: Ingenting er endret. Sak 1001 ble lukket av Leiar i dag kl. 23.11.
        Duty 2 > OK 1001
        Duty 2 < Fjordhjelp: Ingenting er endret. Sak 1001 ble lukket av Leiar i dag kl. 23.11.
    """)


@ONE_DATABASE
def test_what_is_no_command_changes_nothing_and_is_helped_once_an_hour(
    talk: Conversation, database: Database
) -> None:
    talk.reads("""
        Duty 1 > Eg køyrer no, OK 1001 seinare
        Duty 1 < Fjordhjelp: Skriv VAKT, TA VAKT, OK 1042 (jeg har saken), FEIL 1042 (ikke min
            likevel), OVER 1042 (send videre), JA (bekreft vakt), NEI (gjør om).
        Duty 1 > Eg køyrer no og svarar seinare
        Duty 1 > hjelp
        Duty 1 < Fjordhjelp: Skriv VAKT, TA VAKT, OK 1042 (jeg har saken), FEIL 1042 (ikke min
            likevel), OVER 1042 (send videre), JA (bekreft vakt), NEI (gjør om).
        Duty 1 > OK 1042
        Duty 1 < Fjordhjelp: Ingenting er endret. Tjenestene du har vakt for, har ingen sak 1042.
        Duty 1 > over
        Duty 1 < Fjordhjelp: Ingenting er endret. Skriv nummeret på saken etter, slik: OVER 1042.
        Kunde > OK 1001
        Kunde < Fjordhjelp: Ingenting er endret. Nummeret ditt står ikke på vaktlisten. Trenger du
            hjelp, ring 20 00 09 02.
        Kunde > TA VAKT
    """)
    assert ticket(database).acknowledged is None


def test_an_sms_that_is_posted_again_is_answered_the_same_and_done_once(
    talk: Conversation, database: Database
) -> None:
    once = talk.writes("Duty 3", "TA VAKT", "SM7")
    assert len(once) == 3
    assert talk.writes("Duty 3", "TA VAKT", "SM7") == once[:1], "the reply, and nobody else again"
    with database.read() as connection:
        assert len(connection.execute(select(SmsChangeRow.id)).all()) == 1


@ONE_DATABASE
def test_a_forged_sender_can_neither_flood_the_staff_nor_flip_for_ever(
    talk: Conversation,
) -> None:
    told = [talk.writes("Duty 1", "OK 1001" if n % 2 else "NEI") for n in range(100)]
    answered = [each for each in told if each]
    assert len(answered) == COMMANDS_ALLOWED + 1
    assert answered[-1] == [
        "Duty 1 < Fjordhjelp: Ingenting er endret. Det har kommet for mange SMS fra deg den siste "
        "timen. Bruk telefonen eller nettsiden."
    ]


@ONE_DATABASE
def test_what_is_told_late_changes_nothing(talk: Conversation, database: Database) -> None:
    late = ReceivedSms("SM9", talk.line, DUTY_1, "OK 1001")
    assert take_sms(database, late, talk.now, is_late=True).replies == ()
    assert ticket(database).acknowledged is None


@ONE_DATABASE
def test_a_number_that_two_people_have_changes_nothing(migrated_url: str) -> None:
    shared = THREE_TEXT.replace(DUTY_3, DUTY_2)
    with sample_database(migrated_url, folder(roster=shared)) as database:
        critical_at_night(database).hangs_up()
        talk = Conversation(database, PEOPLE, now=later(60))
        talk.sent()
        refused = (
            "Duty 2 < Fjordhjelp: Ingenting er endret. Flere har dette nummeret. "
            "Bruk telefonen eller nettsiden."
        )
        assert talk.writes("Duty 2", "OK 1001") == [refused]
        assert talk.writes("Duty 2", "TA VAKT") == [refused]


@ONE_DATABASE
def test_contacts_and_coordinators_are_told_by_mail_and_those_on_the_roster_by_sms(
    talk: Conversation, database: Database
) -> None:
    a_user(database, "kari")
    a_user(database, "ola", person=PersonLink("fjordhjelp", "duty-2"))
    a_user(database, "per", AccessRole.READER)
    told = talk.writes("Duty 3", "TA VAKT")
    assert [each.split(" < ")[0] for each in told] == ["Duty 3", "Duty 1", "Teamleiar", "Duty 2"]
    with database.read() as connection:
        rows = connection.execute(select(JobRow.payload).where(JobRow.kind == JobKind.MAIL))
        mails = [read_facts(each) for each in rows.scalars()]
    assert [each["to"] for each in mails] == [
        LEADERS_MAIL, IT_MAIL, "kari@kommune.example", "ola@kommune.example",
    ]  # fmt: skip
    said = talk.said(message_of(mails[2]["message"]))
    assert said.startswith("Fjordhjelp: Duty 3 tok vakten på SMS, til mandag kl. 08.00.")
    assert mails[2]["path"] == "/rosters/fjordhjelp"


@ONE_DATABASE
def test_what_was_taken_by_sms_is_taken_back_on_ones_own_page_too(
    talk: Conversation, database: Database
) -> None:
    mine = a_user(
        database, "ola", AccessRole.DUTY_PERSON, person=PersonLink("fjordhjelp", "duty-3")
    )
    other = a_user(
        database, "per", AccessRole.DUTY_PERSON, person=PersonLink("fjordhjelp", "duty-1")
    )
    talk.writes("Duty 3", "TA VAKT")
    with database.read() as connection:
        [entry] = entries_in_force(connection, "fjordhjelp")
    assert may_take_back(mine, "duty-3", entry, talk.now)
    assert not may_take_back(other, "duty-1", entry, talk.now)


@ONE_DATABASE
def test_what_was_changed_by_sms_is_kept_as_long_as_sms_are(
    talk: Conversation, database: Database
) -> None:
    talk.writes("Duty 3", "TA VAKT")
    while purge_batch(database, talk.now + timedelta(days=91)):
        pass
    with database.read() as connection:
        assert connection.execute(select(SmsChangeRow.id)).all() == []
