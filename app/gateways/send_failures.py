"""Why something did not leave the system, whichever gateway it was for: for now, or for good."""


class SendFailure(Exception):
    """It was not sent. `code` is the provider's own, where it gave one."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        self.code = code
        super().__init__(reason)


class PermanentFailure(SendFailure):
    """It never will be: a landline, a number that has opted out, a refused request."""


class TemporaryFailure(SendFailure):
    """It may be later. `is_uncertain`: the answer was lost, so it may have gone out."""

    def __init__(self, reason: str, code: int | None = None, is_uncertain: bool = False) -> None:
        self.is_uncertain = is_uncertain
        super().__init__(reason, code)
