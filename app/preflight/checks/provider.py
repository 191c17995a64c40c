"""The provider's side: the account, its business profile, its clock."""

from collections.abc import Iterator
from typing import Final

from app.domain.health.facts import ClockReference, ClockSkew, SystemFacts
from app.domain.health.thresholds import Part
from app.domain.message_refs import ref
from app.preflight.checks.health import health_lines
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning

APPROVED: Final = "twilio-approved"
PENDING: Final = frozenset({"pending-review", "in-review"})


def account(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the account may make calls, and to whom."""
    found = known(facts.account)
    if found.status != "active":
        yield error(
            ref("preflight.account_not_active", status=found.status or "?"),
            ref("preflight.account_not_active_do"),
        )
    elif found.is_trial:
        yield warning(ref("preflight.account_trial"), ref("preflight.account_trial_do"))
    else:
        yield ok(ref("preflight.account_well"))


def clock(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the provider's clock and ours tell the same time."""
    clock_skew = known(facts.account).clock_skew
    if clock_skew is not None:  # of the provider's clock, ahead of ours
        clocks = (ClockSkew(-clock_skew, ClockReference.PROVIDER),)
        yield from health_lines(Part.CLOCK, SystemFacts(clocks=clocks), facts.now)


def profile(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the account may have more than a few calls at once (error 10004)."""
    profiles = known(facts.profiles)
    approved = tuple(each.name for each in profiles if each.status == APPROVED)
    if approved:
        yield ok(ref("preflight.profile_well", names=approved))
    elif any(each.status in PENDING for each in profiles):
        yield warning(ref("preflight.profile_pending"), ref("preflight.profile_pending_do"))
    elif _belongs_to_another(facts):
        yield warning(ref("preflight.profile_of_parent"), ref("preflight.profile_of_parent_do"))
    else:
        yield warning(ref("preflight.no_profile"), ref("preflight.no_profile_do"))


def _belongs_to_another(facts: PreflightFacts) -> bool:
    return known(facts.account).is_sub
