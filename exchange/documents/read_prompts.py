"""Reads what is spoken and asked: Say, Play, Pause, Gather."""

import re
from xml.etree.ElementTree import Element

from exchange.documents.attributes import DocumentError
from exchange.documents.elements import attributes_of, body_of, no_text
from exchange.documents.schema import FOREVER, SSML
from exchange.documents.verbs import Gather, Pause, Play, Prompt, Say
from exchange.error_codes import ErrorCode


def read_say(element: Element) -> Say:
    """A Say, its marked-up text as plain words."""
    attributes = attributes_of(element)
    for child in element.iter():
        if child is not element and child.tag not in SSML:
            raise DocumentError(ErrorCode.SCHEMA, f"<{child.tag}> cannot stand inside <Say>")
    text = " ".join("".join(element.itertext()).split())
    if not text:
        raise DocumentError(ErrorCode.SCHEMA, "<Say> with nothing to say")
    loop = attributes.whole("loop", 1, 0, 1000) or FOREVER
    breaks = sum(_break_seconds(child) for child in element.iter("break"))
    return Say(text, attributes.text("language"), attributes.text("voice"), loop, breaks)


def _break_seconds(element: Element) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", element.get("time", "0s"))
    if not match:
        raise DocumentError(ErrorCode.SCHEMA, f"<break time={element.get('time')!r}>")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def read_play(element: Element) -> Play:
    """A Play."""
    loop = attributes_of(element).whole("loop", 1, 0, 1000) or FOREVER
    return Play(body_of(element, "an address"), loop)


def read_pause(element: Element) -> Pause:
    """A Pause."""
    return Pause(attributes_of(element).whole("length", 1, 0, 3600))


def read_gather(element: Element) -> Gather:
    """A Gather with what is spoken in it."""
    attributes = attributes_of(element)
    no_text(element)
    attributes.choice("input", "dtmf", "dtmf")
    finish = attributes.given("finishOnKey", "#")
    if len(finish) > 1 or finish not in "0123456789*#":
        raise DocumentError(ErrorCode.SCHEMA, f"<Gather finishOnKey={finish!r}>: one key or none")
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
            return read_say(element)
        case "Play":
            return read_play(element)
        case _:
            return read_pause(element)
