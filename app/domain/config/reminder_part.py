"""[target_warning] and [silence] of desk.toml: when whoever has a ticket is reminded of it."""

import re
from collections.abc import Collection
from typing import Final

from app.domain.config.agreement_part import parse_amount
from app.domain.config.table_reader import TableReader
from app.domain.desks.desk import TargetWarning
from app.domain.message_refs import MessageError, ref
from app.domain.time.business_time import Minutes, Target

PERCENT: Final = re.compile(r"([1-9][0-9]?) ?%")
BEFORE: Final = re.compile(r"(.+) before")


def target_warning(part: TableReader | None) -> TargetWarning | None:
    """Read when is warned before a target is missed; None where the desk does not want it."""
    if part is None:
        return None
    found = part.parsed("at", _warning, None) if part.needs("at") else None
    part.close()
    return found


def _warning(text: str) -> TargetWarning:
    """Read "75 %" of a target's time, or "30 minutes before" its end."""
    share, before = PERCENT.fullmatch(text), BEFORE.fullmatch(text)
    amount = parse_amount(before[1]) if before else None
    if share:
        return TargetWarning(int(share[1]))
    if isinstance(amount, Minutes):
        return TargetWarning(None, amount.count)
    raise MessageError(ref("diagnostic.bad_warning", text=text))


def silence(part: TableReader | None, calendars: Collection[str]) -> Target | None:
    """Read how long a customer may hear nothing; None where the desk reminds nobody."""
    if part is None:
        return None
    after = part.parsed("after", parse_amount, None) if part.needs("after") else None
    calendar = part.text("calendar")
    if calendar:
        part.known("calendar", calendar, calendars, "calendar")
    part.close()
    return Target(after, calendar) if after and calendar else None
