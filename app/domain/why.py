"""Why: the reason that travels with an answer, as a code and its parameters.

The sentence that a person reads is looked up by the code elsewhere; no text stands here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Why:
    """A stable code, and what the sentence for it needs, in writing order."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The parameter's value, or an empty string."""
        return dict(self.params).get(name, "")


def why(code: str, **params: str) -> Why:
    """A reason with its parameters; empty ones are left out."""
    return Why(code, tuple((name, str(value)) for name, value in params.items() if value))
