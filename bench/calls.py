"""Real calls as the network posts them: whole forms, signed beforehand, with the answer to expect.

Every post is one turn of the product. Desks and callers are those of rosters/.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

PUBLIC_URL = "https://vakt.example.org"
ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "token-of-the-bench"

# What a real post carries beside what anybody reads; the signature covers it all.
GEOGRAPHY = {
    f"{who}{what}": ""
    for who in ("Called", "Caller", "From", "To")
    for what in ("City", "State", "Zip")
} | {f"{who}Country": "NO" for who in ("Called", "Caller", "From", "To")}

# Two of the four status callbacks of a leg are posted: they cost less than other turns.
LEG, TURN, STATUS = "/twilio/leg/{sid}/{leg}", "/twilio/voice/turn/{turn}", "/twilio/status"


@dataclass(frozen=True, slots=True)
class Step:
    """One post of a call: its door, what it says, and a word that the answer must hold."""

    door: str
    fields: Mapping[str, str]
    answer: str = ""  # an empty answer: 204
    leg: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of call. `is_open` calls come in office hours, the others at a weekend."""

    desk: str
    line: str
    caller: str
    steps: tuple[Step, ...]
    is_open: bool = False


@dataclass(slots=True)
class Post:
    """One request as bytes, and the word that its answer must hold."""

    request: bytes
    answer: bytes
    call: "Call" = field(repr=False)


@dataclass(slots=True)
class Call:
    """One call: its posts, which must be sent in order."""

    posts: list[Post] = field(default_factory=list)


def arrives(answer: str) -> Step:
    return Step("/twilio/voice", {"CallStatus": "ringing"}, answer)


def presses(digits: str, answer: str) -> Step:
    return Step(TURN, {"Digits": digits, "FinishedOnKey": "", "msg": "Gather End"}, answer)


def speaks() -> Step:
    recorded = {"RecordingUrl": "https://api.example.org/{recording}", "RecordingDuration": "12"}
    return Step(TURN, recorded | {"RecordingSid": "{recording}", "Digits": "#"}, "<Hangup")


def leg_is(leg: int, status: str) -> Step:
    return Step(f"{LEG}/status", {"CallStatus": status, "SequenceNumber": "1"}, leg=leg)


def accepts(leg: int) -> tuple[Step, ...]:
    return (
        leg_is(leg, "ringing"),
        Step(f"{LEG}/whisper", {"CallStatus": "in-progress"}, "<Gather", leg),
        Step(f"{LEG}/key/1", {"Digits": "1", "FinishedOnKey": ""}, "<Response", leg),
        leg_is(leg, "completed"),
    )


def ring_ends(status: str, answer: str = "", *, gone: bool = False) -> Step:
    told = {"DialCallStatus": status, "DialBridged": str(status == "completed").lower()}
    return Step(TURN, told | ({"CallStatus": "completed"} if gone else {}), answer)


TALKS = ring_ends("completed", "<Hangup", gone=True)
ENDS = Step(STATUS, {"CallStatus": "completed", "CallDuration": "120", "Duration": "2"})

# A mix of what the five desks are phoned about; 37 turns in five calls.
SCENARIOS = (
    Scenario(
        "brukarstotte",
        "+4720000210",
        "+4749002001",
        (
            arrives("<Gather"),
            presses("1", "<Dial"),
            leg_is(1, "ringing"),
            leg_is(1, "no-answer"),
            ring_ends("no-answer", "<Dial"),
            *accepts(2),
            TALKS,
            ENDS,
        ),
    ),
    Scenario(
        "dekode",
        "+4720000500",
        "+4749005001",
        (
            arrives("<Gather"),
            presses("1", "<Gather"),
            presses("1", "<Dial"),
            *accepts(1),
            TALKS,
            ENDS,
        ),
    ),
    Scenario(
        "prokom",
        "+4720000100",
        "+4749001001",
        (arrives("<Gather"), presses("3", "<Dial"), *accepts(1), TALKS, ENDS),
        is_open=True,
    ),
    Scenario(
        "kundeservice",
        "+4720000400",
        "+4749004001",
        (arrives("<Gather"), presses("1", "<Gather"), presses("1", "<Record"), speaks(), ENDS),
    ),
    Scenario(
        "brukerhjelpen",
        "+4720000300",
        "+4749003001",
        (arrives("<Gather"), presses("2", "<Record"), speaks(), ENDS),
    ),
)


