"""The whole product on this machine: gunicorn, the worker and a telephone network, one database.

An installation is started once for many stories; each story phones, and looks at what came of it.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import Connection, and_, or_, select, text, update
from twilio.request_validator import RequestValidator

from app import clock
from app.actions.access.tokens import create_token
from app.actions.desks.import_desks import import_desks
from app.actions.outbox.job_outcome import write_with_retry
from app.domain.access.actor import command_line
from app.domain.config.folder_reader import read_folder
from app.domain.workflow.status import Status
from app.store import Database, DatabaseUnavailable, open_database
from app.store.call_outs import open_call_outs
from app.store.database import WRITES
from app.store.desks import Edit
from app.store.tables import CallOutRow, CallRow, JobRow, TicketRow
from app.store.tables.outbox import JobState
from app.store.tokens import NewToken
from exchange.config import read_config
from exchange.exchange import Exchange
from exchange.faults.read import read_faults
from exchange.records.calls import CallResource
from exchange.records.messages import MessageResource
from exchange.records.queues import Member
from exchange.server import running
from tests.end_to_end.call_record import CallRecord
from tests.end_to_end.people import SATURDAY_NIGHT
from tests.end_to_end.processes import WEB, WORKER, Process, free_port, wait_until
from tests.support.mail_server import MailServer, mail_server
from tests.support.shipped_desks import DESKS, desk_of, folder_files, shipped

ACCOUNT, TOKEN = "AC00000000000000000000000000000001", "token-of-the-stories"
UNKNOWN_LINE = "+4720000999"  # a number of the account that no desk has
CONTACTS = {contact.phone for desk in DESKS for contact in desk_of(shipped(desk)).contacts}
# Real seconds. The machine may have much else to do; only a test that fails waits so long.
WORKER_ACTS_WITHIN = 60.0
ANSWERS_WITHIN = 60.0
# Stories that do not turn on the database; tests/actions/calls plays the told calls on both.
ON_A_SERVER = pytest.mark.parametrize("one_product", ["postgresql"], indirect=True)
LIVE_POLL_SECONDS = 2.0  # at each poll of a queue while somebody live is rung
LIVE_PATIENCE = 20.0  # a live person may take so many times longer


@dataclass
class RunningProduct:
    """What runs, and how to ask it: the network by hand, the product over HTTP."""

    backend: str
    url: str
    database: Database
    exchange: Exchange
    web: Process
    worker: Process
    mail: MailServer
    api_token: str
    _count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # Phoning ------------------------------------------------------------------------------

    def call(
        self, line: str, caller: str, keys: str | Sequence[str] = "", **how: Any
    ) -> CallRecord:
        """Somebody phones, as for `dial`; gives the call when everything due has been done."""
        told = self.dial(line, caller, keys, **how)
        self.wait(told)
        return told

    def dial(
        self,
        line: str,
        caller: str,
        keys: str | Sequence[str] = "",
        *,
        at: datetime = SATURDAY_NIGHT,
        people: Mapping[str, Any] | None = None,
        faults: Mapping[str, Any] | None = None,
        live: bool = False,
    ) -> CallRecord:
        """Somebody phones; gives the call at once."""
        self.exchange.assign(people or {})
        mark = len(self.exchange.messages())
        script = keys if isinstance(keys, str) else list(keys)
        sid = self.exchange.call(caller, line, script=script, at=at, faults=faults, live=live)
        return CallRecord(self, sid, mark)

    def wait(self, told: CallRecord) -> None:
        """Waits until the call and all of its legs are over, and the worker has no more to do."""
        self.exchange.wait(told.sid)
        wait_until(lambda: self._has_settled(told), "everything due has been done")

    def _has_settled(self, told: CallRecord) -> bool:
        """Whether nothing is under way; each of these may have been brought about by the others."""
        sent = [m for m in self.exchange.messages() if m.direction == "outbound-api"]
        return (
            all(phone.settled.is_set() for phone in told.phones)
            and all(message.settled.is_set() for message in sent)
            and not (self.worker.is_running and self.open_jobs(told.sid))
            and len(sent) == sum(m.direction == "outbound-api" for m in self.exchange.messages())
        )

    def let_worker_act(self, waiting: Member) -> None:
        """Who waits in a queue waits for what the worker does: until it has done all of it.

        The network has no time of its own here. Where a live person is rung it waits for them.
        """
        try:
            self._wait_while(
                lambda: waiting.bridge is None and self._is_worker_at_it(waiting.call_sid),
                WORKER_ACTS_WITHIN,
            )
            someone_live = partial(self._rings, waiting.call_sid, live=True)
            self._wait_while(lambda: waiting.mailbox.is_empty and someone_live(), LIVE_POLL_SECONDS)
        except DatabaseUnavailable:  # nothing tells who rings: it may be somebody live
            self._wait_while(lambda: waiting.mailbox.is_empty, LIVE_POLL_SECONDS)

    def _wait_while(self, is_so: Callable[[], bool], seconds: float) -> None:
        give_up = time.monotonic() + seconds
        while is_so() and time.monotonic() < give_up:
            time.sleep(0.02)

    def _is_worker_at_it(self, sid: str) -> bool:
        """Whether it has something to do for this call, or what it has placed is under way."""
        return self.worker.is_running and (self._rings(sid, live=False) or self._is_due(sid))

    def _rings(self, sid: str, *, live: bool) -> bool:
        """Whether a call that was placed for this one is not over, to somebody live or not."""
        placed = {leg["sid"] for leg in self.rows("legs", call_sid=sid)}
        calls = [call for call in self.exchange.network.calls.all() if call.sid in placed]
        return any(call.is_live is live and not call.settled.is_set() for call in calls)

    def _is_due(self, sid: str) -> bool:
        due = and_(JobRow.state == JobState.WAITING, JobRow.due_at <= clock.now())
        at_it = or_(due, JobRow.state == JobState.SENDING)
        asked = select(JobRow.id).where(JobRow.call_sid == sid, at_it).limit(1)
        with self.database.read() as connection:
            return connection.execute(asked).first() is not None

    @contextmanager
    def no_worker(self) -> Iterator[None]:
        """Nobody sends, rings or fetches."""
        self.worker.stop()
        try:
            yield
        finally:
            self.worker.start()
            self.wait_until_ready()

    @contextmanager
    def stuck_database(self) -> Iterator[None]:
        """Nobody else can write, and on PostgreSQL nobody can look at calls either."""
        with self.database.engine.connect() as plain:
            connection = plain.execution_options(**{WRITES: True})
            with connection.begin():
                if self.backend == "postgresql":
                    connection.execute(text("lock table calls in access exclusive mode"))
                yield

    def let_time_pass(self, told: CallRecord, minutes: float) -> None:
        """So much later is it for the call's ticket, and somebody looks at it now.

        The moment of a call is an offset to real time; nobody waits for real minutes here.
        """
        number = told.ticket["number"]

        def pass_by(connection: Connection) -> None:
            for row in (CallRow, CallOutRow):
                about = update(row).where(row.ticket == number)
                later = row.offset_seconds + minutes * 60
                connection.execute(about.values(offset_seconds=later))
            waits = TicketRow.number == number, TicketRow.next_call_out_at.is_not(None)
            connection.execute(update(TicketRow).where(*waits).values(next_call_out_at=clock.now()))

        self.change(pass_by)

    def put_off_call_outs(self) -> None:
        """Nobody is called about a ticket meanwhile, however long the machine takes for a story."""
        later = clock.now() + timedelta(hours=1)
        waits = update(TicketRow).where(TicketRow.next_call_out_at.is_not(None))
        self.change(lambda rows: rows.execute(waits.values(next_call_out_at=later)))

    def take(self, told: CallRecord, number: str, after: str = "trykk 1") -> CallResource:
        """A human being at this telephone answers, listens, and presses 1: they talk.

        Not before everything has gone out: of a ticket that is taken nobody gets an SMS any more.
        """
        wait_until(lambda: number in told.rang, "the telephone rings")
        wait_until(lambda: not self.open_jobs(told.sid), "the outbox is empty")
        [phone] = [each for each in told.phones if each.called == number]
        self.exchange.answer(phone.sid)
        wait_until(lambda: after in " ".join(told.whispered(number)), f"they hear {after!r}")
        self.exchange.press(phone.sid, "1")
        wait_until(lambda: bool(self.rows("calls", sid=told.sid)[0]["talking"]), "they talk")
        return phone

    def legs_of(self, told: CallRecord) -> list[CallResource]:
        """The telephones that ring on the caller's own line; asks the network only."""
        return self.exchange.network.calls.legs_of(told.sid)

    def asked(self, told: CallRecord, door: str) -> int:
        """How often one of our doors has answered in this call."""
        turns = [event.facts for event in told.events if event.kind == "turn"]
        return sum(door in str(turn["url"]) and turn["status"] == 200 for turn in turns)

    # Asking -------------------------------------------------------------------------------

    def get(self, path: str, **query: str) -> Any:
        """What the API answers."""
        response = self.ask_api(path, **query)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.text}"
        return response.json()

    def ask_api(self, path: str, **query: str) -> requests.Response:
        return requests.get(
            f"{self.url}/api/v1{path}", params=query, headers=self._bearer, timeout=ANSWERS_WITHIN
        )

    def open_ticket(self, key: str, **body: Any) -> Any:
        """What the API answers to a request to open a ticket without a call."""
        headers = {**self._bearer, "Idempotency-Key": key}
        address = f"{self.url}/api/v1/tickets"
        response = requests.post(address, json=body, headers=headers, timeout=ANSWERS_WITHIN)
        assert response.status_code in (200, 201), response.text
        return response.json()

    def explain(self, **asked: Any) -> Any:
        """What would happen."""
        response = requests.post(
            f"{self.url}/api/v1/explain", json=asked, headers=self._bearer, timeout=ANSWERS_WITHIN
        )
        assert response.status_code == 200, response.text
        return response.json()

    def metric(self, name: str) -> float:
        """One figure of /metrics, all web processes together; 0 where it was never counted."""
        lines = requests.get(f"{self.url}/metrics", timeout=ANSWERS_WITHIN).text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(name))

    def rows(self, table: str, **where: object) -> list[Mapping[str, Any]]:
        """Rows of the database, for what the API does not tell."""
        condition = " and ".join(f"{name} = :{name}" for name in where) or "1 = 1"
        query = text(f"select * from {table} where {condition}")  # our own words only
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(query, where).mappings()]

    def open_jobs(self, sid: str) -> int:
        jobs = self.rows("outbox", call_sid=sid)
        return sum(job["state"] in ("waiting", "sending") for job in jobs)

    def messages(self, since: int = 0) -> list[MessageResource]:
        """What has gone out to callers and staff, by SMS or as an answer to one."""
        sent = self.exchange.messages()[since:]
        return [m for m in sent if m.direction != "inbound" and m.to not in CONTACTS]

    def alarms(self) -> list[MessageResource]:
        """What has gone out to the desks' contacts: in the middle of whichever story is told."""
        return [m for m in self.exchange.messages() if m.to in CONTACTS]

    # Posting by hand ------------------------------------------------------------------------

    def post(
        self, path: str, signed_with: str | None = TOKEN, **fields: str
    ) -> tuple[int, str, str]:
        """Posts at one of the telephone's doors; status, body and the call's sid."""
        sid = f"CA{next(self._count):032x}"
        usual = {"CallSid": sid, "AccountSid": ACCOUNT, "CallStatus": "ringing"}
        form = {name: value for name, value in {**usual, **fields}.items() if value}
        headers = {}
        if signed_with is not None:
            signature = RequestValidator(signed_with).compute_signature(self.url + path, form)
            headers["X-Twilio-Signature"] = str(signature)
        response = requests.post(
            self.url + path, data=form, headers=headers, timeout=ANSWERS_WITHIN
        )
        return response.status_code, response.text, form.get("CallSid", "")

    # Beginning and ending -------------------------------------------------------------------

    def begin_story(self) -> None:
        """Everybody is asleep, nothing is broken or written down, and nobody has called before."""
        without, waiting = "vakt_offline_processes", "vakt_offline_calls_waiting"
        wait_until(lambda: self.metric(without) == 0, "every web process has its database")
        wait_until(lambda: self.metric(waiting) == 0, "no journal is left")
        self._forget_callers()
        phones = {each.called for each in self.exchange.network.calls.all()}
        self.exchange.assign(dict.fromkeys(phones, "no_answer"))
        self.exchange.set_faults(read_faults({}))
        self.exchange.network.debugger.clear()
        self._end_other_stories()

    def change(self, work: Callable[[Connection], object]) -> None:
        """Change rows beside the product, which holds the database for long on a slow machine."""
        write_with_retry(partial(self.database.write, work), seconds=120)

    def _forget_callers(self) -> None:
        """All stories happen on the same night: who called in another one is a stranger here.

        Nobody is rung any more about a ticket of another story.
        """

        def forget(connection: Connection) -> None:
            taken = {"acknowledged_at": clock.now(), "acknowledged_by": "another story"}
            unacknowledged = update(TicketRow).where(TicketRow.acknowledged_at.is_(None))
            connection.execute(unacknowledged.values(taken | {"next_call_out_at": None}))
            for table in ("calls", "tickets"):
                connection.execute(text(f"update {table} set caller = ''"))
            connection.execute(update(TicketRow).values(status=Status.CLOSED))
            connection.execute(text("update legs set for_stranger = false, desk = null"))
            connection.execute(text("delete from missed_call_outs"))
            connection.execute(text("delete from sms_replies"))

        self.change(forget)
        if self.worker.is_running:
            wait_until(self._is_no_call_out_open, "the call-outs of other stories are over")

    def _end_other_stories(self) -> None:
        """What waits is not sent any more, and what is on its way arrives before the next story."""

        def drop(connection: Connection) -> None:
            waits = update(JobRow).where(JobRow.state == JobState.WAITING)
            connection.execute(
                waits.values(state=JobState.DROPPED, due_at=None, finished_at=clock.now())
            )

        self.change(drop)
        wait_until(lambda: not self.rows("outbox", state="sending"), "nothing is being sent")
        wait_until(
            lambda: all(m.settled.is_set() for m in self.exchange.messages()), "all has arrived"
        )

    def _is_no_call_out_open(self) -> bool:
        with self.database.read() as connection:
            return not open_call_outs(connection, clock.now())

    def wait_until_ready(self) -> None:
        def is_ready() -> bool:
            assert self.web.is_running, self.web.said()
            assert self.worker.is_running, self.worker.said()
            try:
                return requests.get(f"{self.url}/readyz", timeout=ANSWERS_WITHIN).status_code == 200
            except requests.RequestException:
                return False

        wait_until(is_ready, "the system is ready")

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api_token}"}


