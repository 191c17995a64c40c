"""Asks everything at once: the database, the files beside it, our own doors, the provider."""

from functools import partial

from app import clock
from app.preflight.bounded import Asked
from app.preflight.facts import Facts
from app.preflight.gather.database import ask_rows, ask_server
from app.preflight.gather.doors import ask_doors
from app.preflight.gather.files import ask_beside, ask_disks
from app.preflight.gather.outside import MAIL, WATCHER, ask_mail_server, ask_watcher
from app.preflight.gather.provider import ask_account, ask_numbers, ask_profiles
from app.settings import Settings
from app.store.upgrade import newest_schema

SERVER = "Is it up, and may this machine reach it? Look at DATABASE_URL"
PROVIDER = "Is the way out open? Look at TWILIO_API_URL and at the provider's status page"
DISK = "A disk that does not answer keeps calls from being written: look at it first"
WEB = "Is gunicorn up, and the proxy before it? Look at PUBLIC_URL"


def gather(settings: Settings) -> Facts:
    """Return all that can be learnt; it takes little longer than the slowest answer."""
    url = settings.database_url
    server = Asked("the database", partial(ask_server, url, clock.now), SERVER)
    schema = Asked("the migrations", newest_schema, "Is the release whole? Install it anew")
    rows = Asked("the database's rows", partial(ask_rows, url, clock.now), SERVER)
    disks = Asked("the disk", partial(ask_disks, settings), DISK)
    beside = Asked("the files beside the database", partial(ask_beside, settings), DISK)
    doors = Asked("our own doors", partial(ask_doors, settings), WEB)
    mail_server = Asked("the mail server", partial(ask_mail_server, settings), MAIL)
    watcher = Asked("the watching service", partial(ask_watcher, settings), WATCHER)
    account = Asked("the account", partial(ask_account, settings), PROVIDER)
    numbers = Asked("the account's numbers", partial(ask_numbers, settings), PROVIDER)
    profiles = Asked("the business profile", partial(ask_profiles, settings), PROVIDER)
    return Facts(
        now=clock.now(),
        settings=settings,
        server=server.answer(),
        newest_schema=schema.answer(),
        rows=rows.answer(),
        disks=disks.answer(),
        beside=beside.answer(),
        doors=doors.answer(),
        mail_server=mail_server.answer(),
        watcher=watcher.answer(),
        account=account.answer(),
        numbers=numbers.answer(),
        profiles=profiles.answer(),
    )
