"""JA to the SMS that asks about a shift confirms it; told conversations."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from app.actions.roster.confirm_shifts import look_after_confirmations, shifts_to_confirm
from app.domain.access.audit import AuditKind
from app.domain.access.users import PersonLink
from app.domain.roles import Role
from app.domain.roster.shift_confirmations import AskedShift
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.shift_confirmations import add_asked_shift
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import (
    CALLER,
    DESK,
    DUTY_1,
    DUTY_2,
    ROSTER_TOML,
    folder,
    sample_database,
)
from tests.support.told_sms import Conversation

KARI = PersonLink(DESK, "duty-1")
RULES = "\n[confirm_shifts]\nhours_before = 24\nalarm_hours_before = 2\n"
ROSTER = ROSTER_TOML.replace("\n[people.duty-1]", f"{RULES}\n[people.duty-1]", 1)
BEGINS = datetime.fromisoformat("2026-11-23T07:00Z")  # a Monday's handover
HOUR = timedelta(hours=1)
PEOPLE = {"Duty 1": DUTY_1, "Duty 2": DUTY_2, "Kunde": CALLER}


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(roster=ROSTER)) as database:
        yield database


@pytest.fixture
def talk(database: Database) -> Conversation:
    look_after_confirmations(database, BEGINS - 23 * HOUR)
    talk = Conversation(database, PEOPLE, now=BEGINS - 22 * HOUR)
    asked = [each for each in talk.sent() if each.startswith("Duty 1")]
    assert asked == [
        "Duty 1 < Fjordhjelp: Du er hovedvakt fra i morgen kl. 08.00 til man. 30. nov. kl. 08.00. "
        "Svar JA for å bekrefte."
    ]
    return talk


def waiting(database: Database, now: datetime) -> list[AskedShift]:
    return [each for each in shifts_to_confirm(database, KARI, now) if each.is_waiting(now)]


def test_ja_confirms_and_a_nei_within_an_hour_takes_it_back(
    talk: Conversation, database: Database
) -> None:
    talk.reads("""
        Duty 1 > Ja!
        Duty 1 < Fjordhjelp: Bekreftet: du er hovedvakt fra i morgen kl. 08.00 til man. 30. nov.
            kl. 08.00. Er det feil, svar NEI VAKT før i dag kl. 11.00.
        Duty 1 > ja vakt
        Duty 1 < Fjordhjelp: Vakten fra i morgen kl. 08.00 er bekreftet alt.
    """)
    assert waiting(database, talk.now) == []
    talk.reads("""
        Duty 1 > NEI VAKT
        Duty 1 < Fjordhjelp: Duty 1 svarte NEI. Vakten til Duty 1 er likevel ikke bekreftet.
    """)
    assert len(waiting(database, talk.now)) == 1
    with database.read() as connection:
        found = list_audit_events(connection, AuditFilter(limit=9))
    assert [(each.event.kind, each.event.actor.via) for each in found] == [
        (AuditKind.SHIFT_UNCONFIRMED, "sms"),
        (AuditKind.SHIFT_CONFIRMED, "sms"),
    ]


@ONE_DATABASE
def test_one_ja_confirms_one_shift_and_tells_of_the_other(
    talk: Conversation, database: Database
) -> None:
    [one] = waiting(database, talk.now)
    earlier = AskedShift(
        0, DESK, DESK, "duty-1", Role.PRIMARY, Interval(one.when.from_, one.when.to + HOUR),
        one.asked_at - HOUR, one.alarm_at,
    )  # fmt: skip
    database.write(lambda connection: add_asked_shift(connection, earlier))
    talk.reads("""
        Duty 1 > JA
        Duty 1 < Fjordhjelp: Bekreftet: du er hovedvakt fra i morgen kl. 08.00 til man. 30. nov.
            kl. 08.00. Er det feil, svar NEI VAKT før i dag kl. 11.00.
        Duty 1 < Fjordhjelp: Også vakten fra i morgen kl. 08.00 venter. Svar JA en gang til for å
            bekrefte den.
    """)


@ONE_DATABASE
def test_who_declines_learns_that_the_shift_is_theirs(
    talk: Conversation, database: Database
) -> None:
    talk.reads("""
        Duty 1 > Nei
        Duty 1 < Fjordhjelp: Vakten fra i morgen kl. 08.00 er fortsatt din. Kan du ikke, be om bytte
            på Min vakt.
    """)
    talk.writes("Duty 2", "TA VAKT")
    talk.reads("""
        Duty 1 > NEI
        Duty 1 < Fjordhjelp: Vakten fra i morgen kl. 08.00 er fortsatt din. Kan du ikke, be om bytte
            på Min vakt.
        Duty 1 < Fjordhjelp: Ingenting er endret. Hva vil du gjøre om? Svar NEI VAKT.
    """)
    assert len(waiting(database, talk.now)) == 1


@ONE_DATABASE
def test_of_a_duty_taken_and_a_shift_confirmed_it_is_asked_which(
    talk: Conversation, database: Database
) -> None:
    talk.writes("Duty 2", "TA VAKT")
    talk.writes("Duty 1", "JA")
    talk.reads("""
        Duty 1 > NEI VAKT
        Duty 1 < Fjordhjelp: Ingenting er endret. Hva vil du gjøre om? Svar NEI JA, NEI TA VAKT.
        Duty 1 > NEI JA
        Duty 1 < Fjordhjelp: Duty 1 svarte NEI. Vakten til Duty 1 er likevel ikke bekreftet.
    """)
    assert len(waiting(database, talk.now)) == 1
    assert "vakten: den er som før" in talk.writes("Duty 1", "NEI VAKT")[0]


@ONE_DATABASE
def test_ok_alone_and_anybody_elses_ja_confirm_nothing(
    talk: Conversation, database: Database
) -> None:
    talk.writes("Duty 1", "OK")
    talk.writes("Kunde", "JA")
    talk.writes("Duty 1", "Ja, men jeg kommer en time senere")
    assert len(waiting(database, talk.now)) == 1


@ONE_DATABASE
def test_who_was_asked_about_nothing_is_told_so(talk: Conversation, database: Database) -> None:
    talk.now = BEGINS + 8 * 24 * HOUR
    talk.reads("""
        Duty 1 > JA
        Duty 1 < Fjordhjelp: Ingen vakt venter på at du bekrefter. Er den endret, får du en ny SMS.
    """)
