"""`/desks/ID/customers`: a desk's customers to look for, and one of them to read and to change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app.actions.desks.change_customers import (
    CustomerEdit,
    CustomerShown,
    CustomersRefusal,
    CustomersRefused,
    edit_customer,
    show_customer,
)
from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.config.diagnostics import Diagnostics
from app.domain.config.phone_part import read_number, split_numbers
from app.domain.desks.customers_merge import field_changes
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.texts.written_moments import spaced
from app.domain.time.parsing import read_whole
from app.store.desks import find_desk
from app.store.pagination import PAGE
from app.store.people import CustomerLine, list_customers, numbers_of_customers
from app.web.page_access import needs, require
from app.web.pages.desks_page import ONE_DESK
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author, current_user

customers_page = Blueprint("customers_page", __name__, url_prefix="/desks")

CUSTOMERS: Final = f"{ONE_DESK}/customers"
ONE: Final = f"{CUSTOMERS}/<string(maxlength=8):number>"
LONGEST_SOUGHT: Final = 100
LONGEST_CELL: Final = 2000
FEWEST_DIGITS: Final = 5  # of a telephone number that is looked for
# At which field a diagnostic of a customer stands, by its code.
FIELDS: Final = {
    "bad_name": "name",
    "missing": "agreement",
    "unknown_agreement": "agreement",
    "unknown_owner": "owner",
    "unknown_class": "caller_class",
    "shared_and_personal": "shared_phones",
    "bad_mail_domain": "mail_domains",
    "public_mail_domain": "mail_domains",
}


class Sought(BaseModel):
    """Which customers are looked for."""

    q: str = Limits("", max_length=LONGEST_SOUGHT)
    agreement: str = ""


class Details(BaseModel):
    """What a customer has; empty lists are no numbers."""

    name: str
    agreement: str
    phones: str = Limits("", max_length=LONGEST_CELL)
    shared_phones: str = Limits("", max_length=LONGEST_CELL)
    caller_class: str = ""
    owner: str = ""
    mail_domains: str = Limits("", max_length=LONGEST_CELL)


SEARCH: Final = Form(
    "customers_form",
    Sought,
    (Field("q", has_hint=True, width="medium"), Field("agreement", Kind.SELECT, width="medium")),
)
DETAILS: Final = Form(
    "customer_form",
    Details,
    (
        Field("name", width="medium"),
        Field("agreement", Kind.SELECT),
        Field("phones", Kind.TEXTAREA, has_hint=True),
        Field("shared_phones", Kind.TEXTAREA, has_hint=True),
        Field("caller_class", Kind.SELECT, has_hint=True),
        Field("owner", Kind.SELECT),
        Field("mail_domains", width="medium", has_hint=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the customers that were looked for."""

    lines: tuple[CustomerLine, ...]
    count: int
    of: int
    number: int
    last: int


@customers_page.get(CUSTOMERS)
@needs(Permission.SEE_CUSTOMERS)
def customers(desk: str) -> Response:
    """List a desk's customers, or those that are looked for."""
    require(Permission.SEE_CUSTOMERS, Scope(desk=desk))
    with current_services().database.read() as connection:
        live = find_desk(connection, desk)
        if live is None:
            abort(404)
        form = SEARCH.read(request.args, {"agreement": _agreements(live.desk)})
        text = form["q"].value.strip()
        digits = "".join(sign for sign in text if sign.isdigit())
        is_number = len(digits) >= FEWEST_DIGITS
        by_phone = numbers_of_customers(connection, desk, digits) if is_number else frozenset()
        lines = list_customers(connection, desk)
    sought = text if form.value else ""
    found = _found(lines, sought, form["agreement"].value if form.value else "", by_phone)
    return page(
        "customers.html",
        ref("customers_page.title", desk=live.desk.name),
        form=form,
        found=found,
        agreements={each.id: each.name for each in live.desk.agreements},
        address=f"/desks/{desk}/customers",
        pages=f"/desks/{desk}/customers?{urlencode({**_asked(form), 'page': ''})}",
        is_filtered=bool(_asked(form)),
        imported=_imported(),
        may_change=_may_change(desk),
    )


@customers_page.get(ONE)
@needs(Permission.SEE_CUSTOMERS)
def customer(desk: str, number: str) -> Response:
    """Show a customer; to whoever may change it as a form."""
    require(Permission.SEE_CUSTOMERS, Scope(desk=desk))
    shown = _shown(desk, number)
    return _show(shown, _filled(shown), is_saved=request.args.get("saved") == "1")


@customers_page.post(ONE)
@needs(Permission.CHANGE_CUSTOMERS)
def change(desk: str, number: str) -> Response:
    """Save a customer, with what `vakt desk import` would say at its field."""
    require(Permission.CHANGE_CUSTOMERS, Scope(desk=desk))
    shown = _shown(desk, number)
    form = DETAILS.read(request.form, _options(shown))
    if form.value is None:
        return _show(shown, form, 422)
    cells = {**form.value.model_dump(), "number": number, "class": form.value.caller_class}
    for name in ("phones", "shared_phones"):
        cells[name] = "; ".join(cells[name].splitlines())
    wanted = CustomerEdit(desk, number, cells, request.form.get("seen", ""))
    done = edit_customer(current_services().database, wanted, current_author())
    if isinstance(done, CustomersRefused):
        return _refused(shown, form, done)
    return redirect(f"/desks/{desk}/customers/{number}?saved=1#done", 303)