@contextmanager
def running_product(backend: str, database_url: str, folder: Path) -> Iterator[RunningProduct]:
    """An installation with the five desks on a migrated database; everything in it ends with it."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    database = open_database(database_url)
    numbers = [line.number for desk in DESKS for line in _desk(desk).lines]
    network = running(
        read_config(
            {
                "account_sid": ACCOUNT,
                "auth_token": TOKEN,
                "product_url": url,
                "numbers": [*numbers, UNKNOWN_LINE],
                "speed": 0,
                "send_moment": True,
                "webhook_seconds": ANSWERS_WITHIN,
                "patience": LIVE_PATIENCE,
            }
        )
    )
    with network as exchange, mail_server() as mail:
        environment = {
            "DATABASE_URL": database_url,
            "PUBLIC_URL": url,
            "PORT": str(port),
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": exchange.address,
            "SECRET_KEY": "of the stories",
            "VAKT_EXCHANGE": "1",
            "WEB_ACCESS_LOG": "1",
            "VAKT_LIFELINE": str(folder / "lifeline.json"),
            "SMTP_URL": mail.url,
        }
        web = Process((*WEB, "--bind", f"127.0.0.1:{port}"), environment, folder / "web.log")
        worker = Process(WORKER, environment, folder / "worker.log")
        product = RunningProduct(
            backend, url, database, exchange, web, worker, mail, _import_desks(database)
        )
        exchange.network.let_worker_act = product.let_worker_act
        try:
            web.start()
            worker.start()
            product.wait_until_ready()
            yield product
        finally:
            exits = {"web": web.stop(), "worker": worker.stop()}
            database.close()
        assert exits == {"web": 0, "worker": 0}, "both end politely"


def _import_desks(database: Database) -> str:
    """Makes the five desks live; gives a token that may see them all."""
    folders = [read_folder(folder_files(desk), desk) for desk in DESKS]
    import_desks(database, folders, Edit(command_line("Teamleiar"), clock.now(), "to begin with"))
    return create_token(database, NewToken("of the stories", may_write=True), clock.now())


def _desk(desk: str) -> Any:
    found = shipped(desk).desk
    assert found
    return found
