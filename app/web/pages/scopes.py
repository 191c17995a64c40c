"""Where a role holds, as forms write it and as pages say it."""

from typing import Final

from app.domain.access.scope import EVERYTHING, Scope
from app.domain.message_refs import MessageRef, ref

EVERYWHERE: Final = "everything"
DESK: Final = "desk"
ROSTER: Final = "roster"
CUSTOMER: Final = "customer"  # its desk, and its number
BETWEEN: Final = "/"  # a kind and an id


def read_scope(value: str) -> Scope:
    """Read what a form says of where a role holds."""
    kind, _, id_ = value.partition(BETWEEN)
    if kind == DESK:
        return Scope(desk=id_)
    if kind == CUSTOMER:
        desk, _, number = id_.partition(BETWEEN)
        return Scope(desk=desk, customer=number)
    return Scope(roster=id_) if kind == ROSTER else EVERYTHING


def scope_value(scope: Scope) -> str:
    """Return how a form writes where a role holds."""
    if scope.is_everything:
        return EVERYWHERE
    if scope.customer is not None:
        return f"{CUSTOMER}{BETWEEN}{scope.desk}{BETWEEN}{scope.customer}"
    return f"{DESK}{BETWEEN}{scope.desk}" if scope.desk else f"{ROSTER}{BETWEEN}{scope.roster}"


def scope_ref(scope: Scope) -> MessageRef:
    """Say where a role holds."""
    if scope.customer is not None:
        return ref("access_scope.customer", id=scope.customer, desk=scope.desk or "")
    if scope.desk is not None:
        return ref("access_scope.desk", id=scope.desk)
    if scope.roster is not None:
        return ref("access_scope.roster", id=scope.roster)
    return ref("access_scope.everything")
