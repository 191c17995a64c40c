"""No sentence that a person reads stands in Python: codes and values there, words in TOML.

Texts are in voice_prompts/.
Help of commands and the reference of the API are English; logs and metrics are for programs.
Of exchange/ nothing is counted: it is a tool for developers, and speaks English as its code does.
"""

from tests.support.sentences_in_code import counted, sentences

# How many may still stand in each package, and only fewer: 0 where nothing is said.
# In commands: what click and the databases say, which is only recognised; and command lines.
ALLOWED = {
    "actions": 4,
    "commands": 22,
    "demo": 1,  # the name of a command
    "domain": 17,
    "domain/calls": 8,
    "domain/config": 9,
    "domain/health": 2,  # states that /readyz answers
    "domain/roster": 4,
    "domain/simulate": 4,
    "domain/texts": 13,
    "domain/time": 13,
    "gateways": 6,
    "offline": 7,
    "preflight": 3,  # words that drivers of databases say
    "serving": 2,
    "settings": 1,
    "store": 35,
    "voice_prompts.py": 1,
    "web": 4,  # HTML and its style
}


def test_no_sentence_for_people_comes_into_python() -> None:
    found = counted()
    more = {package for package, count in found.items() if count > ALLOWED.get(package, 0)}
    told = [f"{at}: {words}" for package, at, words in sentences() if package in more]
    assert more == set(), "\n".join(told)
