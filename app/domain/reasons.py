"""The reasons: why a call went where it went, as codes. Their sentences are voice_prompts'."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.sentence import Value


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
