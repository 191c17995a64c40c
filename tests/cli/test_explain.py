"""`vakt explain` and `vakt duty`: what would happen, who is on duty, and why."""

import json
from pathlib import Path

from tests.cli.a_terminal import Terminal

NIGHT = ("--line", "+4720000210", "--from", "+4749002001", "--at", "2026-11-21T23:10")
README = Path(__file__).parent.parent.parent / "README.md"


def test_a_night_call_is_told_with_its_reasons(desks: Terminal) -> None:
    told = desks.does("explain", *NIGHT, "--keys", "1").splitlines()
    assert told[0] == "call   Brukarstøtte duty, from +47 49 00 20 01, Sat 21 Nov 2026 23:10"
    assert "  why  duty hours: Saturday 00:00-24:00" in told
    assert "  why  critical wakes the duty" in told
    assert "rings  Vakt 1 +47 49 00 27 01, 25 s" in told
    assert told[-1] == "ends   connected"


def test_the_call_in_the_readme_is_what_its_command_prints(desks: Terminal) -> None:
    shown = README.read_text("utf-8").partition("```\n$ .venv/bin/vakt ")[2].partition("```")[0]
    command, _, told = shown.partition("\n")
    assert desks.does(*command.split()) == told


def test_a_call_is_told_in_the_language_of_the_terminal(desks: Terminal) -> None:
    told = desks.does("--language", "nb", "explain", *NIGHT, "--keys", "1").splitlines()
    head = "anrop   Brukarstøtte vakt, fra +47 49 00 20 01, lør. 21. nov. 2026 kl. 23.10"
    assert told[0] == head
    assert "  fordi vakttid: lørdag 00:00-24:00" in told
    assert "ringer  Vakt 1 +47 49 00 27 01, 25 s" in told
    assert "tatt" in told
    assert told[-1] == "slutt   satt over"


def test_unanswered_the_caller_leaves_a_message(desks: Terminal) -> None:
    keys = ("--keys", "1,speak 20", "--ringing", "unanswered")
    told = desks.does("explain", *NIGHT, *keys).splitlines()
    assert "speaks 20 s" in told
    assert told[-1] == "ends   message"


def test_as_json_it_is_what_the_api_says(desks: Terminal) -> None:
    answer = json.loads(desks.does("explain", *NIGHT, "--keys", "1", "--json"))
    assert list(answer) == ["told", "outcome", "rings", "ticket", "reasons"]
    assert answer["outcome"] == "connected"
    assert answer["rings"] == ["+4749002701"]
    assert answer["ticket"]["number"] is None
    assert answer["ticket"]["customer"] == "2001"
    assert answer["reasons"][0]["code"] == "duty_hours"


def test_by_key_it_is_a_told_call_for_the_tests(desks: Terminal) -> None:
    told = desks.does("explain", *NIGHT, "--keys", "1", "--by-key").splitlines()
    assert told[0] == "call   brukarstotte duty, from +4749002001, Sat 21 Nov 2026 23:10"
    assert "hears  we_ring_duty" in told


def test_a_number_that_nobody_has_is_told_so(desks: Terminal) -> None:
    told = desks.does(
        "explain", "--line", "20009999", "--from", "withheld", "--at", "2026-11-21 12.00"
    )
    assert told.endswith("ends   informed\n")


def test_wrong_usage_is_said_in_plain_words(desks: Terminal) -> None:
    assert "is not a date and time" in desks.is_wrong("explain", *NIGHT[:4], "--at", "soon")
    assert "is not an answer" in desks.is_wrong("explain", *NIGHT, "--keys", "one")
    assert "--from" in desks.is_wrong("explain", "--line", "1")
    assert "answered" in desks.is_wrong("explain", *NIGHT, "--ringing", "maybe")


def test_without_tables_it_says_what_to_do(terminal: Terminal) -> None:
    terminal.database_url = f"sqlite:///{terminal.home}/empty.db"
    for words in (("explain", *NIGHT), ("duty", "brukarstotte"), ("token", "list")):
        assert "vakt db upgrade" in terminal.is_refused(*words)


def test_a_database_that_is_away_is_refused(terminal: Terminal) -> None:
    terminal.database_url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    assert "The database cannot be" in terminal.is_refused("duty", "brukarstotte")
    assert "The database cannot be" in terminal.is_refused("db", "upgrade")


def test_the_duty_is_listed_in_ringing_order_with_the_next_handover(desks: Terminal) -> None:
    told = desks.does("duty", "brukarstotte", "--at", "2026-11-21T23:10").splitlines()
    assert told[0] == "Brukarstøtte, Sat 21 Nov 2026 23:10"
    assert told[1].startswith("  1  Vakt 1, primary, +47 49 00 27 01 then +47 20 00 27 01")
    assert "  why  Vakt 2 is backup: rotation backup" in told
    assert told[-1] == "next handover Mon 23 Nov 2026 08:00: Vakt 2 primary, Vakt 3 backup"


def test_a_desk_without_duty_says_why_nobody_is_listed(desks: Terminal) -> None:
    assert "the desk has no duty" in desks.does("duty", "prokom")
    answer = json.loads(desks.does("duty", "prokom", "--json"))
    assert answer["on_duty"] == []
    assert answer["reasons"][0]["code"] == "desk_has_no_duty"


def test_an_unknown_desk_is_refused_with_those_that_there_are(desks: Terminal) -> None:
    told = desks.is_refused("duty", "nobody")
    assert "brukarstotte, brukerhjelpen, dekode, kundeservice, prokom" in told
    assert "is not a date and time" in desks.is_wrong("duty", "dekode", "--at", "x")
