"""What customers are asked for in the portal: projects, types of cases with fields, questions.

Frozen facts of a desk's document; read by config/case_type_part.py.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.message_refs import MessageRef
from app.domain.texts.localized_text import NO_WORDS, LocalizedText


class CaseKind(StrEnum):
    """What a type of case is, and so what becomes of it."""

    FAULT = "fault"
    ORDER = "order"
    USER_ADMINISTRATION = "user_administration"  # leaders only
    IDEA = "idea"  # sent on: no ticket
    AGREEMENT = "agreement"  # somebody wants another one


class FieldKind(StrEnum):
    """How a field of a case is filled in.

    It is read in portal/case_form.py, and drawn in web/pages/case_form.py.
    """

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DATE = "date"
    PAGE_LINK = "page_link"
    FILE = "file"  # what the form's files are to be


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers of a field; `priority` is what it makes of the case, where it does."""

    id: str
    name: LocalizedText
    priority: str = ""


@dataclass(frozen=True, slots=True)
class CaseField:
    """One thing that is asked beside what it is about."""

    id: str
    kind: FieldKind
    label: LocalizedText
    is_required: bool = False
    hint: LocalizedText = NO_WORDS
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseType:
    """A type of case. Without projects it is one of all; without a name it has its kind's."""

    id: str
    kind: CaseKind
    name: LocalizedText = NO_WORDS
    what: LocalizedText = NO_WORDS  # one sentence
    projects: tuple[str, ...] = ()
    priority: str = "medium"
    fields: tuple[CaseField, ...] = ()
    send_to: tuple[str, ...] = ()  # mail addresses to which an idea goes
    group: str = ""  # the id of the desk's group that gets its tickets; else the project's

    @property
    def file_field(self) -> CaseField | None:
        """Return the field that says which files are wanted; None where any may come."""
        return next((each for each in self.fields if each.kind is FieldKind.FILE), None)

    def is_for(self, project: str) -> bool:
        """Tell whether it can be chosen for a project."""
        return not self.projects or project in self.projects

    def name_in(self, language: str) -> MessageRef:
        """Return what the type is called."""
        return words_in(self.name, language) or MessageRef(f"case_kind.{self.kind}")

    def what_in(self, language: str) -> MessageRef:
        """Return the sentence that says when it is the right one."""
        return words_in(self.what, language) or MessageRef(f"case_kind_what.{self.kind}")


@dataclass(frozen=True, slots=True)
class Project:
    """What a case can be about: a product, a service."""

    id: str
    name: LocalizedText
    group: str = ""  # the id of the desk's group that gets its tickets


@dataclass(frozen=True, slots=True)
class Question:
    """A frequent question, and its answer."""

    question: LocalizedText
    answer: LocalizedText


# A desk that writes none of its own.
USUAL_TYPES: tuple[CaseType, ...] = (
    CaseType("fault", CaseKind.FAULT),
    CaseType("order", CaseKind.ORDER, priority="low"),
)


def words_in(text: LocalizedText, language: str) -> MessageRef | None:
    """Return a desk's own words, in another language where it has no others; None for none."""
    found = text.in_language(language) or next((words for _, words in text.by_language), None)
    return MessageRef("desk_words", (("words", found),)) if found else None


def own_words(text: LocalizedText, language: str) -> str:
    """Return a desk's own words as they stand; "" for none."""
    return text.in_language(language) or next((words for _, words in text.by_language), "")
