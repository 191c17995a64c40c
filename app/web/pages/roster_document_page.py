"""`/rosters/ID/document`: the text behind a roster, with its lines numbered; changed there.

What is wrong is told at its lines, and what it would change on duty, before anything is saved.
"""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app.actions.roster.change_document import (
    DocumentOfRoster,
    DocumentRefused,
    DocumentRequest,
    DocumentTrial,
    MergedDocuments,
    change_document,
    merge_documents,
    show_document,
    try_document,
)
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.config.diagnostics import Diagnostic, errors
from app.domain.config.document import LARGEST_TOML
from app.domain.config.folder import ROSTER
from app.domain.config.line_diff import lines_of
from app.domain.message_refs import MessageRef, ref
from app.web.page_access import needs, require
from app.web.pages.fields import Field, Kind
from app.web.pages.forms import FilledForm, Form
from app.web.pages.render import page
from app.web.pages.roster_page import ONE_ROSTER
from app.web.pages.roster_versions_page import VersionLinks
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services
from app.web.session import current_author, current_user

roster_document_page = Blueprint("roster_document_page", __name__, url_prefix="/rosters")

LONGEST_REMARK: Final = 200
LARGEST_NUMBER_OF_DIGITS: Final = 8


class Wanted(BaseModel):
    """A text, and why."""

    text: str = Limits(max_length=LARGEST_TOML)
    remark: str = Limits("", max_length=LONGEST_REMARK)


