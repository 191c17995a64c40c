"""`vakt preflight`: is everything ready to go live? Asks and tells; changes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

import click
import requests
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.commands.common import Refused, settings
from app.domain.duty.coverage import unattended, uncovered
from app.domain.time.intervals import Intervals
from app.domain.words.told import moment_text
from app.settings import Settings
from app.store import Database, DatabaseUnavailable, open_database
from app.store.database import is_missing
from app.store.desks import LiveDesk, list_desks
from app.store.heartbeats import last_beat

LOOKS_AHEAD: Final = timedelta(days=14)
WORKER_SILENT_AFTER: Final = timedelta(seconds=60)
SECONDS: Final = 5


class Mark(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(NamedTuple):
    """One thing that was looked at."""

    mark: Mark
    what: str


COLOURS: Final = {Mark.OK: "green", Mark.WARNING: "yellow", Mark.ERROR: "red"}


@click.command("preflight")
def command() -> None:
    """Look at settings, database, desks, duty and the signature; tell what is missing.

    An error refuses (exit code 1), a warning does not.
    """
    read = settings()
    ready = Finding(Mark.OK, "the settings can be read")
    wrong = 0
    for finding in (ready, *_telephone(read), *_rows(read), *_web(read)):
        wrong += finding.mark is Mark.ERROR
        mark = click.style(f"{finding.mark:<8}", fg=COLOURS[finding.mark])
        click.echo(f"{mark} {finding.what}")
    if wrong:
        raise Refused(f"{wrong} {'error' if wrong == 1 else 'errors'}: not ready.")


def _telephone(read: Settings) -> Iterator[Finding]:
    if not read.twilio_auth_token:
        yield Finding(Mark.ERROR, "TWILIO_AUTH_TOKEN is not set: every call would be refused")
    if not read.twilio_account_sid:
        yield Finding(Mark.ERROR, "TWILIO_ACCOUNT_SID is not set: no SMS and no ringing at once")
    if not read.public_url.startswith("https://"):
        yield Finding(Mark.WARNING, f"PUBLIC_URL is {read.public_url}: Twilio needs https")
    if read.vakt_exchange:
        yield Finding(Mark.WARNING, "VAKT_EXCHANGE is on: a local exchange sets a call's moment")


def _rows(read: Settings) -> Iterator[Finding]:
    if is_missing(read.database_url):  # to open it would make it
        yield Finding(Mark.ERROR, "there is no database yet: vakt db upgrade")
        return
    database = open_database(read.database_url)
    now = clock.now()
    try:
        with database.read() as connection:
            desks, beat = list_desks(connection), last_beat(connection)
    except (DatabaseUnavailable, SQLAlchemyError):
        yield Finding(Mark.ERROR, "the database is away or has old tables: vakt db upgrade")
        return
    finally:
        database.close()
    yield Finding(Mark.OK, f"the database answers ({_kind(database)})")
    alive = beat is not None and now - beat <= WORKER_SILENT_AFTER
    yield (
        Finding(Mark.OK, "a worker lives")
        if alive
        else Finding(Mark.ERROR, "no worker lives: vakt worker sends SMS and rings all at once")
    )
    if not desks:
        yield Finding(Mark.ERROR, "there is no desk: vakt desk import PATH…")
    for live in desks:
        yield from _desk(live, now)


def _kind(database: Database) -> str:
    return "SQLite: one host only" if database.is_sqlite else "PostgreSQL"


def _desk(live: LiveDesk, now: datetime) -> Iterator[Finding]:
    desk, roster = live.desk, live.roster
    if not desk.first_line.phones:
        yield Finding(Mark.WARNING, f"{desk.id}: the first line has no telephone")
    if desk.duty is None:
        yield Finding(Mark.OK, f"{desk.id}: has no duty")
        return
    if roster is None:
        yield Finding(Mark.ERROR, f"{desk.id}: has duty hours but names no roster")
        return
    calendars, until = desk.telephone_calendars(), now + LOOKS_AHEAD
    gaps = uncovered(roster, desk.duty.hours, calendars, now, until)
    holes = unattended(desk.duty.hours, calendars, now, until)
    yield from _gaps(live, gaps, "nobody who can be rung has duty")
    yield from _gaps(live, holes, "neither desk nor duty is there")
    if not gaps and not holes:
        yield Finding(Mark.OK, f"{desk.id}: somebody is there every hour of the next 14 days")


def _gaps(live: LiveDesk, gaps: Intervals, what: str) -> Iterator[Finding]:
    zone = live.desk.time_zone
    for gap in gaps:
        span = f"{moment_text(gap.from_, zone)} to {moment_text(gap.to, zone)}"
        yield Finding(Mark.WARNING, f"{live.desk.id}: {what} from {span}")


def _web(read: Settings) -> Iterator[Finding]:
    """Post to our own voice door as Twilio would: its answer tells whether the signature holds.

    The post has no call in it, so that nothing is stored.
    """
    from twilio.request_validator import RequestValidator

    if not read.twilio_auth_token:
        return
    url = f"{read.public_url}/twilio/voice"
    signature = RequestValidator(read.twilio_auth_token[0]).compute_signature(url, {})
    headers = {"X-Twilio-Signature": signature}
    try:
        answer = requests.post(url, headers=headers, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        yield Finding(Mark.ERROR, f"{url} does not answer: {type(error).__name__}")
        return
    match answer.status_code:
        case 400:
            yield Finding(Mark.OK, f"the signature holds at {read.public_url}")
        case 403:
            yield Finding(
                Mark.ERROR,
                f"{url} refuses the signature: PUBLIC_URL or TWILIO_AUTH_TOKEN differ there",
            )
        case status:
            yield Finding(Mark.ERROR, f"{url} answers {status}: is it this product?")
