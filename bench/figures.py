"""The bench's own arithmetic, and how its figures are shown and kept."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table


class Better(StrEnum):
    """Which side of its goal a figure should be on."""

    MORE = "at least"
    LESS = "at most"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; without a goal it is there to understand the others."""

    part: str
    name: str
    value: float
    unit: str = ""
    better: Better | None = None
    goal: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.better is Better.MORE else self.value <= self.goal


def at_least(part: str, name: str, value: float, goal: float, unit: str = "") -> Figure:
    return Figure(part, name, value, unit, Better.MORE, goal)


def at_most(part: str, name: str, value: float, goal: float, unit: str = "") -> Figure:
    return Figure(part, name, value, unit, Better.LESS, goal)


def percentile(values: Iterable[float], share: float) -> float:
    """The value that this share (0 to 1) of them do not exceed; 0 without any."""
    known = sorted(values)
    return known[max(0, ceil(share * len(known)) - 1)] if known else 0.0


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios round by round: what disturbs a whole round cancels out."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def as_json(figures: Iterable[Figure]) -> list[dict[str, object]]:
    return [
        {
            "part": figure.part,
            "name": figure.name,
            "value": rounded(figure.value),
            "unit": figure.unit,
            "goal": None if figure.goal is None else f"{figure.better} {figure.goal:g}",
            "met": figure.is_met,
        }
        for figure in figures
    ]


def save(figures: list[Figure], file: Path, setting: dict[str, object]) -> None:
    """Write the figures to a file, with what is known of the machine and the run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {**setting, "figures": as_json(figures)}
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def show(figures: list[Figure], console: Console) -> None:
    """Print the figures as a table, the goals beside them."""
    table = Table("what", "figure", "", "goal", "", title="make bench", title_justify="left")
    table.columns[1].justify = "right"
    part = ""
    for row, figure in zip(as_json(figures), figures, strict=True):
        if figure.part != part:
            table.add_section()
            table.add_row(f"[bold]{figure.part}[/bold]")
        part = figure.part
        met = {None: "", True: "[green]met[/green]", False: "[red]missed[/red]"}[figure.is_met]
        goal = str(row["goal"] or "")
        table.add_row(figure.name, f"{row['value']:g}", figure.unit, goal, met)
    console.print(table)


def rounded(value: float) -> float:
    """Three figures that count, and whole thousands as they are."""
    return float(f"{value:.3g}") if abs(value) < 1000 else float(round(value))
