"""What must hold whatever is posted: looked at after every answer, and in the rows afterwards."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, fromstring

from sqlalchemy import text

from app.store import Database
from exchange.documents.attributes import DocumentError
from exchange.documents.read_document import read_document, read_replies
from exchange.documents.schema import DocumentKind
from tests.tools.fuzz.forms import How
from tests.tools.fuzz.posts import Post, Reply
from tests.tools.fuzz.two_desks import BERG, FJORD, desks_with, numbers_of, told_of

TAKEN = {200, 204, 400}
NO_DOOR = {404, 405}
REFUSED = {403, 413} | NO_DOOR
LEG_DOORS = re.compile(r"/twilio/(leg/(?P<call>[^/]*)/[^/]*|lifeline)/(?P<what>whisper|key)")
ROOMS = (
    ("/twilio/wait/", (DocumentKind.WAIT,)),
    (
        "/twilio/leg/",
        (DocumentKind.WHISPER, DocumentKind.CALL),
    ),  # one that the worker placed is a call
    ("/twilio/lifeline/whisper", (DocumentKind.WHISPER,)),
    ("/twilio/lifeline/key", (DocumentKind.WHISPER,)),
    ("/twilio/", (DocumentKind.CALL,)),
)
HIDDEN = "lifeline"  # how a fault of ours that nobody hears is logged


class Broken(AssertionError):
    """A rule that did not hold."""


class Faults(logging.Handler):
    """Notes every log line that carries a traceback, and every answer of the lifeline's.

    That one is as it should be while the database is away.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_away = False

    def emit(self, record: logging.LogRecord) -> None:
        line = record.msg if isinstance(record.msg, dict) else {}
        is_hidden = line.get("event") == HIDDEN and not self.is_away
        if record.exc_info or "exception" in line or is_hidden:
            self.found.append(f"{line.get('event', record.msg)}\n{line.get('exception', '')}")


