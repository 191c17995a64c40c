"""The way in: a desk's folder read as a whole, every fault at once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from app.domain.documents.customer_document import read_customer_rows
from app.domain.documents.desk_document import read_desk
from app.domain.documents.faults import Fault, Position, Read, Severity, the_first
from app.domain.documents.folder import (
    CUSTOMERS,
    DESK,
    ROSTER,
    DeskFolder,
    PartialFolder,
    check_folder,
)
from app.domain.documents.paper import as_text
from app.domain.documents.roster_document import read_roster
from app.domain.documents.section import ID, ID_SIGNS

T = TypeVar("T")


def read_folder(files: Mapping[str, bytes | str], desk_id: str, where: str = "") -> DeskFolder:
    """Read desk.toml, roster.toml and customers.csv; never fail, faults come with the result.

    `files` are contents by file name; other names are not looked at. The id is the folder's
    name; `where` is what faults call the folder, by default the id.
    """
    where = where or desk_id
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    for name in (DESK, ROSTER, CUSTOMERS):
        if name not in files:
            continue
        text = as_text(files[name], f"{where}/{name}")
        if isinstance(text, Fault):
            faults.append(text)
        else:
            texts[name] = text
    if DESK not in files:
        message = f"the folder has no {DESK}"
        faults.append(Fault(f"{where}/{DESK}", Position(), Severity.ERROR, "no_file", message))
    if not ID.fullmatch(desk_id):
        message = f"the folder's name is the desk's id: “{desk_id}” must be of {ID_SIGNS}"
        faults.append(Fault(f"{where}/{DESK}", Position(), Severity.ERROR, "bad_id", message))
    folder = DeskFolder(desk_id, where, tuple(texts.items()))
    return _parts(folder, texts, faults)


def _parts(folder: DeskFolder, texts: dict[str, str], faults: list[Fault]) -> DeskFolder:
    where = folder.where
    partial = PartialFolder()
    if DESK in texts:
        desk = read_desk(texts[DESK], f"{where}/{DESK}", folder.id)
        folder = replace(folder, desk=_value(desk, faults))
        partial = replace(partial, desk=desk.partial)
    if ROSTER in texts:
        roster = read_roster(texts[ROSTER], f"{where}/{ROSTER}")
        folder = replace(folder, roster=_value(roster, faults))
        partial = replace(partial, roster=roster.partial)
    if CUSTOMERS in texts:
        read = read_customer_rows(texts[CUSTOMERS], f"{where}/{CUSTOMERS}")
        rows = _value(read, faults)
        partial = replace(partial, rows=read.partial or ())
        if rows is not None:
            lines = tuple(row.line for row in rows)
            customers = tuple(row.customer for row in rows)
            folder = replace(folder, customers=customers, customer_lines=lines)
    folder = replace(folder, partial=partial)
    faults.extend(check_folder(folder))
    return replace(folder, faults=the_first(tuple(faults)))


def _value(read: Read[T], faults: list[Fault]) -> T | None:
    faults.extend(read.faults)
    return read.value
