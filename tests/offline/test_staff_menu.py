"""The database is lost while somebody is in the staff menu: nothing changes, and they hear so."""

from __future__ import annotations

from pathlib import Path

from app.domain.calls.call import PinEntered
from tests.offline.outage import an_outage, keys_said
from tests.support.sample_desk import DUTY, DUTY_2, sample_database


def test_the_menu_goes_away_and_the_call_goes_on(migrated_sqlite_url: str, tmp_path: Path) -> None:
    with sample_database(migrated_sqlite_url) as database, an_outage(database, tmp_path) as outage:
        caller = outage.call(line=DUTY, caller=DUTY_2)
        caller.arrives()
        caller.presses("7")
        assert "staff_take" in keys_said(caller.does(PinEntered("duty-2")))
        caller.presses("2")
        outage.breaks()
        assert keys_said(caller.presses("1"))[:2] == ["staff_away", "duty_menu"]
        caller.hangs_up()
        assert outage.mends() == 1
        assert outage.stored().line.outcome == "informed"
