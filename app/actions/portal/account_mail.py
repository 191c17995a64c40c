"""Mail about an account of the portal: a link that confirms, or what the desk has decided.

The link's secret is made when the mail is: it stands in no job's row.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from app.actions.notifications.inbox_mail import ComposedMail
from app.domain.portal.accounts import AccountRequest, AccountState
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message, Value
from app.store import Database
from app.store.account_requests import find_account_request, keep_secret
from app.store.desks import find_desk
from app.store.outbox import Job, NewJob
from app.store.people import find_customer
from app.store.tables import JobKind

BYTES: Final = 32
PORTAL_PATH: Final = "/portal"
CONFIRM_PATH: Final = "/login/account"

AddressOf = Callable[[str], str]  # path -> address


class AccountMail(StrEnum):
    """What a mail about an account is for."""

    CONFIRM = "confirm"
    TELL = "tell"


def account_mail(request: int, desk: str, what: AccountMail, now: datetime) -> NewJob:
    """Return the job of a mail to whoever has asked for an account, or is invited."""
    payload: dict[str, object] = {"request": request, "what": str(what), "at": now}
    return NewJob(JobKind.ACCOUNT_MAIL, f"account:{request}:{what}", payload, desk=desk)


def is_confirmation(dedup: str) -> bool:
    """Tell whether a job's mail would have a link that confirms."""
    return dedup.endswith(f":{AccountMail.CONFIRM}")


def compose_account_mail(
    database: Database, texts: Texts, job: Job, address_of: AddressOf, now: datetime
) -> ComposedMail | None:
    """Write a mail about an account as it is now; None where there is nothing to say any more."""
    with database.read() as connection:
        request = find_account_request(connection, int(job.text("request")))
        live = find_desk(connection, request.desk) if request else None
        number = request.customer if request else None
        customer = find_customer(connection, live.desk.id, number) if live and number else None
    if request is None or live is None:
        return None
    values: dict[str, Value] = {
        "name": request.name,
        "desk": live.desk.name,
        "customer": customer.name if customer else "",
        "reason": request.reason,
        "portal": address_of(f"{PORTAL_PATH}/{live.desk.id}"),
    }
    if job.text("what") == AccountMail.TELL:
        if request.state not in (AccountState.ACCEPTED, AccountState.REFUSED):
            return None
        return _written(texts, job, request, f"account_mail.{request.state}", values, now)
    if not request.may_be_confirmed(now):
        return None
    secret = secrets.token_urlsafe(BYTES)
    database.write(partial(keep_secret, number=request.id, secret=secret))
    inviter = request.invited_by
    link = address_of(f"{CONFIRM_PATH}/{secret}")
    hours = (request.expires_at - request.asked_at) // timedelta(hours=1)
    values |= {"link": link, "hours": hours, "who": inviter.name if inviter else ""}
    key = "account_mail.invited" if inviter else "account_mail.confirm"
    return _written(texts, job, request, key, values, now)


def _written(
    texts: Texts,
    job: Job,
    request: AccountRequest,
    key: str,
    values: dict[str, Value],
    now: datetime,
) -> ComposedMail:
    def say(part: str) -> str:
        message = Message(f"{key}_{part}", request.language, tuple(values.items()))
        return texts.render(message, now=now, time_zone="UTC", spoken=False)

    body = f"{say('body')}\n"
    return ComposedMail(request.email, say("subject"), body, f"{job.dedup}:{job.attempts}")
