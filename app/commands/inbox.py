"""`vakt inbox`: whether what a desk is told of its tickets arrives, and how a program checks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.console import CommandGroup, CommandRefused, command_services
from app.commands.output import no_such_desk, show, why
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.composition import Services
    from app.domain.desks.desk import Desk


MAKE_SECRET: Final = "python3 -c 'import secrets; print(secrets.token_hex(32))'"


@click.group("inbox", cls=CommandGroup)
def command() -> None:
    """Who at a desk learns of every ticket, by [inbox] in its document."""


@command.command("key")
@click.argument("desk")
def key(desk: str) -> None:
    """Print the key with which DESK's program checks the signature of what is posted to it."""
    from app.gateways.webhook import desk_key

    with command_services() as services:
        found, secrets = _desk(services, desk), services.settings.vakt_webhook_secret
    if not secrets:
        raise CommandRefused(ref("command.no_webhook_secret"), MAKE_SECRET)
    click.echo(desk_key(secrets[0], found.id))


@command.command("test")
@click.argument("desk")
def test(desk: str) -> None:
    """Send a mail to each address and a post to the webhook of DESK; there is no ticket in them."""
    with command_services() as services:
        found = _desk(services, desk)
        if not found.inbox:
            raise CommandRefused(ref("command.no_inbox", desk=found.id))
        failed = list(_check(found, services))
    if failed:
        raise CommandRefused(*failed)


def _check(desk: Desk, services: Services) -> Iterator[MessageRef]:
    """Send everything; yield what was not taken."""
    from app.gateways.mail import Mail
    from app.gateways.send_failures import SendFailure
    from app.gateways.webhook import WebhookPost

    sender, has_mail, now = services.sender, bool(services.settings.smtp_url), clock.now()
    if desk.inbox.mail and not has_mail:
        yield ref("command.no_smtp")
    for address in desk.inbox.mail if has_mail else ():
        mail = Mail(address, _print(desk, "inbox_subject.test"), _print(desk, "inbox_mail.test"))
        try:
            sender.send_mail(mail, now)
        except SendFailure as refusal:
            yield ref("command.mail_refused", address=address, why=why(refusal))
        else:
            show("command.mail_taken", address=address)
    if not desk.inbox.webhook:
        return
    body = json.dumps({"type": "test", "timestamp": now.isoformat(), "data": {"desk": desk.id}})
    post = WebhookPost(desk.inbox.webhook, f"test:{desk.id}:{now:%Y%m%dT%H%M%S}", body, desk.id)
    try:
        sender.post_webhook(post, now)
    except SendFailure as refusal:
        yield ref("command.webhook_refused", why=why(refusal))
    else:
        show("command.webhook_taken")


def _desk(services: Services, name: str) -> Desk:
    from app.store.desks import list_desks

    with services.database.read() as connection:
        desks = {live.desk.id: live.desk for live in list_desks(connection)}
    if name not in desks:
        raise CommandRefused(no_such_desk(name, desks))
    return desks[name]


def _print(desk: Desk, key: str) -> str:
    from app.domain.texts.message import Message
    from app.voice_prompts import texts

    sentence = Message(key, desk.language, (("desk", desk.name),))
    return texts().render(sentence, now=clock.now(), time_zone=desk.time_zone, spoken=False)
