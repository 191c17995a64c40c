"""No sentence that a person reads stands in Python: codes and values there, words in TOML.

Texts are in voice_prompts/.
Help of commands and the reference of the API are English; logs and metrics are for programs.
Of exchange/ nothing is counted: it is a tool for developers, and speaks English as its code does.
"""

from tests.support.sentences_in_code import counted, sentences
from tests.support.texts_in_templates import words_in_templates

# How many may still stand in each package, and only fewer: 0 where nothing is said.
# In commands: what click and the databases say, which is only recognised; and command lines.
ALLOWED = {
    "actions": 1,  # names of parts, and mistakes of programmers
    "commands": 21,
    "demo": 1,  # the name of a command
    "domain": 17,  # what the reader of TOML says, which is recognised
    "domain/access": 1,  # the name of a browser
    "domain/messages": 33,  # words read from an SMS
    "domain/config": 9,  # what is written in desk files, and what the csv module says
    "domain/health": 2,  # states that /readyz answers
    "domain/portal": 1,  # what is said of a password, and is none
    "domain/roster": 4,  # mistakes of programmers
    "domain/simulate": 4,  # words that begin a line of a told call
    "domain/texts": 13,  # mistakes in the texts themselves
    "domain/time": 21,  # mistakes of programmers, names of holidays, words read from a time field
    "gateways": 6,  # words of protocols, a comment in a document, a log
    "offline": 7,  # mistakes of programmers, for the log
    "preflight": 3,  # words that drivers of databases say
    "serving": 1,  # for the log
    "settings": 1,  # what a header is like
    "store": 35,  # what drivers of databases say, and mistakes of programmers
    "voice_prompts.py": 1,  # there are no texts
    "web": 4,  # HTML and its style
}


def test_no_sentence_for_people_comes_into_python() -> None:
    found = counted()
    more = {package for package, count in found.items() if count > ALLOWED.get(package, 0)}
    told = [f"{at}: {words}" for package, at, words in sentences() if package in more]
    assert more == set(), "\n".join(told)


def test_no_word_for_people_stands_in_a_template() -> None:
    assert words_in_templates() == []
