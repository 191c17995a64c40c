"""Writes what the demo shows, in the language of the terminal."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import click

from app.domain.message_refs import MessageRef
from app.voice_prompts import texts

LABEL: Final = 9  # the column of the labels


@dataclass(frozen=True, slots=True)
class DemoWording:
    """The language of one demo, the same in each of its threads."""

    language: str

    def write(self, message: MessageRef) -> str:
        """Write a message."""
        return texts().write(message, self.language)

    def show_hint(self, message: MessageRef) -> None:
        """Print what whoever holds a telephone here should know."""
        click.secho(self.write(message), dim=True)

    def label(self, message: MessageRef | None = None) -> str:
        """Write a label in its column; an empty column without one."""
        return click.style(f"{self.write(message) if message else '':<{LABEL}}", dim=True)

    def wrapped(
        self, label: MessageRef | None, words: str, width: int, **style: Any
    ) -> Iterator[str]:
        """Give the lines of a text, with the label before the first of them."""
        for count, part in enumerate(textwrap.wrap(words, width - LABEL)):
            yield f"{self.label(label if count == 0 else None)}{click.style(part, **style)}"
