"""What is wrong with a field of a question, in our own words: by pydantic's types of errors."""

import re
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.domain.message_refs import MessageError, MessageRef, ref

Fields = dict[str, list[MessageRef]]

NAMED: Final = re.compile(r"'[^']*'")  # the values that an enumeration has
WHOLE_FIELD: Final = "_schema"  # what is wrong with no field alone, as APIFlask names it


def field_messages(refused: ValidationError) -> Fields:
    """Return what is wrong, by field; a field inside another one stands behind a dot."""
    found: Fields = {}
    for error in refused.errors(include_url=False, include_input=False):
        field = ".".join(map(str, error["loc"])) or WHOLE_FIELD
        found.setdefault(field, []).append(field_message(error))
    return found


def field_message(error: ErrorDetails) -> MessageRef:
    """Return what is wrong with one field."""
    about = error.get("ctx", {})
    match error["type"]:
        case "value_error" if isinstance(about["error"], MessageError):
            return about["error"].message
        case "missing":
            return ref("api.field_missing")
        case "extra_forbidden":
            return ref("api.field_unknown")
        case "literal_error" | "enum":
            return ref("api.field_one_of", names=tuple(NAMED.findall(about["expected"])))
        case "string_pattern_mismatch":
            return ref("api.field_bad_character")
        case kind:
            return _bounds(kind, about) or _kind(kind)


def _bounds(kind: str, about: dict[str, int]) -> MessageRef | None:
    match kind:
        case "greater_than_equal":
            return ref("api.field_at_least", limit=about["ge"])
        case "less_than_equal":
            return ref("api.field_at_most", limit=about["le"])
        case "string_too_long":
            return ref("api.field_too_long", limit=about["max_length"])
        case "string_too_short":
            return ref("api.field_too_short", limit=about["min_length"])
        case _:
            return None


def _kind(kind: str) -> MessageRef:
    match kind.partition("_")[0]:
        case "int":
            return ref("api.field_whole_number")
        case "float":
            return ref("api.field_number")
        case "bool":
            return ref("api.field_true_or_false")
        case "string":
            return ref("api.field_text")
        case "list" | "tuple":
            return ref("api.field_list")
        case "dict" | "model":
            return ref("api.field_object")
        case _:
            return ref("api.field_unreadable")
