"""What the library that checks questions says of a field, in our own words."""

import re
from typing import Final

OURS: Final = "Value error, "  # stands before what a check of ours says
MESSAGES: Final = tuple(
    (re.compile(theirs), ours)
    for theirs, ours in (
        (r"Field required", "is missing"),
        (r"Extra inputs are not permitted", "is not known here"),
        (r"Input should be greater than or equal to (.+)", r"must be at least \1"),
        (r"Input should be less than or equal to (.+)", r"must be at most \1"),
        (r"Input should be greater than (.+)", r"must be more than \1"),
        (r"Input should be less than (.+)", r"must be less than \1"),
        (r"Input should be a valid integer.*", "must be a whole number"),
        (r"Input should be a valid number.*", "must be a number"),
        (r"Input should be a valid boolean.*", "must be true or false"),
        (r"Input should be a valid string.*", "must be a text"),
        (r"Input should be a valid (?:list|array|tuple).*", "must be a list"),
        (r"Input should be an? (?:valid )?(?:dictionary|object).*", "must be an object"),
        (r"Input should be ('.+)", r"must be \1"),
        (r"String should have at most (\d+) characters?", r"must have at most \1 signs"),
        (r"String should have at least (\d+) characters?", r"must have at least \1 signs"),
        (r"String should match pattern .*", "has a sign that cannot stand there"),
    )
)


def validation_message(said: str) -> str:
    """Return what a check says; what only the library says, in our words."""
    if said.startswith(OURS):
        return said.removeprefix(OURS)
    for theirs, ours in MESSAGES:
        found = theirs.fullmatch(said)
        if found:
            return found.expand(ours)
    return "cannot be read" if said.startswith(("Input ", "String ", "Value ")) else said