def _weekends() -> list[datetime]:
    """Every second hour of half a year's Saturdays and Sundays."""
    return [hour for hour in _hours(1, 182) if hour.weekday() >= 5]


def _office_hours() -> list[datetime]:
    """Hours of ordinary working days; no public holiday falls in these months."""
    return [hour for hour in _hours(8, 120) if hour.weekday() < 5 and 8 <= hour.hour < 13]


def _hours(month: int, days: int) -> Iterator[datetime]:
    for year in range(2026, 2046):
        start = datetime(year, month, 3, tzinfo=UTC)
        yield from (start + timedelta(hours=2 * n) for n in range(12 * days))


# Spread out, because a desk has a ceiling of attempts to reach somebody in one hour, and
# a caller who calls again within one is asked whether it is the same case.
WEEKENDS, OFFICE_HOURS = _weekends(), _office_hours()


class Exchange:
    """Signs calls of these stories, one kind after the other, each call with a SID of its own."""

    def __init__(self, stories: tuple[Scenario, ...] = SCENARIOS, first: int = 1) -> None:
        self._stories = stories
        self._numbers = count(first)
        self._validator = RequestValidator(TOKEN)

    def calls(self, turns: int, *, any_answer: bool = False) -> list[Call]:
        """Whole calls that come to at least so many turns; a bare view may give any answer."""
        made: list[Call] = []
        while turns > 0:
            made.append(self._call(next(self._numbers), any_answer))
            turns -= len(made[-1].posts)
        return made

    def _call(self, number: int, any_answer: bool) -> Call:
        story = self._stories[number % len(self._stories)]
        call = Call()
        for step, path, form in forms(story, number):
            signature = self._validator.compute_signature(PUBLIC_URL + path, form)
            answer = b"" if any_answer else step.answer.encode()
            call.posts.append(Post(request(path, form, signature), answer, call))
        return call


def forms(story: Scenario, number: int) -> Iterator[tuple[Step, str, dict[str, str]]]:
    """The steps of one call with the path and the form of each."""
    sid, turn = f"CA{number:032x}", 0
    hours = OFFICE_HOURS if story.is_open else WEEKENDS
    moment = hours[number // len(SCENARIOS) % len(hours)]
    for at, step in enumerate(story.steps):
        turn += step.door == TURN
        names = {"sid": sid, "turn": turn, "leg": step.leg, "recording": f"RE{number:032x}"}
        usual = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": f"CB{number:030x}{step.leg:02x}" if step.leg else sid,
            "CallStatus": "in-progress",
            "Called": story.line,
            "Caller": story.caller,
            "CallToken": f"%7B%22parentCallInfoToken%22%3A%22{number:0160x}%22%7D",
            "Direction": "outbound-dial" if step.leg else "inbound",
            "From": story.line if step.leg else story.caller,
            "To": "+4749000099" if step.leg else story.line,
            "ExchangeMoment": (moment + timedelta(seconds=5 * at)).isoformat(),
        }
        told = {name: value.format(**names) for name, value in step.fields.items()}
        parent = {"ParentCallSid": sid} if step.leg else {}
        yield step, step.door.format(**names), usual | GEOGRAPHY | parent | told


def request(path: str, form: Mapping[str, str], signature: str) -> bytes:
    """A request as the network writes it to a connection that stays open."""
    body = urlencode(form).encode()
    head = (
        f"POST {path} HTTP/1.1\r\n"
        "Host: vakt.example.org\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Twilio-Signature: {signature}\r\n"
        "I-Twilio-Idempotency-Token: 5fd8b2ae-6e2c-4a3f-9d55-1f0e6a2d9c11\r\n"
        "User-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n\r\n"
    )
    return head.encode() + body
