"""Tells coordinators who have chosen it of gaps within a week, each once."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.roster.notice_jobs import NoticeToSend, Recipient, notice_jobs
from app.actions.roster.request_notices import is_coordinator
from app.actions.roster.shown_rosters import RosterInUse, list_rosters
from app.domain.access.permissions import AccessRole
from app.domain.access.users import User
from app.domain.desks.desk import Desk
from app.domain.health.opt_outs import OptOut
from app.domain.roster.duty_notices import NoticeKind
from app.domain.roster.gap_notices import GapNews, NotifiedGap, gap_news, gaps_ahead
from app.domain.texts.message import Message, Value
from app.domain.time.intervals import Interval, Intervals
from app.store import Database
from app.store.notice_choices import (
    NoticeChoices,
    find_notice_choices,
    load_notice_choices,
    save_notified_gaps,
)
from app.store.outbox import NewJob, put_jobs
from app.store.sms_senders import load_opt_outs
from app.store.users import list_users

GapsOf = Callable[[RosterInUse, Desk], Intervals]


@dataclass(frozen=True, slots=True)
class _Telling:
    """A coordinator, the rosters that they plan, and the gaps that there are."""

    user: User
    choices: NoticeChoices
    planned: tuple[RosterInUse, ...]
    own: RosterInUse | None  # the roster on which they stand themselves
    gaps: dict[str, Intervals]  # by desk
    opt_outs: Collection[OptOut]
    now: datetime

    @property
    def news(self) -> dict[str, GapNews]:
        """By desk; a desk that has gone, or that they plan no more, is forgotten."""
        return {desk: gap_news(gaps, self._known(desk), self.now) for desk, gaps in self.of_theirs}

    @property
    def of_theirs(self) -> tuple[tuple[str, Intervals], ...]:
        """The gaps of their desks."""
        desks = (desk.id for roster in self.planned for desk in roster.desks)
        return tuple((desk, self.gaps[desk]) for desk in desks)

    @property
    def known_then(self) -> tuple[NotifiedGap, ...]:
        """Of which gaps they know once they are told."""
        return tuple(
            NotifiedGap(desk, each.from_, each.to)
            for desk, news in self.news.items()
            for each in news.known
        )

    @property
    def has_news(self) -> bool:
        """Whether they are told something, or know of a gap that is closed."""
        return any(each.told for each in self.news.values()) or self._has_closed()

    def jobs(self) -> Iterator[NewJob]:
        """One notice for each desk, however many gaps."""
        person = self.user.person.person if self.user.person else ""
        to = Recipient(self.user, self.own, person, self.choices, self.opt_outs)
        news = self.news
        for roster in self.planned:
            for desk in roster.desks:
                told = news[desk.id].told
                if told:
                    dedup = f"duty-notice:{self.user.id}:gap:{desk.id}:{self.now.isoformat()}"
                    text = self._text(desk, news[desk.id], told)
                    path = f"/rosters/{roster.id}"
                    notice = NoticeToSend(NoticeKind.GAP, text, dedup, path)
                    yield from notice_jobs(notice, to, desk, self.now)

    def _text(self, desk: Desk, news: GapNews, told: Intervals) -> Message:
        first, others = told[0], len(told) - 1
        values: list[tuple[str, Value]] = [
            ("desk", desk.name),
            ("since", first.from_),
            ("until", first.to),
        ]
        if others:
            values.append(("count", others))
            return Message("duty_notice.gaps", self.user.language, tuple(values))
        key = "gap_goes_on" if news.goes_on(first, self.now) else "gap"
        return Message(f"duty_notice.{key}", self.user.language, tuple(values))

    def _known(self, desk: str) -> Intervals:
        found = (each for each in self.choices.told_gaps if each.desk == desk)
        return tuple(Interval(each.since, each.until) for each in found)

    def _has_closed(self) -> bool:
        """Whether hours ahead that they know of are covered now."""
        gaps = dict(self.of_theirs)
        return any(
            not any(gap.from_ <= max(each.since, self.now) and each.until <= gap.to for gap in here)
            for each in self.choices.told_gaps
            if each.until > self.now
            for here in (gaps.get(each.desk, ()),)
        )


def coordinates(user: User) -> bool:
    """Tell whether somebody is a coordinator of anything."""
    return any(each.role is AccessRole.COORDINATOR for each in user.grants)


def send_gap_notices(database: Database, now: datetime) -> None:
    """Put in the outbox what coordinators are to be told now."""
    with database.read() as connection:
        choices = load_notice_choices(connection)
        wanted = {user for user, each in choices.items() if NoticeKind.GAP in each.kinds}
        users = [each for each in list_users(connection) if each.id in wanted] if wanted else []
        opt_outs = load_opt_outs(connection) if wanted else ()
    if not users:
        return
    rosters = list_rosters(database)
    gaps = {
        desk.id: gaps_ahead(roster.plan, desk, now) for roster in rosters for desk in roster.desks
    }
    for user in users:
        if user.is_disabled:
            continue
        planned = tuple(each for each in rosters if is_coordinator(user, each.id))
        own = next(
            (each for each in rosters if user.person and each.id == user.person.roster), None
        )
        telling = _Telling(user, choices[user.id], planned, own, gaps, opt_outs, now)
        if telling.has_news:
            database.write(partial(_tell, telling=telling))


def _tell(connection: Connection, telling: _Telling) -> None:
    known = find_notice_choices(connection, telling.user.id, locked=True)
    telling = replace(telling, choices=known)  # another worker may have told it meanwhile
    jobs = list(telling.jobs()) if NoticeKind.GAP in known.kinds else []
    if jobs:
        put_jobs(connection, jobs, telling.now)
    save_notified_gaps(connection, telling.user.id, telling.known_then)
