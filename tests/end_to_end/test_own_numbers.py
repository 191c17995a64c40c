"""Somebody of the duty lets their telephones be rung as a test: the worker rings, 1 is pressed."""

from __future__ import annotations

from sqlalchemy import Connection, update

from app import clock
from app.actions.roster.ring_numbers import (
    WantedRing,
    own_verifications,
    result_of,
    ring_own_numbers,
)
from app.domain.access.users import PersonLink
from app.domain.calls.flows.verify import RingResult, VerificationPurpose
from app.store.tables import CallRow
from tests.end_to_end.people import VAKT_1, VAKT_1_HOME
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import ON_A_SERVER, RunningProduct

pytestmark = ON_A_SERVER

WHOSE = PersonLink("brukarstotte", "vakt-1")


def end_other_calls(connection: Connection) -> None:
    """Calls of other stories whose end was never told: while one goes on nobody is tried."""
    still = update(CallRow).where(CallRow.ended_at.is_(None))
    connection.execute(still.values(ended_at=clock.now()))


def test_the_second_telephone_is_rung_where_the_first_is_silent_and_no_ticket_is_made(
    product: RunningProduct,
) -> None:
    product.change(end_other_calls)
    tickets = len(product.rows("tickets"))
    product.exchange.assign({VAKT_1: "no_answer", VAKT_1_HOME: "accepts"})
    wanted = WantedRing(WHOSE, (VAKT_1, VAKT_1_HOME), VerificationPurpose.TEST)
    ring_own_numbers(product.database, wanted, clock.now())

    def results() -> list[tuple[str, RingResult]]:
        now = clock.now()
        found = own_verifications(product.database, WHOSE, now)
        return [(each.number, result_of(each, now)) for each in reversed(found)]

    both = [(VAKT_1, RingResult.NO_ANSWER), (VAKT_1_HOME, RingResult.PRESSED)]
    wait_until(lambda: results() == both, "1 is pressed on the second")
    assert len(product.rows("tickets")) == tickets
