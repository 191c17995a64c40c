"""What customers are asked for in the portal: [[projects]], [[case_types]], [[questions]]."""

from collections.abc import Collection, Iterable
from typing import Final

from app.domain.config.table_reader import TableReader
from app.domain.config.translations_part import words
from app.domain.desks.case_types import (
    CaseField,
    CaseKind,
    CaseType,
    Choice,
    FieldKind,
    Project,
    Question,
)
from app.domain.desks.desk import Priority
from app.domain.mail_addresses import is_mail_address
from app.domain.message_refs import ref
from app.domain.texts.localized_text import LocalizedText
from app.domain.texts.text_parts import LANGUAGES

LONGEST_NAME: Final = 80
MOST_FIELDS: Final = 20
MOST_CHOICES: Final = 30


def projects(top: TableReader, group_ids: Collection[str]) -> tuple[Project, ...]:
    """Read what cases can be about, and which group gets their tickets."""
    found = []
    for part in top.list_of_tables("projects"):
        found.append(Project(part.id("id"), _name(part, "name"), _group(part, group_ids)))
        part.close()
    _once(top, "projects", (each.id for each in found))
    return tuple(found)


def _group(part: TableReader, group_ids: Collection[str]) -> str:
    group = part.text("group", "")
    return group if group and part.known("group", group, group_ids, "group") else ""


def case_types(
    top: TableReader, project_ids: Collection[str], group_ids: Collection[str]
) -> tuple[CaseType, ...]:
    """Read the types of cases, with the fields of each, and which group gets their tickets."""
    found = tuple(_type(part, project_ids, group_ids) for part in top.list_of_tables("case_types"))
    _once(top, "case_types", (each.id for each in found))
    for project in project_ids:
        if found and not any(each.is_for(project) for each in found):
            top.error("case_types", ref("diagnostic.project_without_type", project=project))
    return found


def questions(top: TableReader) -> tuple[Question, ...]:
    """Read the frequent questions; each is asked and answered in every language."""
    found = []
    for part in top.list_of_tables("questions"):
        found.append(Question(translated(part, "question"), translated(part, "answer")))
        part.close()
    return tuple(found)


def _type(part: TableReader, project_ids: Collection[str], group_ids: Collection[str]) -> CaseType:
    type_id, kind = part.id("id"), part.choice("kind", CaseKind)
    own = part.texts("projects")
    for index, each in enumerate(own):
        part.known("projects", each, project_ids, "project", index)
    fields = tuple(_field(each) for each in part.list_of_tables("fields"))
    _once(part, "fields", (each.id for each in fields))
    if len(fields) > MOST_FIELDS:
        part.error("fields", ref("diagnostic.too_many_fields", most=MOST_FIELDS))
    found = CaseType(
        type_id,
        kind,
        _name(part, "name", needed=False),
        words(part, "what", LANGUAGES, needed=False),
        own,
        part.choice("priority", Priority, Priority.MEDIUM).value,
        fields,
        _send_to(part, kind),
        _group(part, group_ids),
    )
    if found.group and kind is CaseKind.IDEA:
        part.error("group", ref("diagnostic.group_of_idea"))
    part.close()
    return found


def _send_to(part: TableReader, kind: CaseKind) -> tuple[str, ...]:
    """An idea opens no ticket: somebody must get it."""
    addresses = part.texts("send_to", needed=kind is CaseKind.IDEA)
    if addresses and kind is not CaseKind.IDEA:
        part.error("send_to", ref("diagnostic.send_to_no_idea"))
    for index, each in enumerate(addresses):
        if not is_mail_address(each):
            said = ref("diagnostic.bad_email.mail", address=each[:60])
            part.document.error((*part.path, "send_to", index), said)
    return addresses


def _field(part: TableReader) -> CaseField:
    field_id, kind = part.id("id"), part.choice("kind", FieldKind)
    choices = tuple(_choice(each) for each in part.list_of_tables("choices"))
    if kind is FieldKind.CHOICE and not choices:
        part.document.error(part.path, ref("diagnostic.choice_without_choices"))
    if choices and kind is not FieldKind.CHOICE:
        part.error("choices", ref("diagnostic.choices_of_no_choice"))
    if len(choices) > MOST_CHOICES:
        part.error("choices", ref("diagnostic.too_many_choices", most=MOST_CHOICES))
    _once(part, "choices", (each.id for each in choices))
    found = CaseField(
        field_id,
        kind,
        _name(part, "label"),
        part.truth("required", default=False),
        words(part, "hint", LANGUAGES, needed=False),
        choices,
    )
    part.close()
    return found


def _choice(part: TableReader) -> Choice:
    priority = part.choice("priority", Priority).value if part.has("priority") else ""
    found = Choice(part.id("id"), _name(part, "name"), priority)
    part.close()
    return found


def _name(part: TableReader, key: str, *, needed: bool = True) -> LocalizedText:
    found = words(part, key, LANGUAGES, needed=needed)
    for _, text in found.by_language:
        if len(text) > LONGEST_NAME:
            said = ref("diagnostic.name_too_long.name", count=len(text), most=LONGEST_NAME)
            part.error(key, said)
    return found


def translated(part: TableReader, key: str) -> LocalizedText:
    """Read words of every language: one text would be read in one that is not the reader's."""
    if part.needs(key) and isinstance(part.values[key], str):
        part.error(key, ref("diagnostic.not_translated", key=key))
        return LocalizedText()
    return words(part, key, LANGUAGES)


def _once(part: TableReader, key: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for each in ids:
        if each and each in seen:
            part.error(key, ref("diagnostic.id_twice", id=each))
        seen.add(each)
