"""What a coordinator's commands print follows the language, with dates as each writes them."""

import json
from typing import Final

import pytest

from app.domain.texts.text_parts import LANGUAGES
from tests.cli.a_terminal import Terminal
from tests.support.held_clock import set_clock
from tests.support.sample_desk import NIGHT

DUTY: Final = {
    "en": (
        "Brukarstøtte, Sat 21 Nov 2026 23:10",
        "  1  Vakt 1, primary, +47 49 00 27 01 then +47 20 00 27 01, until Mon 23 Nov 2026 08:00",
        "  why  Vakt 1 is primary: rotation primary",
        "next handover Mon 23 Nov 2026 08:00: Vakt 2 primary, Vakt 3 backup",
    ),
    "nb": (
        "Brukarstøtte, lør. 21. nov. 2026 kl. 23.10",
        "  1  Vakt 1, hovedvakt, +47 49 00 27 01 og så +47 20 00 27 01, "
        "til man. 23. nov. 2026 kl. 08.00",
        "  hvorfor  Vakt 1 er hovedvakt: turnus primary",
        "neste vaktskifte man. 23. nov. 2026 kl. 08.00: Vakt 2 hovedvakt, Vakt 3 bakvakt",
    ),
    "nn": (
        "Brukarstøtte, lau. 21. nov. 2026 kl. 23.10",
        "  1  Vakt 1, hovudvakt, +47 49 00 27 01 og så +47 20 00 27 01, "
        "til mån. 23. nov. 2026 kl. 08.00",
        "  kvifor  Vakt 1 er hovudvakt: turnus primary",
        "neste vaktskifte mån. 23. nov. 2026 kl. 08.00: Vakt 2 hovudvakt, Vakt 3 bakvakt",
    ),
}
NO_DESK: Final = {
    "en": "There is no desk “nowhere”. Desks here: brukarstotte, ",
    "nb": "Tjenesten «nowhere» finnes ikke. Tjenester her: brukarstotte, ",
    "nn": "Tenesta «nowhere» finst ikkje. Tenester her: brukarstotte, ",
}
CHECKED: Final = {
    "en": "1 desk checked: 0 errors, 1 warning.",
    "nb": "1 tjeneste kontrollert: 0 feil, 1 advarsel.",
    "nn": "1 teneste kontrollert: 0 feil, 1 åtvaring.",
}
ENTRY: Final = {
    "en": (
        "Thu 24 Dec 2026 16:00 – Sat 26 Dec 2026 08:00  primary  “ferie”  by Kari, ",
        "revision 1, 1 entry",
    ),
    "nb": (
        "tors. 24. des. 2026 kl. 16.00 – lør. 26. des. 2026 kl. 08.00  hovedvakt  «ferie»  av Kari",
        "revisjon 1, 1 oppføring",
    ),
    "nn": (
        "tors. 24. des. 2026 kl. 16.00 – lau. 26. des. 2026 kl. 08.00  hovudvakt  «ferie»  av Kari",
        "revisjon 1, 1 oppføring",
    ),
}
TICKET: Final = {
    "en": (
        "  high  acknowledged by Kari  +47 49 00 99 98  unknown customer",
        "respond by  not agreed",
    ),
    "nb": ("  høy  tatt av Kari  +47 49 00 99 98  ukjent kunde", "svarfrist      ikke avtalt"),
    "nn": ("  høg  teken av Kari  +47 49 00 99 98  ukjend kunde", "svarfrist      ikkje avtalt"),
}
TAKEN: Final = {
    "en": "Ticket 1001 was taken by Kari at ",
    "nb": "Sak 1001 ble tatt av Kari ",
    "nn": "Sak 1001 blei teken av Kari ",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_on_duty(desks: Terminal, language: str) -> None:
    at = ("--at", "2026-11-21T23:10")
    told = desks.does("--language", language, "duty", "brukarstotte", *at).splitlines()
    head, first, why, handover = DUTY[language]
    assert (told[0], told[1], told[-1]) == (head, first, handover)
    assert why in told
    assert NO_DESK[language] in desks.is_refused("--language", language, "duty", "nowhere")


def test_json_is_the_same_in_every_language(desks: Terminal) -> None:
    words = ("duty", "brukarstotte", "--at", "2026-11-21T23:10", "--json")
    told = [json.loads(desks.does("--language", language, *words)) for language in LANGUAGES]
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_check_of_a_desk(terminal: Terminal, language: str) -> None:
    told = terminal.does("--language", language, "desk", "check", "rosters/kundeservice")
    assert told.splitlines()[-1] == CHECKED[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminals_language_counts_where_none_is_named(desks: Terminal, language: str) -> None:
    done = desks.vakt("duty", "nowhere", LC_ALL=f"{language}_NO.UTF-8")
    assert NO_DESK[language] in done.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_entries_of_a_roster(
    desks: Terminal, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, NIGHT)
    span = ("--from", "2026-12-24T16:00", "--to", "2026-12-26T08:00")
    what = ("override", "vakt-1", "--role", "primary", "--reason", "ferie", "--as", "Kari")
    desks.does("roster", "entry", "add", "brukarstotte", *what, *span)
    done = desks.vakt("--language", language, "roster", "entry", "list", "brukarstotte")
    entry, count = ENTRY[language]
    assert entry in done.out
    assert done.err.splitlines()[-1] == count


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ticket(desks: Terminal, language: str) -> None:
    about = ("--subject", "Journalen svarer ikke", "--number", "+4749009998", "--as", "Kari")
    desks.does("ticket", "open", "--desk", "brukarstotte", "--priority", "high", *about)
    desks.does("ticket", "acknowledge", "1001", "--as", "Kari")
    line, due = TICKET[language]
    assert line in desks.does("--language", language, "ticket", "list")
    assert due in desks.does("--language", language, "ticket", "show", "1001")
    taken = ("ticket", "acknowledge", "1001", "--as", "Ola")
    assert TAKEN[language] in desks.is_refused("--language", language, *taken)


@pytest.mark.parametrize(("language", "why"), [("nb", "vakttid: lørdag"), ("nn", "vakttid: laur")])
def test_a_foreseen_call_has_its_reasons_in_the_language(
    desks: Terminal, language: str, why: str
) -> None:
    call = ("--line", "+4720000210", "--from", "+4749002001", "--at", "2026-11-21T23:10")
    asked = ("explain", *call, "--keys", "1")
    assert f"  fordi {why}" in desks.does("--language", language, *asked)
    by_key = [desks.does("--language", each, *asked, "--by-key") for each in LANGUAGES]
    assert by_key[0] == by_key[1] == by_key[2]
