"""Who may log in to the demo: somebody who runs all desks, and somebody at a customer of one."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.actions.access.passwords import set_password
from app.actions.access.users import add_user
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import EVERYTHING, Scope
from app.domain.access.users import Grant
from app.domain.message_refs import MessageRef, ref
from app.store import Database
from app.store.desks import LiveDesk
from app.store.people import load_customers
from app.store.users import NewUser

STAFF: Final = "staff@demo.example"
CUSTOMER: Final = "customer@demo.example"
SECRET_BYTES: Final = 9  # twelve characters


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A user of the demo, and the page that they begin at."""

    whose: MessageRef
    page: str
    email: str
    password: str


def make_logins(
    database: Database, desks: Iterable[LiveDesk], product_url: str, by: Author
) -> tuple[DemoLogin, ...]:
    """Add an administrator, and an administrator of the first customer that any desk has."""
    password = _login(database, STAFF, Grant(AccessRole.ADMINISTRATOR, EVERYTHING), by)
    staff = DemoLogin(ref("command.demo_staff"), f"{product_url}/", STAFF, password)
    for live in desks:
        with database.read() as connection:
            customer = next(iter(load_customers(connection, live.desk.id).values()), None)
        if customer:
            scope = Scope(desk=live.desk.id, customer=customer.number)
            grant = Grant(AccessRole.CUSTOMER_ADMINISTRATOR, scope)
            password = _login(database, CUSTOMER, grant, by, live.desk.language)
            whose = ref("command.demo_customer", customer=customer.name, desk=live.desk.name)
            page = f"{product_url}/portal/{live.desk.id}"
            return staff, DemoLogin(whose, page, CUSTOMER, password)
    return (staff,)


def _login(database: Database, email: str, grant: Grant, by: Author, language: str = "nb") -> str:
    """Add a user; return the password that they were given."""
    user = add_user(database, NewUser(email, email.partition("@")[0], language), (grant,), by)
    password = secrets.token_urlsafe(SECRET_BYTES)
    set_password(database, user, password, by)
    return password