FORM: Final = Form(
    "document_form",
    Wanted,
    (Field("text", Kind.TEXTAREA), Field("remark", has_hint=True, width="medium")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text, and what is wrong with it."""

    number: int
    text: str
    wrong: tuple[Diagnostic, ...]


@roster_document_page.get(f"{ONE_ROSTER}/document")
@needs(Permission.CHANGE_ROSTER)
def document(roster: str) -> Response:
    """Show the text as it is live."""
    found, text = _document(roster)
    done = _number(request.args.get("done", ""))
    return page(
        "roster_document.html",
        ref("roster_document.title", desks=_names(found)),
        time_zone=found.roster.plan.time_zone,
        live=found.live.document,
        lines=_lines(text, ()),
        links=VersionLinks(roster),
        done=done if done == found.live.document.number else 0,
    )


@roster_document_page.get(f"{ONE_ROSTER}/document/edit")
@needs(Permission.CHANGE_ROSTER)
def edit(roster: str) -> Response:
    """Show the text to be changed; with `version` that of an earlier version."""
    version = _number(request.args.get("version", ""))
    found, text = _document(roster, version)
    form = FORM.blank(text=text)
    return _form(found, form, of_version=version if text != found.live.text else 0)


@roster_document_page.post(f"{ONE_ROSTER}/document/edit")
@needs(Permission.CHANGE_ROSTER)
def send(roster: str) -> Response:
    """Read the text; tell what it would change, or save it."""
    found, _ = _document(roster)
    form, step = FORM.read(request.form), request.form.get("step", "check")
    seen = _number(request.form.get("version", ""))
    if not seen:
        abort(422)  # which version was changed is never guessed: another one's would be lost
    if form.value is None:
        return _form(found, form, 422, seen=seen)
    text = form.value.text.replace("\r\n", "\n")
    wanted = DocumentRequest(roster, text, seen, form.value.remark)
    if step == "edit":
        return _form(found, form, seen=seen)
    if seen != found.live.document.number:
        return _merged(found, form, wanted)
    if step == "save":
        return _save(found, form, wanted)
    return _check(found, form, wanted)


def _save(found: DocumentOfRoster, form: FilledForm[Wanted], wanted: DocumentRequest) -> Response:
    try:
        number = change_document(current_services().database, wanted, current_author())
    except DocumentRefused as refused:
        again, _ = _document(wanted.roster)
        if refused.diagnostics:
            return _check(again, form, wanted)
        return _merged(again, form, wanted)
    return redirect(f"/rosters/{wanted.roster}/document?done={number}#done", 303)


def _merged(found: DocumentOfRoster, form: FilledForm[Wanted], wanted: DocumentRequest) -> Response:
    """Show both changes in one text, after somebody else has saved."""
    merged = merge_documents(current_services().database, wanted, current_user().name)
    if merged is None:
        abort(404)
    both = FORM.blank(text=merged.text, remark=form["remark"].value)
    again = DocumentRequest(wanted.roster, merged.text, merged.number, wanted.remark)
    return _check(found, both, again, merged)


def _check(
    found: DocumentOfRoster,
    form: FilledForm[Wanted],
    wanted: DocumentRequest,
    merged: MergedDocuments | None = None,
) -> Response:
    """Tell what a text would change, or what is wrong with it."""
    told = try_document(current_services().database, wanted, current_author())
    if told is None:
        abort(404)
    if told.live.document.number != wanted.seen:  # somebody has saved since `found` was read
        again, _ = _document(wanted.roster)
        return _merged(again, form, wanted)
    status = 409 if merged else 200
    if errors(told.diagnostics):
        status = 409 if merged else 422
        return _form(found, form, status, seen=wanted.seen, told=told, merged=merged)
    assert told.meaning
    words = RosterWords(told.meaning.names, {})
    names = {desk.id: desk.name for desk in told.roster.desks}
    return page(
        "roster_document_check.html",
        ref("roster_document.check_title", desks=_names(found)),
        status=status,
        time_zone=told.roster.plan.time_zone,
        told=told,
        merged=merged,
        words=words,
        desk_name=lambda desk: names.get(desk, desk),
        links=VersionLinks(wanted.roster),
        carried={"text": wanted.text, "remark": wanted.remark},
        version=wanted.seen,
        remark=wanted.remark,
        remarks=_said(told, are_errors=False),
    )


def _form(
    found: DocumentOfRoster,
    form: FilledForm[Wanted],
    status: int = 200,
    *,
    seen: int = 0,
    told: DocumentTrial | None = None,
    merged: MergedDocuments | None = None,
    of_version: int = 0,
) -> Response:
    """Show the text to be changed, with what is wrong at its lines."""
    wrong = told.diagnostics if told else ()
    return page(
        "roster_document_edit.html",
        ref("roster_document.edit_title", desks=_names(found)),
        status=status,
        time_zone=found.roster.plan.time_zone,
        form=form,
        version=seen or found.live.document.number,
        live=found.live.document,
        links=VersionLinks(found.roster.id),
        faults=_said(told, are_errors=True) if told else [],
        lines=_lines(form["text"].value.replace("\r\n", "\n"), wrong) if told else [],
        merged=merged,
        of_version=of_version,
    )


def _said(told: DocumentTrial, *, are_errors: bool) -> list[tuple[int, MessageRef]]:
    """What is said of the text, each with its line; 0 where it is about another document."""
    found = [each for each in told.diagnostics if each.is_error is are_errors]
    return [
        (each.position.line, each.message)
        if _is_ours(each)
        else (0, ref("roster_document.elsewhere", file=each.file, message=each.message))
        for each in found
    ]


def _is_ours(each: Diagnostic) -> bool:
    return each.file.endswith(f"/{ROSTER}") and not each.file.startswith("live:")


def _lines(text: str, wrong: tuple[Diagnostic, ...]) -> list[Line]:
    at: dict[int, list[Diagnostic]] = {}
    for each in wrong:
        if _is_ours(each):
            at.setdefault(each.position.line, []).append(each)
    lines = enumerate(lines_of(text), 1)
    return [Line(number, line, tuple(at.get(number, ()))) for number, line in lines]


def _document(roster: str, version: int = 0) -> tuple[DocumentOfRoster, str]:
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    found = show_document(current_services().database, roster, version or None)
    if found is None:
        abort(404)
    return found


def _names(found: DocumentOfRoster) -> tuple[str, ...]:
    return tuple(each.name for each in found.roster.desks)


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= LARGEST_NUMBER_OF_DIGITS
    return int(text) if is_number else 0
