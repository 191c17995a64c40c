"""Reads what the product answers to an incoming text message."""

from xml.etree.ElementTree import Element

from exchange.documents.attributes import Attributes, DocumentError
from exchange.documents.elements import root_of
from exchange.error_codes import ErrorCode


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
