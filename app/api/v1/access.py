"""Who may ask: Bearer tokens, each limited to its desks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from apiflask import HTTPTokenAuth

from app import clock
from app.actions.access.tokens import check_token
from app.api.v1.refusals import TOKEN_NEEDED, refuse
from app.api.v1.services import api_services
from app.domain.message_refs import ref
from app.store.tokens import Token

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_SECRET = 200

auth = HTTPTokenAuth(description="A token made by `vakt token create`.")


@dataclass(frozen=True, slots=True)
class Access:
    """What the one who asks may see. None in `desks` means every desk."""

    desks: tuple[str, ...] | None

    def to(self, desk: str | None) -> tuple[str, ...] | None:
        """Return the desks of a question that names one, or none; never more than allowed."""
        if desk is None:
            return self.desks
        return (desk,) if self.may_see(desk) else ()

    def may_see(self, desk: str) -> bool:
        """Tell whether the desk is one of theirs."""
        return self.desks is None or desk in self.desks


# The library gives its decorator no types.
@auth.verify_token  # type: ignore[untyped-decorator]  # its library gives none
def token_of(secret: str) -> Token | None:
    """Return the token that was shown; None where it is unknown, too old, or no token at all."""
    if not secret or len(secret) > LONGEST_SECRET or not secret.isascii() or "\0" in secret:
        return None
    return check_token(api_services().database, secret, clock.now())


def user_token() -> Token:
    """Return the token of the one who asks now; no route is reached without one."""
    token = auth.current_user
    if not isinstance(token, Token):
        refuse(401, TOKEN_NEEDED)
    return token


def writers_only(view: Callable[P, T]) -> Callable[P, T]:
    """Let a view be reached only with a token that may change things; 403 for the others."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        if not user_token().may_write:
            refuse(403, ref("api.read_only"))
        return view(*args, **kwargs)

    return checked


def access() -> Access:
    """Return what the one who asks now may see."""
    token = auth.current_user
    if not isinstance(token, Token):  # no route is reached without one
        return Access(())
    return Access(token.desks or None)
