"""The fields of a form: as they are described, and as they stand on a page with what was typed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.message_refs import MessageRef


class Kind(StrEnum):
    """How a field is filled in; the first ones are HTML's types of input."""

    TEXT = "text"
    EMAIL = "email"
    TEL = "tel"
    PASSWORD = "password"
    FILE = "file"
    HIDDEN = "hidden"
    TEXTAREA = "textarea"
    SELECT = "select"
    RADIOS = "radios"
    CHECKBOX = "checkbox"
    CHECKBOXES = "checkboxes"


CHOSEN: Final = (Kind.SELECT, Kind.RADIOS, Kind.CHECKBOXES)
# Whoever sees them trimmed is told of a wrong password that is right.
KEPT_AS_TYPED: Final = (Kind.PASSWORD, Kind.TEXTAREA)


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values that can be chosen, and what stands beside it."""

    value: str
    label: MessageRef | str
    hint: str = ""  # beside a radio button or box: what choosing it means
    hint_language: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: the name is that of the model's."""

    name: str
    kind: Kind = Kind.TEXT
    autocomplete: str = ""
    has_hint: bool = False
    width: str = ""  # "short" or "medium"; else as wide as the form
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundField:
    """A field with what was typed and what is wrong: what the macros draw."""

    of: Field
    label: MessageRef
    hint: MessageRef | None
    is_required: bool
    options: tuple[Option, ...]
    values: tuple[str, ...]
    error: MessageRef | None

    @property
    def name(self) -> str:
        """Its name in the form that is sent."""
        return self.of.name

    @property
    def kind(self) -> Kind:
        """How it is filled in."""
        return self.of.kind

    @property
    def id(self) -> str:
        """The element's id."""
        return f"field-{self.of.name}"

    @property
    def first_id(self) -> str:
        """Where the focus goes from the summary: the first of several boxes."""
        return f"{self.id}-1" if self.of.kind in (Kind.RADIOS, Kind.CHECKBOXES) else self.id

    @property
    def value(self) -> str:
        """What was typed."""
        return self.values[0] if self.values else ""

    @property
    def described_by(self) -> str:
        """Which elements say more about it."""
        parts = ((self.hint, "hint"), (self.error, "error"))
        return " ".join(f"{self.id}-{name}" for has, name in parts if has)
