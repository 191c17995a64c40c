"""Our own webhooks, asked as the network asks them: at PUBLIC_URL and signed.

A post without a call in it is taken or refused like any other, and stores nothing.
"""

from typing import Any, Final

import requests
from twilio.request_validator import RequestValidator

from app.domain.message_refs import ref
from app.gateways.twilio.addresses import VOICE
from app.gateways.twilio.signature import HEADER
from app.preflight.bounded import REQUEST_SECONDS, NoAnswer
from app.preflight.facts import EndpointFacts
from app.preflight.finding import Mark
from app.settings import Settings

FORGED: Final = "bm8gdG9rZW4gb2Ygb3VycyBtYWRlIHRoaXM="
WEB: Final = ref("preflight.web_do")


def ask_endpoints(settings: Settings) -> EndpointFacts:
    """Post to the voice webhook, signed rightly and wrongly. Trouble where nobody answers."""
    if not settings.twilio_auth_token:
        raise NoAnswer(ref("preflight.webhooks_unchecked"), mark=Mark.WARNING)
    url = f"{settings.public_url}{VOICE}"
    right = RequestValidator(settings.twilio_auth_token[0]).compute_signature(url, {})
    genuine, forged = _post(url, str(right)), _post(url, FORGED)
    return EndpointFacts(
        genuine=genuine.status_code,
        forged=forged.status_code,
        offline=_offline(settings),
        redirected_to=genuine.headers.get("Location", "") if genuine.is_redirect else "",
    )


def _post(url: str, signature: str) -> requests.Response:
    headers = {HEADER: signature}
    try:
        return requests.post(url, headers=headers, timeout=REQUEST_SECONDS, allow_redirects=False)
    except requests.exceptions.SSLError as untrusted:
        raise NoAnswer(
            ref("preflight.untrusted", url=url), ref("preflight.untrusted_do")
        ) from untrusted
    except requests.RequestException as lost:
        raise NoAnswer(
            ref("preflight.no_answer", url=url, cause=type(lost).__name__), WEB
        ) from lost


def _offline(settings: Settings) -> str:
    """In a word, how the offline store of the web process that answered is; empty where not
    told.
    """
    try:
        answer = requests.get(f"{settings.public_url}/readyz", timeout=REQUEST_SECONDS)
        told: Any = answer.json()
    except (requests.RequestException, ValueError):
        return ""
    return str(told.get("offline", "")) if isinstance(told, dict) else ""
