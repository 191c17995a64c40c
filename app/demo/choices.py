"""What the demo's commands let somebody choose."""

from enum import StrEnum


class DemoPart(StrEnum):
    """What can be broken during a call."""

    DATABASE = "database"
    WORKER = "worker"
    TWILIO = "twilio"


class Holder(StrEnum):
    """Which of the two telephones is held at this terminal."""

    CALLER = "caller"
    DUTY = "duty"
