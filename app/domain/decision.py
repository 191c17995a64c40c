"""What a decision says: the script (spoken or rung), the effects (what shall happen), the reasons.

Frozen data only. Sentences stand in voice_prompts, TwiML is made in phone/twiml.py,
effects are carried out by store/apply.py.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from app.domain.call import Call, Callee
from app.domain.desk import Priority

TICKET_NUMBER: Final = "{ticket.number}"  # filled in when the ticket has got its number


@dataclass(frozen=True, slots=True)
class Named:
    """A value that is itself a text of ours, by its key, such as a level's neutral name."""

    key: str


# What a sentence can be filled with; how it is spoken (digit by digit, in pairs, as day
# and clock time) is said by the text's placeholder: `{ticket:digits}`.
Value = str | int | datetime | Named


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its key in the texts, its language, and what fills it.

    A desk's own words have the key `desk_words` and stand in the value `words`.
    """

    key: str
    language: str
    values: tuple[tuple[str, Value], ...] = ()


# --- the script: what the telephone network shall do with one of the two ends -----------


@dataclass(frozen=True, slots=True)
class Ask:
    """Say the sentences and listen for keys; a key interrupts."""

    says: tuple[Sentence, ...]
    seconds: int  # of silence before the prompt counts as unanswered
    digits: int | None = 1  # None: any number of them, ended with #
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class Listen:
    """Say the sentences, then record after a tone."""

    says: tuple[Sentence, ...]
    max_seconds: int
    is_measured: bool = False  # the seconds of sound in it decide what follows
    kind: Literal["listen"] = "listen"


@dataclass(frozen=True, slots=True)
class Ring:
    """Say the sentences, then ring these legs of the call: one, or several in a queue."""

    says: tuple[Sentence, ...]
    legs: tuple[int, ...]
    callees: tuple[Callee, ...]
    seconds: int
    talk_minutes: int
    at_once: bool = False
    kind: Literal["ring"] = "ring"


@dataclass(frozen=True, slots=True)
class Whisper:
    """Say the sentences to somebody whom we rang and listen for one key, then hang up."""

    leg: int
    says: tuple[Sentence, ...]
    seconds: int
    plays: str = ""  # the RecordingSid of the caller's message, heard before the sentences
    kind: Literal["whisper"] = "whisper"


@dataclass(frozen=True, slots=True)
class CallCaller:
    """Connect somebody who has taken a ticket with its caller, whom we ring for them.

    `leg` is their end, `called` the caller's leg of the call. When the talk is over, or nobody
    answered, `then` is said to them and one more key is listened for, as in a Whisper.
    """

    leg: int
    called: int
    number: str
    caller_id: str  # the desk's line: what the caller sees
    ring_seconds: int
    talk_minutes: int
    says: tuple[Sentence, ...]
    then: tuple[Sentence, ...]
    seconds: int  # of silence after `then`
    kind: Literal["call_caller"] = "call_caller"


@dataclass(frozen=True, slots=True)
class Bridge:
    """Connect the one who accepted with the caller; from a queue where they wait in one."""

    from_queue: bool = False
    talk_minutes: int = 120
    kind: Literal["bridge"] = "bridge"


@dataclass(frozen=True, slots=True)
class End:
    """Say the sentences and hang up."""

    says: tuple[Sentence, ...] = ()
    kind: Literal["end"] = "end"


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody listens: the network only told us something."""

    kind: Literal["silent"] = "silent"


Script = Ask | Listen | Ring | Whisper | CallCaller | Bridge | End | Silent


# --- the effects: what shall happen in the house ----------------------------------------


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Make the call's ticket."""

    priority: Priority
    customer: str | None
    agreement: str | None
    respond_by: datetime | None
    solve_by: datetime | None
    no_keys: bool = False
    kind: Literal["open_ticket"] = "open_ticket"


@dataclass(frozen=True, slots=True)
class JoinTicket:
    """The call is about a ticket that an earlier one opened."""

    number: int
    calls: int  # this one included
    kind: Literal["join_ticket"] = "join_ticket"


@dataclass(frozen=True, slots=True)
class SendSms:
    """Send one SMS. `dedup` makes a second one with the same words of purpose nothing."""

    to: str
    sentence: Sentence
    dedup: str
    person: str | None = None  # staff whom it is for; None for the caller
    kind: Literal["send_sms"] = "send_sms"


@dataclass(frozen=True, slots=True)
class AcknowledgeTicket:
    """Somebody has taken the case: stops the response clock.

    `instead_of` is the person who had accepted in this call but was never connected.
    """

    person: str
    name: str
    instead_of: str | None = None
    kind: Literal["acknowledge_ticket"] = "acknowledge_ticket"


@dataclass(frozen=True, slots=True)
class AttachMessage:
    """The caller's spoken message belongs to the ticket."""

    recording: str
    seconds: int
    kind: Literal["attach_message"] = "attach_message"


@dataclass(frozen=True, slots=True)
class PlaceLeg:
    """Ring this leg as a call of its own (at once, or in a round): the worker places it."""

    leg: int
    callee: Callee
    seconds: int
    kind: Literal["place_leg"] = "place_leg"


@dataclass(frozen=True, slots=True)
class CancelLeg:
    """Stop ringing this leg: somebody else accepted, or the caller is gone."""

    leg: int
    sid: str
    kind: Literal["cancel_leg"] = "cancel_leg"


