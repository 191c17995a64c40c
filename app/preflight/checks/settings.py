"""The settings, and our own doors as they answer with them."""

from collections.abc import Iterator
from typing import Final

from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning

SHORTEST_SECRET: Final = 16  # characters


def settings(facts: PreflightFacts) -> Iterator[Finding]:
    """What is not set although calls need it."""
    read = facts.settings
    yield ok("the settings can be read")
    if not read.twilio_auth_token:
        yield error(
            "TWILIO_AUTH_TOKEN is not set: every call would be refused",
            "Copy it from Twilio's console: Account → API keys & tokens",
        )
    if not read.twilio_account_sid:
        yield error(
            "TWILIO_ACCOUNT_SID is not set: no SMS and no ringing at once",
            "Copy it from the front page of Twilio's console",
        )
    if len(read.secret_key) < SHORTEST_SECRET:
        yield warning(
            f"SECRET_KEY has {len(read.secret_key)} characters: it can be guessed",
            "python3 -c 'import secrets; print(secrets.token_hex(32))'",
        )


def public_address(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the provider may call us, and nobody else may set a call's moment."""
    read = facts.settings
    if not read.public_url.startswith("https://"):
        yield warning(
            f"PUBLIC_URL is {read.public_url}: callers' numbers would go over the net in the open",
            "Put a proxy with TLS in front and set PUBLIC_URL to its https address",
        )
    if read.vakt_exchange:
        yield warning(
            "VAKT_EXCHANGE is on: a local exchange sets a call's moment",
            "Unset it in an installation that takes real calls",
        )


def signature(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether our own door takes what the account signs, and nothing else."""
    doors, url = known(facts.doors), f"{facts.settings.public_url}/twilio/voice"
    if doors.redirected_to:
        yield error(
            f"{url} leads on to {doors.redirected_to}: keys would be lost on the way",
            "Set PUBLIC_URL to the address that answers itself",
        )
    elif doors.genuine == 400:  # taken, and then there is no call in it
        yield ok(f"the signature holds at {facts.settings.public_url}")
    elif doors.genuine == 403:
        yield error(
            f"{url} refuses the signature",
            "PUBLIC_URL or TWILIO_AUTH_TOKEN differ there: give web and worker the same settings",
        )
    else:
        yield error(
            f"{url} answers {doors.genuine}: is it this product?",
            "Let the proxy pass /twilio/ on to gunicorn as it is",
        )
    if doors.genuine == 400 and doors.forged != 403:
        yield error(
            f"{url} answers {doors.forged} to a wrong signature: anybody could make calls",
            "Take away what answers in front of gunicorn or signs anew",
        )
