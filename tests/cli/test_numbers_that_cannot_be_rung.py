"""A roster that an older release took: only numbers that can be rung count in duty and proof."""

from __future__ import annotations

import re

from sqlalchemy import Connection, select, update

from app.store import open_database
from app.store.tables.desks import RosterVersionRow
from tests.cli.a_terminal import Terminal

NIGHT = "2026-11-21T23:10"


def with_nine_digits(desks: Terminal) -> None:
    """Each number of the roster gets a digit too many, as if it had been stored like that."""
    database = open_database(desks.database_url)

    def spoil(connection: Connection) -> None:
        versions = RosterVersionRow.__table__
        for row in connection.execute(select(versions)):
            spoiled = re.sub(r'"(\+47[0-9]{8})"', r'"\g<1>1"', row.text)
            # The texts are kept by their mark: another text has another one.
            changed = {"text": spoiled, "sha": f"x{row.sha}"[:64]}
            connection.execute(update(versions).where(versions.c.id == row.id).values(changed))

    database.write(spoil)
    database.close()


def test_duty_names_nobody_who_cannot_be_rung(desks: Terminal) -> None:
    assert "+47 49 00 27 01" in desks.does("duty", "brukarstotte", "--at", NIGHT)

    with_nine_digits(desks)

    told = desks.does("duty", "brukarstotte", "--at", NIGHT)
    assert "49 00 27" not in told
    assert "Vakt 1 is not rung: has no telephone number" in told


def test_a_proof_says_that_critical_calls_ring_nobody(desks: Terminal) -> None:
    with_nine_digits(desks)

    done = desks.vakt("prove", "brukarstotte", "--months", "1")

    assert done.code == 1
    assert "nobody" in done.out
