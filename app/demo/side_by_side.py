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
from app.demo.wording import DemoWording
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.written_moments import spaced
from app.domain.time.wall_time import WEEKDAY_CODES

CLOCK: Final = 11  # the column of the clock
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
    "no-answer": ref("demo.leg_no_answer"),
    "busy": ref("demo.leg_busy"),
    "failed": ref("demo.leg_failed"),
    "canceled": ref("demo.leg_cancelled"),
    "completed": ref("demo.leg_without_key"),
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
    wording: DemoWording
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
        weekday = MessageRef(f"weekday_short.{WEEKDAY_CODES[day.weekday()]}")
        clock = self.wording.write(ref("demo.head_clock", weekday=weekday, clock=f"{day:%H:%M}"))
        number = spaced(caller) if caller.startswith("+") else caller
        who = self.wording.write(ref("demo.head_caller", number=number))
        rung = self.wording.write(ref("demo.head_rung"))
        titles = f"{clock:<{CLOCK}}{who:<{self.column}}{' ' * GAP}{rung}"
        yield click.style(titles, bold=True)
        calls = self.wording.write(ref("demo.head_calls", line=named(line, self.names)))
        yield click.style(f"{'':<{CLOCK}}{calls}", **QUIET)
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

    def rule(self, message: MessageRef) -> str:
        """Write over both columns what happened to neither telephone."""
        return click.style(f"{f' {self.wording.write(message)} ':─^{self.width}}", **BROKEN)

    def _says(self, message: MessageRef, style: Style, *, is_left: bool = True) -> Cell:
        return Cell(self.wording.write(message), style, is_left)

    def _cell(self, event: Event) -> Cell | None:
        wording = WORDINGS.get(str(event["kind"]))
        return wording(self, event) if wording else None

    def hears(self, event: Event) -> Cell:
        """The caller hears a sentence."""
        return Cell(str(event["text"]), VOICE)

    def presses(self, event: Event) -> Cell:
        """The caller presses keys."""
        return self._says(ref("demo.presses", keys=str(event["keys"])), KEY)

    def records(self, event: Event) -> Cell:
        """The caller has spoken after the tone."""
        spoken = round(float(event.get("spoken") or event.get("seconds") or 0))
        return self._says(ref("demo.speaks", seconds=spoken), KEY)

    def rings(self, event: Event) -> Cell:
        """A telephone rings."""
        self.key = ""
        who = named(str(event["number"]), self.names)
        return self._says(ref("demo.rings", who=who), RING, is_left=False)

    def answers(self, event: Event) -> Cell:
        """Somebody lifts the receiver."""
        return self._says(ref("demo.is_answered"), RING, is_left=False)

    def whispers(self, event: Event) -> Cell:
        """Who lifted the receiver hears a sentence."""
        return Cell(str(event["text"]), VOICE, is_left=False)

    def leg_presses(self, event: Event) -> Cell:
        """Who lifted the receiver presses a key."""
        self.key = str(event["keys"])
        pressed = "demo.presses_and_is_connected" if self.key == "1" else "demo.presses"
        return self._says(ref(pressed, keys=self.key), KEY, is_left=False)

    def leg_ends(self, event: Event) -> Cell | None:
        """A telephone that nobody accepted is put down, or stops ringing."""
        status = str(event["status"])
        if status == "completed" and self.key in ("1", "2"):
            return None
        ended = LEG_ENDS.get(status)
        return self._says(ended, BAD, is_left=False) if ended else Cell(status, BAD, is_left=False)

    def talks(self, event: Event) -> Cell:
        """They talk with each other."""
        talk = ref("demo.they_talk", seconds=round(float(event["seconds"])))
        words = f" {self.wording.write(talk)} "
        return Cell(f"{words:─^{2 * self.column + GAP}}", KEY, is_wide=True)

    def hangs_up(self, event: Event) -> Cell:
        """The caller puts the receiver down."""
        return self._says(ref("demo.hangs_up"), QUIET)

    def error(self, event: Event) -> Cell:
        """The network has something to complain of."""
        code, message = str(event.get("code")), str(event.get("message"))
        return self._says(ref("demo.error", code=code, words=message), BAD)


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
