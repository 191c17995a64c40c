"""What a change of an entry comes to, as messages: which text, and what fills it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from app.domain.roster.entries import RosterEntry
from app.domain.roster.entry_effect import EntryEffect, OpenedGap
from app.domain.texts.message import Message

MOST_TOLD: Final = 10  # stretches of each kind


def added_message(entry: RosterEntry | None, is_done: bool, language: str) -> Message:
    """Whether an entry was added, or why not."""
    if entry is None:
        return Message("roster_entry.trial", language)
    values = (("id", str(entry.id)),)
    if is_done:
        return Message("roster_entry.added", language, values)
    return Message("roster_entry.added_before", language, values)


def withdrawn_message(entry: RosterEntry, is_done: bool, language: str) -> Message:
    """Whether an entry was withdrawn now, or by whom it was before."""
    if is_done or entry.withdrawal is None:
        return Message("roster_entry.withdrawn", language, (("id", str(entry.id)),))
    by, at = entry.withdrawal.by.name, entry.withdrawal.at
    values = (("id", str(entry.id)), ("who", by), ("at", at))
    return Message("roster_entry.withdrawn_before", language, values)


def effect_messages(effect: EntryEffect, language: str) -> Iterator[Message]:
    """What is different on duty, and the gaps that it opens."""
    if effect.changes_nothing:
        yield Message("roster_entry.changes_nothing", language)
    for piece in effect.changed[:MOST_TOLD]:
        span = (("since", piece.from_), ("until", piece.to))
        yield Message("roster_entry.changes", language, span)
    for desk, since, until in _stretches(effect.uncovered):
        gap = (("desk", desk), ("since", since), ("until", until))
        yield Message("roster_entry.uncovered", language, gap)
    for desk, since, until in _stretches(effect.without_backup):
        gap = (("desk", desk), ("since", since), ("until", until))
        yield Message("roster_entry.without_backup", language, gap)


def refusal_message(code: str, desk: str, entry: int, language: str) -> Message:
    """Why nothing was done."""
    values = (("desk", desk), ("id", str(entry)))
    return Message(f"roster_entry_refused.{code}", language, values)


def _stretches(gaps: tuple[OpenedGap, ...]) -> Iterator[tuple[str, datetime, datetime]]:
    for gap in gaps:
        for piece in gap.when[:MOST_TOLD]:
            yield gap.desk, piece.from_, piece.to
