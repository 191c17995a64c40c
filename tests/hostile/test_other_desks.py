"""What another desk's token learns at the doors of the API: nothing, not even that there is any.

The doors are those of the url map and of the description; a new hole in an address, a new
field of a question or a new body must be told here what it names.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from app import clock
from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.desks.outages import OutageRequest, mark_outage
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry
from app.actions.roster.requests_of_desk import ShiftOf, ask_at_desk
from app.api.v1.application import ROOT
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.calls.call import Recorded
from app.domain.roster.entries import EntryKind
from app.store.recordings import save_recording
from app.store.token_lists import revoke_tokens
from tests.api.v1.api_client import Api, an_api, an_api_on, new_token
from tests.support.held_clock import set_clock
from tests.support.sample_desk import CALLER, DUTY, NIGHT, SUPPORT, blank_database, later
from tests.support.stored_call import DrivenCall, critical_at_night
from tests.tools.fuzz.endpoints import Door, api_doors
from tests.tools.fuzz.two_desks import BERG, FJORD, folders, other, told_of

NOBODYS = "+4720000999"  # a number that no desk has
OPEN_DOORS = {f"GET {ROOT}/openapi.json"}

CALL_OUT_OF = {FJORD: "call-out-1001-1", BERG: "call-out-1002-1"}
# What a hole in an address names: something of the other desk, and nothing at all.
HOLES: Mapping[str, tuple[object, object]] = {
    f"{ROOT}/desks/<desk>": (FJORD, "nowhere"),
    f"{ROOT}/tickets/<number>": (1001, 1999),
    f"{ROOT}/recordings/<sid>": ("RE1", "RE9"),
    f"{ROOT}/calls/<sid>": ("CA1", "CA9"),
    f"{ROOT}/call-outs/<sid>": (CALL_OUT_OF[FJORD], "call-out-1999-1"),
}
# What a field of a question names; None where it names nothing that could be hidden.
FIELDS: Mapping[str, tuple[str, str] | None] = {
    "desk": (FJORD, "nowhere"),
    "call_sid": ("CA1", "CA9"),
    "at": None,
    "from": None,
    "to": None,
    "limit": None,
    "before": None,
    "revision": None,
    "scope": None,
    "unacknowledged": None,
    "not_notified": None,
    "status": None,
    "closed": None,
    "outcome": None,
    "open": None,
    "language": None,
    "opened": None,
    "priority": None,
    "all": None,
    "month": None,
    "months": None,
}
# Bodies of the doors that take one, as they name something of the other desk, and nothing.
ASKED = {"at": "2026-11-21T23:10", "keys": "1"}
ENTRY = {
    "kind": "absence",
    "person": "duty-1",
    "from": "2027-01-04T08:00",
    "to": "2027-01-05T08:00",
}
COVER = {
    "shift": {"person": "duty-1", "from": "2027-02-01T08:00", "to": "2027-02-08T08:00"},
    "people": ["duty-2"],
}
# An entry of each desk's roster, a request, and an outage.
ENTRIES = {FJORD: 1, BERG: 2, "nowhere": 1}
BODIES: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    f"POST {ROOT}/explain": (
        {"line": DUTY, "from": CALLER, **ASKED},
        {"line": NOBODYS, "from": CALLER, **ASKED},
    ),
    f"POST {ROOT}/tickets": (
        {"desk": FJORD, "priority": "low", "subject": "x"},
        {"desk": "nowhere", "priority": "low", "subject": "x"},
    ),
    f"POST {ROOT}/desks/<desk>/roster/entries": (ENTRY, ENTRY),
    f"POST {ROOT}/desks/<desk>/roster/entries/<entry>/withdraw": ({}, {}),
    f"POST {ROOT}/desks/<desk>/roster/requests": (COVER, COVER),
    f"POST {ROOT}/desks/<desk>/roster/requests/<duty_request>/move": (
        {"move": "withdraw"},
        {"move": "withdraw"},
    ),
    f"POST {ROOT}/desks/<desk>/roster/confirmations": (
        {"person": "duty-1"},
        {"person": "duty-1"},
    ),
    f"POST {ROOT}/desks/<desk>/outages": ({}, {}),
    f"POST {ROOT}/desks/<desk>/outages/<outage>/change": ({}, {}),
    f"POST {ROOT}/desks/<desk>/outages/<outage>/end": ({}, {}),
    f"POST {ROOT}/tickets/<number>/acknowledge": ({"note": "x"}, {"note": "x"}),
    f"POST {ROOT}/tickets/<number>/escalation": (
        {"held": True, "note": "x"},
        {"held": True, "note": "x"},
    ),
    f"POST {ROOT}/tickets/<number>/workaround": (
        {"in_place": True, "note": "x"},
        {"in_place": True, "note": "x"},
    ),
    f"POST {ROOT}/tickets/<number>/agreed-date": (
        {"solve_by": "2099-01-01T12:00", "note": "x"},
        {"solve_by": "2099-01-01T12:00", "note": "x"},
    ),
    f"POST {ROOT}/tickets/<number>/call": ({"person": "duty-1"}, {"person": "duty-1"}),
    f"POST {ROOT}/tickets/<number>/close": ({"note": "x"}, {"note": "x"}),
    f"POST {ROOT}/tickets/<number>/links": (
        {"kind": "related", "other": 1001},
        {"kind": "related", "other": 1001},
    ),
    f"POST {ROOT}/tickets/<number>/merge": ({"into": 1001}, {"into": 1001}),
    f"POST {ROOT}/tickets/<number>/copy": (
        {"kind": "clone_of", "key": "x"},
        {"kind": "clone_of", "key": "x"},
    ),
    f"POST {ROOT}/tickets/<number>/moves": ({"move": "start"}, {"move": "start"}),
    f"POST {ROOT}/tickets/<number>/comments": (
        {"body": "x", "visibility": "internal"},
        {"body": "x", "visibility": "internal"},
    ),
    f"POST {ROOT}/tickets/<number>/assign": ({"to": "x"}, {"to": "x"}),
    f"POST {ROOT}/tickets/<number>/route": ({"group": "x"}, {"group": "x"}),
    f"POST {ROOT}/tickets/<number>/undo": ({"note": "x"}, {"note": "x"}),
    f"POST {ROOT}/tickets/<number>/priority": ({"priority": "low"}, {"priority": "low"}),
}
# Other ways of asking for the same.
WAYS: tuple[Mapping[str, Any], ...] = (
    {},
    {"method": "HEAD"},
    {"headers": {"If-None-Match": "*"}},
    {"headers": {"Range": "bytes=0-0"}},
    {"query_string": "at=never"},
)
NOTHING_TO_DO = {f"POST {ROOT}/desks/<desk>/roster/confirmations": 422}  # nobody was asked
NO_WRITE_NEEDED = {f"POST {ROOT}/explain"}  # a question that is too long for an address


@pytest.fixture(scope="module")
def filled(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """Two desks with calls, tickets, call-outs, spoken messages, and the token of one of them."""
    file = tmp_path_factory.mktemp("two-desks") / "vakt.db"
    shutil.copyfile(migrated_sqlite_file, file)
    with an_api(f"sqlite:///{file}", *folders()) as api:
        critical_at_night(api.database, "CA1")
        critical_at_night(api.database, "CA2", line=other(DUTY), caller=other(CALLER))
        for sid, line, recording in (("CA3", SUPPORT, "RE1"), ("CA4", other(SUPPORT), "RE2")):
            a_message(api, sid, line, recording)
        begin_due_call_outs(api.database, later(9000))
        for desk, person in ((FJORD, "duty-1"), (BERG, "vakt-1")):
            away = {"person": person, "from": "2027-01-11T08:00", "to": "2027-01-12T08:00"}
            asked = EntryRequest(desk, EntryKind.ABSENCE, dict(away), command_line("me"))
            assert isinstance(add_entry(api.database, asked, NIGHT), EntryResult)
            cover = ShiftOf(person, "2027-03-01T08:00", "2027-03-08T08:00")
            colleague = (person.replace("1", "2"),)
            by = Author(command_line("me"), NIGHT)
            ask_at_desk(api.database, desk, cover, colleague, "", by)
            mark_outage(api.database, desk, OutageRequest(None, {}), by)
        return file, new_token(api.database, BERG, may_write=True)


@pytest.fixture
def api(filled: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A copy of its own of that database, on the evening after."""
    set_clock(monkeypatch, NIGHT + timedelta(days=1))
    file, token = filled
    shutil.copyfile(file, tmp_path / "vakt.db")
    url = f"sqlite:///{tmp_path / 'vakt.db'}"
    with an_api_on(url) as app, blank_database(url) as database:
        api = Api(app, database, token)
        api.get("/desks")  # that it is used is noted once a minute
        yield api


