"""Who stands behind a change."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """By what means somebody acts."""

    PERSON = "person"  # signed in by their own name
    TOKEN = "token"  # a program or a desk's tool, by an API token
    COMMAND = "command"  # the command line on a server
    TELEPHONE = "telephone"  # a key pressed on a telephone, or a call
    SYSTEM = "system"  # the product itself: a timer, an import


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `name` is for people to read, `id` tells two of the same name apart.

    `via` is the token's or the command's name where somebody acts for another.
    """

    kind: ActorKind
    name: str
    id: str = ""
    via: str = ""
