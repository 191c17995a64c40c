"""`/desks/ID/lists/first-line` and `/desks/ID/lists/contacts`: lists of a desk, changed as a whole.

What would be changed is told first, then saved, and undone by one press.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app.actions.desks.change_hours import EditRefusal, EditRefused
from app.actions.desks.change_lists import ListRequest, change_list, try_list, undo_list
from app.domain.access.permissions import Permission
from app.domain.config.clean_text import cleaned
from app.domain.config.phone_part import read_number
from app.domain.desks.desk import AlarmContact, FirstLinePhone
from app.domain.desks.desk_lists import DeskList, Entries, Entry, entries_of
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.texts.text_parts import LANGUAGES
from app.domain.texts.written_moments import spaced
from app.store.desks import LiveDesk
from app.web.page_access import needs
from app.web.pages.desks_page import ONE_DESK, desk_to_change
from app.web.pages.fields import BoundField, Field, Kind, Option
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author

desk_lists_page = Blueprint("desk_lists_page", __name__, url_prefix="/desks")

LISTS: Final = f"{ONE_DESK}/lists/<string(maxlength=20):name>"
EMPTY_ROWS: Final = 2
MOST_ROWS: Final = 200
LONGEST_TYPED: Final = 200
OPTIONS: Final = tuple(Option(each, MessageRef(f"page.language_{each}")) for each in LANGUAGES)
LABELS: Final[Mapping[str, MessageRef]] = {
    "place": MessageRef("desk_list_form.place"),
    "name": MessageRef("desk_list_form.name"),
    "role": MessageRef("desk_list_form.role"),
    "number": MessageRef("desk_list_form.number"),
    "language": MessageRef("desk_list_form.language"),
    "email": MessageRef("desk_list_form.email"),
}


@dataclass(slots=True)
class Row:
    """One entry as it was typed, and what is wrong with its parts."""

    number: int  # of the row, from 1
    typed: dict[str, str]
    errors: dict[str, MessageRef] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said in it: then it is left out."""
        return not any(text.strip() for part, text in self.typed.items() if part in SAYING)

    @property
    def fields(self) -> list[BoundField]:
        """Its parts, as the macros draw them."""
        return [
            BoundField(
                Field(f"{name}-{self.number}", kind_of(name), width=width_of(name)),
                LABELS[name],
                None,
                name != "email" and not (name == "number" and "email" in self.typed),
                OPTIONS if name == "language" else (),
                (text,),
                self.errors.get(name),
            )
            for name, text in self.typed.items()
        ]

    def miss(self, name: str) -> None:
        """Say that a part is missing."""
        self.errors.setdefault(name, ref("form.missing", field=LABELS[name]))


SAYING: Final = frozenset({"name", "role", "number", "email"})


def kind_of(name: str) -> Kind:
    """How a part is filled in."""
    return {"number": Kind.TEL, "language": Kind.SELECT, "email": Kind.EMAIL}.get(name, Kind.TEXT)


def width_of(name: str) -> str:
    """How wide a part is."""
    return "short" if name == "place" else "medium"


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


@dataclass(frozen=True, slots=True)
class ListPage:
    """One of the lists: its parts, how an entry is written into a row and read from one."""

    which: DeskList
    title: str
    check_title: str
    what: str
    parts: tuple[str, ...]
    read: Callable[[Row], Entry]
    may_be_empty: bool


def _phone_entry(row: Row) -> FirstLinePhone:
    name, language = cleaned(row.typed["name"]), row.typed["language"]
    if not name:
        row.miss("name")
    if language not in LANGUAGES:
        row.errors["language"] = ref("form.choose", field=LABELS["language"])
    return FirstLinePhone(name, _digits(row), language)


def _contact_entry(row: Row) -> AlarmContact:
    role, email = cleaned(row.typed["role"]), row.typed["email"].strip()
    if not role:
        row.miss("role")
    has_number = bool(row.typed["number"].strip())
    if not (has_number or email):
        row.miss("number")
    return AlarmContact(role, _digits(row) if has_number else "", email)


def _digits(row: Row) -> str:
    try:
        return read_number(row.typed["number"]).digits
    except MessageError as wrong:
        row.errors["number"] = wrong.message
        return ""


LIST_PAGES: Final[Mapping[str, ListPage]] = {
    "first-line": ListPage(
        DeskList.FIRST_LINE,
        "desk_list_page.first_line",
        "desk_list_page.check_first_line",
        "desk_list_page.what_first_line",
        ("place", "name", "number", "language"),
        _phone_entry,
        may_be_empty=False,
    ),
    "contacts": ListPage(
        DeskList.CONTACTS,
        "desk_list_page.contacts",
        "desk_list_page.check_contacts",
        "desk_list_page.what_contacts",
        ("place", "role", "number", "email"),
        _contact_entry,
        may_be_empty=True,
    ),
}


@desk_lists_page.get(LISTS)
@needs(Permission.CHANGE_DESK)
def desk_list(desk: str, name: str) -> Response:
    """Show a list as a form."""
    live = _live(desk, name)
    return _show(live, name, _filled(live, name), done=_number(request.args.get("done", "")))


@desk_lists_page.post(LISTS)
@needs(Permission.CHANGE_DESK)
def send(desk: str, name: str) -> Response:
    """Read the form; tell what it would change, or save it."""
    live, step = _live(desk, name), request.form.get("step", "check")
    rows = _sent(name)
    entries = _entries(rows, name)
    if rows.errors:
        return _show(live, name, rows, 422)
    if step == "edit":
        return _show(live, name, rows)
    if step == "save":
        return _save(live, name, rows, entries)
    return _check(live, name, rows, entries)


