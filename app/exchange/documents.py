"""Reads voice documents and refuses loudly what the network does not know: verbs, attributes,
nesting and the rooms where a verb may stand. The rules are Twilio's, as tables.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from xml.etree.ElementTree import Element, ParseError, fromstring

from app.exchange.attributes import Attributes, Code, DocumentError
from app.exchange.verbs import (
    Dial,
    DialQueue,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Number,
    Pause,
    Play,
    Prompt,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

MAX_BYTES = 64 * 1024


class Room(StrEnum):
    """Where a document is played: to a call, to a callee before bridging, to one who waits."""

    CALL = "call"
    WHISPER = "whisper"
    WAIT = "wait"


_EVERYWHERE = frozenset({"Say", "Play", "Pause", "Gather", "Hangup"})
VERBS_IN: dict[Room, frozenset[str]] = {
    Room.CALL: _EVERYWHERE | {"Dial", "Record", "Enqueue", "Redirect", "Reject"},
    Room.WHISPER: _EVERYWHERE,
    Room.WAIT: _EVERYWHERE | {"Redirect", "Leave"},
}
_SSML = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
)
_CHILDREN: dict[str, frozenset[str]] = {
    "Gather": frozenset({"Say", "Play", "Pause"}),
    "Dial": frozenset({"Number", "Queue"}),
    "Say": _SSML,
}
_KNOWN: dict[str, frozenset[str]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "Say": "voice language loop",
        "Play": "loop",
        "Pause": "length",
        "Gather": "input action method timeout finishOnKey numDigits actionOnEmptyResult language",
        "Dial": "action method timeout timeLimit callerId answerOnBridge sequential ringTone",
        "Number": "url method statusCallback statusCallbackMethod statusCallbackEvent",
        "Queue": "url method",
        "Record": "action method timeout maxLength finishOnKey playBeep trim"
        " recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent",
        "Enqueue": "action method waitUrl waitUrlMethod",
        "Redirect": "method",
        "Reject": "reason",
        "Hangup": "",
        "Leave": "",
    }.items()
}
_LEG_EVENTS = ("initiated", "ringing", "answered", "completed")
_RECORDING_EVENTS = ("in-progress", "completed", "absent")
_FOREVER = 10_000


def read_document(body: bytes, room: Room) -> tuple[Verb, ...]:
    """The verbs of a document, in order.

    Raises DocumentError: 11750 too large, 12100 not XML, 12200 not what the schema allows.
    """
    if len(body) > MAX_BYTES:
        raise DocumentError(Code.TOO_LARGE, f"{len(body)} bytes; a document has 64 kB at most")
    try:
        root = fromstring(body)
    except ParseError as error:
        raise DocumentError(Code.PARSE, f"not XML: {error}") from error
    if root.tag != "Response":
        raise DocumentError(Code.PARSE, f"the root is <{root.tag}>, not <Response>")
    Attributes(root, frozenset())
    _no_text(root)
    return tuple(_read_verb(element, room) for element in root)


def _read_verb(element: Element, room: Room) -> Verb:
    if element.tag not in _READERS:
        raise DocumentError(Code.SCHEMA, f"unknown verb <{element.tag}>")
    if element.tag not in VERBS_IN[room]:
        raise DocumentError(Code.SCHEMA, f"<{element.tag}> is not allowed in a {room} document")
    return _READERS[element.tag](element)


def _attributes(element: Element) -> Attributes:
    allowed = _CHILDREN.get(element.tag, frozenset())
    for child in element:
        if child.tag not in allowed:
            raise DocumentError(Code.SCHEMA, f"<{child.tag}> cannot stand inside <{element.tag}>")
    return Attributes(element, _KNOWN[element.tag])


def _no_text(element: Element) -> None:
    loose = [element.text, *(child.tail for child in element)]
    if found := "".join(part or "" for part in loose).strip():
        raise DocumentError(Code.SCHEMA, f"<{element.tag}> holds loose text {found[:40]!r}")


def _body(element: Element, what: str) -> str:
    text = (element.text or "").strip()
    if not text:
        raise DocumentError(Code.SCHEMA, f"<{element.tag}> without {what}")
    return text


def _say(element: Element) -> Say:
    attributes = _attributes(element)
    for child in element.iter():
        if child is not element and child.tag not in _SSML:
            raise DocumentError(Code.SCHEMA, f"<{child.tag}> cannot stand inside <Say>")
    text = " ".join("".join(element.itertext()).split())
    if not text:
        raise DocumentError(Code.SCHEMA, "<Say> with nothing to say")
    loop = attributes.whole("loop", 1, 0, 1000) or _FOREVER
    breaks = sum(_break_seconds(child) for child in element.iter("break"))
    return Say(text, attributes.text("language"), attributes.text("voice"), loop, breaks)


def _break_seconds(element: Element) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", element.get("time", "0s"))
    if not match:
        raise DocumentError(Code.SCHEMA, f"<break time={element.get('time')!r}>")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def _play(element: Element) -> Play:
    loop = _attributes(element).whole("loop", 1, 0, 1000) or _FOREVER
    return Play(_body(element, "an address"), loop)


def _pause(element: Element) -> Pause:
    return Pause(_attributes(element).whole("length", 1, 0, 3600))


def _gather(element: Element) -> Gather:
    attributes = _attributes(element)
    _no_text(element)
    attributes.choice("input", "dtmf", "dtmf")
    finish = attributes.given("finishOnKey", "#")
    if len(finish) > 1 or finish not in "0123456789*#":
        raise DocumentError(Code.SCHEMA, f"<Gather finishOnKey={finish!r}>: one key or none")
    digits = attributes.whole("numDigits", 0, 1, 1000)
    return Gather(
        prompts=tuple(_prompt(child) for child in element),
        action=attributes.text("action"),
        method=attributes.method(),
        timeout=attributes.whole("timeout", 5, 1, 600),
        finish_on_key=finish,
        num_digits=digits or None,
        action_on_empty=attributes.flag("actionOnEmptyResult", False),
    )


def _prompt(element: Element) -> Prompt:
    match element.tag:
        case "Say":
            return _say(element)
        case "Play":
            return _play(element)
        case _:
            return _pause(element)


def _dial(element: Element) -> Dial:
    attributes = _attributes(element)
    numbers = tuple(_number(child) for child in element.iter("Number"))
    queues = tuple(_dial_queue(child) for child in element.iter("Queue"))
    if len(element) == 0:
        numbers = (Number(_body(element, "a number"), None, "POST", None, "POST", frozenset()),)
    else:
        _no_text(element)
    if (numbers and queues) or len(queues) > 1 or len(numbers) > 10:
        raise DocumentError(Code.SCHEMA, "<Dial> takes up to ten <Number>, or one <Queue>")
    return Dial(
        numbers=numbers,
        queue=queues[0] if queues else None,
        action=attributes.text("action"),
        method=attributes.method(),
        timeout=attributes.whole("timeout", 30, 5, 600),
        time_limit=attributes.whole("timeLimit", 14400, 1, 86400),
        caller_id=attributes.text("callerId"),
        answer_on_bridge=attributes.flag("answerOnBridge", False),
        sequential=attributes.flag("sequential", False),
    )


def _number(element: Element) -> Number:
    attributes = _attributes(element)
    return Number(
        number=_body(element, "a number"),
        url=attributes.text("url"),
        method=attributes.method(),
        status_callback=attributes.text("statusCallback"),
        status_method=attributes.method("statusCallbackMethod"),
        events=attributes.words("statusCallbackEvent", "completed", *_LEG_EVENTS),
    )


def _dial_queue(element: Element) -> DialQueue:
    attributes = _attributes(element)
    return DialQueue(_body(element, "a name"), attributes.text("url"), attributes.method())


def _record(element: Element) -> Record:
    attributes = _attributes(element)
    _no_text(element)
    return Record(
        action=attributes.text("action"),
        method=attributes.method(),
        timeout=attributes.whole("timeout", 5, 0, 600),
        max_length=attributes.whole("maxLength", 3600, 1, 14400),
        finish_on_key=attributes.given("finishOnKey", "1234567890*#"),
        trim=attributes.choice("trim", "do-not-trim", "do-not-trim", "trim-silence")
        == "trim-silence",
        play_beep=attributes.flag("playBeep", True),
        status_callback=attributes.text("recordingStatusCallback"),
        status_method=attributes.method("recordingStatusCallbackMethod"),
        events=attributes.words("recordingStatusCallbackEvent", "completed", *_RECORDING_EVENTS),
    )


def _enqueue(element: Element) -> Enqueue:
    attributes = _attributes(element)
    return Enqueue(
        name=_body(element, "a name"),
        action=attributes.text("action"),
        method=attributes.method(),
        wait_url=attributes.text("waitUrl"),
        wait_method=attributes.method("waitUrlMethod"),
    )


def _redirect(element: Element) -> Redirect:
    return Redirect(_body(element, "an address"), _attributes(element).method())


def _reject(element: Element) -> Reject:
    return Reject(_attributes(element).choice("reason", "rejected", "rejected", "busy"))


def _hangup(element: Element) -> Hangup:
    _attributes(element)
    _no_text(element)
    return Hangup()


def _leave(element: Element) -> Leave:
    _attributes(element)
    _no_text(element)
    return Leave()


_READERS: dict[str, Callable[[Element], Verb]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Dial": _dial,
    "Record": _record,
    "Enqueue": _enqueue,
    "Redirect": _redirect,
    "Reject": _reject,
    "Hangup": _hangup,
    "Leave": _leave,
}
