"""Reads the verbs that involve others: Dial, Record, Enqueue."""

from xml.etree.ElementTree import Element

from exchange.documents.attributes import DocumentError
from exchange.documents.elements import attributes_of, body_of, no_text
from exchange.documents.schema import LEG_EVENTS, RECORDING_EVENTS
from exchange.documents.verbs import Dial, DialQueue, Enqueue, NumberNoun, Record
from exchange.error_codes import ErrorCode


def read_dial(element: Element) -> Dial:
    """A Dial with its numbers, or with the queue that it connects to."""
    attributes = attributes_of(element)
    numbers = tuple(_number(child) for child in element.iter("Number"))
    queues = tuple(_dial_queue(child) for child in element.iter("Queue"))
    if len(element) == 0:
        numbers = (
            NumberNoun(body_of(element, "a number"), None, "POST", None, "POST", frozenset()),
        )
    else:
        no_text(element)
    if (numbers and queues) or len(queues) > 1 or len(numbers) > 10:
        raise DocumentError(ErrorCode.SCHEMA, "<Dial> takes up to ten <Number>, or one <Queue>")
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


def _number(element: Element) -> NumberNoun:
    attributes = attributes_of(element)
    return NumberNoun(
        number=body_of(element, "a number"),
        url=attributes.text("url"),
        method=attributes.method(),
        status_callback=attributes.text("statusCallback"),
        status_method=attributes.method("statusCallbackMethod"),
        events=attributes.words("statusCallbackEvent", "completed", *LEG_EVENTS),
    )


def _dial_queue(element: Element) -> DialQueue:
    attributes = attributes_of(element)
    return DialQueue(body_of(element, "a name"), attributes.text("url"), attributes.method())


def read_record(element: Element) -> Record:
    """A Record."""
    attributes = attributes_of(element)
    no_text(element)
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
        events=attributes.words("recordingStatusCallbackEvent", "completed", *RECORDING_EVENTS),
    )


def read_enqueue(element: Element) -> Enqueue:
    """An Enqueue."""
    attributes = attributes_of(element)
    return Enqueue(
        name=body_of(element, "a name"),
        action=attributes.text("action"),
        method=attributes.method(),
        wait_url=attributes.text("waitUrl"),
        wait_method=attributes.method("waitUrlMethod"),
    )
