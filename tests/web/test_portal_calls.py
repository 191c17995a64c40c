"""A case that came by telephone: its customer sees the call, and hears what was spoken where the
desk lets them.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

from app import clock
from app.store.recording_accesses import recording_accesses_of
from app.store.recordings import save_recording
from app.store.tables import TicketRow
from tests.support.call_out_steps import a_message_is_left
from tests.support.portal import TEKNISK, Portal, a_portal

SOUND, CASE = b"RIFF of twelve seconds", "/portal/fjordhjelp/cases/1001"
HEAR = f"{CASE}/recordings/RE-CA1"


def a_message_of_skogli(portal: Portal) -> None:
    """Somebody at Skogli has called and left a message."""
    portal.database.write(
        lambda c: (
            save_recording(c, "RE-CA1", "CA1", SOUND, clock.now()),
            c.execute(update(TicketRow).values(customer="9001")),
        )
    )


def test_the_call_is_shown_and_what_was_spoken_is_not(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with a_portal(migrated_sqlite_url, tmp_path) as portal:
        a_message_is_left(portal.database)
        a_message_of_skogli(portal)
        liv = portal.customer("liv")
        shown = liv.get(CASE).text
        assert "la igjen en talemelding" in shown
        assert "<audio" not in shown
        assert liv.get(HEAR).status_code == 404
        with portal.database.read() as connection:
            assert recording_accesses_of(connection, "RE-CA1") == ()
        assert 'src="/tickets/1001/recordings/RE-CA1"' in portal.agent.get("/tickets/1001").text


def test_where_the_desk_lets_them_its_customers_hear_it_and_it_is_noted(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with a_portal(migrated_sqlite_url, tmp_path, before="portal_recordings = true\n") as portal:
        a_message_is_left(portal.database)
        a_message_of_skogli(portal)
        liv, other = portal.customer("liv"), portal.customer("ola", scope=TEKNISK)
        assert f'src="{HEAR}"' in liv.get(CASE).text
        heard = liv.get(HEAR)
        assert (heard.data, heard.headers["Cache-Control"]) == (SOUND, "no-store")
        assert liv.get(f"{CASE}/recordings/RE-CA2").status_code == 404
        assert other.get(HEAR).status_code == 404
        with portal.database.read() as connection:
            [noted] = recording_accesses_of(connection, "RE-CA1")
    assert (noted.channel, noted.who) == ("portal", "Liv Vik")
