"""A call as two columns: what the caller's telephone and the rung telephone say and do.

Takes the network's events and gives printable rows; prints and asks nothing itself.
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from app.demo.contact_names import named
from app.demo.exchange_client import Event
from app.domain.texts.plain import spaced

CLOCK: Final = 10  # the column of the clock
GAP: Final = 3
WIDEST: Final = 120
NARROWEST: Final = 60

Style = Mapping[str, Any]
VOICE: Final[Style] = {"fg": "cyan"}
KEY: Final[Style] = {"fg": "green", "bold": True}
RING: Final[Style] = {"fg": "yellow"}
BAD: Final[Style] = {"fg": "red"}
QUIET: Final[Style] = {"dim": True}
BROKEN: Final[Style] = {"fg": "red", "bold": True}

# What became of a rung telephone that nobody accepted.
LEG_ENDS: Final = {
    "no-answer": "no answer",
    "busy": "busy",
    "failed": "cannot be reached",
    "canceled": "stops ringing",
    "completed": "no key: asleep, or a voicemail",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Something said or done at one of the telephones."""

    text: str
    style: Style
    is_left: bool = True
    is_wide: bool = False  # over both columns


@dataclass(slots=True)
class SideBySide:
    """The two columns of one call."""

    names: Mapping[str, str]
    time_zone: str
    width: int = 100
    key: str = ""  # what the one who is rung pressed last

    def __post_init__(self) -> None:
        self.width = max(NARROWEST, min(self.width, WIDEST))

    @property
    def column(self) -> int:
        """Return how wide each telephone's column is."""
        return (self.width - CLOCK - GAP) // 2

    def head(self, caller: str, line: str, at: datetime) -> Iterator[str]:
        """Give the heads of the columns."""
        day = at.astimezone(ZoneInfo(self.time_zone))
        who = f"CALLER {spaced(caller) if caller.startswith('+') else caller}"
        titles = f"{f'{day:%a %H:%M}':<{CLOCK}}{who:<{self.column}}{' ' * GAP}TELEPHONES RUNG"
        yield click.style(titles, bold=True)
        yield click.style(f"{'':<{CLOCK}}calls {named(line, self.names)}", **QUIET)
        yield click.style("─" * self.width, **QUIET)

    def rows(self, event: Event) -> Iterator[str]:
        """Give the rows of one event; none for what concerns neither telephone."""
        cell = self._cell(event)
        if cell is None:
            return
        moment = datetime.fromisoformat(str(event["moment"])).astimezone(ZoneInfo(self.time_zone))
        width = 2 * self.column + GAP if cell.is_wide else self.column
        for count, part in enumerate(textwrap.wrap(cell.text, width) or [""]):
            clock = f"{moment:%H:%M:%S}" if count == 0 else ""
            room = "" if cell.is_left else " " * (self.column + GAP)
            gutter = click.style(f"{clock:<{CLOCK}}", **QUIET)
            yield f"{gutter}{room}{click.style(part, **cell.style)}"

    def rule(self, words: str) -> str:
        """Write over both columns what happened to neither telephone."""
        return click.style(f"{f' {words} ':─^{self.width}}", **BROKEN)

    def _cell(self, event: Event) -> Cell | None:
        wording = WORDINGS.get(str(event["kind"]))
        return wording(self, event) if wording else None

    def hears(self, event: Event) -> Cell:
        """The caller hears a sentence."""
        return Cell(str(event["text"]), VOICE)

    def presses(self, event: Event) -> Cell:
        """The caller presses keys."""
        return Cell(f"presses {event['keys']}", KEY)

    def records(self, event: Event) -> Cell:
        """The caller has spoken after the tone."""
        spoken = round(float(event.get("spoken") or event.get("seconds") or 0))
        return Cell(f"speaks {spoken} s after the tone", KEY)

    def rings(self, event: Event) -> Cell:
        """A telephone rings."""
        self.key = ""
        return Cell(f"rings: {named(str(event['number']), self.names)}", RING, is_left=False)

    def answers(self, event: Event) -> Cell:
        """Somebody lifts the receiver."""
        return Cell("is answered", RING, is_left=False)

    def whispers(self, event: Event) -> Cell:
        """Who lifted the receiver hears a sentence."""
        return Cell(str(event["text"]), VOICE, is_left=False)

    def leg_presses(self, event: Event) -> Cell:
        """Who lifted the receiver presses a key."""
        self.key = str(event["keys"])
        connected = ", and is connected" if self.key == "1" else ""
        return Cell(f"presses {self.key}{connected}", KEY, is_left=False)

    def leg_ends(self, event: Event) -> Cell | None:
        """A telephone that nobody accepted is put down, or stops ringing."""
        status = str(event["status"])
        if status == "completed" and self.key in ("1", "2"):
            return None
        return Cell(LEG_ENDS.get(status, status), BAD, is_left=False)

    def talks(self, event: Event) -> Cell:
        """They talk with each other."""
        words = f" they talk, {round(float(event['seconds']))} s "
        return Cell(f"{words:─^{2 * self.column + GAP}}", KEY, is_wide=True)

    def hangs_up(self, event: Event) -> Cell:
        """The caller puts the receiver down."""
        return Cell("hangs up", QUIET)

    def error(self, event: Event) -> Cell:
        """The network has something to complain of."""
        return Cell(f"error {event.get('code')}: {event.get('message')}", BAD)


WORDINGS: Final[Mapping[str, Callable[[SideBySide, Event], Cell | None]]] = {
    "hears": SideBySide.hears,
    "presses": SideBySide.presses,
    "records": SideBySide.records,
    "rings": SideBySide.rings,
    "leg_answers": SideBySide.answers,
    "whisper_hears": SideBySide.whispers,
    "leg_presses": SideBySide.leg_presses,
    "leg_end": SideBySide.leg_ends,
    "talks": SideBySide.talks,
    "hangs_up": SideBySide.hangs_up,
    "error": SideBySide.error,
}
