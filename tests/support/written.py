"""Messages as somebody reads them, in the shipped texts."""

from pathlib import Path
from typing import Final

from app.domain.message_refs import MessageRef
from app.voice_prompts import read_folder

TEXTS: Final = read_folder(Path(__file__).parents[2] / "voice_prompts")


def english(message: MessageRef | None) -> str:
    """The message in English; nothing for no message."""
    return in_language(message, "en") if message else ""


def in_language(message: MessageRef, language: str) -> str:
    """The message in one of our languages."""
    return TEXTS.write(message, language)
