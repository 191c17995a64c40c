"""Links that log in, sent by mail. The secret is made when the mail is: it stands in no job's row.

Whether somebody has an address is told to nobody who asks for a link.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from app.actions.access.login_outcomes import LoginRefusal, LoginRefused
from app.actions.access.tries import tries
from app.actions.notifications.inbox_mail import ComposedMail
from app.domain.access.limits import Limited
from app.domain.access.login_token import HOLDS, TokenPurpose
from app.domain.access.web_session import Client
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message, Value
from app.store import Database
from app.store.login_tokens import add_login_token
from app.store.outbox import Job, NewJob, put_jobs
from app.store.tables import JobKind
from app.store.users import find_user, find_user_by_email

LOGIN_PATH: Final = "/login/link"
PASSWORD_PATH: Final = "/login/password"
BYTES: Final = 32

AddressOf = Callable[[str], str]  # path -> address


def send_login_link(
    database: Database, email: str, client: Client, now: datetime
) -> LoginRefused | None:
    """Have a link sent to whoever has this address; None also where nobody has it."""
    wanted = email.strip().lower()
    asked = tries((Limited.LINK_TO_ACCOUNT, wanted), (Limited.LINK_FROM_ADDRESS, client.address))
    if again_at := asked.take(database, now):
        return LoginRefused(LoginRefusal.TOO_MANY, again_at)
    with database.read() as connection:
        user = find_user_by_email(connection, wanted)
    if user is not None and not user.is_disabled:
        dedup = f"login-link:{user.id}:{now.isoformat()}"
        job = NewJob(JobKind.LOGIN_MAIL, dedup, {"user": user.id, "at": now})
        database.write(partial(put_jobs, jobs=[job], now=now))
    return None


def compose_login_mail(
    database: Database, texts: Texts, job: Job, address_of: AddressOf, now: datetime
) -> ComposedMail | None:
    """Make a link and write the mail with it; None for whoever may not log in any more."""
    with database.read() as connection:
        user = find_user(connection, int(job.text("user")))
    if user is None or user.is_disabled:
        return None
    purpose, secret = TokenPurpose.LOGIN_LINK, secrets.token_urlsafe(BYTES)
    add = partial(add_login_token, purpose=purpose, user=user.id, secret=secret, now=now)
    database.write(add)
    values: dict[str, Value] = {
        "name": user.name,
        "link": address_of(f"{LOGIN_PATH}/{secret}"),
        "minutes": HOLDS[purpose] // timedelta(minutes=1),
    }

    def say(key: str) -> str:
        message = Message(key, user.language, tuple(values.items()))
        return texts.render(message, now=now, time_zone="UTC", spoken=False)

    subject, body = say("login_mail.subject"), say("login_mail.body")
    return ComposedMail(user.email, subject, f"{body}\n", f"{job.dedup}:{job.attempts}")