@dataclass
class Rules:
    """One story's judge. Without the database, what nobody hears may be put off."""

    faults: Faults
    desks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    accepted: set[str] = field(default_factory=set)
    asked_back: set[str] = field(default_factory=set)  # where 3 was pressed
    said: set[str] = field(default_factory=set)  # every value that was ever posted

    def look(self, post: Post, reply: Reply) -> None:
        self._remember(post)
        faults, self.faults.found = self.faults.found, []
        _must(not faults, "".join(faults))
        _must("Set-Cookie" not in reply.headers, "a cookie at a telephone's door")
        _must("X-Evil" not in reply.headers, "a header was posted into the answer")
        self._status(post, reply)
        if reply.status == 200:
            self._document(post, reply)

    def _remember(self, post: Post) -> None:
        self.said.update(value for _, value in post.fields)
        if post.how not in (How.FORM, How.CHUNKED, How.MULTIPART):
            return
        desks = desks_with((*post.values("To"), *post.values("From")))
        for sid in post.values("CallSid"):
            self.desks[sid] |= desks
        if any(keys.strip().startswith("1") for keys in post.values("Digits")):
            self.accepted.add(post.path.partition("?")[0])
        if any(keys.strip().startswith("3") for keys in post.values("Digits")):
            self.asked_back.add(post.path.partition("?")[0])

    def _status(self, post: Post, reply: Reply) -> None:
        status = reply.status
        if status == 503 and self.faults.is_away:  # a report, which the network tells again
            _must("Retry-After" in reply.headers, "503 and nothing of when")
            return
        _must(status < 500, f"status {status}: {reply.text[:200]}")
        if post.how in (How.UNSIGNED, How.BADLY_SIGNED):
            _must(status in REFUSED, f"{status} without a signature")
        elif post.how is How.HUGE:
            _must(status in {413} | NO_DOOR, f"{status} for a body above the limit")
        elif post.how is How.JSON and "bodySHA256" in post.path:
            _must(status in REFUSED, f"{status} for a body under another's hash")
        elif post.method == "POST":
            _must(status in TAKEN | NO_DOOR, f"{status} for what the network signed")
        else:
            _must(status in {200, 304} | NO_DOOR, f"{status} for {post.method}")

    def _document(self, post: Post, reply: Reply) -> None:
        if post.method != "POST":
            return
        kind = reply.headers["Content-Type"]
        _must(kind == "text/xml; charset=utf-8", f"a document of type {kind}")
        self._is_valid(post.path.partition("?")[0], reply.body)
        self._is_of_its_desk(post, reply)
        self._connects_on_1_only(post, reply)

    def _is_valid(self, path: str, body: bytes) -> None:
        troubles = []
        for room in next(rooms for start, rooms in ROOMS if path.startswith(start)):
            try:
                if path == "/twilio/sms":
                    read_replies(body)
                else:
                    read_document(body, room)
            except DocumentError as trouble:
                troubles.append(trouble.message)
            else:
                return
        raise Broken(f"no document that the network takes: {troubles}\n{body.decode()}")

    def _is_of_its_desk(self, post: Post, reply: Reply) -> None:
        """An answer knows the desk of the line and of the call that it is about, and no other."""
        desks = set(desks_with((*post.values("To"), *post.values("From"))))
        call = LEG_DOORS.match(post.path)
        for sid in (*post.values("CallSid"), unquote(call["call"] or "") if call else ""):
            desks |= self.desks.get(sid, set())
        rung = {number.text or "" for number in _parsed(reply).iter("Number")}
        known = {number for desk in desks for number in numbers_of(desk)}
        wrong = [each for each in rung - known if not self._is_called_back(post, each)]
        _must(not wrong, f"{wrong} would be rung")
        for desk in {FJORD, BERG} - desks:
            told = [each for each in told_of(desk, reply.text) if each not in self.said]
            _must(not told, f"{told} of {desk} was told")

    def _is_called_back(self, post: Post, number: str) -> bool:
        """Whoever has taken the ticket may call its caller with 3, at home only."""
        path = post.path.partition("?")[0]
        is_caller = any(each.endswith(number[3:]) for each in self.said)
        return path in self.asked_back and is_caller and number.startswith("+47")

    def _connects_on_1_only(self, post: Post, reply: Reply) -> None:
        path = post.path.partition("?")[0]
        document = _parsed(reply)
        if document.find("Dial/Number") is not None:
            return  # rung by whoever has taken it, which is looked at beside this
        if LEG_DOORS.match(path) and document.find("Hangup") is None:
            _must(path in self.accepted, "somebody is connected who never pressed 1")


@dataclass
class Rows:
    """What has come of it in the database, story after story."""

    database: Database
    last_ticket: int = 0
    tickets: int = 0

    def look(self, sids: tuple[str, str] = ("", "~")) -> None:
        """Fail where a rule does not hold for what is new; `sids` are the first and the last."""
        with self.database.read() as connection:
            opened = connection.execute(OPENED, {"last": self.last_ticket}).all()
            crossed = connection.execute(CROSSED, dict(zip(("first", "end"), sids, strict=True)))
            strange = crossed.scalars().all()
        self.last_ticket = max((row.number for row in opened), default=self.last_ticket)
        self.tickets += len(opened)
        calls = [row.call_sid for row in opened]
        _must(len(set(calls)) == len(calls), f"two tickets for one call: {sorted(calls)}")
        for row in opened:
            _must(row.call_sid and row.sid, f"ticket {row.number} came from no call")
            _must(row.of_call == row.number, f"{row.sid} opened {row.number}, has {row.of_call}")
            _must(row.desk == row.desk_of_call, f"ticket {row.number} is not of its call's desk")
        _must(not strange, f"calls with a ticket of another desk: {strange}")


OPENED = text(
    "select t.number, t.call_sid, t.desk, c.sid, c.desk as desk_of_call, c.ticket as of_call"
    " from tickets t left join calls c on c.sid = t.call_sid where t.number > :last"
)
CROSSED = text(
    "select c.sid from calls c join tickets t on t.number = c.ticket"
    " where c.sid between :first and :end and t.desk <> c.desk"
)


def _parsed(reply: Reply) -> Element:
    try:
        return fromstring(reply.text)
    except ParseError as trouble:
        raise Broken(f"no XML: {trouble}\n{reply.text}") from trouble


def _must(holds: object, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)
