"""Status callbacks of a line's calls and legs: which are wanted, where they go, what they say."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.exchange.clock import rfc2822
from app.exchange.lines.line import Line
from app.exchange.product.post import Ask
from app.exchange.records.calls import Call


@dataclass(frozen=True, slots=True)
class Notices:
    """Where a call's status callbacks go, and which are wanted."""

    url: str | None
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


def tell(
    line: Line, call: Call, url: str | None, extra: Mapping[str, str], method: str = "POST"
) -> None:
    """Sends a callback that controls nothing."""
    if url:
        line.courier.send(Ask(url, line.base(call), extra, method))


def notify(line: Line, call: Call, notices: Notices, event: str) -> None:
    """Sends a call's status callback, if this event is wanted."""
    if event not in notices.events:
        return
    extra = {
        "Timestamp": rfc2822(line.timeline.moment()),
        "SequenceNumber": call.next_sequence(),
        "CallbackSource": "call-progress-events",
    }
    if call.status.is_over:
        extra["CallDuration"] = str(call.duration)
        extra["Duration"] = str(-(-call.duration // 60))
    tell(line, call, notices.url, extra, notices.method)
