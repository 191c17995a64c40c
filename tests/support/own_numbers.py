"""Numbers that a person of the sample organisation has added, and how they were rung."""

from app import clock
from app.actions.desks.verify_number import press_on_verification, update_verification
from app.actions.roster.own_numbers import add_own_number
from app.actions.roster.ring_numbers import WantedRing, own_verifications, ring_own_numbers
from app.domain.access.audit import Author
from app.domain.access.users import PersonLink
from app.domain.calls.flows.verify import VerificationPurpose
from app.store import Database
from app.store.number_verifications import NumberVerification
from tests.support.changed_roster import COORDINATOR

MOBILE, COTTAGE = "+4749009171", "+4749009172"


def put_own_numbers(database: Database, whose: PersonLink) -> None:
    """One number that was confirmed, and one that nobody has answered."""
    by = Author(COORDINATOR, clock.now())
    for number in (MOBILE, COTTAGE):
        add_own_number(database, whose, number, by)
        ring = rung(database, whose, (number,))
        if number == MOBILE:
            press_on_verification(database, ring.id, "1", 1, clock.now())
        status = "completed" if number == MOBILE else "no-answer"
        update_verification(database, ring.id, status, clock.now())


def rung(
    database: Database,
    whose: PersonLink,
    numbers: tuple[str, ...],
    purpose: VerificationPurpose = VerificationPurpose.JOINS,
) -> NumberVerification:
    """What is rung because somebody has asked for it."""
    ring_own_numbers(database, WantedRing(whose, numbers, purpose), clock.now())
    return own_verifications(database, whose, clock.now())[0]
