"""What the terminal tells of a call's ticket afterwards, in plain words."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import click

from app.actions.callouts.call_outs import begin_due_call_outs
from app.composition import Services
from app.demo.exchange_client import ExchangeClient
from app.demo.summary import CallLeft, summary
from app.demo.wording import DemoWording
from app.settings import Settings
from app.store import Database
from app.store.call_lists import find_call
from tests.support.call_out_steps import a_message_is_left, accepts, nobody_answers
from tests.support.sample_desk import sample_database


@dataclass
class Silent:
    """A network that has carried no SMS."""

    carried: list[dict[str, Any]] = field(default_factory=list)

    def messages(self) -> list[dict[str, Any]]:
        return self.carried


def summary_text(database: Database, language: str = "en") -> str:
    with database.read() as connection:
        past = find_call(connection, "CA1")
    assert past
    network = cast(ExchangeClient, Silent())
    left = CallLeft(past, Services(Settings(), database), network, {})
    lines = summary(left, DemoWording(language), 100, with_reasons=False)
    return click.unstyle("\n".join(lines))


def test_a_ticket_that_nobody_has_taken_says_so_until_somebody_has(
    migrated_sqlite_url: str,
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        ended = a_message_is_left(database)
        assert (
            "unacknowledged: nobody has taken it; call-outs made 0, the next about"
            in summary_text(database)
        )

        begin_due_call_outs(database, ended + timedelta(minutes=1))
        nobody_answers(database, ended + timedelta(minutes=2))
        begin_due_call_outs(database, ended + timedelta(minutes=3))
        begin_due_call_outs(database, ended + timedelta(minutes=6))
        assert "call-outs made 2" in summary_text(database)
        accepts(database, ended + timedelta(minutes=7), "call-out-1001-2")
        assert "unacknowledged" not in summary_text(database)
        assert "taken by " in summary_text(database)
        assert "tatt av " in summary_text(database, "nb")
        assert "teken av " in summary_text(database, "nn")
