"""Who stands behind a change."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

IMPORT: Final = "import"
DOCUMENT: Final = "document"  # on whose page somebody changed it, and nothing beside
SMS: Final = "sms"  # by which somebody acts whom nobody has seen log in


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

    @property
    def is_import(self) -> bool:
        """Whether a file that was imported says it, whoever imported it."""
        return self.kind is ActorKind.SYSTEM and self.id == IMPORT


def command_line(login: str, name: str = "") -> Actor:
    """Somebody at the command line of a server."""
    return Actor(ActorKind.COMMAND, name or login, login)


def system(part: str, name: str = "") -> Actor:
    """A part of the product."""
    return Actor(ActorKind.SYSTEM, name or part, part)


def file_import(name: str) -> Actor:
    """A file, with the author that it names or whoever imported it."""
    return system(IMPORT, name)
