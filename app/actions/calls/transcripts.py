"""A stored call told again, line by line: for the API, the pages and the demo."""

from app.domain.desks.customer import Customer
from app.domain.simulate.record import CallOutTranscript, Transcript, TurnRecord
from app.domain.simulate.replay import replay, replay_call_out
from app.domain.simulate.simulation import SimulationFacts
from app.domain.simulate.transcript import TranscriptRenderer, Wording
from app.domain.texts.catalogue import Texts
from app.store.call_lists import StoredCall, StoredCallOut
from app.store.desks import LiveDesk


def transcript_context(
    past: StoredCall | StoredCallOut, live: LiveDesk | None, texts: Texts, language: str = "en"
) -> TranscriptRenderer:
    """Return what it takes to word a stored call: its desk as it is now, its customers as then."""
    customers: dict[str, Customer] = {}
    for turn in past.turns:
        customers |= {customer.number: customer for customer in turn.customers}
    facts = SimulationFacts(
        live.desk if live else None, live.roster if live else None, tuple(customers.values())
    )
    return TranscriptRenderer(facts, texts, Wording.SPOKEN, language)


def transcript_of(past: StoredCall) -> Transcript:
    """Tell a stored call again, line by line."""
    return replay(
        past.call,
        (TurnRecord(turn.at, turn.event, turn.trace, turn.instruction) for turn in past.turns),
    )


def call_out_transcript_of(past: StoredCallOut) -> CallOutTranscript:
    """Tell a stored call-out again, line by line."""
    return replay_call_out(
        past.call_out,
        (TurnRecord(turn.at, turn.event, turn.trace, turn.instruction) for turn in past.turns),
    )
