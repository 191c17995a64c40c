"""The verbs of a voice document as plain data. The files read_*.py make them, the files in verbs/
carry them out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """Speech; `breaks` are the seconds of silence marked in it."""

    text: str
    language: str | None
    voice: str | None
    loop: int
    breaks: float


@dataclass(frozen=True, slots=True)
class Play:
    """Recorded audio; loop 0 is for ever."""

    url: str
    loop: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence."""

    length: int


Prompt = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """A question answered by keys."""

    prompts: tuple[Prompt, ...]
    action: str | None
    method: str
    timeout: int
    finish_on_key: str
    num_digits: int | None
    action_on_empty: bool


@dataclass(frozen=True, slots=True)
class NumberNoun:
    """One telephone to ring, with the document whispered to who answers it."""

    number: str
    url: str | None
    method: str
    status_callback: str | None
    status_method: str
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class DialQueue:
    """The head of a queue, with the document whispered to who waits there."""

    name: str
    url: str | None
    method: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Rings telephones, or connects to a queue."""

    numbers: tuple[NumberNoun, ...]
    queue: DialQueue | None
    action: str | None
    method: str
    timeout: int
    time_limit: int
    caller_id: str | None
    answer_on_bridge: bool
    sequential: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A message after the tone."""

    action: str | None
    method: str
    timeout: int
    max_length: int
    finish_on_key: str
    trim: bool
    play_beep: bool
    status_callback: str | None
    status_method: str
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Lets the caller wait in a queue."""

    name: str
    action: str | None
    method: str
    wait_url: str | None
    wait_method: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Goes on with another document."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Does not take the call."""

    reason: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """Ends the call."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Leaves the queue."""


Verb = Prompt | Gather | Dial | Record | Enqueue | Redirect | Reject | Hangup | Leave
