"""A desk's folder as values, and what must hold between its three documents."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from app.domain.config.customer_document import Customers, Row
from app.domain.config.diagnostics import (
    Diagnostic,
    Diagnostics,
    DiagnosticSeverity,
    did_you_mean,
    errors,
)
from app.domain.config.toml_reader import positions_of
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.on_duty import Roster
from app.domain.toml_positions import Path, Position

DESK: Final = "desk.toml"
ROSTER: Final = "roster.toml"
CUSTOMERS: Final = "customers.csv"
FILES: Final = (DESK, ROSTER, CUSTOMERS)


@dataclass(frozen=True, slots=True)
class PartialFolder:
    """What could be read of the documents, errors or not: for the checks between them alone."""

    desk: Desk | None = None
    roster: Roster | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskFolder:
    """What one folder says. A part is None where an error refuses it or the file is missing.

    `texts` are the files' exact texts by name, which versions keep and an export gives back.
    """

    id: str
    where: str  # the folder, for diagnostics
    texts: tuple[tuple[str, str], ...]
    desk: Desk | None = None
    roster: Roster | None = None
    customers: Customers | None = None
    customer_lines: tuple[int, ...] = ()
    diagnostics: Diagnostics = ()
    partial: "PartialFolder" = field(default_factory=PartialFolder)

    @property
    def is_refused(self) -> bool:
        """Tell whether an error keeps the folder from being imported."""
        return bool(errors(self.diagnostics))

    def text(self, name: str) -> str:
        """Return the exact text of one of its files, "" where there is none."""
        return dict(self.texts).get(name, "")

    def diagnostic(
        self, name: str, path: Path, severity: DiagnosticSeverity, message: MessageRef
    ) -> Diagnostic:
        """Make a diagnostic at a place of one of its TOML files, found again from the text."""
        position = positions_of(self.text(name)).position(path)
        return Diagnostic(f"{self.where}/{name}", position, severity, message)

    def line_diagnostic(self, name: str, line: int, message: MessageRef) -> Diagnostic:
        """Make an error at a line of one of its files."""
        where = f"{self.where}/{name}"
        return Diagnostic(where, Position(line), DiagnosticSeverity.ERROR, message)

    def row_diagnostic(
        self, line: int, severity: DiagnosticSeverity, message: MessageRef
    ) -> Diagnostic:
        """Make a diagnostic on a line of its customers."""
        return Diagnostic(f"{self.where}/{CUSTOMERS}", Position(line), severity, message)


def check_folder(folder: DeskFolder) -> Iterator[Diagnostic]:
    """Yield what does not fit together among desk, roster and customers."""
    desk, roster = folder.partial.desk, folder.partial.roster
    if desk and desk.agreements:
        yield from _customers_fit(folder, desk, folder.partial.rows)
    if desk and folder.customers is not None:
        yield from _notes_fit(folder, desk, folder.customers)
        yield from _maintenance_fits(folder, desk, folder.customers)
    if desk and roster:
        yield from _nobody_rings_the_desk(folder, desk, roster)


def _customers_fit(folder: DeskFolder, desk: Desk, rows: tuple[Row, ...]) -> Iterator[Diagnostic]:
    agreements = [agreement.id for agreement in desk.agreements]
    classes = [each.caller_class for each in desk.not_served]
    owners = [owner.id for owner in desk.owners]
    for line, each in ((row.line, row.customer) for row in rows):
        if each.owner and each.owner not in owners:
            hint = did_you_mean(each.owner, owners)
            message = ref("diagnostic.unknown_owner.customer", word=each.owner, hint=hint)
            yield folder.row_diagnostic(line, DiagnosticSeverity.ERROR, message)
        if each.agreement and each.agreement not in agreements:
            hint = did_you_mean(each.agreement, agreements)
            message = ref("diagnostic.unknown_agreement.customer", word=each.agreement, hint=hint)
            yield folder.row_diagnostic(line, DiagnosticSeverity.ERROR, message)
        if each.caller_class and each.caller_class not in classes and "" not in classes:
            hint = did_you_mean(each.caller_class, classes)
            message = ref("diagnostic.unknown_class", word=each.caller_class, hint=hint)
            yield folder.row_diagnostic(line, DiagnosticSeverity.ERROR, message)


def _notes_fit(folder: DeskFolder, desk: Desk, customers: Customers) -> Iterator[Diagnostic]:
    """A note about a customer whom the desk has not is never told to anybody."""
    numbers = [each.number for each in customers]
    for index, note in enumerate(desk.duty_notes):
        if note.customer and note.customer not in numbers:
            hint = did_you_mean(note.customer, numbers)
            message = ref("diagnostic.unknown_customer", word=note.customer, hint=hint)
            path = ("duty_notes", index, "customer")
            yield folder.diagnostic(DESK, path, DiagnosticSeverity.WARNING, message)


def _maintenance_fits(folder: DeskFolder, desk: Desk, customers: Customers) -> Iterator[Diagnostic]:
    """Planned work that concerns only a customer whom the desk has not is shown to nobody."""
    numbers = [each.number for each in customers]
    for index, planned in enumerate(desk.maintenance):
        for place, number in enumerate(planned.customers):
            if number not in numbers:
                hint = did_you_mean(number, numbers)
                message = ref("diagnostic.unknown_customer", word=number, hint=hint)
                path = ("maintenance", index, "customers", place)
                yield folder.diagnostic(DESK, path, DiagnosticSeverity.WARNING, message)


def _nobody_rings_the_desk(folder: DeskFolder, desk: Desk, roster: Roster) -> Iterator[Diagnostic]:
    own = desk_lines(desk)
    for path, number in roster_numbers(roster):
        if number in own:
            message = ref("diagnostic.rings_itself.roster", number=number)
            yield folder.diagnostic(ROSTER, path, DiagnosticSeverity.ERROR, message)


def desk_lines(desk: Desk) -> set[str]:
    """Return every number that leads to the desk, as far as they can be read."""
    own = {line.number for line in desk.lines} | {line.public_number for line in desk.lines}
    return own - {""}


def roster_numbers(roster: Roster) -> Iterator[tuple[Path, str]]:
    """Yield every number that the roster can ring, with its place."""
    for person in roster.people:
        for index, number in enumerate(person.numbers):
            yield ("people", person.id, "phones", index), number
    for index, entry in enumerate(roster.last_resort):
        if roster.person(entry) is None:  # else it stands with the person
            yield ("last_resort", index), entry
