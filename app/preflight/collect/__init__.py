"""Asks everything at once: the database, the files beside it, our own doors, the provider."""

from functools import partial

from app import clock
from app.preflight.bounded import BoundedQuery
from app.preflight.collect.database import ask_rows, ask_server
from app.preflight.collect.doors import ask_endpoints
from app.preflight.collect.files import ask_disks, ask_local_files
from app.preflight.collect.outside import MAIL, WATCHER, ask_mail_server, ask_watcher
from app.preflight.collect.provider import ask_account, ask_numbers, ask_profiles
from app.preflight.facts import PreflightFacts
from app.settings import Settings
from app.store.upgrade import newest_schema

SERVER = "Is it up, and may this machine reach it? Look at DATABASE_URL"
PROVIDER = "Is the way out open? Look at TWILIO_API_URL and at the provider's status page"
DISK = "A disk that does not answer keeps calls from being written: look at it first"
WEB = "Is gunicorn up, and the proxy before it? Look at PUBLIC_URL"


def gather(settings: Settings) -> PreflightFacts:
    """Return all that can be learnt; it takes little longer than the slowest answer."""
    url = settings.database_url
    server = BoundedQuery("the database", partial(ask_server, url, clock.now), SERVER)
    schema = BoundedQuery("the migrations", newest_schema, "Is the release whole? Install it anew")
    rows = BoundedQuery("the database's rows", partial(ask_rows, url, clock.now), SERVER)
    disks = BoundedQuery("the disk", partial(ask_disks, settings), DISK)
    local_files = BoundedQuery(
        "the files beside the database", partial(ask_local_files, settings), DISK
    )
    doors = BoundedQuery("our own doors", partial(ask_endpoints, settings), WEB)
    mail_server = BoundedQuery("the mail server", partial(ask_mail_server, settings), MAIL)
    watcher = BoundedQuery("the watching service", partial(ask_watcher, settings), WATCHER)
    account = BoundedQuery("the account", partial(ask_account, settings), PROVIDER)
    numbers = BoundedQuery("the account's numbers", partial(ask_numbers, settings), PROVIDER)
    profiles = BoundedQuery("the business profile", partial(ask_profiles, settings), PROVIDER)
    return PreflightFacts(
        now=clock.now(),
        settings=settings,
        server=server.answer(),
        newest_schema=schema.answer(),
        rows=rows.answer(),
        disks=disks.answer(),
        local_files=local_files.answer(),
        doors=doors.answer(),
        mail_server=mail_server.answer(),
        watcher=watcher.answer(),
        account=account.answer(),
        numbers=numbers.answer(),
        profiles=profiles.answer(),
    )
