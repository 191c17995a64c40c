"""[inbox] in a desk's document: who learns of every ticket, and the mistakes that people make."""

import pytest

from app.domain.config.desk_document import read_desk
from app.domain.config.diagnostics import DiagnosticSeverity
from app.domain.desks.desk import Inbox, RecordingsBy
from tests.domain.config import desk_texts
from tests.support.written import english

DESK = desk_texts.DESK.replace('inbox = { mail = ["saker@havna.example"] }\n', "")


def read(inbox: str) -> tuple[Inbox | None, list[tuple[str, str]]]:
    read = read_desk(f"{DESK}\n{inbox}\n", "desk.toml", "havna")
    diagnostics = [
        (diagnostic.code, english(diagnostic.message))
        for diagnostic in read.diagnostics
        if diagnostic.severity is DiagnosticSeverity.ERROR
    ]
    return (read.value.inbox if read.value else None), diagnostics


def test_addresses_a_webhook_and_how_recordings_come() -> None:
    found, diagnostics = read(
        '[inbox]\nmail = ["sak@havna.example", "vaktleiar@havna.example"]\n'
        'webhook = "https://sak.havna.example/hooks/vakt?team=1"\nrecordings = "attached"'
    )
    assert diagnostics == []
    assert found == Inbox(
        ("sak@havna.example", "vaktleiar@havna.example"),
        "https://sak.havna.example/hooks/vakt?team=1",
        RecordingsBy.ATTACHED,
    )


def test_without_one_it_is_warned_that_nobody_learns_of_tickets() -> None:
    warned = [diagnostic.code for diagnostic in read_desk(DESK, "desk.toml", "havna").diagnostics]
    assert warned.count("no_inbox") == 1
    told = read_desk(f'{DESK}\n[inbox]\nmail = ["a@b.example"]\n', "desk.toml", "havna")
    assert "no_inbox" not in [diagnostic.code for diagnostic in told.diagnostics]


@pytest.mark.parametrize(
    ("inbox", "code"),
    [
        ("[inbox]", "empty_inbox"),
        ("[inbox]\nmail = []", "empty_inbox"),
        ('[inbox]\nmail = "sak@havna.example"', "wrong_type"),
        ('[inbox]\nmail = ["sak@havna.example, vakt@havna.example"]', "bad_email"),
        ('[inbox]\nmail = ["Sak <sak@havna.example>"]', "bad_email"),
        ('[inbox]\nmail = ["sak@havna"]', "bad_email"),
        ('[inbox]\nmail = ["sak@håvna.example"]', "bad_email"),
        ('[inbox]\nmail = ["sak@havna.example\\r\\nBcc: x@y.example"]', "unreadable_text"),
        ('[inbox]\nmail = ["a@b.example", "A@B.example"]', "email_twice"),
        ('[inbox]\nwebhook = "sak.havna.example/hook"', "bad_webhook"),
        ('[inbox]\nwebhook = "http://sak.havna.example/hook"', "bad_webhook"),
        ('[inbox]\nwebhook = "ftp://sak.havna.example/hook"', "bad_webhook"),
        ('[inbox]\nwebhook = "https://user:secret@sak.havna.example/hook"', "bad_webhook"),
        ('[inbox]\nwebhook = "https://sak.havna.example/ho ok"', "bad_webhook"),
        ('[inbox]\nwebhook = "https://sak.havna.example:99999/hook"', "bad_webhook"),
        ('[inbox]\nmail = ["a@b.example"]\nrecordings = "link_"', "unknown_word"),
        ('[inbox]\nmails = ["a@b.example"]', "unknown_key"),
    ],
)
def test_a_mistake_is_told_and_refuses(inbox: str, code: str) -> None:
    found, diagnostics = read(inbox)
    assert found is None
    assert code in [each for each, _ in diagnostics], diagnostics
