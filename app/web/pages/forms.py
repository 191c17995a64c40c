"""A form: a pydantic model, and a table of its fields as they stand on the page.

What was typed stays as it was typed; what is wrong stands beside its field and in a summary.
Labels and hints are texts: `NAME.FIELD`, and `NAME.FIELD_hint` where the field has a hint.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.datastructures import MultiDict

from app.domain.message_refs import MessageError, MessageRef, RefValue, ref
from app.web.pages.fields import CHOSEN, KEPT_AS_TYPED, BoundField, Field, Kind, Option

M = TypeVar("M", bound=BaseModel)
# pydantic's types of errors: the text, and under which names it has pydantic's values.
ERRORS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "string_too_long": ("form.too_long", {"most": "max_length"}),
    "string_too_short": ("form.too_short", {"least": "min_length"}),
    "int_parsing": ("form.no_number", {}),
    "float_parsing": ("form.no_number", {}),
    "less_than_equal": ("form.too_large", {"most": "le"}),
    "greater_than_equal": ("form.too_small", {"least": "ge"}),
    "enum": ("form.no_choice", {}),
    "literal_error": ("form.no_choice", {}),
}


@dataclass(slots=True)
class FilledForm(Generic[M]):
    """A form as it was sent, or as it is shown first; `value` only where nothing is wrong."""

    form: "Form[M]"
    typed: Mapping[str, tuple[str, ...]]
    options: Mapping[str, Sequence[Option]]
    value: M | None = None
    errors: dict[str, MessageRef] = field(default_factory=dict)

    def refuse(self, error: MessageRef, name: str = "") -> None:
        """Say what an action found wrong: of one field, or of all ("")."""
        self.errors.setdefault(name, error)
        self.value = None

    @property
    def errors_of_all(self) -> list[MessageRef]:
        """What is wrong with no field alone."""
        return [error for name, error in self.errors.items() if name not in self.form.names]

    @property
    def bound(self) -> list[BoundField]:
        """All fields in their order."""
        return [self[each.name] for each in self.form.fields]

    def __iter__(self) -> Iterator[BoundField]:
        return iter(self.bound)

    def __getitem__(self, name: str) -> BoundField:
        of = self.form.field_of(name)
        return BoundField(
            of,
            self.form.label(name),
            ref(f"{self.form.name}.{name}_hint") if of.has_hint else None,
            self.form.model.model_fields[name].is_required(),
            tuple(self.options.get(name, of.options)),
            tuple(self.typed.get(name, ())),
            self.errors.get(name),
        )


@dataclass(frozen=True, slots=True)
class Form(Generic[M]):
    """A form: `name` begins the keys of its texts."""

    name: str
    model: type[M]
    fields: tuple[Field, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of its fields."""
        return frozenset(each.name for each in self.fields)

    def field_of(self, name: str) -> Field:
        """Return the field of this name."""
        return next(each for each in self.fields if each.name == name)

    def label(self, name: str) -> MessageRef:
        """Return what stands beside the field."""
        return ref(f"{self.name}.{name}")

    def blank(
        self, options: Mapping[str, Sequence[Option]] | None = None, **values: str
    ) -> FilledForm[M]:
        """Return the form as it is shown first, with what is known already."""
        return FilledForm(self, {name: (value,) for name, value in values.items()}, options or {})

    def read(
        self, sent: MultiDict[str, str], options: Mapping[str, Sequence[Option]] | None = None
    ) -> FilledForm[M]:
        """Read what was sent; what is empty counts as not filled in."""
        typed = {each.name: tuple(sent.getlist(each.name)) for each in self.fields}
        filled = FilledForm(self, typed, options or {})
        data = {name: given for name in typed if (given := self._value(name, typed[name]))}
        self._look_at_choices(filled)
        for name, values in typed.items():
            if any("\0" in each for each in values):  # no database stores it
                filled.refuse(ref("form.unusable", field=self.label(name)), name)
        try:
            value = self.model.model_validate(data)
        except ValidationError as refusal:
            for error in refusal.errors():
                name = str(error["loc"][0]) if error["loc"] else ""
                filled.refuse(self._message(name, error), name)
        else:
            filled.value = None if filled.errors else value
        return filled

    def _look_at_choices(self, filled: FilledForm[M]) -> None:
        """Only what was offered can be chosen."""
        for each in filled:
            offered = {option.value for option in each.options}
            if each.kind in CHOSEN and not offered.issuperset(filter(None, each.values)):
                filled.refuse(ref("form.no_choice", field=each.label), each.name)

    def _value(self, name: str, typed: tuple[str, ...]) -> str | list[str]:
        kind = self.field_of(name).kind
        if kind is Kind.CHECKBOXES:
            return [each for each in typed if each]
        text = typed[0] if typed else ""
        return text if kind in KEPT_AS_TYPED else text.strip()

    def _message(self, name: str, error: ErrorDetails) -> MessageRef:
        context: Mapping[str, Any] = error.get("ctx", {})
        if isinstance(context.get("error"), MessageError):
            own: MessageRef = context["error"].message
            return own
        label = self.label(name)
        if error["type"] == "missing":
            is_chosen = self.field_of(name).kind in (*CHOSEN, Kind.CHECKBOX)
            return ref("form.choose" if is_chosen else "form.missing", field=label)
        key, names = ERRORS.get(error["type"], ("form.unusable", {}))
        values: dict[str, RefValue] = {ours: context[theirs] for ours, theirs in names.items()}
        return ref(key, field=label, **values)
