"""The desks as they are live: who answers, who is told, and the hours in which nobody would."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.desks.desk import Desk
from app.domain.message_refs import RefValue, ref
from app.domain.roster.coverage import unattended, uncovered
from app.domain.time.intervals import Interval, Intervals
from app.preflight.checks.settings import NEW_SECRET
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning
from app.settings import Settings
from app.store.desks import LiveDesk

LOOKS_AHEAD: Final = timedelta(days=14)
GAPS_TOLD: Final = 3
SET_SMTP_URL: Final = ref("preflight.smtp_url_do")


def desks(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether there is a desk, and a telephone that answers by day."""
    live = known(facts.rows).desks
    if not live:
        yield error(ref("preflight.no_desk"), ref("preflight.no_desk_do"))
    for each in live:
        if not each.desk.first_line.phones:
            desk = each.desk.id
            yield warning(
                ref("preflight.no_telephone", desk=desk),
                ref("preflight.no_telephone_do", desk=desk),
            )


def duty(facts: PreflightFacts) -> Iterator[Finding]:
    """The hours of the next 14 days in which nobody would be reached."""
    for live in known(facts.rows).desks:
        yield from _duty_of(live, facts)


def contacts(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether somebody is told when something goes wrong, and by which way."""
    for desk in (live.desk for live in known(facts.rows).desks):
        do = ref("preflight.contacts_do", desk=desk.id)
        if not desk.contacts:
            yield warning(ref("preflight.no_contacts", desk=desk.id), do)
        elif not any(contact.phone for contact in desk.contacts):
            yield warning(ref("preflight.contacts_by_mail", desk=desk.id), do)
    named = tuple(live.desk.id for live in known(facts.rows).desks if _has_mail(live))
    if named and not facts.settings.smtp_url:
        yield warning(ref("preflight.no_mail_to_contacts", desks=named), SET_SMTP_URL)


def inboxes(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether somebody at each desk learns of its tickets."""
    live = [each.desk for each in known(facts.rows).desks]
    for desk in (each.id for each in live if not each.inbox):
        yield warning(ref("preflight.no_inbox", desk=desk), ref("preflight.no_inbox_do", desk=desk))
    unsent = list(_unsent_tickets(live, facts.settings))
    yield from unsent
    if live and all(desk.inbox for desk in live) and not unsent:
        yield ok(ref("preflight.inboxes_well"))


def _unsent_tickets(live: list[Desk], settings: Settings) -> Iterator[Finding]:
    """Tell of ways that desks name and that the settings do not allow."""
    by_mail = tuple(desk.id for desk in live if desk.inbox.mail)
    if by_mail and not settings.smtp_url:
        yield error(ref("preflight.no_mail_of_tickets", desks=by_mail), SET_SMTP_URL)
    posted = tuple(desk.id for desk in live if desk.inbox.webhook)
    if posted and not settings.vakt_webhook_secret:
        yield error(ref("preflight.no_webhook_secret", desks=posted), NEW_SECRET)


def _has_mail(live: LiveDesk) -> bool:
    return any(contact.email for contact in live.desk.contacts)


def _duty_of(live: LiveDesk, facts: PreflightFacts) -> Iterator[Finding]:
    desk, roster = live.desk, live.roster
    if desk.duty is None:
        yield ok(ref("preflight.no_duty", desk=desk.id))
        return
    if roster is None:
        yield error(
            ref("preflight.no_roster", desk=desk.id), ref("preflight.no_roster_do", desk=desk.id)
        )
        return
    calendars = desk.telephone_calendars()
    span = Interval(facts.now, facts.now + LOOKS_AHEAD)
    gaps = uncovered(roster, desk.duty.hours, calendars, span)
    holes = unattended(desk.duty.hours, calendars, span)
    if gaps:
        yield warning(
            ref("preflight.uncovered", desk=desk.id, spans=_spans(live, gaps), more=_more(gaps)),
            ref("preflight.uncovered_do", desk=desk.id),
        )
    if holes:
        yield warning(
            ref("preflight.unattended", desk=desk.id, spans=_spans(live, holes), more=_more(holes)),
            ref("preflight.unattended_do"),
        )
    if not gaps and not holes:
        yield ok(ref("preflight.duty_well", desk=desk.id))


def _spans(live: LiveDesk, gaps: Intervals) -> RefValue:
    zone = ZoneInfo(live.desk.time_zone)
    return tuple(
        ref("preflight.span", begin=gap.from_.astimezone(zone), end=gap.to.astimezone(zone))
        for gap in gaps[:GAPS_TOLD]
    )


def _more(gaps: Intervals) -> RefValue:
    more = len(gaps) - GAPS_TOLD
    return ref("preflight.more_spans", count=more) if more > 0 else ""