@dataclass(frozen=True, slots=True)
class MissedRound:
    """Somebody of the duty gave no key in a round: rung after the others until they answer."""

    person: str
    name: str
    kind: Literal["missed_round"] = "missed_round"


@dataclass(frozen=True, slots=True)
class AnsweredAgain:
    """Somebody who had missed a round has pressed a key: rung in their place again."""

    person: str
    name: str
    kind: Literal["answered_again"] = "answered_again"


@dataclass(frozen=True, slots=True)
class RoundUnanswered:
    """The round is over and nobody took the ticket; `rung` is how many telephones rang."""

    round: int
    rung: int
    kind: Literal["round_unanswered"] = "round_unanswered"


Effect = (
    OpenTicket
    | JoinTicket
    | SendSms
    | AcknowledgeTicket
    | AttachMessage
    | PlaceLeg
    | CancelLeg
    | MissedRound
    | AnsweredAgain
    | RoundUnanswered
)


class Code(StrEnum):
    """Why a call went where it went: the closed set of reasons."""

    UNKNOWN_LINE = "unknown_line"
    BLOCKED = "blocked"
    CALLS_TOO_OFTEN = "calls_too_often"
    OPEN_CASE = "open_case"
    SAME_CASE = "same_case"
    HAS_THE_CASE = "has_the_case"
    NEW_CASE = "new_case"
    MISSED_A_ROUND = "missed_a_round"
    LANGUAGE_CHOSEN = "language_chosen"
    KNOWN_NUMBER = "known_number"
    SHARED_NUMBER = "shared_number"
    SHARED_BY_SEVERAL = "shared_by_several"
    UNKNOWN_CALLER = "unknown_caller"
    ONE_AGREEMENT = "one_agreement"
    CUSTOMER_NUMBER_FOUND = "customer_number_found"
    CUSTOMER_NUMBER_UNKNOWN = "customer_number_unknown"
    NO_CUSTOMER_NUMBER = "no_customer_number"
    NOT_SERVED = "not_served"
    AGREEMENT_HAS_TELEPHONE = "agreement_has_telephone"
    AGREEMENT_HAS_NO_TELEPHONE = "agreement_has_no_telephone"
    TELEPHONE_NOT_MEANT = "telephone_not_meant"
    NETWORK_AWAY = "network_away"
    NETWORK_THERE = "network_there"
    OPEN = "open"
    CLOSED = "closed"
    OPENS_NEXT = "opens_next"
    NEVER_OPENS = "never_opens"
    NOT_CRITICAL = "not_critical"
    DESK_HAS_NO_DUTY = "desk_has_no_duty"
    AGREEMENT_WITHOUT_DUTY = "agreement_without_duty"
    DUTY_HOURS = "duty_hours"
    OUTSIDE_DUTY_HOURS = "outside_duty_hours"
    WAKES_DUTY = "wakes_duty"
    OVERLAP = "overlap"
    ON_DUTY = "on_duty"
    SKIPPED = "skipped"
    TALKING = "talking"
    LAST_RESORT = "last_resort"
    NOBODY_ON_DUTY = "nobody_on_duty"
    NOBODY_LEFT_TO_RING = "nobody_left_to_ring"
    NO_FIRST_LINE = "no_first_line"
    CEILING = "ceiling"
    TARGET = "target"
    NOT_AGREED = "not_agreed"
    WANTS_HUMAN = "wants_human"
    NO_VALID_KEY = "no_valid_key"
    NO_KEYS_SOUND = "no_keys_sound"
    SILENCE = "silence"
    ACCEPTED = "accepted"
    ACCEPTED_BEFORE = "accepted_before"
    CALLER_GONE = "caller_gone"
    RINGING_OVER = "ringing_over"
    LATE_EVENT = "late_event"
    NOT_BRIDGED = "not_bridged"
    NO_LEG_PLACED = "no_leg_placed"
    QUEUE_LOST = "queue_lost"
    SAME_PERSON_FIRST = "same_person_first"
    NOT_TAKEN = "not_taken"
    TAKEN_ELSEWHERE = "taken_elsewhere"
    CALL_GOES_ON = "call_goes_on"
    ROUND_GOES_ON = "round_goes_on"
    ROUNDS_OVER = "rounds_over"
    NO_ROUNDS = "no_rounds"
    CALLS_CALLER = "calls_caller"
    NOT_CALLED_BACK = "not_called_back"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with what fills its sentence (texts: `reason.<code>`)."""

    code: Code
    values: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one event: the call as it is now, what is spoken or rung, and the story.

    `story` holds every reason and effect in the order in which they arose, so that a
    told call reads as it happened.
    """

    call: Call
    script: Script
    story: tuple[Effect | Reason, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return why it went this way, in order."""
        return tuple(part for part in self.story if isinstance(part, Reason))

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Return what shall happen in the house, in order."""
        return tuple(part for part in self.story if not isinstance(part, Reason))


def numbered(sentence: Sentence, number: int) -> Sentence:
    """Fill the ticket's number in, once it has been given."""
    values = tuple(
        (name, number if value == TICKET_NUMBER else value) for name, value in sentence.values
    )
    return replace(sentence, values=values)


def numbered_script(script: Script, number: int) -> Script:
    """Fill the ticket's number into everything the script says."""
    if isinstance(script, Bridge | Silent):
        return script
    return replace(script, says=tuple(numbered(sentence, number) for sentence in script.says))
