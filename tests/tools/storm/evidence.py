"""Both sides of one storm, what the network heard and what the rows say, ready to be compared."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from tests.tools.storm import sentences
from tests.tools.storm.heard import Network, Phone
from tests.tools.storm.plan import CONTACTS
from tests.tools.storm.rows import Row, Rows

T = TypeVar("T")


@dataclass(frozen=True)
class Evidence:
    """Both sides of one storm, with what is looked up again and again."""

    network: Network
    rows: Rows

    @cached_property
    def call_rows(self) -> dict[str, Row]:
        return {str(row["sid"]): row for row in self.rows.calls}

    @cached_property
    def tickets(self) -> dict[int, Row]:
        return {int(row["number"]): row for row in self.rows.tickets}

    @cached_property
    def opened(self) -> dict[str, list[Row]]:
        """Tickets by the call that opened them."""
        return grouped(self.rows.tickets, lambda row: str(row["call_sid"]))

    @cached_property
    def legs(self) -> dict[str, list[Row]]:
        return grouped(self.rows.legs, lambda row: str(row["call_sid"]))

    @cached_property
    def phones(self) -> dict[str, Phone]:
        return {phone.sid: phone for phone in self.network.phones}

    @cached_property
    def sms_jobs(self) -> list[Row]:
        return [job for job in self.rows.outbox if job["kind"] == "sms"]

    @cached_property
    def contacts_told(self) -> dict[int, int]:
        """How many messages with this ticket's number the desks' contacts have had."""
        sent = [m.body for m in self.network.messages if m.to.startswith(CONTACTS)]
        return Counter(int(number) for body in sent for number in re.findall(r"\d+", body))

    @cached_property
    def call_out_rows(self) -> dict[str, Row]:
        return {str(row["sid"]): row for row in self.rows.call_outs}

    def ticket_of(self, sid: str) -> int | None:
        """The ticket that the rows give this call or call-out: its own, or one that it joined."""
        row = self.call_rows.get(sid) or self.call_out_rows.get(sid)
        return None if row is None or row["ticket"] is None else int(row["ticket"])


def grouped(rows: Sequence[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def told_in_sms(body: str) -> list[int]:
    """The ticket numbers in an SMS to a caller."""
    keys = ("sms_ticket", "sms_ticket_critical")
    return [number for key in keys for number in sentences.numbers_in(body, key, "sms")]


def whispered(text: str) -> list[int]:
    """The ticket numbers in a whisper."""
    return sentences.numbers_in(text, "whisper_ticket", "whisper")
