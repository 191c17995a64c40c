"""What came of a trial, in plain words: of its call, and of its SMS. Pure."""

from dataclasses import dataclass
from typing import Final

from app.domain.message_refs import Value, ref
from app.preflight.finding import Finding, error, ok, warning
from app.store.number_verifications import NumberVerification
from app.store.sms import NOT_DELIVERED

WEBHOOKS: Final = ref("preflight.live_webhooks_do")
LOOK_UP: Final = ref("preflight.live_error_do")


@dataclass(frozen=True, slots=True)
class SendResult:
    """What left the system: its sid, or why it was refused, or neither where nothing should."""

    sid: str = ""
    refused: Value = ""


def judge_call(
    number: str, trial: NumberVerification, call: SendResult, is_stopped: bool
) -> Finding:
    """Say whether somebody at the number can be reached and take a call."""
    again = ref("preflight.try_again", number=number)
    if call.refused:
        return error(ref("preflight.live_not_rung", number=number, cause=call.refused), LOOK_UP)
    if trial.key_pressed_at:
        return ok(ref("preflight.live_verified", number=number))
    match trial.status:
        case "completed":
            return error(
                ref("preflight.live_no_key", number=number),
                ref("preflight.live_no_key_do", again=again),
            )
        case "busy" | "no-answer" | "canceled":
            return error(ref("preflight.live_no_answer", number=number, status=trial.status), again)
        case "failed":
            return error(
                ref("preflight.live_unreachable", number=number),
                ref("preflight.live_unreachable_do"),
            )
        case "queued" | "" if not is_stopped:
            return error(ref("preflight.live_never_told", number=number), WEBHOOKS)
        case _ if is_stopped:
            return warning(ref("preflight.live_stopped", number=number), again)
        case _:
            return error(ref("preflight.live_too_late", number=number), again)


def judge_sms(number: str, trial: NumberVerification, sms: SendResult, is_stopped: bool) -> Finding:
    """Say whether an SMS reaches the number, and theirs this installation."""
    if sms.refused:
        return error(ref("preflight.sms_not_sent", number=number, cause=sms.refused), LOOK_UP)
    if not sms.sid:
        return ok(ref("preflight.sms_no_mobile", number=number))
    if trial.replied_at:
        return ok(ref("preflight.sms_well", number=number))
    if trial.delivery in NOT_DELIVERED:
        return error(
            ref("preflight.sms_undelivered", number=number), ref("preflight.sms_undelivered_do")
        )
    if trial.delivery == "delivered":
        return warning(
            ref("preflight.sms_no_reply", number=number), ref("preflight.sms_no_reply_do")
        )
    if is_stopped:
        return warning(ref("preflight.sms_stopped", number=number))
    return warning(ref("preflight.sms_never_told", number=number), WEBHOOKS)
