"""Users for tests: added as the command adds them, with a password that takes no time to make."""

from datetime import datetime

from app.actions.access.users import add_user
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import EVERYTHING, Scope
from app.domain.access.users import Grant, PersonLink, User
from app.store import Database
from app.store.users import NewUser, save_password_hash
from tests.support.cheap_hashes import CHEAP
from tests.support.sample_desk import NIGHT

PASSWORD = "blå hest utan stig"
HASHED = CHEAP.hash(PASSWORD)

OPERATOR = command_line("root", "Driftsansvarleg")


def author(at: datetime = NIGHT) -> Author:
    return Author(OPERATOR, at)


def a_user(
    database: Database,
    name: str = "kari",
    role: AccessRole | None = AccessRole.COORDINATOR,
    scope: Scope = EVERYTHING,
    person: PersonLink | None = None,
    at: datetime = NIGHT,
) -> User:
    new = NewUser(f"{name}@kommune.example", f"{name.title()} Vik", "nb", person)
    grants = (Grant(role, scope),) if role else ()
    return add_user(database, new, grants, author(at))


def with_password(database: Database, user: User) -> User:
    database.write(lambda connection: save_password_hash(connection, user.id, HASHED))
    return user
