"""The provider's side: the account, its business profile, its clock."""

from collections.abc import Iterator
from typing import Final

from app.preflight.checks.database import differs
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning

APPROVED: Final = "twilio-approved"
PENDING: Final = frozenset({"pending-review", "in-review"})
CONSOLE: Final = "Twilio's console: Trust Hub → Customer profiles"


def account(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the account may make calls, and to whom."""
    found = known(facts.account)
    if found.status != "active":
        yield error(
            f"the account is {found.status or 'in no known state'}: no call comes in or goes out",
            "Twilio's console tells why: most often an unpaid bill",
        )
    elif found.is_trial:
        yield warning(
            "the account is a trial: it can only ring numbers that were verified there",
            "Upgrade it in Twilio's console: Billing → Upgrade",
        )
    else:
        yield ok("the account is active")


def clock(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the provider's clock and ours tell the same time."""
    clock_skew = known(facts.account).clock_skew
    if clock_skew is not None:
        yield from differs(clock_skew, "the provider's")


def profile(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the account may have more than a few calls at once (error 10004)."""
    profiles = known(facts.profiles)
    approved = [each.name for each in profiles if each.status == APPROVED]
    few = "an account without one has two calls at once, or three with an individual's"
    if approved:
        yield ok(f"a business profile is approved: {', '.join(approved)}")
    elif any(each.status in PENDING for each in profiles):
        yield warning(f"the business profile is not approved yet: {few}", f"Follow it in {CONSOLE}")
    elif _belongs_to_another(facts):
        yield warning(
            "the business profile is the parent account's and could not be read here",
            f"As the parent account, look in {CONSOLE}",
        )
    else:
        yield warning(f"no business profile is approved: {few}", f"Ask for one in {CONSOLE}")


def _belongs_to_another(facts: PreflightFacts) -> bool:
    return known(facts.account).is_sub
