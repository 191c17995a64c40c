"""What the pages of requests do, for those on the roster and for coordinators alike.

A page says whose it is and where it leads back; who may open it stands beside its address.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from app.actions.roster.duty_requests import (
    WantedCover,
    WantedMove,
    WantedSwap,
    ask_for_cover,
    find_duty_request,
    move_request,
    offer_swap,
)
from app.actions.roster.shown_rosters import RosterInUse, ShownRoster, show_roster
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.reasons import AccessCode, because
from app.domain.roster.duty_request_moves import refusal
from app.domain.roster.duty_requests import DutyRequest, RequestMove
from app.domain.roster.request_notices import slot_text
from app.web.page_access import Forbidden
from app.web.pages.forms import FilledForm
from app.web.pages.render import page
from app.web.pages.request_forms import (
    AskedAbout,
    Cover,
    Swap,
    chosen,
    cover_form,
    read_cover,
    swap_form,
)
from app.web.pages.request_view import Reader, moves, request_view
from app.web.pages.roster_check import seen_revision
from app.web.services import current_services
from app.web.session import current_author

CHANGES_ROSTER = frozenset({RequestMove.YES, RequestMove.APPROVE})


@dataclass(frozen=True, slots=True)
class RequestPages:
    """The pages of one reader: below `path`, which leads back to a page with that title."""

    shown: ShownRoster
    reader: Reader
    path: str
    title: MessageRef
    now: datetime

    @property
    def roster(self) -> RosterInUse:
        """The roster as it is live."""
        return self.shown.roster

    def ask(self, about: AskedAbout) -> Response:
        """Show whom to ask for cover; or ask them."""
        slots = about.slots
        if not slots:
            return self._nothing()
        if request.method == "GET":
            return self._form("cover", about, cover_form(about, slots))
        form = read_cover(about, slots, request.form)
        if form.value is not None:
            people, why = tuple(form.value.people), form.value.why
            wanted = WantedCover(self.roster.id, slots, people, why)
            try:
                found = ask_for_cover(current_services().database, wanted, current_author())
            except MessageError as wrong:
                form.refuse(wrong.message)
            else:
                return self._done(found[0], "asked")
        return self._form("cover", about, form, 422)

    def offer(self, about: AskedAbout) -> Response:
        """Show the shifts that can be had for one's own; or offer it for one of them."""
        slot = about.slot
        if slot is None:
            return self._nothing()
        if request.method == "GET":
            return self._form("swap", about, swap_form(about))
        form = swap_form(about, request.form)
        theirs = chosen(about, form.value.wanted) if form.value else None
        if form.value and theirs:
            wanted = WantedSwap(self.roster.id, slot, theirs, form.value.why)
            try:
                found = offer_swap(current_services().database, wanted, current_author())
            except MessageError as wrong:
                form.refuse(wrong.message)
            else:
                return self._done(found, "asked")
        return self._form("swap", about, form, 422)

    def show(self, number: int, refused: MessageRef | None = None) -> Response:
        """Show one request with its difference; `refused` says why nothing was done."""
        found = self._found(number)
        view = request_view(self.shown, found, self.reader, self.now)
        done = request.args.get("done", "") if refused is None else ""
        return page(
            "request.html",
            self._title(f"title_{found.kind}", found.slot.person),
            status=409 if refused else 200,
            time_zone=self.roster.plan.time_zone,
            view=view,
            back=self.path,
            back_title=self.title,
            refused=refused,
            done=done if done in ("asked", *RequestMove) else "",
        )

    def move(self, number: int) -> Response:
        """Do what a button says; whoever comes too late reads why nothing was done."""
        found, wanted = self._found(number), request.form.get("move", "")
        if wanted not in set(RequestMove):
            return self.show(number, ref("requests_page.choose"))
        move, seen = RequestMove(wanted), seen_revision()
        is_moved = seen is not None and seen != self.shown.revision
        if why := self._refusal(found, move):
            return self.show(number, why)
        if is_moved and move in CHANGES_ROSTER:
            return self.show(number, ref("requests_page.meanwhile"))
        asked = WantedMove(self.roster.id, number, move, self.reader.person)
        done = move_request(current_services().database, asked, current_author())
        if done is None:
            abort(404)
        if done.refused:
            again = show_roster(current_services().database, self.roster.id) or self.shown
            pages = RequestPages(again, self.reader, self.path, self.title, self.now)
            return pages.show(number, done.refused)
        return self._done(done.request, move)

    def _refusal(self, found: DutyRequest, move: RequestMove) -> MessageRef | None:
        """Why the reader cannot do this: too late, or not theirs to do."""
        if move in moves(self.roster, found, self.reader, self.now):
            return None
        if why := refusal(found, move, self.reader.person, self.roster.plan):
            return why
        has_begun = move is RequestMove.UNDO and self.reader.person in found.people
        return ref("duty_request_refused.begun" if has_begun else "duty_request_refused.not_yours")

    def _found(self, number: int) -> DutyRequest:
        """The request; nobody but its people and coordinators may read it."""
        found = find_duty_request(current_services().database, self.roster.id, number)
        if found is None:
            abort(404)
        if not self.reader.is_coordinator and self.reader.person not in found.people:
            raise Forbidden(because(AccessCode.NOT_OWN_REQUEST))
        return found

    def _form(
        self,
        kind: str,
        about: AskedAbout,
        form: FilledForm[Cover] | FilledForm[Swap],
        status: int = 200,
    ) -> Response:
        return page(
            "request_form.html",
            self._title(f"ask_{kind}", about.person),
            status=status,
            time_zone=self.roster.plan.time_zone,
            kind=kind,
            about=about,
            name=self.roster.plan.name_of(about.person),
            slots=[slot_text(each) for each in about.slots],
            form=form,
            back=self.path,
            back_title=self.title,
        )

    def _title(self, text: str, person: str) -> MessageRef:
        """The title of a page; a coordinator reads whose shift it is about."""
        if not self.reader.is_coordinator:
            return ref(f"requests_page.{text}")
        return ref(f"requests_page.{text}_of", name=self.roster.plan.name_of(person))

    def _nothing(self) -> Response:
        """There is no such shift, or no more."""
        return page(
            "request_nothing.html",
            "requests_page.no_shift",
            status=404,
            time_zone=self.roster.plan.time_zone,
            back=self.path,
            back_title=self.title,
        )

    def _done(self, found: DutyRequest, what: str) -> Response:
        return redirect(f"{self.path}/requests/{found.id}?done={what}#done", 303)
