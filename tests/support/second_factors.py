"""Users with an app that shows codes, and what it shows."""

from datetime import datetime, timedelta

from pyotp import TOTP

from app.actions.access.second_factors import begin_authenticator, finish_authenticator
from app.domain.access.audit import Author
from app.domain.access.users import User
from app.store import Database
from app.store.second_factors import find_authenticator
from tests.support.users import OPERATOR

STEP = timedelta(seconds=30)


def shown(database: Database, user: User, at: datetime) -> str:
    """What the app of a user shows."""
    with database.read() as connection:
        app = find_authenticator(connection, user.id)
    assert app
    return TOTP(app.secret).at(at)


def with_authenticator(database: Database, user: User, at: datetime) -> tuple[str, ...]:
    """Set an app up long before `at`; return the recovery codes."""
    by = Author(OPERATOR, at - timedelta(days=1))
    begin_authenticator(database, user, by)
    codes = finish_authenticator(database, user, shown(database, user, by.at), by)
    assert isinstance(codes, tuple)
    return codes
