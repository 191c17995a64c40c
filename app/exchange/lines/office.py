"""The telephone office: what all calls of one exchange share."""

from dataclasses import dataclass, field

from app.exchange.clock import Pace
from app.exchange.config import Config
from app.exchange.faults.book import FaultBook
from app.exchange.people.personas import PersonaBook
from app.exchange.product.webhooks import Webhooks
from app.exchange.records.book import Book
from app.exchange.records.calls import CallBook
from app.exchange.records.debugger import Debugger
from app.exchange.records.messages import Message
from app.exchange.records.queues import QueueHall
from app.exchange.records.recordings import Recording
from app.exchange.sound.audio import AudioCache
from app.exchange.sound.speech import Measure


@dataclass(slots=True)
class Office:
    """Built once from a configuration. `address` is where the network itself is reached, known
    when its server listens.
    """

    config: Config
    webhooks: Webhooks
    personas: PersonaBook
    faults: FaultBook
    audio: AudioCache
    measure: Measure
    pace: Pace
    address: str = ""
    calls: CallBook = field(default_factory=CallBook)
    debugger: Debugger = field(default_factory=Debugger)
    recordings: Book[Recording] = field(default_factory=Book)
    messages: Book[Message] = field(default_factory=Book)
    queues: QueueHall = field(default_factory=QueueHall)

    def owns(self, number: str) -> bool:
        """Whether a number may stand as caller in its own right: owned or verified."""
        return number in self.config.numbers or number in self.config.verified


def open_office(config: Config) -> Office:
    """An office with nobody on the line yet."""
    audio = AudioCache(config.play_seconds, config.fetch_audio)
    return Office(
        config=config,
        webhooks=Webhooks(config.auth_token, config.webhook_seconds, config.routes),
        personas=PersonaBook(config.default_persona, config.personas),
        faults=FaultBook(config.faults),
        audio=audio,
        measure=Measure(config.chars_per_second, audio.seconds),
        pace=Pace(config.calls_per_second),
    )
