"""Judges a storm: every rule over what the network heard and what the rows say. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tests.tools.storm.evidence import Evidence
from tests.tools.storm.heard import Network
from tests.tools.storm.rows import Rows
from tests.tools.storm.rules import RULES


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold, and where: the call's sid, where it is about one."""

    rule: str
    what: str
    sid: str = ""


def judge(network: Network, rows: Rows) -> tuple[Violation, ...]:
    """Everything that does not hold."""
    case = Evidence(network, rows)
    return tuple(Violation(rule.__name__, what, sid) for rule in RULES for sid, what in rule(case))


def sms_sent_twice(network: Network, rows: Rows) -> int:
    """How many SMS left a second time because their sender died before it could be noted."""
    noted = {job["provider_sid"] for job in rows.outbox if job["kind"] == "sms"}
    known = Counter((sms.to, sms.body) for sms in network.messages if sms.sid in noted)
    unknown = Counter((sms.to, sms.body) for sms in network.messages if sms.sid not in noted)
    return sum(number for what, number in unknown.items() if what in known)