def _refused(
    shown: CustomerShown, form: FilledForm[Details], refused: CustomersRefused
) -> Response:
    if refused.refusal is CustomersRefusal.NO_SUCH:
        abort(404)
    if refused.refusal is CustomersRefusal.CHANGED_MEANWHILE:
        return _show(shown, form, 409)
    for each in refused.diagnostics:
        form.refuse(each.message, _field(each.code, form))
    return _show(shown, form, 422)


def _field(code: str, form: FilledForm[Details]) -> str:
    """At which field a fault stands; of two lists of numbers the one that holds it."""
    if code != "unreadable_number":
        return FIELDS.get(code, "")
    return "phones" if _has_wrong_number(form["phones"].value) else "shared_phones"


def _has_wrong_number(text: str) -> bool:
    try:
        for each in split_numbers("; ".join(text.splitlines())):
            read_number(each)
    except MessageError:
        return True
    return False


def _show(
    shown: CustomerShown, form: FilledForm[Details], status: int = 200, *, is_saved: bool = False
) -> Response:
    desk, stored = shown.live.desk, shown.stored
    return page(
        "customer.html",
        ref("customer_page.title", number=stored.customer.number, name=stored.customer.name),
        status=status,
        desk=desk,
        customer=stored.customer,
        is_changed_meanwhile=status == 409,
        in_file=tuple(field_changes(stored, stored.in_file)) if stored.in_file else (),
        warnings=_messages(shown.warnings),
        form=form,
        seen=shown.seen,
        agreements={each.id: each.name for each in desk.agreements},
        owners={each.id: each.name for each in desk.owners},
        address=f"/desks/{desk.id}/customers",
        may_change=_may_change(desk.id),
        may_manage_people=may(
            current_user(), Permission.MANAGE_ACCOUNTS, Scope(desk=desk.id)
        ).is_allowed,
        is_saved=is_saved,
        value_text=value_text,
        spaced=spaced,
    )


def value_text(value: str | tuple[str, ...]) -> MessageRef | str:
    """Write the value of a customer's field: numbers as people read them, nothing in a word."""
    text = value if isinstance(value, str) else "; ".join(_readable(each) for each in value)
    return text or MessageRef("customer_page.nothing")


def _readable(value: str) -> str:
    return spaced(value) if value.startswith("+") else value


def _filled(shown: CustomerShown) -> FilledForm[Details]:
    of = shown.stored.customer
    known = {
        "name": of.name,
        "agreement": of.agreement,
        "phones": "\n".join(spaced(each) for each in of.phones),
        "shared_phones": "\n".join(spaced(each) for each in of.shared_phones),
        "caller_class": of.caller_class,
        "owner": of.owner,
        "mail_domains": " ".join(of.mail_domains),
    }
    return DETAILS.blank(_options(shown), **known)


def _options(shown: CustomerShown) -> dict[str, list[Option]]:
    desk, of = shown.live.desk, shown.stored.customer
    classes = [Option(each.caller_class, each.caller_class) for each in desk.not_served]
    owners = [Option(each.id, each.name) for each in desk.owners]
    return {
        "agreement": _with(of.agreement, _agreements(desk)),
        "caller_class": _with(of.caller_class, (each for each in classes if each.value)),
        "owner": _with(of.owner, owners),
    }


def _with(value: str, options: Iterable[Option]) -> list[Option]:
    """The choices, and what is there already whether it is one or not."""
    found = list(options)
    is_one = not value or any(each.value == value for each in found)
    return found if is_one else [*found, Option(value, value)]


def _agreements(desk: Desk) -> list[Option]:
    return [Option(each.id, each.name) for each in desk.agreements]


def _shown(desk: str, number: str) -> CustomerShown:
    shown = show_customer(current_services().database, desk, number)
    if shown is None:
        abort(404)
    return shown


def _found(
    lines: tuple[CustomerLine, ...], text: str, agreement: str, by_phone: frozenset[str]
) -> Found:
    found = tuple(_matching(lines, text.casefold(), agreement, by_phone))
    last = max((len(found) + PAGE - 1) // PAGE, 1)
    asked = request.args.get("page", "")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 7
    number = min(max(read_whole(asked), 1), last) if is_number else 1
    shown = found[(number - 1) * PAGE : number * PAGE]
    return Found(shown, len(found), len(lines), number, last)


def _matching(
    lines: tuple[CustomerLine, ...], text: str, agreement: str, by_phone: frozenset[str]
) -> Iterator[CustomerLine]:
    for each in lines:
        is_one = text in each.name.casefold() or each.number.startswith(text)
        if (is_one or each.number in by_phone) and agreement in ("", each.agreement):
            yield each


def _asked(form: FilledForm[Sought]) -> dict[str, str]:
    return {each.name: each.value for each in form if each.value}


def _imported() -> tuple[int, ...]:
    """How many customers an import has just added, changed and removed."""
    told = [request.args.get(name, "") for name in ("added", "changed", "removed")]
    is_told = all(each.isascii() and each.isdecimal() and len(each) < 9 for each in told)
    return tuple(int(each) for each in told) if is_told else ()


def _may_change(desk: str) -> bool:
    return may(current_user(), Permission.CHANGE_CUSTOMERS, Scope(desk=desk)).is_allowed


def _messages(found: Diagnostics) -> tuple[MessageRef, ...]:
    return tuple(each.message for each in found)
