"""What must hold between the parts of one desk, and what is odd about it.

Errors refuse; warnings point at what the sources of such documents tend to get wrong.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from app.domain.config.document import Document
from app.domain.desks.desk import Desk, EscalationBasis, LineKind, Priority
from app.domain.message_refs import ref
from app.domain.tickets.targets import target_calendar, target_rule
from app.domain.time.business_time import Target, nominal
from app.domain.time.calendars import ROUND_THE_CLOCK_ID
from app.domain.toml_positions import Path

Rule = Callable[[Desk, Document], None]
NamedTargets = Iterator[tuple[str, Target | None, Target | None]]


def check_desk(desk: Desk, document: Document) -> None:
    """Note what does not fit together among those parts of a desk that could be read."""
    wrong = frozenset(document.wrong)
    for needed, rule in RULES:
        if document.is_whole and wrong.isdisjoint(needed):
            rule(desk, document)


def _duty_has_what_it_needs(desk: Desk, document: Document) -> None:
    duty_lines = [i for i, line in enumerate(desk.lines) if line.kind is LineKind.DUTY]
    with_duty = [agreement.id for agreement in desk.agreements if agreement.includes_duty]
    if desk.duty is None:
        for index in duty_lines:
            document.error(("lines", index, "kind"), ref("diagnostic.no_duty.line"))
        for name in with_duty:
            path = ("agreements", name, "includes_duty")
            document.error(path, ref("diagnostic.no_duty.agreement", agreement=name))
        return
    if desk.roster is None:
        document.error(("duty",), ref("diagnostic.no_roster"))
    if not (duty_lines or with_duty):
        message = ref("diagnostic.duty_unreachable")
        document.warn(("duty",), message)
    if Priority.CRITICAL not in desk.duty.wakes and duty_lines:
        message = ref("diagnostic.critical_sleeps")
        document.error(("duty", "wakes"), message)


def _somebody_learns_of_tickets(desk: Desk, document: Document) -> None:
    if not desk.inbox:
        message = ref("diagnostic.no_inbox")
        document.warn((), message)


def _numbers_do_not_loop(desk: Desk, document: Document) -> None:
    """A telephone that is one of our own lines would ring the desk in a circle."""
    own = {line.number for line in desk.lines} | {line.public_number for line in desk.lines}
    own.discard("")
    for path, number in desk_numbers(desk):
        if number in own:
            document.error(path, ref("diagnostic.rings_itself.own_line", number=number))


def desk_numbers(desk: Desk) -> Iterator[tuple[Path, str]]:
    """Yield every number that the desk itself can ring, with its place."""
    for index, phone in enumerate(desk.first_line.phones):
        yield ("first_line", "phones", index, "number"), phone.number
    for index, contact in enumerate(desk.contacts):
        if contact.phone:
            yield ("contacts", index, "phone"), contact.phone


def _every_calendar_is_used(desk: Desk, document: Document) -> None:
    used = {agreement.telephone_calendar for agreement in desk.agreements}
    for _, respond, solve in (*_rule_targets(desk), *_step_targets(desk)):
        used |= {target.calendar for target in (respond, solve) if target}
    used |= {rules.calendar for rules in desk.contact_rules}
    used |= {desk.silence.calendar} if desk.silence else set()
    for calendar in desk.calendars:
        if calendar.id not in used:
            message = ref("diagnostic.unused_calendar", calendar=calendar.id)
            document.warn(("calendars", calendar.id), message)


def _rule_targets(desk: Desk) -> NamedTargets:
    return ((rule.agreement or "", rule.respond, rule.solve) for rule in desk.targets)


def _step_targets(desk: Desk) -> NamedTargets:
    return ((step.contact, step.respond, step.solve) for step in desk.escalation)


def _round_the_clock_needs_duty(desk: Desk, document: Document) -> None:
    """D12: a critical target that runs at night, and nobody who works then."""
    if desk.duty is not None:
        return
    for index, rule in enumerate(desk.targets):
        at_night = ROUND_THE_CLOCK_ID in {t.calendar for t in (rule.respond, rule.solve) if t}
        if at_night and rule.priority in (Priority.CRITICAL, None):
            message = ref("diagnostic.no_duty_at_night")
            document.warn(("targets", index), message)


def _nothing_escalates_before_its_target(desk: Desk, document: Document) -> None:
    """D18: counted from the start, a level before its target tells of no overrun yet."""
    if desk.escalation_basis is not EscalationBasis.ELAPSED:
        return
    for index, step in enumerate(desk.escalation):
        rule = target_rule(desk, desk.default_agreement().id, step.priority)
        if rule is None:
            continue
        for key, early, target in (
            ("respond", step.respond, rule.respond),
            ("solve", step.solve, rule.solve),
        ):
            if early and target and _length(desk, early) < _length(desk, target):
                message = ref(
                    "diagnostic.escalates_early", priority=step.priority, level=step.level, key=key
                )
                document.warn(("escalation", "steps", index, key), message)


def _later_levels_come_later(desk: Desk, document: Document) -> None:
    """D20: each level after the one before it, days and hours measured alike."""
    for priority in Priority:
        rows = [(i, step) for i, step in enumerate(desk.escalation) if step.priority is priority]
        rows.sort(key=lambda row: row[1].level)
        for (_, before), (index, after) in pairwise(rows):
            for key, first, second in (
                ("respond", before.respond, after.respond),
                ("solve", before.solve, after.solve),
            ):
                if first and second and _length(desk, second) <= _length(desk, first):
                    message = ref(
                        "diagnostic.level_too_early",
                        priority=priority,
                        level=after.level,
                        earlier=before.level,
                    )
                    document.warn(("escalation", "steps", index, key), message)


def _length(desk: Desk, target: Target) -> float:
    return nominal(target_calendar(desk, target), target.amount).total_seconds()


# Each rule and the parts of the document that it looks at: one that has an error is told first.
RULES: Final[tuple[tuple[tuple[str, ...], Rule], ...]] = (
    (("lines", "agreements", "duty", "roster"), _duty_has_what_it_needs),
    (("lines", "first_line", "contacts"), _numbers_do_not_loop),
    (("inbox",), _somebody_learns_of_tickets),
    (("agreements", "calendars", "targets", "escalation"), _every_calendar_is_used),
    (("duty", "targets"), _round_the_clock_needs_duty),
    (
        ("agreements", "calendars", "targets", "escalation", "time_zone"),
        _nothing_escalates_before_its_target,
    ),
    (("calendars", "escalation", "targets", "time_zone"), _later_levels_come_later),
)
