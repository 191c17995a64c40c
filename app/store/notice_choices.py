"""What users have chosen to be told of their own duty, as rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, select, update

from app.domain.roster.duty_notices import KnownShift, NoticeKind
from app.domain.roster.gap_notices import NotifiedGap
from app.store.codec import read_notified_gaps, read_texts, write_texts, write_told_gaps
from app.store.tables import NoticeChoiceRow
from app.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class NoticeChoices:
    """What is told by which channel; `known` is the next shift as it was told last, `told_gaps` the
    gaps of which a coordinator knows.
    """

    sms: frozenset[NoticeKind] = frozenset()
    mail: frozenset[NoticeKind] = frozenset()
    known: KnownShift | None = None
    told_gaps: tuple[NotifiedGap, ...] = ()

    @property
    def kinds(self) -> frozenset[NoticeKind]:
        """Everything that is told by one channel or both."""
        return self.sms | self.mail


def load_notice_choices(connection: Connection) -> Mapping[int, NoticeChoices]:
    """Return the choices of all users who have made some."""
    return {row.user_id: _choices(row) for row in connection.execute(select(NoticeChoiceRow))}


def find_notice_choices(
    connection: Connection, user: int, *, locked: bool = False
) -> NoticeChoices:
    """Return the choices of a user; none where they have made none. `locked`: to tell by them."""
    this = select(NoticeChoiceRow).where(NoticeChoiceRow.user_id == user)
    row = connection.execute(this.with_for_update() if locked else this).first()
    return _choices(row) if row else NoticeChoices()


def save_notice_choices(connection: Connection, user: int, choices: NoticeChoices) -> None:
    """Store what a user has chosen."""
    chosen = {"sms": _written(choices.sms), "mail": _written(choices.mail)}
    chosen |= {"told_gaps": write_told_gaps(choices.told_gaps)}
    upsert(connection, NoticeChoiceRow, {"user_id": user}, {**chosen, **_known(choices.known)})


def save_known_shift(connection: Connection, user: int, known: KnownShift | None) -> None:
    """Store of which next shift a user knows."""
    this = update(NoticeChoiceRow).where(NoticeChoiceRow.user_id == user)
    connection.execute(this.values(_known(known)))


def save_notified_gaps(connection: Connection, user: int, told: tuple[NotifiedGap, ...]) -> None:
    """Store of which gaps a user knows."""
    this = update(NoticeChoiceRow).where(NoticeChoiceRow.user_id == user)
    connection.execute(this.values(told_gaps=write_told_gaps(told)))


def delete_notice_choices(connection: Connection, user: int) -> int:
    """Forget what a user has chosen; return how many rows that were."""
    this = delete(NoticeChoiceRow).where(NoticeChoiceRow.user_id == user)
    return connection.execute(this).rowcount


def _written(kinds: frozenset[NoticeKind]) -> str:
    return write_texts(tuple(sorted(kinds)))


def _known(known: KnownShift | None) -> dict[str, object]:
    return {
        "next_role": known.role if known else None,
        "next_since": known.from_ if known else None,
        "next_until": known.to if known else None,
    }


def _choices(row: Row[*tuple[object, ...]]) -> NoticeChoices:
    sms, mail = (frozenset(map(NoticeKind, read_texts(str(each)))) for each in (row.sms, row.mail))
    is_known = row.next_role and row.next_since and row.next_until
    known = KnownShift(row.next_role, row.next_since, row.next_until) if is_known else None
    return NoticeChoices(sms, mail, known, read_notified_gaps(str(row.told_gaps)))
