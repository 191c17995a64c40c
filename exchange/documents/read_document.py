"""Reads voice documents and refuses loudly what the network does not know: verbs, attributes,
nesting and the rooms where a verb may stand.
"""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from exchange.documents.attributes import Attributes, DocumentError
from exchange.documents.elements import attributes_of, body_of, no_text, root_of
from exchange.documents.read_dials import read_dial, read_enqueue, read_record
from exchange.documents.read_prompts import read_gather, read_pause, read_play, read_say
from exchange.documents.schema import MAX_BYTES, VERBS_IN, DocumentKind
from exchange.documents.verbs import Hangup, Leave, Redirect, Reject, Verb
from exchange.error_codes import ErrorCode


def read_document(body: bytes, document_kind: DocumentKind) -> tuple[Verb, ...]:
    """The verbs of a document, in order.

    Raises DocumentError: 11750 too large, 12100 not XML, 12200 not what the schema allows.
    """
    if len(body) > MAX_BYTES:
        raise DocumentError(ErrorCode.TOO_LARGE, f"{len(body)} bytes; a document has 64 kB at most")
    root = root_of(body)
    no_text(root)
    return tuple(_read_verb(element, document_kind) for element in root)


def _read_verb(element: Element, document_kind: DocumentKind) -> Verb:
    if element.tag not in _READERS:
        raise DocumentError(ErrorCode.SCHEMA, f"unknown verb <{element.tag}>")
    if element.tag not in VERBS_IN[document_kind]:
        raise DocumentError(
            ErrorCode.SCHEMA, f"<{element.tag}> is not allowed in a {document_kind} document"
        )
    return _READERS[element.tag](element)


def _redirect(element: Element) -> Redirect:
    return Redirect(body_of(element, "an address"), attributes_of(element).method())


def _reject(element: Element) -> Reject:
    return Reject(attributes_of(element).choice("reason", "rejected", "rejected", "busy"))


def _hangup(element: Element) -> Hangup:
    attributes_of(element)
    no_text(element)
    return Hangup()


def _leave(element: Element) -> Leave:
    attributes_of(element)
    no_text(element)
    return Leave()


_READERS: dict[str, Callable[[Element], Verb]] = {
    "Say": read_say,
    "Play": read_play,
    "Pause": read_pause,
    "Gather": read_gather,
    "Dial": read_dial,
    "Record": read_record,
    "Enqueue": read_enqueue,
    "Redirect": _redirect,
    "Reject": _reject,
    "Hangup": _hangup,
    "Leave": _leave,
}


def read_replies(body: bytes) -> list[str]:
    """The texts that an answer to an incoming message sends back.

    Raises DocumentError for anything but <Message> with text or <Body>.
    """
    if not body.strip():
        return []
    return [_reply(element) for element in root_of(body)]


def _reply(element: Element) -> str:
    if element.tag != "Message":
        raise DocumentError(ErrorCode.SCHEMA, f"unknown verb <{element.tag}> in a text message")
    Attributes(element, frozenset())
    if strange := [child.tag for child in element if child.tag != "Body"]:
        raise DocumentError(ErrorCode.SCHEMA, f"<{strange[0]}> cannot stand inside <Message>")
    text = "".join([element.text or "", *(child.text or "" for child in element)]).strip()
    if not text:
        raise DocumentError(ErrorCode.SCHEMA, "<Message> with nothing in it")
    return text
