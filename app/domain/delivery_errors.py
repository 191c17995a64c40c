"""Why a job was not done: a code in its row, and words in the reader's language when shown."""

from enum import StrEnum
from typing import Final

from app.domain.message_refs import MessageRef, ref


class DeliveryError(StrEnum):
    """Why something did not leave. A code may have a detail after a colon: `no_answer:OSError`."""

    EXPIRED = "expired"
    EXPIRED_AT_RESTORE = "expired_at_restore"
    TICKET_ACKNOWLEDGED = "ticket_acknowledged"
    TICKET_CLOSED = "ticket_closed"
    TICKET_ANSWERED = "ticket_answered"
    TICKET_NOT_URGENT = "ticket_not_urgent"
    ALARM_OVER = "alarm_over"
    ALARM_IS_BACK = "alarm_is_back"
    OUTAGE_IS_BACK = "outage_is_back"
    RECEIVER_ERASED = "receiver_erased"
    OPTED_OUT = "opted_out"
    LEG_BEING_PLACED = "leg_being_placed"
    BROKEN = "broken"  # with the name of a fault of ours
    REFUSED = "refused"  # with the status, and after a comma the provider's own code
    NO_ANSWER = "no_answer"  # with what the library calls it
    NO_CONNECTION = "no_connection"
    NO_CREDENTIALS = "no_credentials"
    NO_RECORDING_SID = "no_recording_sid"
    RECORDING_NOT_READY = "recording_not_ready"
    RECORDING_TOO_LARGE = "recording_too_large"
    NO_WEBHOOK_SECRET = "no_webhook_secret"
    EVENT_TOO_LARGE = "event_too_large"
    REDIRECTED = "redirected"
    PRIVATE_ADDRESS = "private_address"  # with the host

    def about(self, detail: object) -> str:
        """Return the code with its detail, as a row keeps it."""
        return f"{self}:{detail}"


CODES: Final = frozenset(DeliveryError)


def refused(status: int, code: int | None = None) -> str:
    """Return why a request was refused: its status, and the provider's own code."""
    return DeliveryError.REFUSED.about(f"{status},{code}" if code else status)


def delivery_error(error: str) -> MessageRef | str:
    """Return the words for what a row says; what a library said stays as it is."""
    code, _, detail = error.partition(":")
    if code not in CODES:
        return error
    if code != DeliveryError.REFUSED:
        return MessageRef(f"delivery_error.{code}", (("detail", detail),))
    status, _, number = detail.partition(",")
    told = ref("delivery_error_code", code=number) if number else ""
    return MessageRef(f"delivery_error.{code}", (("status", status), ("code", told)))
