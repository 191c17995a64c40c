"""What came of a trial, in plain words: of its call, and of its SMS. Pure."""

from dataclasses import dataclass
from typing import Final

from app.preflight.finding import Finding, error, ok, warning
from app.store.number_verifications import NumberVerification
from app.store.sms import NOT_DELIVERED

DOORS: Final = "Compare PUBLIC_URL with where the provider can reach this installation"


@dataclass(frozen=True, slots=True)
class SendResult:
    """What left the system: its sid, or why it was refused, or neither where nothing should."""

    sid: str = ""
    refused: str = ""


def judge_call(
    number: str, trial: NumberVerification, call: SendResult, is_stopped: bool
) -> Finding:
    """Say whether somebody at the number can be reached and take a call."""
    again = f"Try it again: vakt preflight --live {number}"
    if call.refused:
        return error(
            f"{number} could not be rung: {call.refused}",
            "Look the error up at twilio.com/docs/api/errors",
        )
    if trial.key_pressed_at:
        return ok(f"{number} answered with a key: it counts as verified")
    match trial.status:
        case "completed":
            return error(
                f"{number} was answered, but no key came: nobody would have taken the call",
                f"Was it a voicemail? Does the telephone send keys in a call? {again}",
            )
        case "busy" | "no-answer" | "canceled":
            return error(f"{number} did not answer: {trial.status}", again)
        case "failed":
            return error(
                f"{number} cannot be reached by the network",
                "Is the number right, and may the account call there? (Voice → Geo permissions)",
            )
        case "queued" | "" if not is_stopped:
            return error(f"{number}: the provider never told how the call fared", DOORS)
        case _ if is_stopped:
            return warning(f"{number}: no key came before the waiting was stopped", again)
        case _:
            return error(f"{number}: no key came in time", again)


def judge_sms(number: str, trial: NumberVerification, sms: SendResult, is_stopped: bool) -> Finding:
    """Say whether an SMS reaches the number, and theirs this installation."""
    if sms.refused:
        return error(
            f"no SMS could be sent to {number}: {sms.refused}",
            "Look the error up at twilio.com/docs/api/errors",
        )
    if not sms.sid:
        return ok(f"{number} is no mobile telephone: it gets no SMS")
    if trial.replied_at:
        return ok(f"the SMS to {number} arrived, and its reply here")
    if trial.delivery in NOT_DELIVERED:
        return error(
            f"the SMS to {number} was not delivered",
            "Twilio's console tells why: Monitor → Logs → Messaging",
        )
    if trial.delivery == "delivered":
        return warning(
            f"the SMS to {number} was delivered, but no reply has come",
            "Nobody may have answered it; else compare “A message comes in” of the line",
        )
    if is_stopped:
        return warning(f"the SMS to {number} was sent; it was not waited for", "")
    return warning(f"the provider never told how the SMS to {number} fared", DOORS)
