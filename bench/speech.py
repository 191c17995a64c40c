"""How long sentences last when espeak-ng reads them: the measure of every spoken budget.

Its own default speed, 175 words a minute, the sentence in full, with the pause at its end. The
bench and the tests use it; the product speaks with the telephone network's voices.
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

# No program reads Nynorsk: the Bokmål voice does, as on the telephone.
VOICES = {"nb": "nb", "nn": "nb", "en": "en"}
BYTES_A_SECOND = 22_050 * 2  # mono, 16 bits
WAV_HEADER = 44
AT_ONCE = 2


@lru_cache(maxsize=4096)
def seconds(words: str, language: str) -> float:
    """How long the words last in this language; CalledProcessError if espeak-ng refuses."""
    command = ["espeak-ng", "-v", VOICES[language], "--stdin", "--stdout"]
    heard = subprocess.run(command, input=words.encode(), capture_output=True, check=True)
    return max(0, len(heard.stdout) - WAV_HEADER) / BYTES_A_SECOND


def seconds_of_all(said: list[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """How long each (words, language) lasts, several measured at once."""
    with ThreadPoolExecutor(AT_ONCE) as measurers:
        lengths = measurers.map(lambda each: seconds(*each), said)
        return dict(zip(said, lengths, strict=True))
