"""What a storm came to, in figures and in words: on screen, and for a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil

from exchange.records.transcript import Event, Kind
from tests.tools.storm.heard import Heard
from tests.tools.storm.judge import Violation, judge, sms_sent_twice
from tests.tools.storm.run import Storm

SHOWN = 5  # violations of one rule that are told with their transcript
NOT_TOLD = frozenset({"language", "voice", "caller_id", "call_sid"})


def figures(storm: Storm) -> dict[str, object]:
    """Everything that can be counted."""
    network, rows = storm.network, storm.rows
    rings = sorted(ring for call in network.calls if (ring := call.first_ring) is not None)
    critical = [row for row in rows.tickets if row["priority"] == "critical"]
    return {
        "database": storm.backend,
        "seed": storm.plan.seed,
        "calls": len(network.calls),
        "seconds": round(storm.seconds, 1),
        "seconds_until_quiet": round(storm.rest_seconds, 1),
        "network_waits_seconds": storm.webhook_seconds,
        "ended_with": dict(Counter(call.ending.value for call in network.calls)),
        "killed": {victim.value: number for victim, number in sorted(storm.fallen.items())},
        "turns": sum(1 for call in network.calls for _ in call.of(Kind.TURN)),
        "turns_without_the_database": rows.offline_turns,
        "lifeline_answers": rows.lifelines,
        "first_ring_p50_seconds": percentile(rings, 0.5),
        "first_ring_p99_seconds": percentile(rings, 0.99),
        "numbers_said": sum(len({*call.numbers, *call.offered}) for call in network.calls),
        "numbers_promised_by_sms": sum(call.was_promised_sms for call in network.calls),
        "tickets": len(rows.tickets),
        "critical_tickets": len(critical),
        "critical_accepted": sum(bool(row["acknowledged_by"]) for row in critical),
        "call_outs": len(rows.call_outs),
        "messages_kept": len(rows.recordings),
        "sms": len(network.messages),
        "sms_sent_twice": sms_sent_twice(network, rows),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of sorted ones does not exceed; 0 without any."""
    return round(values[max(0, ceil(share * len(values)) - 1)], 2) if values else 0.0


def told(storm: Storm) -> tuple[dict[str, object], tuple[Violation, ...], str]:
    """The figures, what does not hold, and both in words."""
    counted, wrong = figures(storm), judge(storm.network, storm.rows)
    lines = [*_table(counted), *_violations(wrong, {c.sid: c for c in storm.network.calls})]
    return counted | {"violations": len(wrong)}, wrong, "\n".join(lines)


def _table(counted: dict[str, object]) -> Iterator[str]:
    for name, value in counted.items():
        if isinstance(value, dict):
            yield f"  {name.replace('_', ' ')}"
            yield from (f"    {number:>7}  {what}" for what, number in value.items())
        else:
            yield f"  {name.replace('_', ' '):<28}{value}"


def _violations(wrong: Sequence[Violation], calls: dict[str, Heard]) -> Iterator[str]:
    yield f"  violations: {len(wrong)}"
    for rule in dict.fromkeys(each.rule for each in wrong):
        those = [each for each in wrong if each.rule == rule]
        yield f"\n{rule.replace('_', ' ')}: {len(those)} times not"
        for each in those[:SHOWN]:
            yield f"  {each.sid or '(no call)'}: {each.what}"
            if each.sid in calls:
                yield from transcript(calls[each.sid])


def transcript(call: Heard) -> Iterator[str]:
    """A call line by line, as the network heard it."""
    yield f"    {call.story}: {call.caller} to {call.line}, does {', '.join(call.script)}"
    for event in call.events:
        yield f"    {event.at:8.1f}  {event.kind:<16} {_facts(event)}"


def _facts(event: Event) -> str:
    known = ((name, value) for name, value in event.facts.items() if name not in NOT_TOLD)
    return "  ".join(f"{name}={value}" for name, value in known if value is not None)
