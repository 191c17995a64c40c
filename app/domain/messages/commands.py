"""What somebody of the staff asks for by SMS: one command alone in its message, else nothing.

Case, spaces and the signs between do not matter. Whatever else is written may be a machine's: an
automatic reply is never read as a command.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.tickets.ticket import LARGEST_NUMBER


class Verb(StrEnum):
    """What a command does."""

    WHO_IS_ON_DUTY = "who_is_on_duty"
    TAKE_DUTY = "take_duty"
    ACKNOWLEDGE = "acknowledge"
    RELEASE = "release"  # a ticket that they have, and should not
    PASS_ON = "pass_on"
    CONFIRM_SHIFT = "confirm_shift"  # that they were asked about
    UNDO = "undo"
    HELP = "help"


class Undoes(StrEnum):
    """What a NEI is about that says so by a word, and not by a ticket's number."""

    DUTY = "duty"  # a duty that was taken, or a shift that was confirmed
    TAKEN = "taken"
    SHIFT = "shift"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Command:
    """A command; `ticket` is the number in it."""

    verb: Verb
    ticket: int | None = None
    undoes: Undoes | None = None

    @property
    def is_of_staff_only(self) -> bool:
        """Tell whether nobody else would write it: a customer may write HJELP, FEIL or NEI."""
        is_about_duty = self.verb in (Verb.WHO_IS_ON_DUTY, Verb.TAKE_DUTY)
        return is_about_duty or self.undoes is not None or self.ticket is not None


# Words that are a whole command, and words that a ticket's number follows.
ALONE: Final[dict[str, Command]] = {
    **dict.fromkeys(("vakt", "vakta", "vakten", "duty", "on duty"), Command(Verb.WHO_IS_ON_DUTY)),
    **dict.fromkeys(
        ("ta vakt", "ta vakta", "ta vakten", "tar vakt", "tar vakta", "tar vakten", "take duty"),
        Command(Verb.TAKE_DUTY),
    ),
    # No "yes": for the network that is START. No "ok": that says that one answers again.
    **dict.fromkeys(
        ("ja", "ja vakt", "ja vakta", "ja vakten", "bekreft", "stadfest", "confirm", "confirmed"),
        Command(Verb.CONFIRM_SHIFT),
    ),
    **dict.fromkeys(("nei", "no"), Command(Verb.UNDO)),
    **dict.fromkeys(
        ("nei vakt", "nei vakta", "nei vakten", "no duty"), Command(Verb.UNDO, undoes=Undoes.DUTY)
    ),
    **dict.fromkeys(
        ("nei ta vakt", "no take duty"),
        Command(Verb.UNDO, undoes=Undoes.TAKEN),
    ),
    **dict.fromkeys(("nei ja", "no confirm"), Command(Verb.UNDO, undoes=Undoes.SHIFT)),
    **dict.fromkeys(("nei drift", "no outage"), Command(Verb.UNDO, undoes=Undoes.OUTAGE)),
    **dict.fromkeys(("hjelp", "help"), Command(Verb.HELP)),
}
WITH_NUMBER: Final[dict[str, Verb]] = {
    "ok": Verb.ACKNOWLEDGE,
    "feil": Verb.RELEASE,
    "wrong": Verb.RELEASE,
    "over": Verb.PASS_ON,
    "pass": Verb.PASS_ON,
    "nei": Verb.UNDO,
    "no": Verb.UNDO,
}
NUMBER_MISSING: Final = frozenset({"feil", "wrong", "over", "pass"})  # OK alone is an answer
SIGNS: Final = re.compile(r"[\s.,:;!?#\"'“”«»-]+")
NUMBERED: Final = re.compile(r"([a-z]+) ?(?:(?:sak|saka|saken|case) ?)?([0-9][0-9 ]*)")


def read_command(body: str) -> Command | None:
    """Read a command; None where there is none. One that lacks its number has `ticket` None."""
    words = SIGNS.sub(" ", body.lower()).strip()
    if words in ALONE:
        return ALONE[words]
    if words in NUMBER_MISSING:
        return Command(WITH_NUMBER[words])
    found = NUMBERED.fullmatch(words)
    if found is None or found[1] not in WITH_NUMBER:
        return None
    digits = found[2].replace(" ", "")
    number = int(digits) if len(digits) <= len(str(LARGEST_NUMBER)) else LARGEST_NUMBER
    return Command(WITH_NUMBER[found[1]], min(number, LARGEST_NUMBER))
