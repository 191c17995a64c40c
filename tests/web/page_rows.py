"""Who may open which page, and what each of them is answered: a row for each rule and method.

A page without a row fails test_who_may_open_what.py. The answers are to a form of a page of ours
that is empty, from somebody who has just logged in.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.access.permissions import CUSTOMER_ROLES, STAFF_ROLES, AccessRole

ADMINISTRATOR = frozenset({AccessRole.ADMINISTRATOR})
PLANNERS = ADMINISTRATOR | {AccessRole.COORDINATOR}
EVERY_ROLE = frozenset(STAFF_ROLES)
CUSTOMERS = CUSTOMER_ROLES
CUSTOMER_ADMINISTRATOR = frozenset({AccessRole.CUSTOMER_ADMINISTRATOR})
WITH_CUSTOMERS = PLANNERS | {AccessRole.AGENT}
WITH_OUTAGE = PLANNERS | {AccessRole.AGENT, AccessRole.DUTY_PERSON}
COORDINATORS = frozenset({AccessRole.COORDINATOR})
WORKERS = WITH_OUTAGE
WITH_DUTY = PLANNERS | {AccessRole.DUTY_PERSON}


@dataclass(frozen=True)
class Row:
    """What is answered: to whoever is not logged in, to those with these roles, to the others."""

    anonymous: int
    allowed: int
    roles: frozenset[AccessRole] = EVERY_ROLE | CUSTOMERS
    no_role: int = 403  # somebody who has logged in and has no role at all

    def answer(self, role: AccessRole | None) -> int:
        """What somebody with one role everywhere is answered."""
        if role is None:
            return self.no_role
        return self.allowed if role in self.roles else 403


def anybody(status: int, logged_in: int | None = None) -> Row:
    """A page for everybody; who is logged in may be answered otherwise."""
    answer = status if logged_in is None else logged_in
    return Row(status, answer, no_role=answer)


def users(status: int, *, is_form: bool = False) -> Row:
    """A page for whoever is logged in: others are asked to log in, and a form is carried on."""
    return Row(401 if is_form else 303, status, no_role=status)


def only(roles: frozenset[AccessRole], status: int, *, is_form: bool = False) -> Row:
    """A page for some roles."""
    return Row(401 if is_form else 303, status, roles)


DESK = "/desks/<string(maxlength=64):desk>"
DESK_LIST = f"{DESK}/lists/<string(maxlength=20):name>"
CUSTOMER = f"{DESK}/customers/<string(maxlength=8):number>"
TICKET = "/tickets/<int(max=9223372036854775807):number>"
PORTAL = "/portal/<string(maxlength=64):desk>"
CASE = f"{PORTAL}/cases/<int(max=9223372036854775807):number>"
ROSTER = "/rosters/<string(maxlength=64):roster>"
ROSTER_PERSON = f"{ROSTER}/people/<string(maxlength=64):person>"
ROTATION = f"{ROSTER}/rotations/<string(maxlength=64):rotation>"

ROWS = {
    "GET /": only(EVERY_ROLE, 200),
    "GET /now/desks": only(EVERY_ROLE, 200),
    "GET /wall/<string(maxlength=100):secret>": anybody(404),
    "GET /wall/<string(maxlength=100):secret>/desks": anybody(404),
    "GET /ical/<string(maxlength=100):secret>.ics": anybody(404),
    "GET /n/<string(maxlength=60):token>": anybody(404),
    "GET /c/<string(maxlength=60):token>": anybody(404),
    "POST /c/<string(maxlength=60):token>": anybody(404),
    "POST /n/<string(maxlength=60):token>/take": anybody(404),
    "POST /n/<string(maxlength=60):token>/pass-on": anybody(404),
    "POST /n/<string(maxlength=60):token>/ring-again": anybody(404),
    "GET /about": anybody(200),
    "GET /too-large": anybody(413),
    "GET /docs/<string(maxlength=40):name>": anybody(404),
    "GET /static/<string(maxlength=80):name>": anybody(404),
    "GET /language/<string(maxlength=2):code>": anybody(404),
    "GET /listen/<string(maxlength=600):token>": anybody(404),
    "POST /listen/<string(maxlength=600):token>": anybody(404),
    "GET /login": anybody(200, logged_in=303),
    "POST /login": anybody(422),
    "GET /login/mail": anybody(200),
    "POST /login/mail": anybody(422),
    "GET /login/link/<string(maxlength=100):secret>": anybody(404),
    "POST /login/link/<string(maxlength=100):secret>": anybody(404),
    "GET /login/password/<string(maxlength=100):secret>": anybody(404),
    "POST /login/password/<string(maxlength=100):secret>": anybody(404),
    "GET /login/code": anybody(303),
    "POST /login/code": anybody(422),
    "GET /login/openid/<string(maxlength=40):provider>": anybody(404),
    "GET /login/openid/<string(maxlength=40):provider>/callback": anybody(404),
    "POST /login/passkey": anybody(422),
    "POST /login/go-on": anybody(422, logged_in=303),
    "POST /logout": anybody(200),
    "GET /account": users(200),
    "POST /account/details": users(422, is_form=True),
    "GET /account/password": users(200),
    "POST /account/password": users(422, is_form=True),
    "GET /account/confirm": users(200),
    "POST /account/confirm": users(422, is_form=True),
    "POST /account/sessions/<int:session>/end": users(303, is_form=True),
    "POST /account/sessions/end": users(303, is_form=True),
    "POST /account/authenticator/begin": users(303, is_form=True),
    "GET /account/authenticator": users(200),  # everybody has begun it
    "POST /account/authenticator": users(422, is_form=True),
    "POST /account/authenticator/remove": users(303, is_form=True),
    "GET /account/passkeys/new": users(200),
    "POST /account/passkeys/new": users(422, is_form=True),
    "POST /account/passkeys/<int:passkey>/remove": users(303, is_form=True),
    "GET /account/openid/<string(maxlength=40):provider>": users(404),
    "POST /account/openid/<string(maxlength=40):provider>/remove": users(404, is_form=True),
    "POST /account/recovery-codes": users(303, is_form=True),
    "GET /users": only(ADMINISTRATOR, 200),
    "GET /users/new": only(ADMINISTRATOR, 200),
    "POST /users/new": only(ADMINISTRATOR, 422, is_form=True),
    "GET /users/<int:user_id>": only(ADMINISTRATOR, 200),
    "POST /users/<int:user_id>/details": only(ADMINISTRATOR, 422, is_form=True),
    "POST /users/<int:user_id>/roles": only(ADMINISTRATOR, 422, is_form=True),
    "POST /users/<int:user_id>/roles/take": only(ADMINISTRATOR, 422, is_form=True),
    "POST /users/<int:user_id>/disable": only(ADMINISTRATOR, 303, is_form=True),
    "POST /users/<int:user_id>/enable": only(ADMINISTRATOR, 303, is_form=True),
    "POST /users/<int:user_id>/password-link": only(ADMINISTRATOR, 200, is_form=True),
    "POST /users/<int:user_id>/second-factor/remove": only(ADMINISTRATOR, 422, is_form=True),
    "GET /my-duty": only(WITH_DUTY, 200),
    "GET /my-duty/take": only(WITH_DUTY, 403),  # of those none is on a roster
    "GET /my-duty/calendar": only(WITH_DUTY, 403),
    "POST /my-duty/calendar": only(WITH_DUTY, 403, is_form=True),
    "POST /my-duty/calendar/remove": only(WITH_DUTY, 403, is_form=True),
    "POST /my-duty/shifts/<int:number>/confirm": only(WITH_DUTY, 403, is_form=True),
    "GET /my-duty/notices": only(COORDINATORS, 200),  # of gaps; others need a roster to stand on
    "POST /my-duty/notices": only(COORDINATORS, 303, is_form=True),
    "GET /my-duty/call-outs": only(WITH_DUTY, 403),
    "POST /my-duty/call-outs": only(WITH_DUTY, 403, is_form=True),
    "GET /my-duty/call-outs/<string(maxlength=64):about>": only(WITH_DUTY, 403),
    "POST /my-duty/call-outs/<string(maxlength=64):about>": only(WITH_DUTY, 403, is_form=True),
    "GET /my-duty/pin": only(WITH_DUTY, 403),
    "POST /my-duty/pin": only(WITH_DUTY, 403, is_form=True),
    "POST /my-duty/pin/remove": only(WITH_DUTY, 403, is_form=True),
    "GET /my-duty/numbers": only(WITH_DUTY, 403),
    "GET /my-duty/numbers/now": only(WITH_DUTY, 403),
    "POST /my-duty/numbers": only(WITH_DUTY, 403, is_form=True),
    "GET /my-duty/contact.vcf": only(WITH_DUTY, 403),
    "GET /my-duty/change": only(WITH_DUTY, 403),
    "POST /my-duty/change": only(WITH_DUTY, 403, is_form=True),
    "POST /my-duty/entries/<int:entry>/withdraw": only(WITH_DUTY, 403, is_form=True),
    "GET /my-duty/cover": only(WITH_DUTY, 403),
    "POST /my-duty/cover": only(WITH_DUTY, 403, is_form=True),
    "GET /my-duty/swap": only(WITH_DUTY, 403),
    "POST /my-duty/swap": only(WITH_DUTY, 403, is_form=True),
    "GET /my-duty/requests/<int:number>": only(WITH_DUTY, 403),
    "POST /my-duty/requests/<int:number>": only(WITH_DUTY, 403, is_form=True),
    "GET /rosters": only(EVERY_ROLE, 200),
    f"GET {ROSTER}": only(EVERY_ROLE, 200),
    f"POST {ROSTER}/entries/<int:entry>/withdraw": only(PLANNERS, 404, is_form=True),
    f"POST {ROSTER}/shifts/<int:number>/confirm": only(PLANNERS, 303, is_form=True),
    f"GET {ROSTER}/change": only(PLANNERS, 200),
    f"POST {ROSTER}/change": only(PLANNERS, 422, is_form=True),
    f"GET {ROSTER}/plan": only(PLANNERS, 200),
    f"POST {ROSTER}/plan/undo": only(PLANNERS, 409, is_form=True),
    f"GET {ROSTER_PERSON}": only(PLANNERS, 404),
    f"POST {ROSTER_PERSON}": only(PLANNERS, 404, is_form=True),
    f"GET {ROTATION}": only(PLANNERS, 404),
    f"POST {ROTATION}": only(PLANNERS, 404, is_form=True),
    f"GET {ROSTER}/hours": only(PLANNERS, 200),
    f"GET {ROSTER}/hours/csv": only(PLANNERS, 200),
    f"GET {ROSTER}/hours/xlsx": only(PLANNERS, 200),
    f"GET {ROSTER}/versions": only(PLANNERS, 200),
    f"GET {ROSTER}/versions/difference": only(PLANNERS, 404),  # of what is not said
    f"GET {ROSTER}/document": only(PLANNERS, 200),
    f"GET {ROSTER}/document/edit": only(PLANNERS, 200),
    f"POST {ROSTER}/document/edit": only(PLANNERS, 422, is_form=True),
    f"GET {ROSTER}/publish": only(PLANNERS, 200),
    f"POST {ROSTER}/publish": only(PLANNERS, 422, is_form=True),
    f"POST {ROSTER}/publish/undo": only(PLANNERS, 404, is_form=True),
    f"GET {ROSTER}/drafts": only(PLANNERS, 200),
    f"POST {ROSTER}/drafts": only(PLANNERS, 422, is_form=True),
    f"GET {ROSTER}/drafts/<int:number>": only(PLANNERS, 404),
    f"POST {ROSTER}/drafts/<int:number>": only(PLANNERS, 404, is_form=True),
    f"GET {ROSTER}/cover": only(PLANNERS, 404),  # of nobody's shift
    f"POST {ROSTER}/cover": only(PLANNERS, 404, is_form=True),
    f"GET {ROSTER}/requests/<int:number>": only(PLANNERS, 404),
    f"POST {ROSTER}/requests/<int:number>": only(PLANNERS, 404, is_form=True),
    "GET /desks": only(EVERY_ROLE, 200),
    f"GET {DESK}/hours": only(EVERY_ROLE, 200),
    f"GET {DESK}/hours/change": only(PLANNERS, 200),
    f"POST {DESK}/hours/change": only(PLANNERS, 422, is_form=True),
    f"POST {DESK}/hours/undo": only(PLANNERS, 404, is_form=True),
    f"GET {DESK_LIST}": only(PLANNERS, 200),
    f"POST {DESK_LIST}": only(PLANNERS, 422, is_form=True),
    f"POST {DESK_LIST}/undo": only(PLANNERS, 404, is_form=True),
    # Of a ticket that is not there; one that is, in test_ticket_page.py.
    "GET /tickets": only(WORKERS, 200),
    "GET /tickets/rows": only(WORKERS, 200),
    "GET /tickets/filters": only(WORKERS, 200),
    "POST /tickets/filters": only(WORKERS, 422, is_form=True),
    "POST /tickets/filters/<int:filter_id>/rename": only(WORKERS, 404, is_form=True),
    "POST /tickets/filters/<int:filter_id>/delete": only(WORKERS, 404, is_form=True),
    "GET /tickets/bulk": only(WORKERS, 200),
    "POST /tickets/bulk/preview": only(WORKERS, 422, is_form=True),
    "POST /tickets/bulk": only(WORKERS, 422, is_form=True),
    "POST /tickets/bulk/undo": only(WORKERS, 200, is_form=True),
    f"GET {TICKET}": only(WORKERS, 404),
    f"GET {TICKET}/files/<int(max=9223372036854775807):attachment>": only(WORKERS, 404),
    f"GET {TICKET}/recordings/<string(maxlength=64):sid>": only(WORKERS, 404),
    f"POST {TICKET}/reply": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/note": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/move": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/take": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/assign": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/route": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/priority": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/call": only(WORKERS, 404, is_form=True),
    f"GET {TICKET}/writing": only(WORKERS, 404),
    f"POST {TICKET}/writing": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/hold": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/workaround": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/agreed-date": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/link": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/merge": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/split": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/copy": only(WORKERS, 404, is_form=True),
    f"POST {TICKET}/undo": only(WORKERS, 404, is_form=True),
    f"GET {DESK}/outage": only(WITH_OUTAGE, 200),
    f"POST {DESK}/outage": only(WITH_OUTAGE, 303, is_form=True),
    f"POST {DESK}/outage/end": only(WITH_OUTAGE, 422, is_form=True),
    f"GET {DESK}/targets": only(WORKERS, 200),
    f"GET {DESK}/targets/csv": only(WORKERS, 200),
    f"GET {DESK}/targets/xlsx": only(WORKERS, 200),
    f"GET {DESK}/blocked": only(WITH_CUSTOMERS, 200),
    f"POST {DESK}/blocked": only(PLANNERS, 422, is_form=True),
    f"POST {DESK}/blocked/remove": only(PLANNERS, 422, is_form=True),
    f"GET {DESK}/customers": only(WITH_CUSTOMERS, 200),
    f"GET {CUSTOMER}": only(WITH_CUSTOMERS, 200),
    f"POST {CUSTOMER}": only(PLANNERS, 422, is_form=True),
    f"GET {DESK}/customers/import": only(PLANNERS, 200),
    f"POST {DESK}/customers/import": only(PLANNERS, 422, is_form=True),
    f"GET {DESK}/customers/export.csv": only(PLANNERS, 200),
    f"GET {DESK}/accounts": only(WITH_CUSTOMERS, 200),
    f"GET {DESK}/accounts/<int:number>": only(WITH_CUSTOMERS, 404),
    f"POST {DESK}/accounts/<int:number>": only(WITH_CUSTOMERS, 404, is_form=True),
    "GET /portal": only(CUSTOMERS, 303),  # to the only desk
    f"GET {PORTAL}": only(CUSTOMERS, 200),
    f"GET {CUSTOMER}/people": only(WITH_CUSTOMERS, 200),
    f"POST {CUSTOMER}/people": only(WITH_CUSTOMERS, 422, is_form=True),
    f"GET {CUSTOMER}/people/<int:user_id>": only(WITH_CUSTOMERS, 404),
    f"POST {CUSTOMER}/people/<int:user_id>": only(WITH_CUSTOMERS, 404, is_form=True),
    f"POST {CUSTOMER}/people/invitations/<int:invitation>": only(WITH_CUSTOMERS, 404, is_form=True),
    f"GET {PORTAL}/people": only(CUSTOMER_ADMINISTRATOR, 200),
    f"POST {PORTAL}/people": only(CUSTOMER_ADMINISTRATOR, 422, is_form=True),
    f"GET {PORTAL}/people/<int:user_id>": only(CUSTOMER_ADMINISTRATOR, 404),
    f"POST {PORTAL}/people/<int:user_id>": only(CUSTOMER_ADMINISTRATOR, 404, is_form=True),
    f"POST {PORTAL}/people/invitations/<int:invitation>": only(
        CUSTOMER_ADMINISTRATOR, 404, is_form=True
    ),
    f"GET {PORTAL}/cases": only(CUSTOMERS, 200),
    f"GET {PORTAL}/questions": only(CUSTOMERS, 200),
    f"POST {PORTAL}/affected": only(CUSTOMERS, 303, is_form=True),
    f"GET {PORTAL}/new": only(CUSTOMERS, 200),
    f"GET {PORTAL}/new/case": only(CUSTOMERS, 303),  # nothing is chosen
    f"POST {PORTAL}/new/case": only(CUSTOMERS, 303, is_form=True),
    f"GET {PORTAL}/suggestions": only(CUSTOMERS, 200),
    f"GET {CASE}": only(CUSTOMERS, 404),
    f"POST {CASE}/moves": only(CUSTOMERS, 404, is_form=True),
    f"POST {CASE}/comments": only(CUSTOMERS, 404, is_form=True),
    f"POST {CASE}/files": only(CUSTOMERS, 404, is_form=True),
    f"GET {CASE}/files/<int(max=9223372036854775807):attachment>": only(CUSTOMERS, 404),
    f"GET {CASE}/recordings/<string(maxlength=64):sid>": only(CUSTOMERS, 404),
    f"POST {CASE}/watch": only(CUSTOMERS, 404, is_form=True),
    f"GET {PORTAL}/account": anybody(200),
    f"POST {PORTAL}/account": anybody(422),
    "GET /login/account/<string(maxlength=100):secret>": anybody(404),
    "POST /login/account/<string(maxlength=100):secret>": anybody(404),
    "GET /audit": only(ADMINISTRATOR, 200),
}
