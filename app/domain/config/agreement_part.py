"""What a desk has promised: agreements, priorities, targets, and whom it does not serve."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from app.domain.config.diagnostics import did_you_mean
from app.domain.config.table_reader import TableReader
from app.domain.config.translations_part import spoken_words, words
from app.domain.desks.desk import Agreement, NotServed, Priority, PriorityTexts, TargetRule
from app.domain.message_refs import MessageError, ref
from app.domain.time.business_time import Days, Duration, Minutes, Target
from app.domain.time.calendars import ROUND_THE_CLOCK_ID

ROUND_THE_CLOCK: Final = "round the clock"
AMOUNT: Final = re.compile(r"([1-9][0-9]{0,4}) ?([a-z]+(?: [a-z]+)?)")
MINUTES: Final = {
    **dict.fromkeys(("m", "min", "minute", "minutes"), 1),
    **dict.fromkeys(("h", "hour", "hours"), 60),
}
WORKING_DAYS: Final = ("d", "day", "days", "working day", "working days")


def agreements(top: TableReader, calendars: Collection[str]) -> tuple[Agreement, ...]:
    """Read the agreements; exactly one is for callers whom nobody knows."""
    found = tuple(_agreement(part, name, calendars) for name, part in _named(top, "agreements"))
    defaults = [agreement for agreement in found if agreement.is_default]
    if found and len(defaults) != 1:
        top.error(
            "agreements",
            ref("diagnostic.default_agreement", count=len(defaults)),
        )
    return found


def _named(top: TableReader, key: str) -> Iterator[tuple[str, TableReader]]:
    if top.needs(key):
        yield from top.named_tables(key)


def _agreement(part: TableReader, agreement_id: str, calendars: Collection[str]) -> Agreement:
    name = part.text("name")
    telephone = part.truth("telephone")
    includes_duty = part.truth("includes_duty", default=False)
    is_default = part.truth("default", default=False)
    own_wakes = frozenset(wakes(part)) if part.has("wakes") else None
    if own_wakes is not None and not includes_duty:
        part.error("wakes", ref("diagnostic.no_duty.wakes", agreement=agreement_id))
    hours = part.text("telephone_calendar", "") or None
    if telephone and hours is None:
        part.document.error(
            part.path,
            ref("diagnostic.no_calendar.telephone", agreement=agreement_id),
        )
    if hours and not telephone:
        part.error("telephone_calendar", ref("diagnostic.no_telephone", agreement=agreement_id))
    if hours:
        part.known("telephone_calendar", hours, calendars, "calendar")
    part.close()
    return Agreement(agreement_id, name, telephone, hours, includes_duty, is_default, own_wakes)


def wakes(part: TableReader) -> Iterator[Priority]:
    """Read which levels may wake the duty; at least one."""
    texts = part.texts("wakes", needed=True)
    for index, text in enumerate(texts):
        level = part.one_of("wakes", text, Priority, index)
        if level:
            yield level
    if part.has("wakes") and not texts:
        part.error("wakes", ref("diagnostic.wakes_nothing"))


def priorities(top: TableReader, languages: tuple[str, ...]) -> tuple[PriorityTexts, ...]:
    """Read the desk's own words for the levels that it names, in the order of the keys."""
    found: dict[Priority, PriorityTexts] = {}
    for name, part in top.named_tables("priorities"):
        level = _level(part, name)
        own = PriorityTexts(
            level or Priority.LOW,
            words(part, "name", languages),
            words(part, "definition", languages),
            spoken_words(part, "spoken", languages),
        )
        part.close()
        if level:
            found[level] = own
    return tuple(found[level] for level in Priority if level in found)


def _level(part: TableReader, name: str) -> Priority | None:
    if name in list(Priority):
        return Priority(name)
    hint = did_you_mean(name, list(Priority))
    part.document.error(part.path, ref("diagnostic.unknown_priority", word=name, hint=hint))
    return None


def targets(
    top: TableReader, agreement_ids: Collection[str], calendars: Collection[str]
) -> tuple[TargetRule, ...]:
    """Read what was agreed for an agreement, a priority, or both together."""
    found: dict[tuple[str | None, Priority | None], TargetRule] = {}
    for part in top.list_of_tables("targets"):
        agreement = part.text("agreement", "") or None
        if agreement:
            part.known("agreement", agreement, agreement_ids, "agreement")
        priority = part.choice("priority", Priority) if part.has("priority") else None
        if not (part.has("agreement") or part.has("priority")):
            part.document.error(
                part.path,
                ref("diagnostic.target_for_nothing"),
            )
        respond, solve = response_and_solution(part, calendars)
        workaround_stops = part.truth("workaround_stops", default=False)
        may_agree_date = part.truth("date_by_agreement", default=False)
        part.close()
        if (agreement, priority) in found:
            part.document.error(part.path, ref("diagnostic.target_twice"))
        found[agreement, priority] = TargetRule(
            agreement, priority, respond, solve, workaround_stops, may_agree_date
        )
    return tuple(found.values())


def response_and_solution(
    part: TableReader,
    calendars: Collection[str],
    usual_respond: str | None = None,
    usual_solve: str | None = None,
) -> tuple[Target | None, Target | None]:
    """Read “respond” and “solve”, each in its calendar; at least one of them is needed."""
    named = _calendar_of(part, "calendar", calendars)
    respond_in = _calendar_of(part, "respond_calendar", calendars) or named or usual_respond
    solve_in = _calendar_of(part, "solve_calendar", calendars) or named or usual_solve
    respond, solve = _amount(part, "respond"), _amount(part, "solve")
    if not (part.has("respond") or part.has("solve")):
        part.document.error(part.path, ref("diagnostic.no_target"))
    if (respond and not respond_in) or (solve and not solve_in):
        part.document.error(
            part.path,
            ref("diagnostic.no_calendar.target", always=ROUND_THE_CLOCK),
        )
    return _target(respond, respond_in), _target(solve, solve_in)


def _target(amount: Duration | None, calendar: str | None) -> Target | None:
    return Target(amount, calendar) if amount and calendar else None


def _amount(part: TableReader, key: str) -> Duration | None:
    return part.parsed(key, parse_amount, None)


def parse_amount(text: str) -> Duration | None:
    """Read "15 minutes", "4 hours" or "2 working days"; MessageError says what is wrong."""
    match = AMOUNT.fullmatch(text)
    if match and match[2] in MINUTES:
        return Minutes(int(match[1]) * MINUTES[match[2]])
    if match and match[2] in WORKING_DAYS:
        return Days(int(match[1]))
    raise MessageError(ref("diagnostic.bad_amount", text=text))


def _calendar_of(part: TableReader, key: str, calendars: Collection[str]) -> str | None:
    name = part.text(key, "")
    if not name:
        return None
    if name == ROUND_THE_CLOCK:
        return ROUND_THE_CLOCK_ID
    part.known(key, name, (*calendars, ROUND_THE_CLOCK), "calendar")
    return name


def not_served(top: TableReader, languages: tuple[str, ...]) -> tuple[NotServed, ...]:
    """Read the classes of callers whom the desk does not serve."""
    found: dict[str, NotServed] = {}
    for part in top.list_of_tables("not_served"):
        caller_class = part.text("class")
        sentence = spoken_words(part, "sentence", languages)
        part.close()
        if caller_class in found:
            part.error("class", ref("diagnostic.class_twice", name=caller_class))
        found[caller_class] = NotServed(caller_class, sentence)
    return tuple(found.values())
