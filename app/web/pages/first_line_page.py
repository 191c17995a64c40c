"""`/desks/ID/first-line`: who is rung while a desk is open, in order; told first, then saved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app.actions.desks.change_first_line import (
    FirstLineRequest,
    Phones,
    change_first_line,
    phone_lines,
    try_first_line,
    undo_first_line,
)
from app.actions.desks.change_hours import EditRefusal, EditRefused
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.config.clean_text import cleaned
from app.domain.config.phone_part import read_number
from app.domain.desks.desk import FirstLinePhone
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.texts.text_parts import LANGUAGES
from app.domain.texts.written_moments import spaced
from app.store.desks import LiveDesk, find_desk
from app.web.page_access import needs, require
from app.web.pages.desks_page import ONE_DESK
from app.web.pages.fields import BoundField, Field, Kind, Option
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author

first_line_page = Blueprint("first_line_page", __name__, url_prefix="/desks")

FIRST_LINE: Final = f"{ONE_DESK}/first-line"
EMPTY_ROWS: Final = 2
MOST_ROWS: Final = 40
LONGEST_TYPED: Final = 100
PARTS: Final = {
    "place": Field("place", width="short"),
    "name": Field("name", width="medium"),
    "number": Field("number", Kind.TEL, width="medium"),
    "language": Field("language", Kind.SELECT, width="medium"),
}
OPTIONS: Final = tuple(Option(each, MessageRef(f"page.language_{each}")) for each in LANGUAGES)


@dataclass(slots=True)
class Row:
    """One telephone as it was typed, and what is wrong with its parts."""

    number: int  # of the row, from 1
    typed: dict[str, str]
    errors: dict[str, MessageRef] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is named in it: then it is left out."""
        return not (self.typed["name"] or self.typed["number"])

    @property
    def fields(self) -> list[BoundField]:
        """Its parts, as the macros draw them."""
        return [
            BoundField(
                Field(f"{name}-{self.number}", part.kind, width=part.width),
                MessageRef(f"first_line_form.{name}"),
                None,
                True,
                OPTIONS if part.kind is Kind.SELECT else (),
                (self.typed[name],),
                self.errors.get(name),
            )
            for name, part in PARTS.items()
        ]


@dataclass(slots=True)
class Rows:
    """The whole form; what is wrong with no part of it stands in `errors_of_all`."""

    rows: list[Row]
    errors_of_all: list[MessageRef] = field(default_factory=list)

    @property
    def bound(self) -> list[BoundField]:
        """Every part of every row."""
        return [each for row in self.rows for each in row.fields]

    @property
    def errors(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.errors_of_all) or any(row.errors for row in self.rows)

    @property
    def carried(self) -> Iterator[tuple[str, str]]:
        """What the second step sends once more."""
        yield "rows", str(len(self.rows))
        for row in self.rows:
            yield from ((f"{name}-{row.number}", text) for name, text in row.typed.items())


@first_line_page.get(FIRST_LINE)
@needs(Permission.CHANGE_DESK)
def first_line(desk: str) -> Response:
    """Show the first line as a form."""
    live = _live(desk)
    return _show(live, _filled(live), done=_number(request.args.get("done", "")))


@first_line_page.post(FIRST_LINE)
@needs(Permission.CHANGE_DESK)
def send(desk: str) -> Response:
    """Read the form; tell what it would change, or save it."""
    live, step = _live(desk), request.form.get("step", "check")
    rows = _sent()
    phones = _phones(rows)
    if rows.errors:
        return _show(live, rows, 422)
    if step == "edit":
        return _show(live, rows)
    if step == "save":
        return _save(live, rows, phones)
    return _check(live, rows, phones)


@first_line_page.post(f"{FIRST_LINE}/undo")
@needs(Permission.CHANGE_DESK)
def undo(desk: str) -> Response:
    """Take back what one version has changed."""
    live = _live(desk)
    version = _number(request.form.get("version", ""))
    done = undo_first_line(current_services().database, desk, version, current_author())
    if not isinstance(done, EditRefused):
        return redirect(f"/desks/{desk}/first-line?done={done}#done", 303)
    if done.refusal is EditRefusal.NO_DESK:
        abort(404)
    rows = _filled(live)
    rows.errors_of_all.append(MessageRef("first_line_page.changed_since"))
    return _show(live, rows, 409)


