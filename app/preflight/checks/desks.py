"""The desks as they are live: who answers, who is told, and the hours in which nobody would."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from app.domain.roster.coverage import unattended, uncovered
from app.domain.texts.plain import moment_text
from app.domain.time.intervals import Intervals
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning
from app.store.desks import LiveDesk

LOOKS_AHEAD: Final = timedelta(days=14)
GAPS_TOLD: Final = 3
SET_SMTP_URL: Final = "Set it: smtps://user:password@mail.example.org"


def desks(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether there is a desk, and a telephone that answers by day."""
    live = known(facts.rows).desks
    if not live:
        yield error("there is no desk: every caller hears that", "vakt desk import PATH…")
    for each in live:
        if not each.desk.first_line.phones:
            yield warning(
                f"{each.desk.id}: the first line has no telephone",
                f"Write one into [first_line] and import {each.desk.id} anew",
            )


def duty(facts: PreflightFacts) -> Iterator[Finding]:
    """The hours of the next 14 days in which nobody would be reached."""
    for live in known(facts.rows).desks:
        yield from _duty_of(live, facts)


def contacts(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether somebody is told when something goes wrong, and by which way."""
    for live in known(facts.rows).desks:
        desk = live.desk
        if not desk.contacts:
            yield warning(
                f"{desk.id}: nobody is told when something goes wrong",
                f"Write [[contacts]] with telephone and mail, and import {desk.id} anew",
            )
        elif not any(contact.phone for contact in desk.contacts):
            yield warning(
                f"{desk.id}: no contact has a telephone: an alarm goes by mail only",
                f"Write one into [[contacts]] and import {desk.id} anew",
            )
    named = [live.desk.id for live in known(facts.rows).desks if _has_mail(live)]
    if named and not facts.settings.smtp_url:
        yield warning(
            f"SMTP_URL is not set: no mail goes to the contacts of {', '.join(named)}",
            SET_SMTP_URL,
        )


def inboxes(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether somebody at each desk learns of its tickets."""
    live = [each.desk for each in known(facts.rows).desks]
    for desk in live:
        if not desk.inbox:
            yield warning(
                f"{desk.id}: nobody learns of a ticket that is not critical",
                f"Write [inbox] with an address or a webhook, and import {desk.id} anew",
            )
    by_mail = ", ".join(desk.id for desk in live if desk.inbox.mail)
    if by_mail and not facts.settings.smtp_url:
        told = f"SMTP_URL is not set: nobody at {by_mail} learns of a ticket by mail"
        yield error(told, SET_SMTP_URL)
    posted = ", ".join(desk.id for desk in live if desk.inbox.webhook)
    if posted and not facts.settings.vakt_webhook_secret:
        told = f"VAKT_WEBHOOK_SECRET is not set: nothing is posted to the webhook of {posted}"
        yield error(told, "python3 -c 'import secrets; print(secrets.token_hex(32))'")
    if (
        live
        and all(desk.inbox for desk in live)
        and not (
            (by_mail and not facts.settings.smtp_url)
            or (posted and not facts.settings.vakt_webhook_secret)
        )
    ):
        yield ok("somebody at each desk is told of its tickets; `vakt inbox test DESK` tries it")


def _has_mail(live: LiveDesk) -> bool:
    return any(contact.email for contact in live.desk.contacts)


def _duty_of(live: LiveDesk, facts: PreflightFacts) -> Iterator[Finding]:
    desk, roster = live.desk, live.roster
    if desk.duty is None:
        yield ok(f"{desk.id}: has no duty")
        return
    if roster is None:
        yield error(
            f"{desk.id}: has duty hours but names no roster",
            f"Name one in desk.toml and import {desk.id} anew",
        )
        return
    calendars, until = desk.telephone_calendars(), facts.now + LOOKS_AHEAD
    gaps = uncovered(roster, desk.duty.hours, calendars, facts.now, until)
    holes = unattended(desk.duty.hours, calendars, facts.now, until)
    if gaps:
        told = f"{desk.id}: nobody who can be rung has duty {_spans(live, gaps)}"
        yield warning(told, f"Fill it in the roster; the whole year: vakt prove {desk.id}")
    if holes:
        told = f"{desk.id}: neither desk nor duty is there {_spans(live, holes)}"
        yield warning(told, "Let the duty's hours begin where the desk's end, if that is meant")
    if not gaps and not holes:
        yield ok(f"{desk.id}: somebody is there every hour of the next 14 days")


def _spans(live: LiveDesk, gaps: Intervals) -> str:
    zone = live.desk.time_zone
    told = [
        f"from {moment_text(gap.from_, zone)} to {moment_text(gap.to, zone)}"
        for gap in gaps[:GAPS_TOLD]
    ]
    more = len(gaps) - len(told)
    return ", ".join(told) + (f", and {more} times more" if more else "")
