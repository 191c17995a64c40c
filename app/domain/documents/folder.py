"""A desk's folder as values, and what must hold between its three documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.domain.desk import Desk
from app.domain.documents.customer_document import Customers
from app.domain.documents.faults import (
    Fault,
    Faults,
    Position,
    Severity,
    did_you_mean,
    errors,
)
from app.domain.documents.toml_positions import Path, parse_toml
from app.domain.duty.roster import Roster

DESK: Final = "desk.toml"
ROSTER: Final = "roster.toml"
CUSTOMERS: Final = "customers.csv"


@dataclass(frozen=True, slots=True)
class DeskFolder:
    """What one folder says. A part is None where an error refuses it or the file is missing.

    `texts` are the files' exact texts by name, which versions keep and an export gives back.
    """

    id: str
    where: str  # the folder, for faults
    texts: tuple[tuple[str, str], ...]
    desk: Desk | None = None
    roster: Roster | None = None
    customers: Customers | None = None
    customer_lines: tuple[int, ...] = ()
    faults: Faults = ()

    @property
    def is_refused(self) -> bool:
        """Tell whether an error keeps the folder from being imported."""
        return bool(errors(self.faults))

    def text(self, name: str) -> str:
        """Return the exact text of one of its files, "" where there is none."""
        return dict(self.texts).get(name, "")

    def fault(self, name: str, path: Path, severity: Severity, code: str, message: str) -> Fault:
        """Make a fault at a place of one of its TOML files, found again from the text."""
        place = parse_toml(self.text(name)).place(path)
        return Fault(f"{self.where}/{name}", place, severity, code, message)

    def row_fault(self, line: int, severity: Severity, code: str, message: str) -> Fault:
        """Make a fault on a line of its customers."""
        return Fault(f"{self.where}/{CUSTOMERS}", Position(line), severity, code, message)


def check_folder(folder: DeskFolder) -> Iterator[Fault]:
    """Yield what does not fit together among desk, roster and customers."""
    if folder.desk and folder.customers is not None:
        yield from _customers_fit(folder, folder.desk, folder.customers)
    if folder.desk and folder.roster:
        yield from _nobody_rings_the_desk(folder, folder.desk, folder.roster)


def _customers_fit(folder: DeskFolder, desk: Desk, customers: Customers) -> Iterator[Fault]:
    agreements = [agreement.id for agreement in desk.agreements]
    classes = [each.caller_class for each in desk.not_served]
    for line, each in zip(folder.customer_lines, customers, strict=True):
        if each.agreement not in agreements:
            hint = did_you_mean(each.agreement, agreements)
            message = f"the desk has no agreement “{each.agreement}”{hint}"
            yield folder.row_fault(line, Severity.ERROR, "unknown_agreement", message)
        if each.caller_class and each.caller_class not in classes:
            hint = did_you_mean(each.caller_class, classes)
            message = f"the desk knows no class of callers “{each.caller_class}”{hint}"
            yield folder.row_fault(line, Severity.ERROR, "unknown_class", message)


def _nobody_rings_the_desk(folder: DeskFolder, desk: Desk, roster: Roster) -> Iterator[Fault]:
    own = {line.number for line in desk.lines} | {line.public_number for line in desk.lines}
    for path, number in roster_numbers(roster):
        if number in own:
            message = f"{number} is a line of the desk itself: ringing it comes back here"
            yield folder.fault(ROSTER, path, Severity.ERROR, "rings_itself", message)


def roster_numbers(roster: Roster) -> Iterator[tuple[Path, str]]:
    """Yield every number that the roster can ring, with its place."""
    for person in roster.people:
        for index, number in enumerate(person.numbers):
            yield ("people", person.id, "phones", index), number
    for index, number in enumerate(roster.last_resort):
        yield ("last_resort", index), number