def a_message(api: Api, sid: str, line: str, recording: str) -> None:
    call = DrivenCall(api.database, sid, line, "+4749100001", start=later(7200))
    call.arrives()
    call.presses("2")
    call.does(Recorded(12, recording))
    what = {"sid": recording, "call_sid": sid, "media": b"RIFFwav", "now": later(9000)}
    api.database.write(partial(save_recording, **what))


@pytest.fixture
def doors(api: Api) -> tuple[Door, ...]:
    return tuple(door for door in api_doors(api.database) if door.name not in OPEN_DOORS)


def test_what_another_desk_has_is_answered_like_what_nobody_has(
    api: Api, doors: tuple[Door, ...]
) -> None:
    with_holes = [door for door in doors if door.holes]
    assert len(with_holes) >= 5

    for door in with_holes:
        theirs, nothing = paths_of(door)
        for more in WAYS:
            hidden, missing = ask(api, door, theirs, **more), ask(api, door, nothing, **more)
            assert hidden == missing, (door.name, more)
            assert hidden.status in (404, 405, 422), door.name


def test_no_field_of_a_question_tells_of_another_desk(api: Api, doors: tuple[Door, ...]) -> None:
    asked = 0
    for door in doors:
        for field, values in fields_of(api, door).items():
            if values is None:
                continue
            theirs, nothing = values
            path = own_path(door)
            hidden = ask(api, door, path, query_string={field: theirs})
            missing = ask(api, door, path, query_string={field: nothing})
            assert hidden == missing, (door.name, field)
            asked += 1
    assert asked >= 3


