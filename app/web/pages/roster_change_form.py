"""The form of a change in a roster: somebody takes over, or somebody is away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.datastructures import MultiDict

from app.actions.roster.shift_candidates import shift_candidates
from app.actions.roster.shown_rosters import RosterInUse
from app.domain.message_refs import MessageRef, ref
from app.domain.roles import ROTATION_ROLES
from app.domain.roster.entries import EntryKind
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.next_shift import Candidate
from app.domain.texts.typed_echo import occurrence_answers, occurrence_question
from app.domain.time.intervals import Interval
from app.domain.time.typed_moments import (
    MomentRead,
    MomentRefused,
    TimeField,
    WhichOccurrence,
    read_typed_moment,
)
from app.domain.toml_positions import TomlValue
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.services import current_services

LONGEST_REASON: Final = 200
LONGEST_TYPED: Final = 120
AN_HOUR: Final = timedelta(hours=1)
A_DAY: Final = timedelta(days=1)
MOST_CANDIDATE_DAYS: Final = timedelta(days=400)


class Absence(BaseModel):
    """Somebody cannot be rung."""

    who: str
    since: str = Limits(max_length=LONGEST_TYPED)
    until: str = Limits(max_length=LONGEST_TYPED)
    since_answer: str = ""
    until_answer: str = ""
    why: str = Limits("", max_length=LONGEST_REASON)


class Takeover(Absence):
    """Somebody takes a role, all of it or only what one person would have had."""

    role: str
    instead_of: str = ""


ANSWERS: Final = tuple(Option(value, label) for value, label in occurrence_answers().items())
TIMES: Final = (
    Field("since", has_hint=True, width="medium"),
    Field("since_answer", Kind.RADIOS, options=ANSWERS),
    Field("until", has_hint=True, width="medium"),
    Field("until_answer", Kind.RADIOS, options=ANSWERS),
    Field("why"),
)
ROLES: Final = tuple(Option(role, MessageRef(f"role.{role}")) for role in ROTATION_ROLES)
TAKEOVER: Final[Form[Absence]] = Form(
    "takeover_form",
    Takeover,
    (
        Field("who", Kind.RADIOS),
        Field("role", Kind.SELECT, options=ROLES),
        Field("instead_of", Kind.SELECT, has_hint=True),
        *TIMES,
    ),
)
ABSENCE: Final[Form[Absence]] = Form("absence_form", Absence, (Field("who", Kind.RADIOS), *TIMES))
FORMS: Final[Mapping[EntryKind, Form[Absence]]] = {
    EntryKind.OVERRIDE: TAKEOVER,
    EntryKind.ABSENCE: ABSENCE,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A change that has been read: what it is, and its time."""

    kind: EntryKind
    values: dict[str, TomlValue]
    when: Interval


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """Reads and shows the form of one kind for one roster."""

    kind: EntryKind
    in_use: RosterInUse
    now: datetime

    @property
    def roster(self) -> Roster:
        """The plan that is changed."""
        return self.in_use.plan

    def blank(self, query: Mapping[str, str]) -> FilledForm[Absence]:
        """The form as an address fills it in."""
        since, until = query.get("from", ""), query.get("to", "")
        typed = {"since": self._as_typed(since), "until": self._as_typed(until)}
        known = {**typed, "why": query.get("why", "")}
        if self.kind is EntryKind.OVERRIDE:
            known["role"] = query.get("role", "")
            known["instead_of"] = query.get("instead_of", "")
        who = query.get("who", "")
        known["who"] = who or (query.get("instead_of", "") if self._is_absence else "")
        when = self._asked_about(since, until)
        return FORMS[self.kind].blank(self._options(when), **known)

    def read(self, sent: MultiDict[str, str]) -> tuple[FilledForm[Absence], Change | None]:
        """The form as it was sent, and the change where nothing is wrong."""
        when = self._asked_about(sent.get("since", ""), sent.get("until", ""))
        form = FORMS[self.kind].read(sent, self._options(when))
        times = self._times(form)
        if form.value is None or times is None:
            return form, None
        return form, Change(self.kind, self._values(form.value, times), times)

    def _as_typed(self, text: str) -> str:
        """A moment of an address as people type it, where that is read as the same instant."""
        asked = TimeField(self.now, self.roster.time_zone)
        read = read_typed_moment(text, asked)
        if not isinstance(read, MomentRead):
            return text
        typed = f"{read.at.astimezone(ZoneInfo(self.roster.time_zone)):%d.%m.%Y %H.%M}"
        return typed if read_typed_moment(typed, asked) == read else text

    @property
    def _is_absence(self) -> bool:
        return self.kind is EntryKind.ABSENCE

    def _times(self, form: FilledForm[Absence]) -> Interval | None:
        since = self._moment(form, "since", None)
        until = self._moment(form, "until", since)
        return Interval(since, until) if since and until else None

    def _moment(
        self, form: FilledForm[Absence], name: str, start: datetime | None
    ) -> datetime | None:
        """Read one of the two times, or say in the form what is wrong with it."""
        answer = form[f"{name}_answer"].value
        if not form[name].value.strip():
            return None  # the form has said it already
        asked = TimeField(self.now, self.roster.time_zone, start=start, answer=answer)
        match read_typed_moment(form[name].value, asked):
            case MomentRead(at):
                return at
            case WhichOccurrence() as which:
                question = occurrence_question(which, self.roster.time_zone)
                form.refuse(question, f"{name}_answer")
            case MomentRefused(reason):
                form.refuse(reason.ref, name)
        return None

    def _asked_about(self, since: str, until: str) -> Interval | None:
        """The time that is asked about, as far as it can be read: what candidates are told for."""
        zone = self.roster.time_zone
        begin = read_typed_moment(since, TimeField(self.now, zone, answer="first"))
        if not isinstance(begin, MomentRead):
            return None
        asked = TimeField(self.now, zone, start=begin.at, answer="first")
        end = read_typed_moment(until, asked)
        if not isinstance(end, MomentRead) or end.at - begin.at > MOST_CANDIDATE_DAYS:
            return None
        return Interval(begin.at, end.at)

    def _options(self, when: Interval | None) -> dict[str, Sequence[Option]]:
        people = [Option(person.id, person.name) for person in self.roster.people]
        if self._is_absence:
            return {"who": people}
        span = when or Interval(self.now, self.now + AN_HOUR)
        found = shift_candidates(current_services().database, self.in_use, span)
        told = [Option(each.person, candidate_text(each)) for each in found]
        return {"who": told, "instead_of": people}

    def _values(self, sent: Absence, when: Interval) -> dict[str, TomlValue]:
        """The keys that the entry has in roster.toml."""
        values: dict[str, TomlValue] = {"person": sent.who, "from": when.from_, "to": when.to}
        if isinstance(sent, Takeover):
            values["role"] = sent.role
            if sent.instead_of:
                values["instead_of"] = sent.instead_of
        if sent.why:
            values["note"] = sent.why
        return values


def candidate_text(candidate: Candidate) -> MessageRef:
    """A candidate as somebody chooses among them."""
    conflicts = tuple(each.ref for each in candidate.conflicts)
    percent = candidate.percent
    return ref(
        "roster_change.candidate",
        name=candidate.name,
        hours=candidate.hours,
        share="" if percent is None else ref("roster_change.share", percent=percent),
        before=_rest(candidate.rest_before),
        after=_rest(candidate.rest_after),
        conflicts=ref("roster_change.conflicts", why=conflicts) if conflicts else "",
    )


def _rest(length: timedelta | None) -> MessageRef:
    if length is None:
        return ref("roster_change.rest_long")
    if length >= 2 * A_DAY:
        return ref("roster_change.rest_days", count=length // A_DAY)
    return ref("roster_change.rest_hours", count=length // AN_HOUR)
