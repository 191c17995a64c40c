"""What the import of a file changes among the entries that are stored.

Three sources: the file imported before, the file imported now, and the rows. The file adds what
it has, withdraws what it had and has no more, and leaves alone what was never in it. An entry
that somebody withdrew is not brought back by a file that still has it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.access.actor import Actor
from app.domain.roster.entries import Dated, EntryIdentity, RosterEntry, identity_of
from app.domain.roster.plan import Override


@dataclass(frozen=True, slots=True)
class Addition:
    """An entry to be stored. `author` is None where whoever imports the file is its author."""

    dated: Dated
    author: Actor | None = None


@dataclass(frozen=True, slots=True)
class EntriesImport:
    """What is to be done, and what the file says that is not done."""

    add: tuple[Addition, ...] = ()
    withdraw: tuple[RosterEntry, ...] = ()
    left_withdrawn: tuple[RosterEntry, ...] = ()  # in the file, but somebody withdrew them
    not_in_file: tuple[RosterEntry, ...] = ()  # in force, and never in a file

    def result(self, stored: Iterable[RosterEntry]) -> tuple[Dated, ...]:
        """What is in force afterwards, in order."""
        gone = {entry.id for entry in self.withdraw}
        kept = (each for each in stored if not each.withdrawal and each.id not in gone)
        return (*(each.dated for each in kept), *(each.dated for each in self.add))


@dataclass(slots=True)
class _Merge:
    """The entries of a file, taken one after another in its order."""

    before: dict[EntryIdentity, Dated]
    in_force: dict[EntryIdentity, RosterEntry]
    withdrawn: dict[EntryIdentity, RosterEntry]
    add: list[Addition] = field(default_factory=list)
    withdraw: list[RosterEntry] = field(default_factory=list)
    left_withdrawn: list[RosterEntry] = field(default_factory=list)
    placed: list[RosterEntry] = field(default_factory=list)

    def take(self, identity: EntryIdentity, dated: Dated) -> None:
        row, past = self.in_force.get(identity), self.withdrawn.get(identity)
        if row is None and past and past.withdrawal and not past.withdrawal.by.is_import:
            self.left_withdrawn.append(past)
        elif row is None and past is None and identity in self.before:
            pass  # it was in the file before, and its row is past its retention
        elif row is None:
            self.add.append(Addition(dated))
        elif self._has_new_reason(identity, dated, row):
            self.withdraw.append(row)
            self.add.append(Addition(dated))
        elif self._stands_too_early(row):
            self.withdraw.append(row)
            self.add.append(Addition(row.dated, row.author))
        else:
            self.placed.append(row)

    def _has_new_reason(self, identity: EntryIdentity, dated: Dated, row: RosterEntry) -> bool:
        """Whether the reason was edited in the file since it was imported."""
        was = self.before.get(identity)
        return was is not None and was.note != dated.note != row.dated.note

    def _stands_too_early(self, row: RosterEntry) -> bool:
        """Whether one further up in the file would win over it: later rows win."""
        later = (each.dated for each in self.placed if each.id > row.id)
        return any(_compete(each, row.dated) for each in (*(one.dated for one in self.add), *later))


def import_entries(
    before: Sequence[Dated], file: Sequence[Dated], stored: Sequence[RosterEntry]
) -> EntriesImport:
    """Compare the file imported before and the one imported now with every row, withdrawn too."""
    wanted = _last_of_each(file)
    merge = _Merge(
        before=_last_of_each(before),
        in_force={identity_of(each.dated): each for each in stored if not each.withdrawal},
        withdrawn={identity_of(each.dated): each for each in stored if each.withdrawal},
    )
    gone = [
        row
        for identity, row in merge.in_force.items()
        if identity in merge.before and identity not in wanted
    ]
    for identity, dated in wanted.items():
        merge.take(identity, dated)
    others = (row for identity, row in merge.in_force.items() if identity not in wanted)
    return EntriesImport(
        tuple(merge.add),
        (*gone, *merge.withdraw),
        tuple(merge.left_withdrawn),
        tuple(row for row in others if row not in gone),
    )


def _last_of_each(dated: Iterable[Dated]) -> dict[EntryIdentity, Dated]:
    """The same entry twice is one, where it stands last: that is what wins."""
    found: dict[EntryIdentity, Dated] = {}
    for each in dated:
        identity = identity_of(each)
        found.pop(identity, None)
        found[identity] = each
    return found


def _compete(one: Dated, other: Dated) -> bool:
    """Whether the order of two entries can matter."""
    if not (isinstance(one, Override) and isinstance(other, Override)):
        return False
    same_role = one.role is None or other.role is None or one.role is other.role
    return same_role and one.from_ < other.to and other.from_ < one.to
