"""An organisation's own login, asked by OpenID Connect: code flow with state, nonce and PKCE.

The library does the protocol; what it refuses becomes one of few problems, each with words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.base_client.sync_app import OAuth2Mixin
from authlib.integrations.base_client.sync_openid import OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError

from app.domain.access.identities import Identity, OpenIdProblem
from app.gateways.openid_refused import OpenIdRefused
from app.settings.openid import OpenIdProviderSettings

SECONDS: Final = 8.0  # for the connection, and again for each answer
SCOPE: Final = "openid"  # nothing but who it is
USED_UP: Final = "invalid_grant"  # by the standard: a code that is over, or was used
LONGEST_SUBJECT: Final = 250

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OpenIdQuestion:
    """What a browser was sent to ask: only an answer to just this one counts."""

    address: str
    state: str
    nonce: str
    verifier: str


class _App(OpenIDMixin, OAuth2Mixin):  # type: ignore[misc]  # ships no types
    client_cls = OAuth2Session


class OpenIdProvider:
    """One organisation's login."""

    def __init__(self, settings: OpenIdProviderSettings) -> None:
        self.settings = settings
        self._app = _App(
            framework=None,
            name=settings.id,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=settings.discovery,
            client_kwargs={
                "scope": SCOPE,
                "code_challenge_method": "S256",
                "default_timeout": SECONDS,
            },
        )

    def ask(self, redirect_uri: str, *, anew: bool = False) -> OpenIdQuestion:
        """Make a question for a browser to be sent with.

        `anew`: whoever is logged in there already is asked who they are all the same.
        """
        more = {"prompt": "login"} if anew else {}
        try:
            self._look_at_issuer()
            made = self._app.create_authorization_url(redirect_uri, **more)
        except (requests.RequestException, ValueError, RuntimeError, OAuthError) as trouble:
            raise self._refused(OpenIdProblem.AWAY, trouble) from None
        return OpenIdQuestion(made["url"], made["state"], made["nonce"], made["code_verifier"])

    def identity(self, code: str, question: OpenIdQuestion, redirect_uri: str) -> Identity:
        """Return who has answered the question, with this code."""
        try:
            self._look_at_issuer()
            token = self._app.fetch_access_token(
                redirect_uri, code=code, code_verifier=question.verifier
            )
        except OAuthError as refused:
            is_over = refused.error == USED_UP
            problem = OpenIdProblem.STALE if is_over else OpenIdProblem.AWAY
            raise self._refused(problem, refused) from None
        except (requests.RequestException, ValueError, RuntimeError) as trouble:
            raise self._refused(OpenIdProblem.AWAY, trouble) from None
        try:
            claims = self._app.parse_id_token(token, question.nonce)
        except requests.RequestException as trouble:
            raise self._refused(OpenIdProblem.AWAY, trouble) from None
        except (JoseError, ValueError, RuntimeError) as wrong:
            raise self._refused(OpenIdProblem.UNTRUSTED, wrong) from None
        return self._identity(claims or {})

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        tenant = self.settings.tenant
        if tenant and claims.get("tid") != tenant:
            raise self._refused(OpenIdProblem.UNTRUSTED, "tid")
        subject = claims.get("oid" if tenant else "sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise self._refused(OpenIdProblem.UNTRUSTED, "subject")
        return Identity(self.settings.id, self.settings.issuer, subject)

    def _look_at_issuer(self) -> None:
        """Refuse a login that says it is another one: what it signs would be for that one."""
        told = self._app.load_server_metadata().get("issuer")
        if told != self.settings.issuer:
            raise self._refused(OpenIdProblem.UNTRUSTED, f"issuer {told}")

    def _refused(self, problem: OpenIdProblem, why: object) -> OpenIdRefused:
        """Say why in the log, without what a code or a secret may stand in."""
        told = type(why).__name__ if isinstance(why, Exception) else str(why)
        log.warning("openid_refused", provider=self.settings.id, problem=str(problem), why=told)
        return OpenIdRefused(problem)
