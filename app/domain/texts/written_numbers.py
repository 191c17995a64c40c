"""How numbers are written for the eye: with a comma in Norwegian, large ones in groups of three."""

from typing import Final

NO_BREAK_SPACE: Final = "\u00a0"
FIRST_IN_GROUPS: Final = 10_000  # Språkrådet: four digits may stand together
MINUS: Final = "\u2212"


def written_number(value: float, language: str, decimals: int = 0) -> str:
    """Write a number with so many decimals: `12 345,5`, in English `12,345.5`."""
    grouped = f"{abs(value):,.{decimals}f}"
    if abs(value) < FIRST_IN_GROUPS:
        grouped = grouped.replace(",", "")
    if language != "en":
        grouped = grouped.replace(",", NO_BREAK_SPACE).replace(".", ",")
    return f"{MINUS}{grouped}" if value < 0 and any(c in "123456789" for c in grouped) else grouped
