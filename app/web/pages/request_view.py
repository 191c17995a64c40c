"""What the page of one request shows, to whoever may do something about it: the difference first.

The same for those who are asked and for coordinators, who answer for others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.actions.roster.shift_candidates import shift_candidates
from app.actions.roster.shown_rosters import RosterInUse, ShownRoster
from app.domain.message_refs import MessageRef
from app.domain.roster.duty_request_moves import as_now, takers
from app.domain.roster.duty_requests import Answer, DutyRequest, RequestMove, RequestState
from app.domain.roster.entry_difference import EntryDifference
from app.domain.roster.request_difference import request_difference
from app.domain.roster.request_notices import request_text
from app.web.pages.render import written
from app.web.pages.roster_change_form import candidate_text
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services
from app.web.session import current_user


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a request: a person of the roster, or a coordinator who may answer for `person`."""

    person: str
    is_coordinator: bool = False


@dataclass(frozen=True, slots=True)
class RequestView:
    """All that the page shows. `told` is the difference, where a yes is still possible."""

    request: DutyRequest  # its shifts where they are now
    reader: Reader
    words: RosterWords
    revision: int
    moves: tuple[RequestMove, ...]
    told: EntryDifference | None
    hints: tuple[MessageRef, ...]  # of each who would get a shift: hours, rest, conflicts
    names: Mapping[str, str]  # of desks
    now: datetime

    @property
    def what(self) -> str:
        """Which shifts, and whose."""
        return written(request_text(self.request, self.words.roster))

    @property
    def undoes_at_short_notice(self) -> bool:
        """Whether undoing changes somebody's duty within the roster's notice time."""
        notice = timedelta(days=self.words.roster.notice_days)
        first = min(each.when.from_ for each in self.request.slots)
        return RequestMove.UNDO in self.moves and first < self.now + notice

    @property
    def color(self) -> str:
        """How the state is shown."""
        return COLORS.get(self.request.state, "neutral")

    @property
    def answers_for(self) -> tuple[Answer, ...]:
        """Those for whom a coordinator may still answer."""
        is_open = self.reader.is_coordinator and self.request.state is RequestState.OPEN
        return self.request.answers if is_open else ()


COLORS: Mapping[RequestState, str] = {
    RequestState.OPEN: "info",
    RequestState.AWAITS_APPROVAL: "info",
    RequestState.AGREED: "success",
    RequestState.EXPIRED: "danger",
    RequestState.ENDED: "warning",
}


def request_view(
    shown: ShownRoster, request: DutyRequest, reader: Reader, now: datetime
) -> RequestView:
    """Work out what is shown of a request, and what may be done about it."""
    plan = shown.roster.plan
    now_there = as_now(request, plan, now) if request.is_waiting else None
    taker = request.taker or reader.person
    told: EntryDifference | None = None
    hints: tuple[MessageRef, ...] = ()
    if now_there and request.answer_of(taker):
        overrides = now_there.overrides(taker, current_user().actor)
        told = request_difference(plan, now_there, overrides, shown.roster.desks, now)
        hints = tuple(_hints(shown.roster, now_there, taker))
    return RequestView(
        now_there or request,
        reader,
        RosterWords(plan, {}),
        shown.revision,
        tuple(moves(shown.roster, request, reader, now)),
        told,
        hints,
        {desk.id: desk.name for desk in shown.roster.desks},
        now,
    )


def moves(
    roster: RosterInUse, request: DutyRequest, reader: Reader, now: datetime
) -> Iterator[RequestMove]:
    """What a reader may do about a request now."""
    is_asker = reader.person == request.slot.person
    is_one_of_two = is_asker or reader.person == request.taker
    if request.state is RequestState.OPEN and request.answer_of(reader.person):
        yield RequestMove.YES
        yield RequestMove.NO
    if request.state is RequestState.AWAITS_APPROVAL and reader.is_coordinator:
        yield RequestMove.APPROVE
        yield RequestMove.REFUSE
    if request.is_waiting and (is_asker or reader.is_coordinator):
        yield RequestMove.WITHDRAW
    has_begun = any(each.when.from_ <= now for each in request.slots)
    if request.state is RequestState.AGREED and (
        reader.is_coordinator or (is_one_of_two and not has_begun)
    ):
        yield RequestMove.UNDO


def _hints(roster: RosterInUse, request: DutyRequest, person: str) -> Iterator[MessageRef]:
    """Hours, rest and conflicts of each who would get a shift."""
    for taker, slot in takers(request, person):
        found = shift_candidates(current_services().database, roster, slot.when)
        yield from (candidate_text(each) for each in found if each.person == taker)
