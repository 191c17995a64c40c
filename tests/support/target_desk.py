"""The organisation with targets, an escalation matrix, and a customer who may change agreement."""

from typing import Final

from app.domain.config.folder import DeskFolder
from tests.support.contacts import CONTACTS
from tests.support.sample_desk import CUSTOMERS_CSV, DESK_TOML, folder

PREMIUM: Final = """
[agreements.premium]
name = "Premium"
telephone = true
telephone_calendar = "desk"
"""
TARGETS: Final = """
[[targets]]
priority = "high"
respond = "2 hours"
solve = "HOURS hours"
calendar = "desk"
workaround_stops = true

[[targets]]
agreement = "premium"
respond = "1 hour"
calendar = "desk"

[[targets]]
priority = "low"
solve = "3 working days"
calendar = "desk"
date_by_agreement = true

[escalation]
basis = "elapsed"
steps = [{ priority = "high", level = 1, respond = "2 hours", contact = "Teamleiar" }]
"""


def a_folder(hours: int = 4, customers: str = CUSTOMERS_CSV, more: str = "") -> DeskFolder:
    desk = DESK_TOML + PREMIUM + CONTACTS + TARGETS.replace("HOURS", str(hours)) + more
    return folder(desk=desk, customers=customers)