def test_no_body_tells_of_another_desk(api: Api, doors: tuple[Door, ...]) -> None:
    for door in (door for door in doors if door.method != "GET"):
        assert called(door) in BODIES, f"{door.name}: tell in BODIES what it names"
        theirs, nothing = BODIES[called(door)]
        if theirs == nothing:  # the body names nothing that belongs to a desk
            continue
        hidden = ask(api, door, own_path(door), json=theirs)
        missing = ask(api, door, own_path(door), json=nothing)
        assert hidden.said_of(NOBODYS) == missing.said_of(NOBODYS), door.name


def test_an_entry_of_another_roster_is_nothing_at_this_desk(api: Api) -> None:
    [door] = [d for d in api_doors(api.database) if plain(d).endswith("/withdraw")]
    theirs = ask(api, door, door.path(desk=BERG, entry=ENTRIES[FJORD]))
    nothing = ask(api, door, door.path(desk=BERG, entry=99))
    assert theirs.status == nothing.status == 404
    assert theirs.body.replace(b"no entry 1", b"") == nothing.body.replace(b"no entry 99", b"")


def test_a_customer_of_another_desk_is_a_stranger_at_this_one(api: Api) -> None:
    line = {"line": other(DUTY), **ASKED}
    customer = post(api, "/explain", {**line, "from": CALLER})
    stranger = post(api, "/explain", {**line, "from": "+4749100009"})

    assert customer["reasons"] == stranger["reasons"]
    assert customer["ticket"]["customer"] is stranger["ticket"]["customer"] is None


def test_whatever_is_given_to_a_desk_speaks_of_no_other(api: Api, doors: tuple[Door, ...]) -> None:
    given = 0
    for door in doors:
        for query in (
            {},
            {"limit": 1},
            {"limit": 200},
            {"before": "1004"},
            {"unacknowledged": "true"},
        ):
            answer = ask(api, door, own_path(door), query_string=query, json=own_body(door))
            told = answer.body.decode("utf-8", "replace") + repr(answer.headers)
            assert told_of(FJORD, told) == [], (door.name, query)
            assert not {"CA1", "CA3", "RE1", "1001", "1003"} & set(words(told)), door.name
            given += answer.status == 200
    assert given >= len(doors)


