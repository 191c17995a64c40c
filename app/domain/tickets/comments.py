"""What is written on a ticket: by the desk or the customer, for both or for the desk alone."""

from dataclasses import dataclass
from enum import StrEnum


class Visibility(StrEnum):
    """Who reads a comment."""

    PUBLIC = "public"  # the desk and the customer
    INTERNAL = "internal"  # the desk alone


class Side(StrEnum):
    """Who writes a comment."""

    DESK = "desk"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody writes on a ticket. A customer's is public."""

    body: str
    side: Side
    visibility: Visibility = Visibility.PUBLIC
