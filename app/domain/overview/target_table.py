"""The report of targets as a table, for files and for the terminal. Pure."""

from collections.abc import Iterable
from typing import Final

from app.domain.message_refs import MessageRef, ref
from app.domain.roster.working_hours.tables import Cell, Table
from app.domain.tickets.target_report import ReportRow, Result

HEADS: Final = ("month", "agreement", "target", "tickets")
PAUSES: Final = ("kept", "pauses", "paused")


def target_table(rows: Iterable[ReportRow]) -> Table:
    """Return a row for each clock of each agreement and month."""
    heads = (
        *(MessageRef(f"target_column.{name}") for name in HEADS),
        *(MessageRef(f"target_result.{each}") for each in Result),
        *(MessageRef(f"target_column.{name}") for name in PAUSES),
    )
    return Table(ref("target_report.sheet"), heads, tuple(_cells(each) for each in rows))


def _cells(row: ReportRow) -> tuple[Cell, ...]:
    kept = ref("not_agreed") if row.count(Result.NOT_AGREED) == row.tickets else row.kept_percent
    return (
        f"{row.month:%Y-%m}",
        row.agreement.name,
        MessageRef(f"target_kind.{row.kind}"),
        row.tickets,
        *(row.count(each) for each in Result),
        kept,
        row.pauses,
        row.paused,
    )