@pytest.mark.parametrize("desks", [(FJORD,), (FJORD, "nowhere"), ()], ids=["one", "more", "all"])
def test_those_who_may_see_it_are_told(api: Api, doors: tuple[Door, ...], desks: Any) -> None:
    """The other tests would hold for doors that are shut to everybody."""
    theirs = api.with_token(*desks, may_write=True)
    for door in (door for door in doors if door.holes):
        # What is done with a ticket that is closed by then is refused with how it stands.
        body = BODIES[called(door)][0] if door.method != "GET" else None
        told = {200, 409, NOTHING_TO_DO.get(called(door))}
        assert ask(theirs, door, paths_of(door)[0], json=body).status in told, door.name


# --- tokens -----------------------------------------------------------------------------


def test_no_bad_token_opens_a_door_and_none_is_told_from_another(
    api: Api, doors: tuple[Door, ...]
) -> None:
    good, now = api.token, clock.now()
    expired = new_token(api.database, BERG, expires_at=now - timedelta(seconds=1))
    revoked = new_token(api.database, BERG, may_write=True)
    api.database.write(partial(revoke_tokens, name="a program"))
    good = new_token(api.database, BERG)
    shown: list[dict[str, Any]] = [
        {},
        *({"headers": {"Authorization": value}} for value in bad_headers(good, expired, revoked)),
        {"query_string": {"token": good}},
        {"query_string": {"access_token": good}},
        {"query_string": {"Authorization": f"Bearer {good}"}},
        {"headers": {"Cookie": f"token={good}; Authorization=Bearer {good}"}},
        {"headers": {"X-Api-Key": good, "X-Auth-Token": good, "Proxy-Authorization": good}},
        {"headers": {"X-Authorization": f"Bearer {good}", "X-Forwarded-For": "127.0.0.1"}},
    ]
    for door in doors:
        answers = {repr(bare(api, door, own_path(door), **how)) for how in shown}
        assert len(answers) == 1, (door.name, answers)
        [answer] = answers
        assert answer.startswith("(401,"), door.name
        assert "A token is needed" in answer, door.name
        headers = {"Authorization": f"Bearer {good}"}
        assert bare(api, door, own_path(door), headers=headers)[0] not in (401, 500), door.name


def bad_headers(good: str, expired: str, revoked: str) -> list[str]:
    return [
        f"Bearer {expired}", f"Bearer {revoked}", "Bearer", "Bearer ", good, f"Basic {good}",
        f"Token {good}", f"Bearer {good[:-1]}", f"Bearer {good}x", f"Bearer {good.swapcase()}",
        f"Bearer {good.removeprefix('vakt_')}", "Bearer vakt_", "Bearer null", "Bearer *",
        f"Bearer {good},{good}", f"Bearer {good} {good}", "Bearer " + "x" * 10_000,
        "Bearer \xe6\xf8\xe5", "Bearer ' or 1=1 --", "Bearer %", "Bearer _" * 9,
    ]  # fmt: skip


def test_a_token_that_may_not_write_changes_nothing(api: Api, doors: tuple[Door, ...]) -> None:
    reader = api.with_token(BERG, may_write=False)
    for door in doors:
        status = ask(reader, door, own_path(door), json=own_body(door)).status
        may = door.method == "GET" or door.name in NO_WRITE_NEEDED
        assert (status == 200) is may, f"{door.name}: {status}"
        assert may or status == 403, door.name


def test_the_description_lists_every_door(api: Api, doors: tuple[Door, ...]) -> None:
    described = api.get("/openapi.json").get_json()["paths"]
    paths = {door.rule.rule for door in doors}
    assert len(described) == len(paths)


# --- asking -----------------------------------------------------------------------------


class Answer(tuple[int, bytes, Any, Any]):
    """What came back, and the work it took: each statement with the rows that it found."""

    @property
    def status(self) -> int:
        return self[0]

    @property
    def body(self) -> bytes:
        return self[1]

    @property
    def headers(self) -> Any:
        return self[2]

    def said_of(self, number: str) -> str:
        """All of it, as if it were about this number: an answer repeats what was asked."""
        words = repr(tuple(self))
        pairs = (" ".join((each[3:5], each[5:7], each[7:9], each[9:])) for each in (DUTY, number))
        ours, theirs = pairs
        return words.replace(DUTY, number).replace(ours, theirs)


