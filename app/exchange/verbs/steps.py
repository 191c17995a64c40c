"""Where a document goes on: another address, or an ending. The words that verbs answer with."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urljoin

from app.exchange.documents.schema import Room
from app.exchange.documents.verbs import Verb
from app.exchange.lines.line import Line
from app.exchange.lines.parties import Party
from app.exchange.product.webhooks import WebhookFailed


class Ending(StrEnum):
    """How a walk through documents ends."""

    RAN_OUT = "ran_out"
    HUNG_UP = "hung_up"
    REJECTED = "rejected"
    BUSY = "busy"
    LEFT = "left"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Go:
    """Go on with another document: from an address, or given in full."""

    url: str
    extra: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    twiml: str = ""
    is_redirect: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A document and the address it came from."""

    url: str
    verbs: tuple[Verb, ...]


Step = Go | Ending | None
Walk = Callable[[Line, Party, Go, Room], Ending]


def go_to(page_url: str, action: str | None, extra: Mapping[str, str], method: str) -> Go:
    """The step to a verb's action; without one it is the current document again."""
    return Go(urljoin(page_url, action) if action else page_url, extra, method)


def post_to_nobody(
    line: Line,
    party: Party,
    page_url: str,
    action: str | None,
    extra: Mapping[str, str],
    method: str,
) -> None:
    """Asks a verb's action when nobody is left to hear the answer, as the network does."""
    if action is None:
        return
    go = go_to(page_url, action, extra, method)
    with suppress(WebhookFailed):  # already written down
        line.ask(party, go.url, go.extra, go.method)
