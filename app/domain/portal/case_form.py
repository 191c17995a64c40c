"""What somebody has filled in for a new case, read by the type's fields into a subject and a text.

The text is the first comment on the ticket: what was written, and each field by its label.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from app.domain.desks.case_types import CaseField, CaseKind, CaseType, FieldKind, own_words
from app.domain.desks.desk import Priority
from app.domain.message_refs import MessageRef, ref
from app.domain.portal.secrets import mask_passwords
from app.domain.tickets.ticket import LONGEST_SUBJECT

LONGEST_LINE: Final = 500
LONGEST_TEXT: Final = 8000
DAY: Final = re.compile(r"([0-9]{1,2})[./-] ?([0-9]{1,2})[./-]?(?: ?([0-9]{4}))?")
ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
SUBJECT, DESCRIPTION = "subject", "description"


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case as it was filled in. `has_masked`: a password was taken out of it."""

    subject: str
    body: str
    priority: Priority
    has_masked: bool


def name_of(field: CaseField) -> str:
    """Return what a field is called in the form: no field of ours has such a name."""
    return f"f-{field.id}"


def read_case(
    of: CaseType,
    typed: Mapping[str, Sequence[str]],
    language: str,
    today: date,
    *,
    has_files: bool = False,
) -> CaseRead | dict[str, MessageRef]:
    """Read what was filled in; or what is wrong, by the names of the fields."""
    reading = _Reading(of, typed, language, today, {})
    subject = mask_passwords(" ".join(reading.text(SUBJECT).split()))
    text = mask_passwords(reading.text(DESCRIPTION))
    if not any(sign.isalnum() for sign in subject.text):
        reading.wrong[SUBJECT] = ref("new_case.no_subject")
    elif len(subject.text) > LONGEST_SUBJECT:
        reading.wrong[SUBJECT] = ref("new_case.long_subject", most=LONGEST_SUBJECT)
    elif not subject.text.isprintable():
        reading.wrong[SUBJECT] = ref("new_case.unreadable")
    if not text.text:
        reading.wrong[DESCRIPTION] = ref("new_case.no_description")
    elif len(text.text) > LONGEST_TEXT:
        reading.wrong[DESCRIPTION] = ref("new_case.long_text", most=LONGEST_TEXT)
    answers = [mask_passwords(each) for each in reading.answers()]
    file = of.file_field
    if file and file.is_required and not has_files:
        reading.wrong[name_of(file)] = ref(
            "new_case.missing", field=own_words(file.label, language)
        )
    if reading.wrong:
        return reading.wrong
    lines = "\n".join(each.text for each in answers)
    has_masked = any(each.has_found for each in (subject, text, *answers))
    body = f"{text.text}\n\n{lines}".strip()
    return CaseRead(subject.text, body, reading.priority(), has_masked)


@dataclass(frozen=True, slots=True)
class _Reading:
    of: CaseType
    typed: Mapping[str, Sequence[str]]
    language: str
    today: date
    wrong: dict[str, MessageRef]

    def text(self, name: str) -> str:
        values = self.typed.get(name, ())
        if values and "\0" in values[0]:  # no database stores it
            self.wrong[name] = ref("new_case.unreadable")
        return values[0].replace("\r\n", "\n").strip() if values else ""

    def answers(self) -> Iterator[str]:
        """Yield each field that was filled in, with its label."""
        for field in self.of.fields:
            if field.kind is FieldKind.FILE:
                continue
            name, text = name_of(field), self.text(name_of(field))
            if not text:
                if field.is_required:
                    label = own_words(field.label, self.language)
                    self.wrong[name] = ref("new_case.missing", field=label)
                continue
            said = self._read(field, text)
            if isinstance(said, MessageRef):
                self.wrong[name] = said
            else:
                label = own_words(field.label, self.language)
                between = "\n" if "\n" in said else " "
                sign = "" if label.endswith("?") else ":"
                yield f"{label}{sign}{between}{said}"

    def priority(self) -> Priority:
        """Return the most urgent of what was chosen; else the type's."""
        order = tuple(Priority)
        chosen = (
            Priority(choice.priority)
            for field in self.of.fields
            for choice in field.choices
            if choice.priority and choice.id == self.text(name_of(field))
        )
        return min(chosen, key=order.index, default=Priority(self.of.priority))

    def _read(self, field: CaseField, text: str) -> str | MessageRef:
        label = own_words(field.label, self.language)
        longest = LONGEST_TEXT if field.kind is FieldKind.LONG_TEXT else LONGEST_LINE
        if len(text) > longest:
            return ref("new_case.long_text", most=longest)
        match field.kind:
            case FieldKind.CHOICE:
                found = next((each for each in field.choices if each.id == text), None)
                return (
                    own_words(found.name, self.language)
                    if found
                    else ref("form.no_choice", field=label)
                )
            case FieldKind.DATE:
                day = read_day(text, self.today)
                return f"{day:%d.%m.%Y}" if day else ref("new_case.no_day", field=label)
            case FieldKind.PAGE_LINK:
                return text if _is_address(text) else ref("new_case.no_address", field=label)
            case FieldKind.TEXT | FieldKind.LONG_TEXT | FieldKind.FILE:
                return text


def read_day(text: str, today: date) -> date | None:
    """Read `27.11`, `27.11.2026` or `2026-11-27`; without a year the nearest such day."""
    if iso := ISO_DAY.fullmatch(text):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    typed = DAY.fullmatch(text)
    if typed is None:
        return None
    if typed[3]:
        return _day(int(typed[3]), int(typed[2]), int(typed[1]))
    years = (today.year - 1, today.year, today.year + 1)
    found = [day for year in years if (day := _day(year, int(typed[2]), int(typed[1])))]
    return min(found, key=lambda day: abs(day - today), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_address(text: str) -> bool:
    """A page's address, also without its beginning: whoever copies it does not look."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https")
    return is_web and "." in (parts.hostname or "") and not any(sign.isspace() for sign in text)


def may_open(kind: CaseKind, *, is_leader: bool) -> bool:
    """Tell whether somebody may open a case of this kind: who gets access is a leader's to say."""
    return is_leader or kind is not CaseKind.USER_ADMINISTRATION
