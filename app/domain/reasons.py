"""Why something is as it is: a code and what fills its text. The texts are in voice_prompts.

One shape for calls, opening hours, duty hours and rosters, so that all of them are told alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.message_refs import MessageRef, Value


class Code(StrEnum):
    """Why a call went where it went: the closed set of reasons."""

    UNKNOWN_LINE = "unknown_line"
    BLOCKED = "blocked"
    CALLS_TOO_OFTEN = "calls_too_often"
    RECENT_TICKET = "recent_ticket"
    SAME_TICKET = "same_ticket"
    HAS_THE_TICKET = "has_the_ticket"
    NEW_TICKET = "new_ticket"
    MISSED_A_CALL_OUT = "missed_a_call_out"
    PASSED_IT_ON = "passed_it_on"
    LANGUAGE_CHOSEN = "language_chosen"
    AFFECTED = "affected"
    NO_SMS_TO_CALLER = "no_sms_to_caller"
    OUTAGE_OVER = "outage_over"
    PIN_RIGHT = "pin_right"
    PIN_WRONG = "pin_wrong"
    KNOWN_NUMBER = "known_number"
    SHARED_NUMBER = "shared_number"
    SHARED_BY_SEVERAL = "shared_by_several"
    UNKNOWN_CALLER = "unknown_caller"
    ONE_AGREEMENT = "one_agreement"
    CUSTOMER_NUMBER_FOUND = "customer_number_found"
    CUSTOMER_NUMBER_UNKNOWN = "customer_number_unknown"
    NO_CUSTOMER_NUMBER = "no_customer_number"
    NOT_SERVED = "not_served"
    AGREEMENT_HAS_NO_TELEPHONE = "agreement_has_no_telephone"
    TELEPHONE_NOT_MEANT = "telephone_not_meant"
    NETWORK_AWAY = "network_away"
    NETWORK_THERE = "network_there"
    OPEN = "open"
    CLOSED = "closed"
    NOT_CRITICAL = "not_critical"
    LEVEL_SLEEPS = "level_sleeps"
    DESK_HAS_NO_DUTY = "desk_has_no_duty"
    AGREEMENT_WITHOUT_DUTY = "agreement_without_duty"
    DUTY_HOURS = "duty_hours"
    OUTSIDE_DUTY_HOURS = "outside_duty_hours"
    PLANNED_GAP = "planned_gap"
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
    WOKEN_TOO_OFTEN = "woken_too_often"
    SAME_STRANGER = "same_stranger"
    WITHHELD_CLOSED = "withheld_closed"
    TARGET = "target"
    NOT_AGREED = "not_agreed"
    WANTS_HUMAN = "wants_human"
    NO_VALID_KEY = "no_valid_key"
    NO_KEYS_SOUND = "no_keys_sound"
    SILENCE = "silence"
    ACCEPTED = "accepted"
    CALLER_GONE = "caller_gone"
    RINGING_OVER = "ringing_over"
    LATE_EVENT = "late_event"
    NOT_BRIDGED = "not_bridged"
    NO_LEG_PLACED = "no_leg_placed"
    QUEUE_LOST = "queue_lost"
    SAME_PERSON_FIRST = "same_person_first"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    ACKNOWLEDGED_ELSEWHERE = "acknowledged_elsewhere"
    RING_AGAIN = "ring_again"
    ASKS_FOR_PAUSE = "asks_for_pause"
    CALL_GOES_ON = "call_goes_on"
    CALL_OUT_GOES_ON = "call_out_goes_on"
    CALL_OUTS_OVER = "call_outs_over"
    NO_CALL_OUTS = "no_call_outs"
    RESTORED = "restored"
    CALLS_CALLER = "calls_caller"
    NOT_CALLED_BACK = "not_called_back"


class HoursCode(StrEnum):
    """Why a calendar is open or closed at an instant."""

    ROUND_THE_CLOCK = "round_the_clock"
    INSIDE_WINDOW = "inside_window"
    OUTSIDE_HOURS = "outside_hours"
    WEEKEND = "weekend"
    NO_HOURS_TODAY = "no_hours_today"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"
    EARLY_CLOSING = "early_closing"


class DutyHoursCode(StrEnum):
    """Why it is duty hours or not."""

    OWN_HOURS = "own_hours"
    DESK_UNSTAFFED = "desk_unstaffed"
    EARLY_CLOSING = "early_closing"
    DESK_STAFFED = "desk_staffed"
    DESK_CLOSED = "desk_closed"  # and the duty is not there either
    DESK_CLOSED_EARLY = "desk_closed_early"  # and the duty has not begun yet
    NO_DUTY_HOURS = "no_duty_hours"
    PLANNED_GAP = "planned_gap"


class RosterCode(StrEnum):
    """Why somebody is on duty or not, and what is odd about an entry."""

    NO_ROSTER = "no_roster"
    ROTATION = "rotation"
    ROTATION_NOT_BEGUN = "rotation_not_begun"
    ROTATION_ENDED = "rotation_ended"
    ROTATION_EMPTY = "rotation_empty"
    OUTSIDE_ROTATION = "outside_rotation"
    NO_ROTATION = "no_rotation"
    NEXT_IN_LINE = "next_in_line"
    NOBODY_NEXT_IN_LINE = "nobody_next_in_line"
    OVERRIDE = "override"
    LAST_RESORT = "last_resort"
    ABSENT = "absent"
    NO_NUMBER = "no_number"
    UNKNOWN_PERSON = "unknown_person"
    NOT_THERE_YET = "not_there_yet"
    HAS_LEFT = "has_left"
    ALREADY_LISTED = "already_listed"
    ENTRY_IS_OVER = "entry_is_over"
    ABSENT_ALREADY = "absent_already"
    NOT_ON_DUTY = "not_on_duty"
    NOBODY_TO_REPLACE = "nobody_to_replace"
    ALREADY_ON_DUTY = "already_on_duty"
    LATER_OVERRIDE_WINS = "later_override_wins"


class TroubleCode(StrEnum):
    """What is wrong at a desk at this moment, the worst first; or that nothing is."""

    NOBODY_PLANNED = "nobody_planned"
    NOBODY_NOW = "nobody_now"
    LAST_RESORT_NOW = "last_resort_now"
    CALL_OUTS_OVER = "call_outs_over"
    UNACKNOWLEDGED = "unacknowledged"
    GAP_SOON = "gap_soon"
    KNOWN_OUTAGE = "known_outage"
    NOT_CONFIRMED = "not_confirmed"
    LINE_UNATTENDED = "line_unattended"
    WELL = "well"


class TypedMomentCode(StrEnum):
    """Why a text in a time field is not one moment."""

    NOTHING_TYPED = "nothing_typed"
    NOT_READ = "not_read"
    NO_CLOCK = "no_clock"
    NO_SUCH_CLOCK = "no_such_clock"
    NO_SUCH_DATE = "no_such_date"
    YEAR_OR_CLOCK = "year_or_clock"
    YEAR_TOO_FAR = "year_too_far"
    OTHER_WEEKDAY = "other_weekday"
    OTHER_DAY = "other_day"
    SKIPPED_BY_CLOCK = "skipped_by_clock"
    NOT_AFTER_START = "not_after_start"
    NOT_A_DAY = "not_a_day"
    NOT_A_CLOCK = "not_a_clock"
    NOT_HOURS = "not_hours"


class AccessCode(StrEnum):
    """Why a user may do something or not."""

    HAS_ACCESS_ROLE = "has_access_role"
    USER_DISABLED = "user_disabled"
    NO_ACCESS_ROLE = "no_access_role"
    ROLES_LACK_IT = "roles_lack_it"
    ONLY_ELSEWHERE = "only_elsewhere"
    NOT_OWN_DUTY = "not_own_duty"
    NOT_OWN_CHANGE = "not_own_change"
    NOT_OWN_REQUEST = "not_own_request"
    ON_NO_ROSTER = "on_no_roster"


class FigureKind(StrEnum):
    """How each figure of duty was counted, in the order in which they are shown.

    The bands from weekday to holiday together are all duty.
    """

    DUTY = "duty"
    WEEKDAY = "weekday"
    EVENING = "evening"
    NIGHT = "night"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    EVE = "eve"
    HOLIDAY = "holiday"
    ANY_EVENING = "any_evening"
    ANY_NIGHT = "any_night"
    NIGHTS = "nights"
    WEEKEND_DAYS = "weekend_days"
    HOLIDAYS = "holidays"
    CALL_OUTS = "call_outs"
    CALL_OUT_TIME = "call_out_time"
    CALL_OUT_UNCONFIRMED = "call_out_unconfirmed"
    HOME_DUTY = "home_duty"
    CONVERTED = "converted"
    COUNTED = "counted"


class CountedCode(StrEnum):
    """How broken rest and a share were counted."""

    DAILY_REST = "daily_rest"
    WEEKLY_REST = "weekly_rest"
    SHARE = "share"
    NO_SHARE = "no_share"


AnyCode = (
    Code
    | HoursCode
    | DutyHoursCode
    | RosterCode
    | TroubleCode
    | TypedMomentCode
    | AccessCode
    | FigureKind
    | CountedCode
)

# Under which heading the texts of a set of codes stand: `reason.open`, `hours.weekend`.
HEADINGS: Final[Mapping[type[AnyCode], str]] = {
    Code: "reason",
    HoursCode: "hours",
    DutyHoursCode: "duty_hours",
    RosterCode: "roster",
    TroubleCode: "trouble",
    TypedMomentCode: "typed_moment",
    AccessCode: "access",
    FigureKind: "counted",
    CountedCode: "counted",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with what fills its text."""

    code: AnyCode
    values: tuple[tuple[str, Value], ...] = ()

    def get(self, name: str) -> Value:
        """Return the value of this name, or an empty string."""
        return dict(self.values).get(name, "")

    @property
    def ref(self) -> MessageRef:
        """Return the text that tells it."""
        return MessageRef(text_key(self.code), self.values)


def text_key(code: AnyCode) -> str:
    """Return the key of the text that tells a reason of this code."""
    return f"{HEADINGS[type(code)]}.{code}"


def because(code: AnyCode, **values: Value | None) -> Reason:
    """Name a reason with what fills its text; what is not known is left out."""
    return Reason(code, known(**values))


def known(**values: Value | None) -> tuple[tuple[str, Value], ...]:
    """Leave out what is not known."""
    return tuple((name, value) for name, value in values.items() if value is not None)
