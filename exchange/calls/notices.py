"""Status callbacks of a line's calls and legs: which are wanted, where they go, what they say."""

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.calls.active_call import ActiveCall
from exchange.clock import rfc2822
from exchange.product.http import OutgoingWebhook
from exchange.records.calls import CallResource


@dataclass(frozen=True, slots=True)
class StatusCallbacks:
    """Where a call's status callbacks go, and which are wanted."""

    url: str | None
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


def send_status(
    active_call: ActiveCall,
    call: CallResource,
    url: str | None,
    extra: Mapping[str, str],
    method: str = "POST",
) -> None:
    """Sends a callback that controls nothing."""
    if url:
        active_call.webhook_sender.send(OutgoingWebhook(url, active_call.base(call), extra, method))


def notify(
    active_call: ActiveCall, call: CallResource, notices: StatusCallbacks, event: str
) -> None:
    """Sends a call's status callback, if this event is wanted."""
    if event not in notices.events:
        return
    extra = {
        "Timestamp": rfc2822(active_call.timeline.moment()),
        "SequenceNumber": call.next_sequence(),
        "CallbackSource": "call-progress-events",
    }
    if call.status.is_over:
        extra["CallDuration"] = str(call.duration)
        extra["Duration"] = str(-(-call.duration // 60))
    send_status(active_call, call, notices.url, extra, notices.method)
