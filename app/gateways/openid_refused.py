"""What an organisation's login answers instead of who it is. Apart: it needs no library."""

from app.domain.access.identities import OpenIdProblem


class OpenIdRefused(Exception):
    """Nobody was told to us, and why."""

    def __init__(self, problem: OpenIdProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem
