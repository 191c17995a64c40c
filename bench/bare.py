"""What a turn is measured against: bare views that check the same signature and do little more.

`without_rows` answers at once; `with_five_statements` first reads, inserts and updates rows of
a turn's usual size in one durable transaction. Same database settings as the product's.
"""

import os
from collections.abc import Callable
from zlib import crc32

from flask import Flask, Response, abort, request
from sqlalchemy import Connection, text

from app.gateways.twilio.signature import SignatureVerifier
from app.store import Database, open_database
from bench.calls import PUBLIC_URL, TOKEN

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?><Response><Gather input="dtmf" \
action="https://vakt.example.org/twilio/voice/turn/2" method="POST" timeout="5" numDigits="1" \
actionOnEmptyResult="true" finishOnKey=""><Say voice="Polly.Ida-Neural" language="nb-NO">\
For kritisk feil, trykk 1. For høg, trykk 2. For medium, trykk 3. For låg, trykk 4.</Say></Gather>\
<Redirect method="POST">https://vakt.example.org/twilio/voice/turn/2</Redirect></Response>"""

# Bytes of a turn's columns, as the product's rows have them on average.
STATE, EVENT, INSTRUCTION, TRACE, FACTS = 900, 60, 160, 160, 230
CALLS, LINES, CUSTOMERS = 1000, 60, 1000

ROWS = (
    "CREATE TABLE bench_calls"
    " (sid VARCHAR(64) PRIMARY KEY, turn BIGINT, state TEXT, at VARCHAR(40))",
    "CREATE TABLE bench_lines (number VARCHAR(64) PRIMARY KEY, desk VARCHAR(64), version BIGINT)",
    "CREATE TABLE bench_customers"
    " (phone VARCHAR(64) PRIMARY KEY, name TEXT, agreement VARCHAR(64))",
    "CREATE TABLE bench_turns"
    " (id {id} PRIMARY KEY, call_sid VARCHAR(64), key VARCHAR(250), event TEXT,"
    " instruction TEXT, trace TEXT, facts TEXT, at VARCHAR(40), UNIQUE (call_sid, key))",
)
IDS = {True: "INTEGER", False: "BIGINT GENERATED ALWAYS AS IDENTITY"}

LOCK = "SELECT turn, state FROM bench_calls WHERE sid = :sid"
LINE = text("SELECT desk, version FROM bench_lines WHERE number = :number")
CUSTOMER = text("SELECT name, agreement FROM bench_customers WHERE phone = :phone")
ADD = text(
    "INSERT INTO bench_turns (call_sid, key, event, instruction, trace, facts, at)"
    " VALUES (:call_sid, :key, :event, :instruction, :trace, :facts, :at)"
)
CHANGE = text("UPDATE bench_calls SET turn = :turn, state = :state, at = :at WHERE sid = :sid")


def without_rows() -> Flask:
    """The signature check and an answer."""
    return _app(lambda: None)


def with_five_statements() -> Flask:
    """The signature check, five statements in one committed transaction, and an answer."""
    database = open_database(os.environ["DATABASE_URL"])
    lock = text(LOCK if database.is_sqlite else f"{LOCK} FOR UPDATE")
    filler = {
        "event": "e" * EVENT,
        "instruction": "s" * INSTRUCTION,
        "trace": "t" * TRACE,
        "facts": "f" * FACTS,
    }

    def five() -> None:
        number = crc32(request.form["CallSid"].encode())
        sid, at = _sid(number), request.form["ExchangeMoment"]
        key = f"{request.path} {request.form['CallStatus']}"

        def work(connection: Connection) -> None:
            turn, state = connection.execute(lock, {"sid": sid}).one()
            connection.execute(LINE, {"number": _line(number)}).one()
            connection.execute(CUSTOMER, {"phone": _phone(number)}).one()
            told = {"call_sid": request.form["CallSid"], "key": key, "at": at}
            connection.execute(ADD, filler | told)
            changed = {"turn": turn + 1, "state": state, "at": at, "sid": sid}
            connection.execute(CHANGE, changed)

        database.write(work)

    return _app(five)


def fill(database: Database) -> None:
    """Make the tables of the five statements, with something in them."""

    def work(connection: Connection) -> None:
        for table in ROWS:
            connection.execute(text(table.format(id=IDS[database.is_sqlite])))
        connection.execute(
            text("INSERT INTO bench_calls VALUES (:sid, 0, :state, '')"),
            [{"sid": _sid(n), "state": "c" * STATE} for n in range(CALLS)],
        )
        connection.execute(
            text("INSERT INTO bench_lines VALUES (:number, 'desk', 1)"),
            [{"number": _line(n)} for n in range(LINES)],
        )
        connection.execute(
            text("INSERT INTO bench_customers VALUES (:phone, 'Fjellvik kommune', 'fast')"),
            [{"phone": _phone(n)} for n in range(CUSTOMERS)],
        )

    database.write(work)


def _sid(number: int) -> str:
    return f"CA{number % CALLS:032}"


def _line(number: int) -> str:
    return f"+4720{number % LINES:06}"


def _phone(number: int) -> str:
    return f"+4749{number % CUSTOMERS:06}"


def _app(work: Callable[[], None]) -> Flask:
    app = Flask(__name__)
    signature_verifier = SignatureVerifier(PUBLIC_URL, (TOKEN,))

    @app.post("/twilio/<path:door>")
    def turn(door: str) -> Response:
        query = request.query_string.decode("latin-1")
        if not signature_verifier.is_genuine(request.path, query, request.form, request.headers):
            abort(403)
        work()
        return Response(DOCUMENT, content_type="text/xml; charset=utf-8")

    return app
