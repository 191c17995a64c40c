"""Cells that a spreadsheet would work out: guarded when we write them, unguarded when we read."""

import re
from typing import Final

# A cell that begins like this is worked out by a spreadsheet that opens the file.
FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
AS_FORMULA: Final = re.compile(r'="([^"]*)"')  # how people keep a spreadsheet from changing it


def guarded(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would work out."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Take off what keeps a spreadsheet from working it out; undoes `guarded`."""
    formula = AS_FORMULA.fullmatch(cell.strip())
    if formula:
        return formula[1]
    return cell[1:] if GUARDED.match(cell) else cell
