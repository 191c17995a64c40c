"""The form of a new case: drawn by the fields of its type; what was typed stays as it was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from werkzeug.datastructures import MultiDict

from app.domain.desks.case_types import CaseField, CaseType, FieldKind, own_words
from app.domain.message_refs import MessageRef, ref
from app.domain.portal.case_form import DESCRIPTION, SUBJECT, name_of
from app.web.pages.fields import BoundField, Field, Kind, Option

MOST_RADIOS: Final = 6
KINDS: Final[Mapping[FieldKind, Kind]] = {
    FieldKind.TEXT: Kind.TEXT,
    FieldKind.LONG_TEXT: Kind.TEXTAREA,
    FieldKind.CHOICE: Kind.RADIOS,
    FieldKind.DATE: Kind.TEXT,
    FieldKind.PAGE_LINK: Kind.TEXT,
    FieldKind.FILE: Kind.FILE,
}


@dataclass(slots=True)
class CaseForm:
    """A form as it was sent, or as it is shown first."""

    of: CaseType
    language: str
    typed: Mapping[str, Sequence[str]]
    errors: dict[str, MessageRef] = field(default_factory=dict)
    file_error: MessageRef | None = None

    @property
    def errors_of_all(self) -> list[MessageRef]:
        """What is wrong with no field alone."""
        names = {each.name for each in self.bound}
        wrong = [error for name, error in self.errors.items() if name not in names]
        return [*wrong, self.file_error] if self.file_error else wrong

    @property
    def bound(self) -> list[BoundField]:
        """All fields in their order: what it is about, the type's own, and the story."""
        subject = Field(SUBJECT, has_hint=True)
        story = Field(DESCRIPTION, Kind.TEXTAREA, has_hint=True)
        return [
            self._ours(subject),
            *(self._own(each) for each in self.of.fields if each.kind is not FieldKind.FILE),
            self._ours(story),
        ]

    @property
    def files(self) -> BoundField | None:
        """The files that the type asks for, with what is wrong; None where any may come."""
        field = self.of.file_field
        return self._own(field) if field else None

    def _ours(self, of: Field) -> BoundField:
        label = MessageRef(f"new_case_form.{of.name}")
        hint = MessageRef(f"new_case_form.{of.name}_hint")
        return self._bound(of, label, hint, is_required=True)

    def _own(self, of: CaseField) -> BoundField:
        kind = KINDS[of.kind]
        if kind is Kind.RADIOS and len(of.choices) > MOST_RADIOS:
            kind = Kind.SELECT
        options = tuple(Option(each.id, own_words(each.name, self.language)) for each in of.choices)
        width = "short" if of.kind is FieldKind.DATE else ""
        label = _words(own_words(of.label, self.language))
        drawn = Field(name_of(of), kind, width=width)
        return self._bound(drawn, label, self._hint(of), of.is_required, options)

    def _hint(self, of: CaseField) -> MessageRef | None:
        said = own_words(of.hint, self.language)
        if said:
            return _words(said)
        return MessageRef("new_case_form.date_hint") if of.kind is FieldKind.DATE else None

    def _bound(
        self,
        of: Field,
        label: MessageRef,
        hint: MessageRef | None,
        is_required: bool,
        options: tuple[Option, ...] = (),
    ) -> BoundField:
        values = tuple(self.typed.get(of.name, ()))
        return BoundField(of, label, hint, is_required, options, values, self.errors.get(of.name))


def typed_in(sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """Return what was sent, by the names of the fields."""
    return {name: sent.getlist(name) for name in sent}


def _words(text: str) -> MessageRef:
    return ref("desk_words", words=text)
