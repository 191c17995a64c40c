"""The forms by which somebody decides about a ticket's targets, and how its clocks are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, StringConstraints
from pydantic import Field as Limits

from app.actions.tickets.case import Case
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.typed_echo import occurrence_answers, occurrence_question
from app.domain.tickets.clock_reasons import ClockReason, WhyClock, why_clock
from app.domain.tickets.clocks import may_agree_date
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.promises import Promise, promises
from app.domain.tickets.targets import TargetKind, target_rule
from app.domain.tickets.ticket import LONGEST_NOTE
from app.domain.tickets.workflow_moves import state_of
from app.domain.time.typed_moments import (
    MomentRead,
    MomentRefused,
    TimeField,
    WhichOccurrence,
    read_typed_moment,
)
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.language import page_language

LONGEST_TYPED: Final = 100
WHICH: Final = tuple(Option(value, label) for value, label in occurrence_answers().items())
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NOTE)
]
# Which clock each promise is about, in the order of both.
CLOCKS: Final = (TargetKind.RESPONSE, TargetKind.SOLUTION)


class Holding(BaseModel):
    """Nobody is told of it as it grows older: why, and until when; "": until it is released."""

    hold_reason: Reason
    hold_until: str = Limits("", max_length=LONGEST_TYPED)
    hold_until_answer: str = ""


class Workaround(BaseModel):
    """A temporary solution is in place, or did not hold: how so."""

    workaround_reason: Reason


class Agreeing(BaseModel):
    """A date is agreed with the customer, or taken back: why."""

    agreed_date: str = Limits("", max_length=LONGEST_TYPED)
    agreed_date_answer: str = ""
    agreed_reason: Reason


HOLD: Final = Form(
    "ticket_hold",
    Holding,
    (
        Field("hold_reason"),
        Field("hold_until", has_hint=True, width="medium"),
        Field("hold_until_answer", Kind.RADIOS, options=WHICH),
    ),
)
WORKAROUND: Final = Form("ticket_workaround", Workaround, (Field("workaround_reason"),))
AGREE: Final = Form(
    "ticket_agree",
    Agreeing,
    (
        Field("agreed_date", has_hint=True, width="medium"),
        Field("agreed_date_answer", Kind.RADIOS, options=WHICH),
        Field("agreed_reason"),
    ),
)
REASONS: Final = {
    HOLD.name: "hold_reason",
    WORKAROUND.name: "workaround_reason",
    AGREE.name: "agreed_reason",
}
TargetForm = FilledForm[Holding] | FilledForm[Workaround] | FilledForm[Agreeing]


def read_when(form: TargetForm, name: str, case: Case, now: datetime) -> str:
    """Read a moment that somebody typed, as the action wants it; "" where none can be read.

    What is wrong with it stands in the form then.
    """
    zone, answer = case.desk.time_zone, f"{name}_answer"
    match read_typed_moment(form[name].value, TimeField(now, zone, answer=form[answer].value)):
        case MomentRead(at):
            return at.isoformat()
        case WhichOccurrence() as which:
            form.refuse(occurrence_question(which, zone), answer)
        case MomentRefused(reason):
            form.refuse(reason.ref, name)
    return ""


@dataclass(frozen=True, slots=True)
class ShownTargets:
    """How a ticket stands to what was promised, and what may be decided about it now."""

    promises: tuple[tuple[Promise, MessageRef | None], ...]  # each with why its clock does so
    is_held: bool
    may_hold: bool
    may_note_workaround: bool
    may_agree_date: bool

    @property
    def has_forms(self) -> bool:
        """Tell whether anything can be decided."""
        return self.may_hold or self.may_note_workaround or self.may_agree_date


def shown_targets(case: Case, now: datetime) -> ShownTargets:
    """Return what the page shows of a ticket's targets; offered is only what does something."""
    desk, ticket = case.desk, case.ticket
    agreement = agreement_of(desk, ticket.agreement).id
    rule = target_rule(desk, agreement, ticket.priority)
    has_levels = any(step.priority is ticket.priority for step in desk.escalation)
    is_held = ticket.holds_escalation(now)
    both = zip(promises(ticket, now), CLOCKS, strict=True)
    return ShownTargets(
        tuple((promise, _why(case, why_clock(desk, ticket, kind))) for promise, kind in both),
        is_held,
        has_levels or is_held,
        bool((rule and rule.workaround_stops) or ticket.workaround_at),
        may_agree_date(desk, ticket),
    )


def _why(case: Case, why: WhyClock) -> MessageRef | None:
    """Say why a clock runs or stands; None where the promise says it all."""
    match why.reason:
        case ClockReason.NOT_AGREED | ClockReason.MET:
            return None
        case ClockReason.STANDS:
            state = state_of(case.ticket, case.desk.workflow).name_in(page_language())
            return ref("clock_reason.stands", state=state)
        case ClockReason.RUNS if why.calendar:
            return ref("clock_reason.runs", calendar=why.calendar)
        case ClockReason.RUNS:
            return ref("clock_reason.runs_always")
        case ClockReason.DATE_AGREED:
            return ref("clock_reason.date_agreed")
        case ClockReason.BY_WORKAROUND:
            return ref("clock_reason.by_workaround")
