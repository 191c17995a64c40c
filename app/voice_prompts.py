"""Fetches the texts from the folder voice_prompts, once per process.

Shell: touches files. What the texts mean is domain/texts/catalogue.py.
"""

import os
import sys
from functools import lru_cache
from pathlib import Path

from app.domain.message_refs import MessageRef
from app.domain.texts.catalogue import Texts
from app.domain.texts.languages import language_of_environment
from app.installation import home


def prompts_folder() -> Path:
    """Tell where the texts and recordings stand."""
    return home() / "voice_prompts"


def read_folder(folder: Path) -> Texts:
    """Read every TOML file of a folder; FileNotFoundError if it has none, InvalidTexts if bad."""
    files = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))}
    if not files:
        raise FileNotFoundError(f"no texts in {folder}")
    return Texts.read(files)


@lru_cache(maxsize=1)
def texts() -> Texts:
    """Return the texts of this installation, read at the first question."""
    return read_folder(prompts_folder())


def recordings_folder() -> Path:
    """Tell where recorded sentences stand, as `<language>/<key>.mp3`."""
    return prompts_folder() / "recordings"


def print_to_operator(*messages: MessageRef) -> None:
    """Say why a process does not start: on standard error, in the terminal's language."""
    language = language_of_environment(os.environ)
    for message in messages:
        sys.stderr.write(f"{texts().write(message, language)}\n")
    sys.stderr.flush()
