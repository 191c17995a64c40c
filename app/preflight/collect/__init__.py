"""Asks everything at once: the database, the files beside it, our own webhooks, the provider."""

from functools import partial

from app import clock
from app.domain.message_refs import ref
from app.preflight.bounded import BoundedQuery
from app.preflight.collect.database import ask_rows, ask_server
from app.preflight.collect.files import ask_disks, ask_local_files
from app.preflight.collect.outside import MAIL, WATCHER, ask_mail_server, ask_watcher
from app.preflight.collect.own_webhooks import WEB, ask_endpoints
from app.preflight.collect.provider import PROVIDER, ask_account, ask_numbers, ask_profiles
from app.preflight.facts import PreflightFacts
from app.settings import Settings
from app.store.upgrade import newest_schema

SERVER = ref("preflight.database_do")
DISK = ref("preflight.disk_do")


def gather(settings: Settings) -> PreflightFacts:
    """Return all that can be learnt; it takes little longer than the slowest answer."""
    url = settings.database_url
    server = BoundedQuery(
        ref("preflight.part_database"), partial(ask_server, url, clock.now), SERVER
    )
    schema = BoundedQuery(
        ref("preflight.part_migrations"), newest_schema, ref("preflight.migrations_do")
    )
    rows = BoundedQuery(ref("preflight.part_rows"), partial(ask_rows, url, clock.now), SERVER)
    disks = BoundedQuery(ref("preflight.part_disk"), partial(ask_disks, settings), DISK)
    local_files = BoundedQuery(
        ref("preflight.part_files"), partial(ask_local_files, settings), DISK
    )
    webhooks = BoundedQuery(ref("preflight.part_webhooks"), partial(ask_endpoints, settings), WEB)
    mail_server = BoundedQuery(
        ref("preflight.part_mail_server"), partial(ask_mail_server, settings), MAIL
    )
    watcher = BoundedQuery(ref("preflight.part_watcher"), partial(ask_watcher, settings), WATCHER)
    account = BoundedQuery(ref("preflight.part_account"), partial(ask_account, settings), PROVIDER)
    numbers = BoundedQuery(ref("preflight.part_numbers"), partial(ask_numbers, settings), PROVIDER)
    profiles = BoundedQuery(
        ref("preflight.part_profile"), partial(ask_profiles, settings), PROVIDER
    )
    return PreflightFacts(
        now=clock.now(),
        settings=settings,
        server=server.answer(),
        newest_schema=schema.answer(),
        rows=rows.answer(),
        disks=disks.answer(),
        local_files=local_files.answer(),
        webhooks=webhooks.answer(),
        mail_server=mail_server.answer(),
        watcher=watcher.answer(),
        account=account.answer(),
        numbers=numbers.answer(),
        profiles=profiles.answer(),
    )
