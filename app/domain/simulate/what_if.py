"""What is assumed where somebody asks what would happen in a call."""

from enum import StrEnum


class Ringing(StrEnum):
    """Whether those who are rung take the call."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