def ask(api: Api, door: Door, path: str, **how: Any) -> Answer:
    known = {"Authorization": f"Bearer {api.token}", "Idempotency-Key": "k-1"}
    headers = {**known, **how.pop("headers", {})}
    with worked(api) as work:
        answer = bare(api, door, path, headers=headers, **how)
    return Answer((*answer, tuple(work)))


def bare(api: Api, door: Door, path: str, **how: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    method = how.pop("method", door.method)
    if door.method != "GET":
        how.setdefault("json", own_body(door))
    else:
        how.pop("json", None)
    answer: TestResponse = api.app.test_client().open(path, method=method, **how)
    return answer.status_code, answer.data, sorted(answer.headers.items())


@contextmanager
def worked(api: Api) -> Iterator[list[tuple[str, int]]]:
    """Every question that this thread puts to the database, and how many rows answer it."""
    asked: list[tuple[str, Any]] = []
    done: list[tuple[str, int]] = []
    me = threading.get_ident()
    engine = api.app.extensions["vakt"].database.engine

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if threading.get_ident() == me:
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield done
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(engine.url.database)) as again:
        for statement, parameters in asked:
            is_question = statement.lstrip().upper().startswith("SELECT")
            rows = again.execute(statement, parameters).fetchall() if is_question else ()
            done.append((statement, len(rows)))


def post(api: Api, path: str, body: Mapping[str, str]) -> Any:
    return api.ask("POST", path, json=dict(body)).get_json()


# --- what is named ----------------------------------------------------------------------


def paths_of(door: Door) -> tuple[str, str]:
    """The door's address with something of the other desk in it, and with nothing."""
    [(theirs, nothing)] = [
        values for start, values in HOLES.items() if plain(door).startswith(start)
    ] or [pytest.fail(f"{door.name}: tell in HOLES what it names")]
    return door.path(**holes(door, theirs)), door.path(**holes(door, nothing))


def own_path(door: Door) -> str:
    own = {FJORD: BERG, 1001: 1002, "RE1": "RE2", "CA1": "CA2"}
    own[CALL_OUT_OF[FJORD]] = CALL_OUT_OF[BERG]
    if not door.holes:
        return door.path()
    [theirs] = [values[0] for start, values in HOLES.items() if plain(door).startswith(start)]
    return door.path(**holes(door, own[theirs]))  # type: ignore[index]


def holes(door: Door, value: Any) -> dict[str, Any]:
    """What fills the holes of an address: an entry of a roster, or a request, follows its desk."""
    of_roster = {"entry", "duty_request", "outage"}
    return {hole: ENTRIES[value] if hole in of_roster else value for hole in door.holes}


def own_body(door: Door) -> Mapping[str, Any] | None:
    return of_other(BODIES[called(door)][0]) if called(door) in BODIES else None


def of_other(value: Any) -> Any:
    """The same of the other desk, however deep it stands."""
    match value:
        case Mapping():
            return {name: of_other(each) for name, each in value.items()}
        case list():
            return [of_other(each) for each in value]
        case str():
            return other(value)
        case _:
            return value


def fields_of(api: Api, door: Door) -> Mapping[str, tuple[str, str] | None]:
    described = api.get("/openapi.json").get_json()["paths"]
    path = plain(door).replace("<", "{").replace(">", "}")
    fields = described[path][door.method.lower()].get("parameters", [])
    names = [field["name"] for field in fields if field["in"] == "query"]
    unknown = set(names) - set(FIELDS)
    assert not unknown, f"{door.name}: tell in FIELDS what {unknown} names"
    return {name: FIELDS[name] for name in names}


def plain(door: Door) -> str:
    """The rule without its converters: /tickets/<number>."""
    text = door.rule.rule
    for name in door.holes:
        head, _, tail = text.partition(f"{name}>")
        text = f"{head[: head.rindex('<')]}<{name}>{tail}"
    return text


def called(door: Door) -> str:
    return f"{door.method} {plain(door)}"


def words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text).split()
