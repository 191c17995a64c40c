"""`vakt user`: who may log in, and with which roles. A password is never an argument."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.console import CommandGroup, command_services, refused_in_words
from app.commands.output import columns, show, show_error, written
from app.domain.access.permissions import AccessRole
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.texts.written_moments import day_ref

if TYPE_CHECKING:
    from app.composition import Services
    from app.domain.access.audit import Author
    from app.domain.access.identities import Identity
    from app.domain.access.users import Grant, PersonLink, User
    from app.store import Database

LANGUAGES: Final = ("nb", "nn", "en")
EMAIL = click.argument("email")
BY = click.option("--as", "who", metavar="NAME", help="Who does it; it is noted. [your login]")
ROLES = click.Choice([role.value for role in AccessRole])
AT_DESK = click.option("--desk", metavar="ID", help="Only at this desk. [everywhere]")
OF_CUSTOMER = click.option("--customer", metavar="NUMBER", help="Of a customer of --desk.")
OF_ROSTER = click.option("--roster", metavar="ID", help="Only for this roster. [everywhere]")


@click.group("user", cls=CommandGroup)
def command() -> None:
    """Who may log in on the pages, and with which roles."""


@command.command("add")
@EMAIL
@click.option("--name", required=True, help="What they are called.")
@click.option("--role", type=ROLES, metavar="ROLE", help="One from `vakt user role -h`. [none]")
@AT_DESK
@OF_CUSTOMER
@OF_ROSTER
@click.option("--language", type=click.Choice(LANGUAGES), default="nb", help="Of pages and mail.")
@click.option("--person", metavar="ROSTER/PERSON", help="Who they are on a roster.")
@click.option("--ask-password", is_flag=True, help="Ask for a password here. [print a link]")
@BY
def add(
    email: str,
    name: str,
    role: str | None,
    desk: str | None,
    customer: str | None,
    roster: str | None,
    language: str,
    person: str | None,
    ask_password: bool,
    who: str | None,
) -> None:
    """Add a user who logs in with EMAIL, and print a link by which they set their password.

    The link works once, for a day. The first administrator is added like this:

    \b
    vakt user add kari@council.example --name "Kari Vik" --role administrator
    """  # noqa: D301 - \b is click's mark for lines it must not join
    from app.actions.access.users import add_user
    from app.domain.access.users import read_email, read_name
    from app.store.users import NewUser

    grant = _grant(role, desk, roster, customer) if role else None
    with command_services() as services, refused_in_words():
        new = NewUser(read_email(email), read_name(name), language, _person(person))
        by = author(who)
        user = add_user(services.database, new, (grant,) if grant else (), by)
        show("user_command.added", email=user.email)
        _give_password(services, user, ask_password, by)


@command.command("list")
def list_() -> None:
    """List the users with their roles; the disabled ones last."""
    from app.store.users import list_users

    with command_services() as services, services.database.read() as connection:
        users = list_users(connection)
    for line in columns([_cells(user) for user in users]):
        click.echo(line)
    if not users:
        show_error("user_command.none")


@command.command("role")
@EMAIL
@click.argument("role", type=ROLES, metavar="ROLE")
@AT_DESK
@OF_CUSTOMER
@OF_ROSTER
@click.option("--take", is_flag=True, help="Take the role away. [give it]")
@BY
def role(
    email: str,
    role: str,
    desk: str | None,
    customer: str | None,
    roster: str | None,
    take: bool,
    who: str | None,
) -> None:
    """Give the user with EMAIL a role, or take it away; it holds from their next page on.

    ROLE is administrator (everything, also users), coordinator (roster, customers, desk),
    duty_person (their own duty), agent (customers) or reader (who is on duty); or, with --desk
    and --customer, customer_member, customer_approver, customer_administrator, customer_leader.
    """
    from app.actions.access.users import give_role, take_role

    grant = _grant(role, desk, roster, customer)
    with command_services() as services, refused_in_words():
        user = _user(services.database, email)
        change = take_role if take else give_role
        changed = change(services.database, user.id, grant, author(who))
    show("user_command.roles", email=changed.email, roles=_roles(changed))


@command.command("disable")
@EMAIL
@BY
def disable(email: str, who: str | None) -> None:
    """Let the user with EMAIL log in no more; they are logged out everywhere at once."""
    from app.actions.access.users import disable_user

    user = _change(email, who, disable_user)
    show("user_command.disabled", email=user.email)


@command.command("enable")
@EMAIL
@BY
def enable(email: str, who: str | None) -> None:
    """Let the user with EMAIL log in again, with the roles that they had."""
    from app.actions.access.users import enable_user

    user = _change(email, who, enable_user)
    show("user_command.enabled", email=user.email)


@command.command("password")
@EMAIL
@click.option("--link", is_flag=True, help="Print a link by which they set it. [ask here]")
@BY
def password(email: str, link: bool, who: str | None) -> None:
    """Give the user with EMAIL a new password; they are logged out everywhere."""
    with command_services() as services, refused_in_words():
        user = _user(services.database, email)
        _give_password(services, user, not link, author(who))


@command.command("link")
@EMAIL
@click.argument("provider")
@click.argument("subject")
@click.option("--remove", is_flag=True, help="Take it away again. [add it]")
@BY
def link(email: str, provider: str, subject: str, remove: bool, who: str | None) -> None:
    """Let the user with EMAIL log in by an organisation's own login.

    PROVIDER is its name in the file of VAKT_OPENID; SUBJECT is who they are there. Both stand on
    the page that they see when they try.
    """
    from app.actions.access.identities import link_identity, unlink_identity

    with command_services() as services, refused_in_words():
        identity = _identity(services, provider, subject)
        user = _user(services.database, email)
        change = unlink_identity if remove else link_identity
        change(services.database, user, identity, author(who))
    if remove:
        show("user_command.unlinked", email=user.email, provider=provider)
    else:
        show("user_command.linked", email=user.email, provider=provider)


@command.command("remove-second-factor")
@EMAIL
@BY
def remove_second_factor(email: str, who: str | None) -> None:
    """Let the user with EMAIL, who has lost telephone and recovery codes, log in without them.

    They are logged out everywhere. Make sure first who is asking.
    """
    from app.actions.access.second_factors import remove_second_factors

    user = _change(email, who, remove_second_factors)
    show("user_command.second_factors_removed", email=user.email)


def _identity(services: Services, provider: str, subject: str) -> Identity:
    from app.actions.access.users import UserRefusal, UserRefused
    from app.domain.access.identities import Identity

    for known in services.settings.openid_providers:
        if known.id == provider:
            return Identity(provider, known.issuer, subject)
    raise UserRefused(UserRefusal.UNKNOWN_PROVIDER, provider=provider)


def _give_password(services: Services, user: User, asks: bool, by: Author) -> None:
    from app.actions.access.login_links import PASSWORD_PATH
    from app.actions.access.passwords import make_password_link, set_password

    if asks:
        set_password(services.database, user, _ask_password(user), by)
        show("user_command.password_set", email=user.email)
        return
    secret = make_password_link(services.database, user, by)
    show_error("user_command.link")
    click.echo(f"{services.settings.public_url}{PASSWORD_PATH}/{secret}")


def _ask_password(user: User) -> str:
    """Ask twice, with nothing shown, until both are the same and it is a good one."""
    from app.domain.access.passwords import check_new_password

    while True:
        first = _prompt(ref("user_command.ask_password"))
        try:
            check_new_password(first, user.email, user.name)
        except MessageError as refused:
            click.echo(written(refused.message), err=True)
            continue
        if _prompt(ref("user_command.ask_again")) == first:
            return first
        show_error("user_command.not_the_same")


def _prompt(question: MessageRef) -> str:
    asked: str = click.prompt(written(question), hide_input=True, prompt_suffix=" ", err=True)
    return asked


def _change(email: str, who: str | None, change: Callable[[Database, int, Author], User]) -> User:
    with command_services() as services, refused_in_words():
        return change(services.database, _user(services.database, email).id, author(who))


def _user(database: Database, email: str) -> User:
    from app.actions.access.users import user_with_email
    from app.domain.access.users import read_email

    return user_with_email(database, read_email(email))


def author(who: str | None) -> Author:
    """Return who changes a user at this terminal, for the audit trail."""
    from app.domain.access.actor import command_line
    from app.domain.access.audit import Author

    return Author(command_line(getpass.getuser(), who or ""), clock.now())


def _grant(role: str, desk: str | None, roster: str | None, customer: str | None) -> Grant:
    from app.domain.access.scope import Scope
    from app.domain.access.users import Grant

    if desk and roster:
        raise click.UsageError(written(ref("user_command.desk_or_roster")))
    if customer and not desk:
        raise click.UsageError(written(ref("user_command.customer_of_which_desk")))
    return Grant(AccessRole(role), Scope(desk, roster, customer))


def _person(text: str | None) -> PersonLink | None:
    from app.domain.access.users import PersonLink

    roster, _, person = (text or "").partition("/")
    return PersonLink(roster, person) if text else None


def _cells(user: User) -> tuple[str, ...]:
    disabled = user.disabled_at
    state = ref("user_command.since", day=day_ref(disabled, "UTC")) if disabled else None
    return (user.email, user.name, written(_roles(user)), written(state) if state else "")


def _roles(user: User) -> MessageRef:
    named = tuple(_role(grant) for grant in user.grants)
    return ref("command.as_it_is", words=named) if named else ref("user_command.no_role")


def _role(grant: Grant) -> MessageRef:
    name, scope = MessageRef(f"access_role.{grant.role}"), grant.scope
    if scope.is_everything:
        return ref("command.cell", words=name)
    where = "/".join(filter(None, (scope.desk or scope.roster, scope.customer)))
    return ref("user_command.role_at", role=name, where=where)
