"""Every line's number as the provider has it, beside what README.md says it must be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from app.domain.desks.desk import Line
from app.domain.message_refs import MessageRef, ref
from app.gateways.static_host import folder_of
from app.gateways.twilio import addresses
from app.gateways.twilio.addresses import ASKED_AGAIN
from app.gateways.twilio.inventory import Address, OwnNumber
from app.gateways.twilio.site_outage_twiml import line_file
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, Mark, error, ok, warning
from app.settings import Settings

AT_TWILIO: Final = (".twilio.com", ".twil.io")  # documents that Twilio itself serves


@dataclass(frozen=True, slots=True)
class Setting:
    """One of a number's four addresses: where it stands, what it must be, what happens without."""

    asked: Callable[[OwnNumber], Address]
    name: MessageRef  # in Twilio's console
    path: str
    mark: Mark
    without: MessageRef
    may_be_elsewhere: bool = False


VOICE: Final = Setting(
    lambda own: own.voice,
    ref("preflight.twilio_call"),
    addresses.VOICE,
    Mark.ERROR,
    ref("preflight.without_call"),
)
FALLBACK: Final = Setting(
    lambda own: own.fallback,
    ref("preflight.twilio_fallback"),
    addresses.VOICE_FALLBACK,
    Mark.ERROR,
    ref("preflight.without_fallback"),
    may_be_elsewhere=True,
)
STATUS: Final = Setting(
    lambda own: own.status,
    ref("preflight.twilio_status"),
    addresses.STATUS,
    Mark.ERROR,
    ref("preflight.without_status"),
)
SMS: Final = Setting(
    lambda own: own.sms,
    ref("preflight.twilio_sms"),
    addresses.SMS,
    Mark.WARNING,
    ref("preflight.without_sms"),
)
SETTINGS: Final = (VOICE, FALLBACK, STATUS, SMS)


def lines(facts: PreflightFacts) -> Iterator[Finding]:
    """Each line of each desk: whether the account has its number, and what differs there."""
    owned = {own.number: own for own in known(facts.numbers)}
    for live in known(facts.rows).desks:
        for line in live.desk.lines:
            own = owned.get(line.number)
            name = {"number": line.number, "desk": live.desk.id, "kind": str(line.kind)}
            if own is None:
                yield error(ref("preflight.not_owned", **name), ref("preflight.not_owned_do"))
                continue
            found = list(_differences(own, _file(facts, live.desk.id, line), facts))
            yield from found or [ok(ref("preflight.number_well", **name))]


def strangers(facts: PreflightFacts) -> Iterator[Finding]:
    """Numbers of the account that lead to us although no desk has them."""
    ours = {line.number for live in known(facts.rows).desks for line in live.desk.lines}
    for own in known(facts.numbers):
        leads_here = own.voice.url.startswith(facts.settings.public_url + addresses.VOICE)
        if own.number not in ours and leads_here:
            yield warning(
                ref("preflight.stranger_number", number=own.number),
                ref("preflight.stranger_number_do"),
            )


def _file(facts: PreflightFacts, desk: str, line: Line) -> str:
    """Where the network finds what the worker puts there for this line; empty without such."""
    folder = folder_of(facts.settings, desk)
    return f"{folder}/{line_file(line)}" if folder else ""


def _differences(own: OwnNumber, file: str, facts: PreflightFacts) -> Iterator[Finding]:
    number = own.number
    if not own.has_voice:
        yield error(ref("preflight.no_voice", number=number), ref("preflight.no_voice_do"))
    if own.elsewhere:
        yield error(
            ref("preflight.calls_elsewhere", number=number, to=own.elsewhere),
            ref("preflight.calls_elsewhere_do", number=number),
        )
    for setting in SETTINGS:
        if setting is SMS and not own.has_sms:
            continue
        if setting is FALLBACK and file and own.fallback.url == file:
            yield from _asked_as_a_file(own)
            continue
        found = _difference(setting, own, facts.settings)
        if found:
            yield found
    if own.sms_elsewhere:
        yield warning(
            ref("preflight.sms_elsewhere", number=number, to=own.sms_elsewhere),
            ref("preflight.sms_elsewhere_do", number=number, name=SMS.name),
        )


def _asked_as_a_file(own: OwnNumber) -> Iterator[Finding]:
    if own.fallback.method != "GET":
        number, name = own.number, FALLBACK.name
        yield error(
            ref("preflight.file_method", number=number, name=name, method=own.fallback.method),
            ref("preflight.file_method_do", number=number, name=name),
        )


def _difference(setting: Setting, own: OwnNumber, read: Settings) -> Finding | None:
    """Tell how one address differs from what it must be, and exactly what to type."""
    asked, wanted = setting.asked(own), read.public_url + setting.path
    number, name = own.number, setting.name
    url, _, fragment = asked.url.partition("#")
    do = ref("preflight.address_do", number=number, name=name, address=wanted + ASKED_AGAIN)
    if not url:
        empty = ref("preflight.address_empty", number=number, name=name, without=setting.without)
        return Finding(setting.mark, empty, do)
    if url != wanted:
        return _other_address(setting, own, url, read, do)
    if asked.method != "POST":
        told = ref("preflight.address_method", number=number, name=name, method=asked.method)
        return Finding(setting.mark, told, do)
    if "rc=" not in fragment:
        again = ref("preflight.not_asked_again", number=number, name=name, again=ASKED_AGAIN)
        return warning(again, do)
    return None


def _other_address(
    setting: Setting, own: OwnNumber, url: str, read: Settings, do: MessageRef
) -> Finding | None:
    """Tell of an address that is not ours: a fallback may be a file that is always there."""
    host, number, name = urlsplit(url).hostname or "", own.number, setting.name
    shown = _without_password(url)
    if not setting.may_be_elsewhere or host == urlsplit(read.public_url).hostname:
        without = setting.without
        told = ref("preflight.address_other", number=number, name=name, url=shown, without=without)
        return Finding(setting.mark, told, do)
    if host.endswith(AT_TWILIO):
        return None
    return warning(
        ref("preflight.address_other_host", number=number, name=name, url=shown),
        ref("preflight.address_other_host_do", address_do=do),
    )


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
