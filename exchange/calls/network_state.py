"""The state of the network: what all calls of one exchange share."""

from collections.abc import Callable
from dataclasses import dataclass, field

from exchange.clock import Pace, pause_really
from exchange.config import Config
from exchange.faults.registry import FaultRegistry
from exchange.people.personas import PersonaRegistry
from exchange.product.webhooks import Webhooks
from exchange.records.calls import CallRegistry
from exchange.records.debugger import Debugger
from exchange.records.messages import MessageResource
from exchange.records.queues import Member, QueueRegistry
from exchange.records.recordings import RecordingResource
from exchange.records.registry import Registry
from exchange.sound.audio import AudioCache
from exchange.sound.speech import Measure


@dataclass(slots=True)
class NetworkState:
    """Built once from a configuration. `address` is where the network itself is reached, known
    when its server listens. `let_worker_act` is called at each poll of somebody who waits in a
    queue: whoever fetches them is placed by the product's worker, in its own time.
    """

    config: Config
    webhooks: Webhooks
    personas: PersonaRegistry
    faults: FaultRegistry
    audio: AudioCache
    measure: Measure
    pace: Pace
    let_worker_act: Callable[[Member], None]
    address: str = ""
    calls: CallRegistry = field(default_factory=CallRegistry)
    debugger: Debugger = field(default_factory=Debugger)
    recordings: Registry[RecordingResource] = field(default_factory=Registry)
    messages: Registry[MessageResource] = field(default_factory=Registry)
    queues: QueueRegistry = field(default_factory=QueueRegistry)

    def owns(self, number: str) -> bool:
        """Whether a number may stand as caller in its own right: owned or verified."""
        return number in self.config.numbers or number in self.config.verified


def new_network_state(config: Config) -> NetworkState:
    """A network without calls yet."""
    audio = AudioCache(config.play_seconds, config.fetch_audio)
    return NetworkState(
        config=config,
        webhooks=Webhooks(config.auth_token, config.webhook_seconds, config.routes),
        personas=PersonaRegistry(config.default_persona, config.personas),
        faults=FaultRegistry(config.faults),
        audio=audio,
        measure=Measure(config.chars_per_second, audio.seconds),
        pace=Pace(config.calls_per_second),
        let_worker_act=lambda _: pause_really(config.poll_seconds),
    )