def _save(live: LiveDesk, rows: Rows, phones: Phones) -> Response:
    seen = _number(request.form.get("version", "")) or None
    wanted = FirstLineRequest(live.desk.id, phones, seen)
    done = change_first_line(current_services().database, wanted, current_author())
    if not isinstance(done, EditRefused):
        return redirect(f"/desks/{live.desk.id}/first-line?done={done}#done", 303)
    if done.refusal is EditRefusal.CHANGED_MEANWHILE:
        return _check(_live(live.desk.id), rows, phones, 409)
    rows.errors_of_all.extend(done.messages)
    return _show(live, rows, 422)


def _check(live: LiveDesk, rows: Rows, phones: Phones, status: int = 200) -> Response:
    """Tell who would be rung, beside who is."""
    wrong = try_first_line(current_services().database, FirstLineRequest(live.desk.id, phones))
    if wrong:
        rows.errors_of_all.extend(wrong.messages)
        return _show(live, rows, 422)
    return page(
        "first_line_check.html",
        ref("first_line_page.check_title", desk=live.desk.name),
        status=status,
        time_zone=live.desk.time_zone,
        live=live,
        before=live.desk.first_line.phones,
        after=phones,
        at_once=live.desk.first_line.at_once,
        address=f"/desks/{live.desk.id}/first-line",
        carried=list(rows.carried),
        is_changed_meanwhile=status == 409,
        spaced=spaced,
    )


def _show(live: LiveDesk, rows: Rows, status: int = 200, done: int = 0) -> Response:
    return page(
        "first_line.html",
        ref("first_line_page.title", desk=live.desk.name),
        status=status,
        form=rows,
        version=live.version,
        at_once=live.desk.first_line.at_once,
        done=done if done == live.version else 0,
        lines=phone_lines(live.desk.first_line.phones),
        address=f"/desks/{live.desk.id}/first-line",
    )


def _filled(live: LiveDesk) -> Rows:
    """The first line as it is, and some empty rows."""
    language = live.desk.lines[0].languages[0]
    phones = live.desk.first_line.phones
    rows = [
        {
            "place": str(at),
            "name": each.name,
            "number": spaced(each.number),
            "language": each.language,
        }
        for at, each in enumerate(phones, 1)
    ]
    for at in range(EMPTY_ROWS):
        place = str(len(phones) + at + 1)
        rows.append({"place": place, "name": "", "number": "", "language": language})
    return Rows([Row(at, typed) for at, typed in enumerate(rows, 1)])


def _sent() -> Rows:
    count = min(_number(request.form.get("rows", "")), MOST_ROWS)
    return Rows(
        [
            Row(at, {name: request.form.get(f"{name}-{at}", "")[:LONGEST_TYPED] for name in PARTS})
            for at in range(1, count + 1)
        ]
    )


def _phones(rows: Rows) -> Phones:
    """Read the telephones in their order, and note in the rows what is wrong."""
    found = [(_place(row), row.number, _phone(row)) for row in rows.rows if not row.is_empty]
    if not found:
        rows.errors_of_all.append(MessageRef("first_line_page.nobody"))
    return tuple(phone for _, _, phone in sorted(found, key=lambda each: each[:2]))


def _place(row: Row) -> int:
    place = _number(row.typed["place"].strip())
    if not place:
        row.errors["place"] = ref("form.no_number", field=MessageRef("first_line_form.place"))
    return place


def _phone(row: Row) -> FirstLinePhone:
    name, language = cleaned(row.typed["name"]), row.typed["language"]
    if not name:
        row.errors["name"] = ref("form.missing", field=MessageRef("first_line_form.name"))
    if language not in LANGUAGES:
        row.errors["language"] = ref("form.choose", field=MessageRef("first_line_form.language"))
    try:
        digits = read_number(row.typed["number"]).digits
    except MessageError as wrong:
        row.errors["number"] = wrong.message
        digits = ""
    return FirstLinePhone(name, digits, language)


def _live(desk: str) -> LiveDesk:
    require(Permission.CHANGE_DESK, Scope(desk=desk))
    with current_services().database.read() as connection:
        live = find_desk(connection, desk)
    if live is None:
        abort(404)
    return live


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
