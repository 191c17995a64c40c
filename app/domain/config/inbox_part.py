"""[inbox] of desk.toml: who at the desk is told of every ticket, by mail and by webhook."""

import ipaddress
from typing import Final
from urllib.parse import SplitResult, urlsplit

from app.domain.config.table_reader import TableReader
from app.domain.desks.desk import Inbox, RecordingsBy
from app.domain.mail_addresses import is_mail_address
from app.domain.message_refs import MessageRef, ref

LONGEST_WEBHOOK: Final = 500
MOST_ADDRESSES: Final = 20


def inbox(part: TableReader | None) -> Inbox:
    """Read the desk's inbox; an empty one where it names none."""
    if part is None:
        return Inbox()
    found = Inbox(_mail(part), _webhook(part), _recordings(part))
    if not (part.has("mail") or part.has("webhook")):
        message = ref("diagnostic.empty_inbox.nothing")
        part.document.error(part.path, message)
    part.close()
    return found


def _recordings(part: TableReader) -> RecordingsBy:
    return part.choice("recordings", RecordingsBy, RecordingsBy.LINK)


def _mail(part: TableReader) -> tuple[str, ...]:
    addresses = part.texts("mail")
    if part.has("mail") and part.values["mail"] == []:
        part.error("mail", ref("diagnostic.empty_inbox.mail"))
    if len(addresses) > MOST_ADDRESSES:
        part.error("mail", ref("diagnostic.too_many_addresses", most=MOST_ADDRESSES))
    for index, address in enumerate(addresses):
        path = (*part.path, "mail", index)
        if not is_mail_address(address):
            said = ref("diagnostic.bad_email.mail", address=address[:60])
            part.document.error(path, said)
        elif address.lower() in [each.lower() for each in addresses[:index]]:
            part.document.error(path, ref("diagnostic.email_twice", address=address))
    return tuple(dict.fromkeys(addresses))


def _webhook(part: TableReader) -> str:
    address = part.text("webhook", "")
    if address and (why := _why_not(address)):
        part.error("webhook", why)
    return address


def _why_not(address: str) -> MessageRef | None:
    """Say what is wrong with an address that tickets are to be posted to; None for nothing."""
    parts = _parts(address)
    if parts is None or len(address) > LONGEST_WEBHOOK:
        return ref("diagnostic.bad_webhook.address")
    if parts.username or parts.password or "#" in address:
        return ref("diagnostic.bad_webhook.credentials")
    if parts.scheme == "http" and not _is_on_this_machine(parts.hostname or ""):
        return ref("diagnostic.bad_webhook.not_https")
    return None


def _parts(address: str) -> SplitResult | None:
    if not address.isascii() or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_whole and parts.scheme in ("http", "https") else None


def _is_on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
