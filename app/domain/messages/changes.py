"""What was changed by SMS, whom it was told to, and which of it a NEI undoes.

A sender can be forged: every change is told to all whom it concerns, and each of them may undo it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.messages.commands import Command, Undoes
from app.domain.tickets.ticket import Acknowledged

UNDO_WITHIN: Final = timedelta(hours=1)


class ChangeKind(StrEnum):
    """What was changed."""

    TOOK_DUTY = "took_duty"
    ACKNOWLEDGED = "acknowledged"
    RELEASED = "released"
    PASSED_ON = "passed_on"
    CONFIRMED_SHIFT = "confirmed_shift"
    MARKED_OUTAGE = "marked_outage"  # in the menu by telephone


# The word by which each was asked for, as the ticket's history tells it.
COMMANDS: Final = {
    ChangeKind.TOOK_DUTY: "TA VAKT",
    ChangeKind.ACKNOWLEDGED: "OK",
    ChangeKind.RELEASED: "FEIL",
    ChangeKind.PASSED_ON: "OVER",
    ChangeKind.CONFIRMED_SHIFT: "JA",
}


# What a NEI with a word means.
UNDOES: Final = {
    Undoes.DUTY: frozenset({ChangeKind.TOOK_DUTY, ChangeKind.CONFIRMED_SHIFT}),
    Undoes.TAKEN: frozenset({ChangeKind.TOOK_DUTY}),
    Undoes.SHIFT: frozenset({ChangeKind.CONFIRMED_SHIFT}),
    Undoes.OUTAGE: frozenset({ChangeKind.MARKED_OUTAGE}),
}
# The word after NEI, or NO; of the duty VAKT where only one of the two can be meant.
WORDS: Final = {
    ChangeKind.TOOK_DUTY: ("TA VAKT", "TAKE DUTY"),
    ChangeKind.CONFIRMED_SHIFT: ("JA", "CONFIRM"),
    ChangeKind.MARKED_OUTAGE: ("DRIFT", "OUTAGE"),
}
# Undoing these gives a ticket to somebody: nobody is called about it any more.
GIVEN_AWAY: Final = frozenset({ChangeKind.RELEASED, ChangeKind.PASSED_ON})


@dataclass(frozen=True, slots=True)
class SmsChange:
    """One change: by which person of which roster, of what, and whom it was told.

    `acknowledged_at` is since when they had had a ticket that they gave back.
    """

    id: int
    sid: str
    kind: ChangeKind
    desk: str
    roster: str
    person: str
    name: str
    at: datetime
    entry: int | None = None
    shift: int | None = None  # that they were asked about
    ticket: int | None = None
    acknowledged_at: datetime | None = None
    told: tuple[str, ...] = ()
    undone_by: str = ""

    @property
    def about(self) -> int | ChangeKind:
        """Return what it is about: its ticket, or the kind of what has no number."""
        return self.ticket or self.kind

    @property
    def undone_until(self) -> datetime:
        """Return until when it can be undone."""
        return self.at + UNDO_WITHIN

    @property
    def had(self) -> Acknowledged | None:
        """Return how they had had a ticket that they gave back."""
        at = self.acknowledged_at
        return Acknowledged(self.name, at, self.person) if at else None


class NothingToUndo(StrEnum):
    """Why a NEI undoes nothing."""

    NOTHING = "nothing"  # nothing was told to this number, or nothing of that
    TOO_LATE = "too_late"
    SEVERAL = "several"  # and it does not say which


@dataclass(frozen=True, slots=True)
class NotUndone:
    """Nothing is undone, and why; `changes` are those that it may be about."""

    why: NothingToUndo
    changes: tuple[SmsChange, ...] = ()


def which_change(
    told: Sequence[SmsChange], command: Command, now: datetime
) -> SmsChange | NotUndone:
    """Say which of the changes that a number was told of a NEI from it means, the newest first.

    Of several changes of the same thing it is the last one: the others lie under it. Where two
    people undo the same, the second one must not give a ticket to who gave it back before.
    """
    meant = [each for each in told if _is_meant(each, command)]
    if not meant:
        return NotUndone(NothingToUndo.NOTHING)
    in_time = [each for each in meant if now <= each.undone_until]
    if not in_time:
        return NotUndone(NothingToUndo.TOO_LATE, tuple(meant[:1]))
    open_ = [each for each in in_time if not (each.undone_by or _lies_under(each, in_time))]
    is_unsaid = command.ticket is None and open_ and _gives_another(open_[0], in_time[0])
    if is_unsaid or len({each.about for each in open_}) > 1:
        return NotUndone(NothingToUndo.SEVERAL, tuple(open_))
    return next(iter(open_), in_time[0])


def undo_words(changes: Sequence[SmsChange], language: str) -> tuple[str, ...]:
    """Return what to write to undo each of them, as `read_command` reads it."""
    is_english = language == "en"
    no, kinds = "NO" if is_english else "NEI", {each.kind for each in changes}
    words = {kind: word[is_english] for kind, word in WORDS.items()}
    of_duty = UNDOES[Undoes.DUTY]
    if not of_duty <= kinds:
        words.update(dict.fromkeys(of_duty, "DUTY" if is_english else "VAKT"))
    said = (each.ticket or words[each.kind] for each in changes)
    return tuple(dict.fromkeys(f"{no} {word}" for word in said))


def _lies_under(change: SmsChange, in_time: Sequence[SmsChange]) -> bool:
    """Tell whether a ticket was given back or passed on before its last change."""
    last = next(each for each in in_time if each.ticket == change.ticket)
    return change.kind in GIVEN_AWAY and last is not change


def _gives_another(change: SmsChange, last: SmsChange) -> bool:
    return change.kind in GIVEN_AWAY and change is not last


def _is_meant(change: SmsChange, command: Command) -> bool:
    if command.undoes:
        return change.kind in UNDOES[command.undoes]
    return command.ticket in (None, change.ticket)
