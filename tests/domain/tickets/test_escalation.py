"""Which level of a matrix is reached when, what stops it, and who is told."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import AwayPeriod, ContactRules, Desk, EscalationBasis, Priority
from app.domain.tickets.clocks import pause_clock, recompute, respond, resume_clock
from app.domain.tickets.escalation import due_escalations, escalation_plan
from app.domain.tickets.escalation_preview import escalation_preview, foreseen_ticket
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.moves import Refusal, Refused, Unchanged, set_priority
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.target_changes import (
    AgreedDate,
    agree_date,
    hold_escalation,
    note_workaround,
    release_escalation,
    withdraw_date,
    withdraw_workaround,
)
from app.domain.tickets.target_review import review_targets
from app.domain.tickets.targets import TargetKind
from app.domain.tickets.ticket import Closed, Ticket
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.shipped_desks import desk_of, shipped

DESK: Final = desk_of(shipped("kundeservice"))
AGENT: Final = Actor(ActorKind.COMMAND, "Kundeservice 1", "kundeservice-1")
LEADER, HEAD, MANAGER = "Leder kundeservice", "Avdelingsleder", "Daglig leder"
MONDAY: Final = oslo("2026-11-23 08:00")
HIGH: Final = foreseen_ticket(DESK, Priority.HIGH, MONDAY)  # answer 09:00, solution 12:00


def changed(outcome: object) -> Ticket:
    assert isinstance(outcome, Outcome)
    return outcome.ticket


def told(ticket: Ticket, at: str, desk: Desk = DESK) -> list[tuple[str, int, str]]:
    now = oslo(at)
    return [
        (str(each.kind), each.level, to.contact.role)
        for each, to in due_escalations(desk, ticket, frozenset(), now)
    ]


def test_by_overrun_each_level_counts_from_the_deadline() -> None:
    plan = escalation_plan(DESK, HIGH, EscalationBasis.OVERRUN)
    assert [(str(each.kind), each.level, in_oslo(each.reached_at)) for each in plan] == [
        ("response", 1, "Mon 2026-11-23 10:00"),
        ("response", 2, "Mon 2026-11-23 11:00"),
        ("response", 3, "Mon 2026-11-23 13:00"),
        ("solution", 1, "Tue 2026-11-24 08:30"),
        ("solution", 2, "Tue 2026-11-24 12:30"),
        ("solution", 3, "Wed 2026-11-25 12:00"),
    ]
    assert not any(each.is_forewarning for each in plan)


def test_what_was_never_agreed_is_not_overrun() -> None:
    silent = replace(DESK, targets=())
    assert escalation_plan(silent, foreseen_ticket(silent, Priority.HIGH, MONDAY)) == ()


def test_the_source_s_level_1_of_low_is_a_forewarning() -> None:
    low = foreseen_ticket(DESK, Priority.LOW, MONDAY)
    soon = [each for each in escalation_plan(DESK, low) if each.is_forewarning]
    assert [(each.kind, each.level) for each in soon] == [(TargetKind.SOLUTION, 1)]


def test_whoever_is_answered_is_escalated_for_the_solution_only() -> None:
    answered = changed(respond(HIGH, AGENT, oslo("2026-11-23 08:20")))
    assert told(HIGH, "2026-11-23 10:00") == [("response", 1, LEADER), ("response", 2, HEAD)]
    assert told(answered, "2026-11-23 10:00") == []
    assert told(answered, "2026-11-23 12:00") == [("solution", 1, LEADER)]


def test_nothing_is_told_of_what_waits_is_held_or_closed() -> None:
    late = "2026-11-24 12:00"
    assert len(told(HIGH, late)) == 5
    waits = pause_clock(HIGH, oslo("2026-11-23 08:10"))
    held = changed(hold_escalation(HIGH, AGENT, oslo("2026-11-23 08:10"), "kunden vet det"))
    closed = replace(HIGH, closed=Closed("Kundeservice 1", oslo("2026-11-23 08:10")))
    assert [told(each, late) for each in (waits, held, closed)] == [[], [], []]
    released = changed(release_escalation(held, AGENT, oslo(late), "ikke lenger"))
    assert told(released, late) == told(HIGH, late)


def test_levels_are_put_off_by_a_pause_as_the_deadline_is() -> None:
    waits = pause_clock(HIGH, oslo("2026-11-23 08:30"))
    goes_on = resume_clock(waits, DESK, oslo("2026-11-23 10:30"))
    first = escalation_plan(DESK, goes_on)[0]
    assert (in_oslo(first.reached_at), in_oslo(first.deadline)) == (
        ("Mon 2026-11-23 11:00"),
        "Mon 2026-11-23 11:00",
    )


def test_a_worker_that_was_away_tells_late_and_once_and_says_since_when() -> None:
    now = oslo("2026-11-23 10:10")
    review = review_targets(DESK, HIGH, frozenset(), now)
    assert [(e.event.at, e.event.facts["since"], e.event.who) for e in review.escalations] == [
        (now, oslo("2026-11-23 09:00"), LEADER),
        (now, oslo("2026-11-23 10:00"), HEAD),
    ]
    assert review.next_at == oslo("2026-11-23 12:00")
    known = frozenset(each.escalation.cell for each in review.escalations)
    assert review_targets(DESK, HIGH, known, now).escalations == ()


def test_what_was_told_at_a_lower_priority_is_told_again_at_a_higher_one() -> None:
    now = oslo("2026-11-23 12:30")
    at_high = review_targets(DESK, HIGH, frozenset(), now)
    known = frozenset(each.escalation.cell for each in at_high.escalations)
    raised = changed(set_priority(HIGH, Priority.CRITICAL, AGENT, DESK, now))
    levels = {(e.escalation.kind, e.escalation.level) for e in at_high.escalations}
    again = review_targets(DESK, raised, known, now).escalations
    assert levels <= {(e.escalation.kind, e.escalation.level) for e in again}
    lowered = changed(set_priority(raised, Priority.HIGH, AGENT, DESK, now))
    assert review_targets(DESK, lowered, known, now).escalations == (), "each cell once"


# --- who is told -----------------------------------------------------------------------------


def with_rules(*rules: ContactRules) -> Desk:
    return replace(DESK, contact_rules=rules)


def test_a_substitute_is_told_while_the_contact_is_away() -> None:
    away = (AwayPeriod(date(2026, 11, 23), date(2026, 11, 24)),)
    desk = with_rules(ContactRules(LEADER, HEAD, away=away))
    [(_, to)] = due_escalations(desk, HIGH, frozenset(), oslo("2026-11-23 09:00"))
    assert (to.contact.role, to.instead_of) == (HEAD, LEADER)
    back = foreseen_ticket(desk, Priority.HIGH, oslo("2026-11-25 08:00"))
    assert told(back, "2026-11-25 09:00", desk)[0] == ("response", 1, LEADER)


def test_two_who_are_away_and_stand_in_for_each_other_are_told_all_the_same() -> None:
    away = (AwayPeriod(date(2026, 11, 1), date(2026, 11, 30)),)
    desk = with_rules(ContactRules(LEADER, HEAD, away=away), ContactRules(HEAD, LEADER, away=away))
    assert told(HIGH, "2026-11-23 09:00", desk) == [("response", 1, LEADER)]


def test_a_contact_with_hours_is_told_when_they_begin_unless_it_is_over_by_then() -> None:
    always = replace(
        DESK, contact_rules=(ContactRules(LEADER, calendar="desk"),), targets=_round_the_clock(DESK)
    )
    evening = foreseen_ticket(always, Priority.HIGH, oslo("2026-11-23 20:00"))
    assert told(evening, "2026-11-23 21:30", always) == []
    review = review_targets(always, evening, frozenset(), oslo("2026-11-23 21:30"))
    assert review.next_at == oslo("2026-11-23 22:00"), "level 2 has no hours of its own"
    assert ("response", 1, LEADER) in told(evening, "2026-11-24 08:00", always)
    answered = changed(respond(evening, AGENT, oslo("2026-11-24 07:00")))
    assert ("response", 1, LEADER) not in told(answered, "2026-11-24 08:00", always)


def _round_the_clock(desk: Desk):  # type: ignore[no-untyped-def]
    from app.domain.time.business_time import Target
    from app.domain.time.calendars import ROUND_THE_CLOCK_ID

    return tuple(
        replace(
            rule,
            respond=rule.respond and Target(rule.respond.amount, ROUND_THE_CLOCK_ID),
            solve=rule.solve and Target(rule.solve.amount, ROUND_THE_CLOCK_ID),
        )
        for rule in desk.targets
    )


# --- workaround, agreed dates, changed documents ---------------------------------------------


def test_a_workaround_stops_the_solution_of_critical_and_high_only() -> None:
    at = oslo("2026-11-23 09:30")
    for priority, stops in [
        (Priority.CRITICAL, True),
        (Priority.HIGH, True),
        (Priority.MEDIUM, False),
        (Priority.LOW, False),
    ]:
        opened = foreseen_ticket(DESK, priority, MONDAY)
        worked_around = changed(note_workaround(opened, AGENT, at, "skriv på papir"))
        kinds = {kind for kind, _, _ in told(worked_around, "2027-02-01 12:00")}
        assert ("solution" not in kinds) is stops, priority
        again = changed(withdraw_workaround(worked_around, AGENT, at, "holdt ikke"))
        assert told(again, "2027-02-01 12:00") == told(opened, "2027-02-01 12:00")
    assert isinstance(note_workaround(worked_around, AGENT, at, "igjen"), Unchanged)


def test_an_agreed_date_replaces_the_target_of_low_and_levels_count_from_it() -> None:
    low, date_ = foreseen_ticket(DESK, Priority.LOW, MONDAY), oslo("2026-12-10 12:00")
    agreed = agree_date(low, DESK, AgreedDate(date_, "etter ferien"), AGENT, MONDAY)
    after = changed(agreed)
    assert after.due.solve_by == date_
    assert isinstance(agreed, Outcome)
    assert agreed.events[0].facts["was"] == oslo("2026-12-02 08:00"), "seven working days"
    levels = [e for e in escalation_plan(DESK, after) if e.kind is TargetKind.SOLUTION]
    assert in_oslo(levels[0].reached_at) == "Thu 2026-12-17 12:00", "five working days after it"
    assert changed(recompute(after, DESK, None, MONDAY)) == after


@pytest.mark.parametrize(
    ("priority", "date_"),
    [
        (Priority.HIGH, "2026-12-10 12:00"),
        (Priority.LOW, "2026-11-20 12:00"),
        (Priority.LOW, "2100-01-04 12:00"),
    ],
)
def test_no_date_is_agreed_for_other_levels_in_the_past_or_far_away(
    priority: Priority, date_: str
) -> None:
    opened = foreseen_ticket(DESK, priority, MONDAY)
    refused = agree_date(opened, DESK, AgreedDate(oslo(date_), "?"), AGENT, MONDAY)
    assert refused == Refused(Refusal.NO_DATE, "", None)


def test_a_changed_target_moves_open_deadlines_and_tells_why() -> None:
    slower = replace(DESK, targets=tuple(replace(r, priority=None) for r in DESK.targets[3:]))
    answered = changed(respond(HIGH, AGENT, oslo("2026-11-23 08:30")))
    outcome = recompute(answered, slower, None, oslo("2026-11-23 09:00"))
    assert outcome.ticket.due.respond_by == HIGH.due.respond_by, "that answer was given"
    assert [(each.kind, each.facts["target"], each.facts["why"]) for each in outcome.events] == [
        (TicketEventKind.TARGETS_CHANGED, "solution", "document")
    ]
    assert recompute(HIGH, DESK, "basis", MONDAY) == Outcome(HIGH)


def test_the_preview_shows_both_bases_side_by_side() -> None:
    rows = escalation_preview(DESK, HIGH)
    assert [
        (
            str(row.escalation.kind),
            row.escalation.level,
            in_oslo(row.elapsed_at),
            in_oslo(row.overrun_at),
        )
        for row in rows[:2]
    ] == [
        ("response", 1, "Mon 2026-11-23 09:00", "Mon 2026-11-23 10:00"),
        ("response", 2, "Mon 2026-11-23 10:00", "Mon 2026-11-23 11:00"),
    ]
    assert [row.to.contact.role for row in rows if row.to] == [LEADER, HEAD, MANAGER] * 2


def test_a_hold_until_a_moment_is_over_by_itself_and_what_was_reached_is_told_then() -> None:
    until = oslo("2026-11-23 11:00")
    held = changed(hold_escalation(HIGH, AGENT, MONDAY, "the customer knows", until))
    assert told(held, "2026-11-23 10:59") == []
    assert review_targets(DESK, held, frozenset(), oslo("2026-11-23 09:30")).next_at == until
    assert told(held, "2026-11-23 11:00") == [("response", 1, LEADER), ("response", 2, HEAD)]
    again = hold_escalation(held, AGENT, MONDAY, "the customer knows", until)
    assert isinstance(again, Unchanged)
    longer = changed(hold_escalation(held, AGENT, MONDAY, "still so", oslo("2026-11-24 08:00")))
    assert told(longer, "2026-11-23 11:00") == []
    for absurd in ("2026-11-23 07:59", "2030-01-01 08:00"):
        refused = hold_escalation(HIGH, AGENT, MONDAY, "x", oslo(absurd))
        assert isinstance(refused, Refused)
        assert refused.refusal is Refusal.NOT_AHEAD


def test_a_date_that_is_taken_back_leaves_the_target_as_if_none_had_been_agreed() -> None:
    low = foreseen_ticket(DESK, Priority.LOW, MONDAY)
    date = AgreedDate(oslo("2026-12-24 12:00"), "after the holiday")
    agreed = changed(agree_date(low, DESK, date, AGENT, MONDAY))
    assert changed(withdraw_date(agreed, DESK, AGENT, MONDAY, "sooner")) == low
    assert isinstance(withdraw_date(low, DESK, AGENT, MONDAY, "twice"), Unchanged)
