"""The form of somebody on a roster: name, numbers, language, first and last day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.datastructures import MultiDict

from app.domain.config.clean_text import cleaned
from app.domain.config.ids import free_id, slug
from app.domain.config.phone_part import read_number
from app.domain.config.roster_document import LONGEST_PERSON_NAME
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.reasons import Reason
from app.domain.roster.member_days import MemberDays
from app.domain.roster.plan import Person, Roster
from app.domain.texts.text_parts import LANGUAGES
from app.domain.texts.written_moments import spaced
from app.domain.time.typed_days import TimeField
from app.domain.time.typed_parts import read_typed_day
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form

LONGEST_TYPED: Final = 60
LONGEST_NUMBERS: Final = 400
MOST_NUMBERS: Final = 5

Typed = Annotated[str, Limits(max_length=LONGEST_TYPED)]


class PersonSent(BaseModel):
    """Somebody as they were typed."""

    name: str = Limits(max_length=LONGEST_PERSON_NAME)
    numbers: str = Limits("", max_length=LONGEST_NUMBERS)
    language: str = ""
    first_day: Typed = ""
    last_day: Typed = ""


SPOKEN: Final = tuple(Option(each, MessageRef(f"page.language_{each}")) for each in LANGUAGES)
FORM: Final = Form(
    "person_form",
    PersonSent,
    (
        Field("name", width="medium"),
        Field("numbers", Kind.TEXTAREA, has_hint=True),
        Field("language", Kind.SELECT, has_hint=True, options=SPOKEN),
        Field("first_day", has_hint=True, width="medium"),
        Field("last_day", has_hint=True, width="medium"),
    ),
)


@dataclass(frozen=True, slots=True)
class PersonForm:
    """Reads and shows the form of one person of a roster; of a new one where there is none yet."""

    roster: Roster
    person: Person | None
    now: datetime

    def blank(self) -> FilledForm[PersonSent]:
        """The form as it is shown first."""
        of = self.person
        if of is None:
            return FORM.blank()
        return FORM.blank(
            name=of.name,
            numbers="\n".join(spaced(each) for each in of.numbers),
            language=of.language,
            first_day=_typed(of.days.first),
            last_day=_typed(of.days.last),
        )

    def read(self, sent: MultiDict[str, str]) -> tuple[FilledForm[PersonSent], Person | None]:
        """The form as it was sent, and the person where nothing is wrong."""
        form = FORM.read(sent)
        days = MemberDays(self._day(form, "first_day"), self._day(form, "last_day"))
        if days.first and days.last and days.last < days.first:
            form.refuse(ref("person_form.backwards"), "last_day")
        numbers = _numbers(form)
        if form.value is None:
            return form, None
        name = cleaned(form.value.name)
        found = Person(self._id(name), name, numbers, form.value.language, days)
        there = self.roster.person(sent.get("id", "")) if self.person is None else None
        is_saved = there == replace(found, id=there.id) if there else False  # pressed twice
        return form, there if is_saved else found

    def _id(self, name: str) -> str:
        if self.person:
            return self.person.id
        return free_id(slug(name) or "person", [each.id for each in self.roster.people])

    def _day(self, form: FilledForm[PersonSent], name: str) -> date | None:
        text = form[name].value.strip()
        if not text:
            return None
        day = read_typed_day(text, TimeField(self.now, self.roster.time_zone))
        if isinstance(day, Reason):
            form.refuse(day.ref, name)
            return None
        return day


def _numbers(form: FilledForm[PersonSent]) -> tuple[str, ...]:
    """Read a number from each line, in the order in which they are rung."""
    lines: Sequence[str] = [each for each in form["numbers"].value.splitlines() if each.strip()]
    if len(lines) > MOST_NUMBERS:
        form.refuse(ref("person_form.too_many_numbers", most=MOST_NUMBERS), "numbers")
    found: dict[str, None] = {}
    for line in lines[:MOST_NUMBERS]:
        try:
            found[read_number(cleaned(line)).digits] = None
        except MessageError as wrong:
            form.refuse(wrong.message, "numbers")
    return tuple(found)


def _typed(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
