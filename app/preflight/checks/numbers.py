"""Every line's number as the provider has it, beside what README.md says it must be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from app.domain.desks.desk import Line
from app.gateways.files.static_host import folder_of
from app.gateways.twilio.addresses import ASKED_AGAIN
from app.gateways.twilio.inventory import Address, OwnNumber
from app.gateways.twilio.static_fallback import line_file
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, Mark, error, ok, warning
from app.settings import Settings

CONSOLE: Final = "Phone Numbers → Active numbers"
AT_TWILIO: Final = (".twilio.com", ".twil.io")  # documents that Twilio itself serves


@dataclass(frozen=True, slots=True)
class Setting:
    """One of a number's four addresses: where it stands, what it must be, what happens without."""

    asked: Callable[[OwnNumber], Address]
    name: str  # in Twilio's console
    path: str
    mark: Mark
    without: str
    may_be_elsewhere: bool = False


VOICE: Final = Setting(
    lambda own: own.voice,
    "A call comes in",
    "/twilio/voice",
    Mark.ERROR,
    "calls never reach this installation",
)
FALLBACK: Final = Setting(
    lambda own: own.fallback,
    "Primary handler fails",
    "/twilio/voice/fallback",
    Mark.ERROR,
    "a caller hears an application error when this site is down",
    may_be_elsewhere=True,
)
STATUS: Final = Setting(
    lambda own: own.status,
    "Call status changes",
    "/twilio/status",
    Mark.ERROR,
    "nobody learns that a caller hung up",
)
SMS: Final = Setting(
    lambda own: own.sms,
    "A message comes in",
    "/twilio/sms",
    Mark.WARNING,
    "an SMS to the line is lost",
)
SETTINGS: Final = (VOICE, FALLBACK, STATUS, SMS)


def lines(facts: PreflightFacts) -> Iterator[Finding]:
    """Each line of each desk: whether the account has its number, and what differs there."""
    owned = {own.number: own for own in known(facts.numbers)}
    for live in known(facts.rows).desks:
        for line in live.desk.lines:
            name = f"{line.number} ({live.desk.id}, {line.kind})"
            own = owned.get(line.number)
            file = _file(facts, live.desk.id, line)
            found = [_not_owned(name)] if own is None else list(_differences(own, file, facts))
            yield from found or [ok(f"{name}: its four addresses are right")]


def strangers(facts: PreflightFacts) -> Iterator[Finding]:
    """Numbers of the account that lead to us although no desk has them."""
    ours = {line.number for live in known(facts.rows).desks for line in live.desk.lines}
    for own in known(facts.numbers):
        leads_here = own.voice.url.startswith(facts.settings.public_url + "/twilio/voice")
        if own.number not in ours and leads_here:
            yield warning(
                f"{own.number} leads here, but no desk has it: its callers are told to try another",
                "Write it into a desk's [[lines]], or take its addresses away in the console",
            )


def _not_owned(name: str) -> Finding:
    return error(
        f"{name}: the account does not own this number",
        "Compare it with the console; is the number another account's, or TWILIO_ACCOUNT_SID?",
    )


def _file(facts: PreflightFacts, desk: str, line: Line) -> str:
    """Where the network finds what the worker puts there for this line; empty without such."""
    folder = folder_of(facts.settings, desk)
    return f"{folder}/{line_file(line)}" if folder else ""


def _differences(own: OwnNumber, file: str, facts: PreflightFacts) -> Iterator[Finding]:
    name, where = own.number, f"{CONSOLE} → {own.number}"
    if not own.has_voice:
        yield error(f"{name} cannot take calls", "Get a number with voice from the provider")
    if own.elsewhere:
        yield error(
            f"{name}: its calls go to {own.elsewhere}, whatever the addresses say",
            f"{where}: Configure with “Webhook”, and take the trunk or application away",
        )
    for setting in SETTINGS:
        if setting is SMS and not own.has_sms:
            continue
        if setting is FALLBACK and file and own.fallback.url == file:
            yield from _asked_as_a_file(own, where)
            continue
        found = _difference(setting, own, facts.settings, where)
        if found:
            yield found
    if own.sms_elsewhere:
        yield warning(f"{name}: its SMS go to {own.sms_elsewhere}", f"{where}: {SMS.name}: Webhook")


def _asked_as_a_file(own: OwnNumber, where: str) -> Iterator[Finding]:
    if own.fallback.method != "GET":
        yield error(
            f"{own.number}: “{FALLBACK.name}” is asked by {own.fallback.method}: "
            "a store of files refuses that",
            f"{where}: {FALLBACK.name}: Webhook, the same address, HTTP GET",
        )


def _difference(setting: Setting, own: OwnNumber, read: Settings, where: str) -> Finding | None:
    """Tell how one address differs from what it must be, and exactly what to type."""
    asked, wanted = setting.asked(own), read.public_url + setting.path
    url, _, fragment = asked.url.partition("#")
    do = f"{where}: {setting.name}: Webhook, {wanted}{ASKED_AGAIN}, HTTP POST"
    told = f"{own.number}: “{setting.name}”"
    if not url:
        return Finding(setting.mark, f"{told} is empty: {setting.without}", do)
    if url != wanted:
        return _other_address(setting, f"{told} is {_without_password(url)}", url, read, do)
    if asked.method != "POST":
        return Finding(setting.mark, f"{told} is asked by {asked.method}: it is refused", do)
    if "rc=" not in fragment:
        return warning(f"{told} has no {ASKED_AGAIN}: a lost answer is not asked for again", do)
    return None


def _other_address(
    setting: Setting, told: str, url: str, read: Settings, do: str
) -> Finding | None:
    """Tell of an address that is not ours: a fallback may be a file that is always there."""
    host = urlsplit(url).hostname or ""
    if not setting.may_be_elsewhere or host == urlsplit(read.public_url).hostname:
        return Finding(setting.mark, f"{told}: {setting.without}", do)
    if host.endswith(AT_TWILIO):
        return None
    return warning(
        f"{told}, another host: what it answers was not checked",
        f"Try it with this site down (docs/outage.md, the drill); or {do}",
    )


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
