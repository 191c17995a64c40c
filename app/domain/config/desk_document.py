"""desk.toml read: a Desk, or every diagnostic. What spans several documents is folder_reader.py."""

from typing import Final

from app.domain.config.agreement_part import agreements, not_served, priorities, targets
from app.domain.config.calendar_part import calendar, time_zone
from app.domain.config.callback_part import callback
from app.domain.config.case_type_part import case_types, projects, questions
from app.domain.config.desk_rules import check_desk
from app.domain.config.diagnostics import ReadResult, errors, in_order
from app.domain.config.document import Document, open_document
from app.domain.config.duty_note_part import duty_notes, owners
from app.domain.config.duty_part import contacts, duty, escalation
from app.domain.config.inbox_part import inbox
from app.domain.config.line_part import ceilings, first_line, lines, offered
from app.domain.config.maintenance_part import maintenance
from app.domain.config.reminder_part import silence, target_warning
from app.domain.config.retention_part import retention
from app.domain.config.table_reader import TableReader
from app.domain.config.translations_part import spoken_name, spoken_words
from app.domain.config.workflow_part import answers, groups, workflow
from app.domain.desks.case_types import USUAL_TYPES
from app.domain.desks.desk import Desk, Line, TelephoneFor
from app.domain.message_refs import ref
from app.domain.time.calendars import Calendar

LONGEST_NAME: Final = 40  # it stands in an SMS beside the ticket and a number


def read_desk(text: str, file: str, desk_id: str, *, is_stored: bool = False) -> ReadResult[Desk]:
    """Read desk.toml; without a value where an error refuses it, with every diagnostic in order."""
    document = open_document(text, file, is_stored=is_stored)
    if document.is_unreadable:
        return ReadResult(None, in_order(document.diagnostics))
    desk = _desk(document, desk_id)
    check_desk(desk, document)
    refused = errors(document.diagnostics)
    partial = desk if document.knows_tables else None
    return ReadResult(None if refused else desk, in_order(document.diagnostics), partial)


def _desk(document: Document, desk_id: str) -> Desk:
    top = TableReader(document, (), document.toml.values)
    zone = time_zone(top)
    own_lines = lines(top)
    languages = offered(own_lines)
    calendars = _calendars(top, zone)
    ids = tuple(each.id for each in calendars)
    own_agreements = agreements(top, ids)
    agreement_ids = tuple(each.id for each in own_agreements)
    rules = targets(top, agreement_ids, ids)
    roles, role_rules = contacts(top, ids)
    own_owners = owners(top)
    own_groups = groups(top)
    group_ids = tuple(each.id for each in own_groups)
    own_projects = projects(top, group_ids)
    project_ids = tuple(each.id for each in own_projects)
    steps, basis, tells_customer = escalation(
        top, ids, rules, tuple(contact.role for contact in roles)
    )
    desk = Desk(
        id=desk_id,
        name=_name(top),
        spoken_name=spoken_name(top, "spoken_name", languages),
        time_zone=zone,
        portal=_portal(top),
        lines=own_lines,
        calendars=calendars,
        agreements=own_agreements,
        priorities=priorities(top, languages),
        targets=rules,
        first_line=first_line(top, _default_language(own_lines)),
        ceilings=ceilings(top.table("ceilings")),
        telephone_for=top.choice("telephone_for", TelephoneFor, TelephoneFor.EVERYTHING),
        duty=duty(top, zone),
        roster=top.text("roster", "") or None,
        escalation=steps,
        escalation_basis=basis,
        not_served=not_served(top, languages),
        while_waiting=spoken_words(top, "while_waiting", languages, needed=False),
        target_warning=target_warning(top.table("target_warning")),
        silence=silence(top.table("silence"), ids),
        tells_customer_from_level=tells_customer,
        contacts=roles,
        contact_rules=role_rules,
        callback=callback(top.table("callback")),
        retention=retention(top.table("retention")),
        owners=own_owners,
        duty_notes=duty_notes(top, languages, agreement_ids, tuple(each.id for each in own_owners)),
        inbox=inbox(top.table("inbox")),
        workflow=workflow(top, languages),
        groups=own_groups,
        answers=answers(top, languages),
        projects=own_projects,
        case_types=case_types(top, project_ids, group_ids) or USUAL_TYPES,
        questions=questions(top),
        maintenance=maintenance(top, zone, project_ids),
        portal_recordings=top.truth("portal_recordings", default=False),
    )
    top.close()
    return desk


def _name(top: TableReader) -> str:
    name = top.text("name")
    if len(name) > LONGEST_NAME:
        top.error("name", ref("diagnostic.name_too_long.name", count=len(name), most=LONGEST_NAME))
    return name


def _default_language(own_lines: tuple[Line, ...]) -> str:
    """The first language of the first line, where there is one."""
    return next((line.languages[0] for line in own_lines if line.languages), "nb")


def _portal(top: TableReader) -> str:
    portal = top.text("portal")
    if portal and (" " in portal or "." not in portal or not portal.isascii()):
        top.error("portal", ref("diagnostic.bad_address", address=portal))
    return portal


def _calendars(top: TableReader, zone: str) -> tuple[Calendar, ...]:
    if not top.needs("calendars"):
        return ()
    return tuple(calendar(part, name, zone) for name, part in top.named_tables("calendars"))
