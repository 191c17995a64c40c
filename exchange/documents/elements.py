"""Looks at one element of a document: its attributes, its text, what stands inside it."""

from xml.etree.ElementTree import Element, ParseError, fromstring

from exchange.documents.attributes import Attributes, DocumentError
from exchange.documents.schema import CHILDREN, KNOWN
from exchange.error_codes import ErrorCode


def root_of(body: bytes) -> Element:
    """The root of a document, which is always `<Response>` without attributes.

    Raises DocumentError 12100 for anything else.
    """
    try:
        root = fromstring(body)
    except ParseError as error:
        raise DocumentError(ErrorCode.PARSE, f"not XML: {error}") from error
    if root.tag != "Response":
        raise DocumentError(ErrorCode.PARSE, f"the root is <{root.tag}>, not <Response>")
    Attributes(root, frozenset())
    return root


def attributes_of(element: Element) -> Attributes:
    """An element's attributes, when they and its children are ones that its verb knows."""
    allowed = CHILDREN.get(element.tag, frozenset())
    for child in element:
        if child.tag not in allowed:
            raise DocumentError(
                ErrorCode.SCHEMA, f"<{child.tag}> cannot stand inside <{element.tag}>"
            )
    return Attributes(element, KNOWN[element.tag])


def no_text(element: Element) -> None:
    """Refuses text that stands between elements."""
    loose = [element.text, *(child.tail for child in element)]
    if found := "".join(part or "" for part in loose).strip():
        raise DocumentError(ErrorCode.SCHEMA, f"<{element.tag}> holds loose text {found[:40]!r}")


def body_of(element: Element, what: str) -> str:
    """The text that an element must hold."""
    text = (element.text or "").strip()
    if not text:
        raise DocumentError(ErrorCode.SCHEMA, f"<{element.tag}> without {what}")
    return text
