"""A call that took place is told as it was foreseen: the same lines in the same order."""

import re

from app.actions.foresee import WhatIf, foresee
from app.api.past import retold, telling_of
from app.domain.call import RingEnded
from app.domain.walk import RingResult, walk
from app.domain.words.told import Telling, Wording, tell
from app.store import Database
from app.store.call_lists import find_call
from app.store.desks import find_desk
from app.voice_prompts import texts
from tests.a_house import CALLER, DESK, DUTY, NIGHT, SUPPORT, a_house, number
from tests.actions.a_call import ACall


def stored(database: Database, sid: str = "CA1") -> list[str]:
    with database.read() as connection:
        past = find_call(connection, sid)
        live = find_desk(connection, DESK)
    assert past
    telling = telling_of(past, live, texts())
    return tell(retold(past), Telling(telling.facts, texts(), Wording.KEYS))


def foreseen(database: Database, line: str, keys: list[str], *ringing: RingResult) -> list[str]:
    facts = foresee(database, WhatIf(line, CALLER, "2026-11-21T23:10"), NIGHT).facts
    told = walk(facts, line, number(), NIGHT, keys, ringing or (RingResult("no_answer"),))
    return tell(told, Telling(facts, texts()))


def alike(lines: list[str]) -> list[str]:
    """Without what only a real call knows: the ticket's number, and how long they talked."""
    text = "\n".join(lines[1:]).replace("opens ticket 1001,", "opens ticket,")
    text = text.replace("ticket 1001", "ticket …")
    return re.sub(r"\d+ s\b(?! to)", "N s", text).splitlines()


def test_somebody_sleeps_and_the_next_one_accepts(migrated_url: str) -> None:
    with a_house(migrated_url) as database:
        call = ACall(database)
        call.arrives()
        call.presses("1")
        call.does(RingEnded("no-answer"))
        call.somebody_accepts(2)
        call.does(RingEnded("completed", bridged=True, caller_gone=True))
        rings = (RingResult("no_answer"), RingResult("accepted"))
        assert alike(stored(database)) == alike(foreseen(database, DUTY, ["1"], *rings))


def test_a_caller_who_hangs_up_in_the_menu(migrated_sqlite_url: str) -> None:
    with a_house(migrated_sqlite_url) as database:
        call = ACall(database, line=SUPPORT)
        call.arrives()
        call.presses("1", "2")
        call.hangs_up()
        lines = stored(database)
        assert alike(lines) == alike(foreseen(database, SUPPORT, ["1", "2"]))
        assert lines[-2:] == ["hangs up", "ends   abandoned"]


def test_what_the_rung_one_hears_is_not_told_as_the_callers(migrated_sqlite_url: str) -> None:
    with a_house(migrated_sqlite_url) as database:
        call = ACall(database)
        call.arrives()
        call.presses("1")
        call.somebody_accepts(1)
        assert not any("whisper" in line for line in stored(database))
