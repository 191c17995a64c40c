"""What a decision says: the script (spoken or rung), the effects (in the house), the reasons (why).

Frozen data only; each part has a file of its own, and all of them are found here.
"""

from dataclasses import dataclass, replace

from app.domain.call import Call
from app.domain.effects import (
    AcknowledgeTicket,
    AnsweredAgain,
    AttachMessage,
    CancelLeg,
    Effect,
    JoinTicket,
    MissedRound,
    OpenTicket,
    PlaceLeg,
    RoundUnanswered,
    SendSms,
)
from app.domain.reasons import (
    Code,
    Reason,
)
from app.domain.script import (
    Ask,
    Bridge,
    CallCaller,
    End,
    Listen,
    Ring,
    Script,
    Silent,
    Whisper,
)
from app.domain.sentence import (
    TICKET_NUMBER,
    Named,
    Sentence,
    Value,
)

__all__ = [
    "TICKET_NUMBER",
    "AcknowledgeTicket",
    "AnsweredAgain",
    "Ask",
    "AttachMessage",
    "Bridge",
    "CallCaller",
    "CancelLeg",
    "Code",
    "Decision",
    "Effect",
    "End",
    "JoinTicket",
    "Listen",
    "MissedRound",
    "Named",
    "OpenTicket",
    "PlaceLeg",
    "Reason",
    "Ring",
    "RoundUnanswered",
    "Script",
    "SendSms",
    "Sentence",
    "Silent",
    "Value",
    "Whisper",
    "numbered",
    "numbered_script",
]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one event: the call as it is now, what is spoken or rung, and the story.

    `story` holds every reason and effect in the order in which they arose, so that a
    told call reads as it happened.
    """

    call: Call
    script: Script
    story: tuple[Effect | Reason, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return why it went this way, in order."""
        return tuple(part for part in self.story if isinstance(part, Reason))

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Return what shall happen in the house, in order."""
        return tuple(part for part in self.story if not isinstance(part, Reason))


def numbered(sentence: Sentence, number: int) -> Sentence:
    """Fill the ticket's number in, once it has been given."""
    values = tuple(
        (name, number if value == TICKET_NUMBER else value) for name, value in sentence.values
    )
    return replace(sentence, values=values)


def numbered_script(script: Script, number: int) -> Script:
    """Fill the ticket's number into everything the script says."""
    if isinstance(script, Bridge | Silent):
        return script
    return replace(script, says=tuple(numbered(sentence, number) for sentence in script.says))
