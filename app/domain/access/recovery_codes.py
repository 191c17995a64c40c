"""Codes to be kept on paper for the day when the telephone is gone. Each counts once. Pure."""

from typing import Final

HOW_MANY: Final = 10
# Without letters that look like digits; 16 of them are 79 bits of chance, so that a plain hash is
# enough.
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
LETTERS: Final = 16
GROUP: Final = 4


def recovery_code(text: str) -> str:
    """Return a code as it is hashed, however it was typed; "" for what can be none."""
    letters = "".join(text.replace("-", " ").split()).lower()
    return letters if len(letters) == LETTERS and set(letters) <= set(ALPHABET) else ""


def written_code(letters: str) -> str:
    """Return a code as it is read from paper: abcd-efgh-jkmn-pqrs."""
    return "-".join(letters[at : at + GROUP] for at in range(0, LETTERS, GROUP))