@desk_lists_page.post(f"{LISTS}/undo")
@needs(Permission.CHANGE_DESK)
def undo(desk: str, name: str) -> Response:
    """Take back what one version has changed."""
    live, version = _live(desk, name), _number(request.form.get("version", ""))
    which, database = LIST_PAGES[name].which, current_services().database
    done = undo_list(database, desk, which, version, current_author())
    if not isinstance(done, EditRefused):
        return redirect(f"/desks/{desk}/lists/{name}?done={done}#done", 303)
    if done.refusal is EditRefusal.NO_DESK:
        abort(404)
    rows = _filled(live, name)
    rows.errors_of_all.extend(done.messages or (MessageRef("desk_list_page.changed_since"),))
    return _show(live, name, rows, 409)


def _save(live: LiveDesk, name: str, rows: Rows, entries: Entries) -> Response:
    seen = _number(request.form.get("version", "")) or None
    wanted = ListRequest(live.desk.id, LIST_PAGES[name].which, entries, seen)
    done = change_list(current_services().database, wanted, current_author())
    if not isinstance(done, EditRefused):
        return redirect(f"/desks/{live.desk.id}/lists/{name}?done={done}#done", 303)
    if done.refusal is EditRefusal.CHANGED_MEANWHILE:
        return _check(_live(live.desk.id, name), name, rows, entries, 409)
    rows.errors_of_all.extend(done.messages)
    return _show(live, name, rows, 422)


def _check(live: LiveDesk, name: str, rows: Rows, entries: Entries, status: int = 200) -> Response:
    """Tell what the list would be, beside what it is."""
    of = LIST_PAGES[name]
    tried = ListRequest(live.desk.id, of.which, entries)
    wrong = try_list(current_services().database, tried)
    if wrong:
        rows.errors_of_all.extend(wrong.messages)
        return _show(live, name, rows, 422)
    return page(
        "desk_list_check.html",
        ref(of.check_title, desk=live.desk.name),
        status=status,
        time_zone=live.desk.time_zone,
        live=live,
        list_title=ref(of.title, desk=live.desk.name),
        before=entries_of(live.desk, of.which),
        after=entries,
        address=f"/desks/{live.desk.id}/lists/{name}",
        carried=list(rows.carried),
        is_changed_meanwhile=status == 409,
        entry_text=_entry_text,
    )


def _show(live: LiveDesk, name: str, rows: Rows, status: int = 200, done: int = 0) -> Response:
    of = LIST_PAGES[name]
    return page(
        "desk_list.html",
        ref(of.title, desk=live.desk.name),
        status=status,
        form=rows,
        what=MessageRef(of.what),
        version=live.version,
        done=done if done == live.version else 0,
        lines=[_entry_text(each) for each in entries_of(live.desk, of.which)],
        address=f"/desks/{live.desk.id}/lists/{name}",
    )


def _entry_text(entry: Entry) -> MessageRef | str:
    match entry:
        case FirstLinePhone(name, number, language):
            spoken = MessageRef(f"page.language_{language}")
            return ref("desk_list_page.phone", name=name, number=spaced(number), language=spoken)
        case AlarmContact():
            number = spaced(entry.phone) if entry.phone else ""
            return ", ".join(filter(None, (entry.role, number, entry.email)))


def _filled(live: LiveDesk, name: str) -> Rows:
    """The list as it is, and some empty rows."""
    of = LIST_PAGES[name]
    entries = entries_of(live.desk, of.which)
    language = live.desk.lines[0].languages[0]
    empty = {**dict.fromkeys(of.parts, ""), "language": language}
    typed = [_typed(each) for each in entries] + [empty] * EMPTY_ROWS
    return Rows(
        [
            Row(at, {part: str(at) if part == "place" else each[part] for part in of.parts})
            for at, each in enumerate(typed, 1)
        ]
    )


def _typed(entry: Entry) -> dict[str, str]:
    match entry:
        case FirstLinePhone():
            number = spaced(entry.number)
            return {"name": entry.name, "number": number, "language": entry.language}
        case AlarmContact():
            number = spaced(entry.phone) if entry.phone else ""
            return {"role": entry.role, "number": number, "email": entry.email}


def _sent(name: str) -> Rows:
    count = _number(request.form.get("rows", ""))
    if count > MOST_ROWS:
        abort(413)  # whoever is left out would be taken off the list
    parts, sent = LIST_PAGES[name].parts, request.form
    return Rows(
        [
            Row(at, {part: sent.get(f"{part}-{at}", "")[:LONGEST_TYPED] for part in parts})
            for at in range(1, count + 1)
        ]
    )


def _entries(rows: Rows, name: str) -> Entries:
    """Read the entries in their order, and note in the rows what is wrong."""
    of = LIST_PAGES[name]
    found = [(_place(row), row.number, of.read(row)) for row in rows.rows if not row.is_empty]
    if not rows.rows or not (found or of.may_be_empty):
        rows.errors_of_all.append(MessageRef("desk_list_page.nobody"))
    return tuple(entry for _, _, entry in sorted(found, key=lambda each: each[:2]))


def _place(row: Row) -> int:
    place = _number(row.typed["place"].strip())
    if not place:
        row.errors["place"] = ref("form.no_number", field=LABELS["place"])
    return place


def _live(desk: str, name: str) -> LiveDesk:
    live = desk_to_change(desk, Permission.CHANGE_DESK)
    if name not in LIST_PAGES:
        abort(404)
    return live


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
