"""What verbs are given and what they answer with: their context, and where the document goes on."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urljoin

from exchange.calls.active_call import ActiveCall
from exchange.calls.participants import Participant, ParticipantHungUp, Redirected
from exchange.documents.schema import DocumentKind
from exchange.product.webhooks import WebhookFailed
from exchange.records.calls import CallStatus


class Ending(StrEnum):
    """How a walk through documents ends."""

    RAN_OUT = "ran_out"
    HUNG_UP = "hung_up"
    REJECTED = "rejected"
    BUSY = "busy"
    LEFT = "left"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class NextDocument:
    """Go on with another document: from an address, or given in full."""

    url: str
    extra: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    twiml: str = ""
    is_redirect: bool = False


Step = NextDocument | Ending | None
DocumentRunner = Callable[[ActiveCall, Participant, NextDocument, DocumentKind], Ending]


@dataclass(frozen=True, slots=True)
class VerbContext:
    """Where a verb is carried out: for whom on which line, the address its document came from, and
    the way to play another document meanwhile (a whisper, wait music).
    """

    active_call: ActiveCall
    participant: Participant
    url: str
    run_document: DocumentRunner

    def absolute(self, address: str) -> str:
        """An address in the document, resolved against the document's own."""
        return urljoin(self.url, address)

    def go_to(self, action: str | None, extra: Mapping[str, str], method: str) -> NextDocument:
        """The step to a verb's action; without one it is the current document again."""
        return NextDocument(self.absolute(action) if action else self.url, extra, method)

    def go_on(self, action: str | None, extra: Mapping[str, str], method: str) -> Step:
        """The step to a verb's action; without one it is the next verb."""
        return self.go_to(action, extra, method) if action is not None else None

    def interrupt(
        self,
        gone: ParticipantHungUp | Redirected,
        action: str | None,
        extra: Mapping[str, str],
        method: str,
    ) -> None:
        """A verb is cut short: its action is asked also then, as the network does."""
        match gone:
            case ParticipantHungUp():
                self.leave(action, extra, method)
            case Redirected():
                self.post_to_nobody(action, extra, method)

    def leave(self, action: str | None, extra: Mapping[str, str], method: str) -> None:
        """The participant is gone: ends its call and asks the action, whose answer nobody hears."""
        self.active_call.end(self.participant.call, CallStatus.COMPLETED)
        self.post_to_nobody(action, extra, method)

    def post_to_nobody(self, action: str | None, extra: Mapping[str, str], method: str) -> None:
        """Asks a verb's action, if it has one, though its answer is ignored."""
        if action is None:
            return
        with suppress(WebhookFailed):  # already written down
            self.active_call.ask(self.participant, self.absolute(action), extra, method)
