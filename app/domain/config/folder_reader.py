"""The way in: a desk's folder read as a whole, every diagnostic at once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from app.domain.config.customer_document import read_customer_rows
from app.domain.config.desk_document import read_desk
from app.domain.config.diagnostics import Diagnostic, DiagnosticSeverity, ReadResult, limited
from app.domain.config.document import as_text
from app.domain.config.folder import (
    CUSTOMERS,
    DESK,
    ROSTER,
    DeskFolder,
    PartialFolder,
    check_folder,
)
from app.domain.config.roster_document import read_roster
from app.domain.config.table_reader import ID
from app.domain.message_refs import ref
from app.domain.toml_positions import Position

T = TypeVar("T")


def read_folder(files: Mapping[str, bytes | str], desk_id: str, where: str = "") -> DeskFolder:
    """Read desk.toml, roster.toml and customers.csv; never fail, diagnostics come with the result.

    `files` are contents by file name; other names are not looked at. The id is the folder's
    name; `where` is what diagnostics call the folder, by default the id.
    """
    where = where or desk_id
    texts: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for name in (DESK, ROSTER, CUSTOMERS):
        if name not in files:
            continue
        text = as_text(files[name], f"{where}/{name}")
        if isinstance(text, Diagnostic):
            diagnostics.append(text)
        else:
            texts[name] = text
    if DESK not in files:
        message = ref("diagnostic.no_file", file=DESK)
        diagnostics.append(
            Diagnostic(f"{where}/{DESK}", Position(), DiagnosticSeverity.ERROR, message)
        )
    if not ID.fullmatch(desk_id):
        message = ref("diagnostic.bad_id.folder", name=desk_id)
        diagnostics.append(
            Diagnostic(f"{where}/{DESK}", Position(), DiagnosticSeverity.ERROR, message)
        )
    folder = DeskFolder(desk_id, where, tuple(texts.items()))
    return _parts(folder, texts, diagnostics)


def _parts(folder: DeskFolder, texts: dict[str, str], diagnostics: list[Diagnostic]) -> DeskFolder:
    where = folder.where
    partial = PartialFolder()
    if DESK in texts:
        desk = read_desk(texts[DESK], f"{where}/{DESK}", folder.id)
        folder = replace(folder, desk=_value(desk, diagnostics))
        partial = replace(partial, desk=desk.partial)
    if ROSTER in texts:
        roster = read_roster(texts[ROSTER], f"{where}/{ROSTER}")
        folder = replace(folder, roster=_value(roster, diagnostics))
        partial = replace(partial, roster=roster.partial)
    if CUSTOMERS in texts:
        read = read_customer_rows(texts[CUSTOMERS], f"{where}/{CUSTOMERS}")
        rows = _value(read, diagnostics)
        partial = replace(partial, rows=read.partial or ())
        if rows is not None:
            lines = tuple(row.line for row in rows)
            customers = tuple(row.customer for row in rows)
            folder = replace(folder, customers=customers, customer_lines=lines)
    folder = replace(folder, partial=partial)
    diagnostics.extend(check_folder(folder))
    return replace(folder, diagnostics=limited(tuple(diagnostics)))


def _value(read: ReadResult[T], diagnostics: list[Diagnostic]) -> T | None:
    diagnostics.extend(read.diagnostics)
    return read.value
