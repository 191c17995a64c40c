"""The settings, and our own webhooks as they answer with them."""

from collections.abc import Iterator
from typing import Final

from app.domain.message_refs import ref
from app.gateways.twilio.addresses import VOICE
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning

SHORTEST_SECRET: Final = 16  # characters
NEW_SECRET: Final = ref("preflight.new_secret")


def settings(facts: PreflightFacts) -> Iterator[Finding]:
    """What is not set although calls need it."""
    read = facts.settings
    yield ok(ref("preflight.settings_well"))
    if not read.twilio_auth_token:
        yield error(ref("preflight.no_auth_token"), ref("preflight.no_auth_token_do"))
    if not read.twilio_account_sid:
        yield error(ref("preflight.no_account_sid"), ref("preflight.no_account_sid_do"))
    if len(read.secret_key) < SHORTEST_SECRET:
        yield warning(ref("preflight.short_secret", count=len(read.secret_key)), NEW_SECRET)


def public_address(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the provider may call us, and nobody else may set a call's moment."""
    read = facts.settings
    if not read.public_url.startswith("https://"):
        yield warning(
            ref("preflight.not_https", url=read.public_url), ref("preflight.not_https_do")
        )
    if read.vakt_exchange:
        yield warning(ref("preflight.exchange_on"), ref("preflight.exchange_on_do"))


def signature(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether our own webhook takes what the account signs, and nothing else."""
    webhooks, url = known(facts.webhooks), f"{facts.settings.public_url}{VOICE}"
    if webhooks.redirected_to:
        yield error(
            ref("preflight.redirected", url=url, to=webhooks.redirected_to),
            ref("preflight.redirected_do"),
        )
    elif webhooks.genuine == 400:  # taken, and then there is no call in it
        yield ok(ref("preflight.signature_well", url=facts.settings.public_url))
    elif webhooks.genuine == 403:
        yield error(
            ref("preflight.signature_refused", url=url), ref("preflight.signature_refused_do")
        )
    else:
        yield error(
            ref("preflight.other_answer", url=url, status=webhooks.genuine),
            ref("preflight.other_answer_do"),
        )
    if webhooks.genuine == 400 and webhooks.forged != 403:
        yield error(
            ref("preflight.forged_taken", url=url, status=webhooks.forged),
            ref("preflight.forged_taken_do"),
        )
