"""Writes the elements of a voice document: escapes everything, knows no rules.

Made by hand because a turn writes one document and the builder of the official
library takes many times as long; a test holds both side by side.
"""

import re
from typing import Final

# What XML 1.0 cannot carry, not even escaped.
NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTENT_TYPE: Final = "text/xml; charset=utf-8"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'
WHITE_SPACE: Final = str.maketrans("\n\r\t", "   ")


def words(text: str) -> str:
    """Return a text as an element's content."""
    possible = text if text.isprintable() else NOT_XML.sub("", text)  # whatever prints, XML carries
    return possible.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def verb(tag: str, body: str = "", /, **attributes: str | int | bool) -> str:
    """Write one element; `body` is written as it stands: elements, or `words(text)`."""
    written = "".join(f' {name}="{_value(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>{body}</{tag}>" if body else f"<{tag}{written}/>"


def document(*elements: str) -> str:
    """Write a whole voice document."""
    return HEAD + verb("Response", "".join(elements))


def _value(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    one_line = text if text.isprintable() else text.translate(WHITE_SPACE)
    return words(one_line).replace('"', "&quot;")
