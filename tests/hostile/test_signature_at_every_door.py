"""Whose request is it: one table of cases, each tried at every door that the network comes in by.

The doors are those of the url map: one that is added is tried without being named here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from twilio.request_validator import HMAC_SHA256, RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.web.services import EXTENSION
from tests.support.fake_twilio import ACCOUNT, a_web, settings
from tests.tools.fuzz.endpoints import Door, api_doors, other_doors, telephone_doors

PUBLIC = "https://vakt.example.org"
TOKEN, OLD_TOKEN = "new-token", "old-token"
EVIL = "https://evil.example.org"
SHARED_KEY = "X-Twilio-Webhooks-Signature-Settings"
BODY = '{"desk": "brukarstøtte"}'
BODY_HASH = hashlib.sha256(BODY.encode()).hexdigest()

FIELDS: tuple[tuple[str, str], ...] = (
    ("CallSid", "CA00000000000000000000000000000009"),
    ("AccountSid", ACCOUNT),
    ("From", "+4749009001"),
    ("To", "+4720000902"),
    ("CallStatus", "in-progress"),
    ("MessageSid", "SM00000000000000000000000000000009"),
    ("RecordingSid", "RE00000000000000000000000000000009"),
    ("Body", "Blåbær & <søtt>"),
    ("Empty", ""),
)
Fields = tuple[tuple[str, str], ...]

# Doors that anybody may ask, and what holds them instead of a signature.
OPEN_DOORS = {
    "GET /twilio/prompt/<language>/<key>.mp3": "sentences that every caller hears; listed files",
    "GET /twilio/prompt/ringing.wav": "a tone",
    "GET /about": "what this is and how it is, and nothing about anybody",
    "GET /language/<string(maxlength=2):code>": "keeps a language, and leads back to a page",
    "GET /static/<string(maxlength=80):name>": "built files",
    "GET /docs/<string(maxlength=40):name>": "our own documentation",
    "GET /login": "asks who it is",
    "GET /login/mail": "asks where a link is to be sent",
    "GET /login/account/<string(maxlength=100):secret>": "a link from a mail: works once",
    "GET /portal/<string(maxlength=64):desk>/account": "asks for an account of the portal",
    "GET /login/link/<string(maxlength=100):secret>": "a link from a mail: works once, and soon",
    "GET /login/password/<string(maxlength=100):secret>": "a link that works once, and soon",
    "GET /login/openid/<string(maxlength=40):provider>": "leads to an organisation's own login",
    "GET /login/openid/<string(maxlength=40):provider>/callback": "and back: state, nonce and PKCE",
    "GET /listen/<string(maxlength=600):token>": "the address itself is signed",
    "POST /listen/<string(maxlength=600):token>": "the address itself is signed",
    "GET /c/<string(maxlength=60):token>": "the address itself is signed",
    "POST /c/<string(maxlength=60):token>": "the address itself is signed",
    "GET /n/<string(maxlength=60):token>": "the address itself is signed",
    "POST /n/<string(maxlength=60):token>/take": "the address itself is signed",
    "POST /n/<string(maxlength=60):token>/pass-on": "the address itself is signed",
    "POST /n/<string(maxlength=60):token>/ring-again": "the address itself is signed",
    "GET /wall/<string(maxlength=100):secret>": "the secret of a wall screen; without numbers",
    "GET /wall/<string(maxlength=100):secret>/desks": "the same",
    "GET /ical/<string(maxlength=100):secret>.ics": "the secret of a calendar; without numbers",
    "GET /twilio/message/<string(maxlength=600):token>": "an address of ours, signed for minutes",
    "GET /too-large": "says that too much was sent, where the proxy has refused it",
    "GET /healthz": "says that the process lives",
    "GET /readyz": "says in a word what is well",
    "GET /metrics": "figures without persons; VAKT_METRICS_TOKEN, where it is set, or the proxy",
}


@dataclass(frozen=True)
class Case:
    """One request: how it was signed, how it is sent, and whether it is the network's."""

    says: str
    is_genuine: bool
    public_url: str = PUBLIC
    tokens: tuple[str, ...] = (TOKEN, OLD_TOKEN)
    signed_for: str = "{public}{path}"
    signed_with: str | None = TOKEN
    signed_fields: Fields = FIELDS
    algorithm: str | None = None
    signature: Callable[[str], str] = str  # what becomes of it on the way
    path: str = "{path}"
    sent: Fields = FIELDS
    as_json: str | None = None
    multipart: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    base_url: str = PUBLIC


def good(says: str, **how: object) -> Case:
    return Case(says, True, **how)  # type: ignore[arg-type]


def bad(says: str, **how: object) -> Case:
    return Case(says, False, **how)  # type: ignore[arg-type]


WITH_PORT = "https://vakt.example.org:8443"
PLAIN = "http://vakt.internal:8000"
CASES = (
    # tokens
    good("the account's token signed it"),
    good("the token before signed it, while the token is changed", signed_with=OLD_TOKEN),
    bad("another account's token signed it", signed_with="the token of somebody else"),
    bad("both tokens at once signed it", signed_with=f"{TOKEN},{OLD_TOKEN}"),
    bad("an empty token signed it", signed_with=""),
    bad("the token that was given up signed it", tokens=(TOKEN,), signed_with=OLD_TOKEN),
    bad("no token is set, and an empty one signed it", tokens=(), signed_with=""),
    bad("no token is set, and nothing was signed", tokens=(), signed_with=None),
    # the signature itself
    bad("nothing was signed", signed_with=None),
    bad("the signature is empty", signature=lambda _: ""),
    bad("the signature is a space", signature=lambda _: " "),
    bad("the signature is no signature", signature=lambda _: "AAAA"),
    bad("the signature has letters of ours", signature=lambda _: "ÆØÅ"),
    bad("the signature is enormous", signature=lambda right: right * 1000),
    bad("the signature lacks its end", signature=lambda right: right[:-1]),
    bad("the signature is in capitals", signature=lambda right: right.swapcase()),
    bad("the signature stands beside another", signature=lambda right: f"{right}, AAAA"),
    bad("there is a bearer token in its place", signed_with=None,
        headers={"Authorization": f"Bearer {TOKEN}"}),
    # the address as it was configured
    good("PUBLIC_URL ends with a slash", public_url=f"{PUBLIC}/", signed_for=PUBLIC + "{path}"),
    good("PUBLIC_URL has a port, and it was signed", public_url=WITH_PORT),
    good("PUBLIC_URL has a port, and https drops it", public_url=WITH_PORT,
         signed_for=PUBLIC + "{path}"),
    good("the usual port of https was written out", signed_for=PUBLIC + ":443{path}"),
    good("PUBLIC_URL is plain http with a port", public_url=PLAIN),
    good("PUBLIC_URL is a folder at a host", public_url=f"{PUBLIC}/vakt"),
    good("there is a query, and it was signed", path="{path}?a=1&b=%2B47",
         signed_for="{public}{path}?a=1&b=%2B47"),
    bad("it was signed for another host", signed_for=EVIL + "{path}"),
    bad("it was signed for a longer host", signed_for=PUBLIC + ".evil.example{path}"),
    bad("it was signed for plain http", signed_for="http://vakt.example.org{path}"),
    bad("it was signed for a port that is not ours", signed_for=PUBLIC + ":8443{path}"),
    bad("it was signed for another port", public_url=WITH_PORT, signed_for=PUBLIC + ":9443{path}"),
    bad("http was signed for another port", public_url=PLAIN,
        signed_for="http://vakt.internal:8001{path}"),
    bad("http was signed as https", public_url=PLAIN,
        signed_for="https://vakt.internal:8000{path}"),
    bad("the folder was left out", public_url=f"{PUBLIC}/vakt", signed_for=PUBLIC + "{path}"),
    bad("it was signed for another door", signed_for="{public}/twilio/elsewhere"),
    bad("it was signed with a slash at the end", signed_for="{public}{path}/"),
    bad("it was signed in capitals", signed_for="{public}/TWILIO{path}"),
    bad("a query was added on the way", path="{path}?measure=1"),
    bad("the query was left out on the way", signed_for="{public}{path}?measure=1"),
    bad("the query was changed", path="{path}?a=2", signed_for="{public}{path}?a=1"),
    bad("a fragment was signed", signed_for="{public}{path}#rc=2"),
    # proxies
    good("a proxy tells nothing and asks an inner address", base_url="http://10.0.0.7:8000"),
    good("a proxy tells the truth", base_url="http://10.0.0.7:8000", headers={
        "X-Forwarded-Host": "vakt.example.org", "X-Forwarded-Proto": "https",
        "X-Forwarded-Port": "443", "X-Forwarded-For": "203.0.113.7"}),
    good("a proxy tells something else, and it was signed for us", headers={
        "X-Forwarded-Host": "inner.example.org", "X-Forwarded-Proto": "http",
        "X-Forwarded-Prefix": "/inner", "Forwarded": "host=inner.example.org;proto=http"}),
    good("the host is somebody else's, and it was signed for us", base_url=EVIL),
    bad("the host is theirs, and so is what was signed", base_url=EVIL,
        signed_for=EVIL + "{path}"),
    bad("X-Forwarded-Host is theirs, and so is what was signed", signed_for=EVIL + "{path}",
        headers={"X-Forwarded-Host": "evil.example.org"}),
    bad("Forwarded is theirs, and so is what was signed", signed_for=EVIL + "{path}",
        headers={"Forwarded": "host=evil.example.org;proto=https"}),
    bad("X-Forwarded-Proto is http, and so is what was signed",
        signed_for="http://vakt.example.org{path}", headers={"X-Forwarded-Proto": "http"}),
    bad("X-Forwarded-Port is theirs, and so is what was signed",
        signed_for=PUBLIC + ":9{path}", headers={"X-Forwarded-Port": "9"}),
    bad("X-Forwarded-Prefix is theirs, and so is what was signed",
        signed_for="{public}/inner{path}", headers={"X-Forwarded-Prefix": "/inner"}),
    bad("X-Original-URL is another door, and so is what was signed",
        signed_for="{public}/healthz", headers={"X-Original-URL": "/healthz"}),
    bad("X-Rewrite-URL is another door, and so is what was signed",
        signed_for="{public}/healthz", headers={"X-Rewrite-URL": "/healthz"}),
    # the fields
    good("the fields come in another order", sent=tuple(reversed(FIELDS))),
    good("a field comes twice, and both were signed", signed_fields=(*FIELDS, ("Digits", "1"),
         ("Digits", "2")), sent=(*FIELDS, ("Digits", "2"), ("Digits", "1"))),
    good("it comes as multipart", multipart=True),
    bad("a field was changed", sent=(*FIELDS[1:], ("CallSid", "CA0"))),
    bad("a field was added", sent=(*FIELDS, ("Digits", "1"))),
    bad("a field was added beside its twin", sent=(*FIELDS, ("To", "+4720000901"))),
    bad("a field was taken away", sent=FIELDS[1:]),
    bad("all fields were taken away", sent=()),
    bad("only the address was signed", signed_fields=()),
    bad("the moment of the local exchange was added",
        sent=(*FIELDS, ("ExchangeMoment", "2026-11-21T22:10:00+00:00"))),
    # other bodies
    good("a JSON body is held by its hash", as_json=BODY, signed_fields=(),
         path="{path}?bodySHA256=" + BODY_HASH,
         signed_for="{public}{path}?bodySHA256=" + BODY_HASH),
    bad("the JSON body is another", as_json=BODY + " ", signed_fields=(),
        path="{path}?bodySHA256=" + BODY_HASH,
        signed_for="{public}{path}?bodySHA256=" + BODY_HASH),
    bad("nothing holds the JSON body", as_json=BODY, signed_fields=()),
    bad("the hash of the JSON body is empty", as_json=BODY, signed_fields=(),
        path="{path}?bodySHA256=", signed_for="{public}{path}?bodySHA256="),
    bad("the form was signed, and JSON is sent", as_json=json.dumps(dict(FIELDS))),
    # the algorithm
    good("a shared key signed it", algorithm=HMAC_SHA256,
         headers={SHARED_KEY: "key=k1,algorithm=HMAC_SHA256"}),
    bad("a shared key signed it, and nobody says so", algorithm=HMAC_SHA256),
    bad("it says a shared key, and the token signed it",
        headers={SHARED_KEY: "key=k1,algorithm=HMAC_SHA256"}),
    bad("it says an algorithm that nobody knows", headers={SHARED_KEY: "key=k1,algorithm=NONE"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def app_with(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, tuple[str, ...]], Flask]]:
    """The product as the Procfile starts it, once for each address and tokens."""
    with ExitStack() as stack:

        @cache
        def make(public_url: str, tokens: tuple[str, ...]) -> Flask:
            folder = tmp_path_factory.mktemp("installation")
            file = folder / "vakt.db"
            file.write_bytes(migrated_sqlite_file.read_bytes())
            how = settings(
                f"sqlite:///{file}",
                folder,
                public_url=public_url,
                twilio_auth_token=tokens,
                vakt_exchange=False,
            )
            return stack.enter_context(a_web(how))

        yield make


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_only_what_the_network_signed_for_our_address_opens_a_door(
    app_with: Callable[[str, tuple[str, ...]], Flask], case: Case
) -> None:
    app = app_with(case.public_url, case.tokens)
    before = rows(app)
    doors = signed_doors(app)
    assert len(doors) >= 16

    for door in doors:
        answer = send(app, door, case)
        if case.is_genuine:
            assert answer.status_code in (200, 204, 400), (door.name, answer.text)
        else:
            assert (answer.status_code, answer.text) == (403, REFUSED), door.name
            assert "Set-Cookie" not in answer.headers

    assert case.is_genuine or rows(app) == before, "nothing of it is kept"


REFUSED = "The signature is wrong or missing.\n"


def test_every_door_is_signed_or_open_for_a_reason(
    app_with: Callable[[str, tuple[str, ...]], Flask],
) -> None:
    app = app_with(PUBLIC, (TOKEN, OLD_TOKEN))
    client = app.test_client()
    doors = (*telephone_doors(app), *other_doors(app))

    open_doors = {door.name for door in doors if is_open(client, door)}

    assert open_doors == set(OPEN_DOORS)


def is_open(client: FlaskClient, door: Door) -> bool:
    """Whether a door answers a stranger anything but that there is something to sign or log in."""
    answer = client.open(door.path(), method=door.method)
    leads_to_login = answer.headers.get("Location", "").startswith("/login?")
    return answer.status_code not in (401, 403) and not leads_to_login


def test_no_door_leads_to_another_host(
    app_with: Callable[[str, tuple[str, ...]], Flask],
) -> None:
    app = app_with(PUBLIC, (TOKEN, OLD_TOKEN))
    database = app.extensions[EXTENSION].database
    for door in (*telephone_doors(app), *other_doors(app), *api_doors(database)):
        path = door.path()
        for other in (f"{path}/", f"{path}//", path.replace("/", "//"), f"{path[:5]}/{path[5:]}"):
            client, how = app.test_client(), {"method": door.method, "base_url": EVIL}
            answer = client.open(f"/{other.lstrip('/')}", **how)
            leads_to = answer.headers.get("Location", "/")
            assert leads_to.startswith("/"), (door.name, other)
            assert not leads_to.startswith("//"), (door.name, other)


@pytest.mark.parametrize(
    ("caller", "signature"),
    [
        ("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
    ],
)
def test_these_cases_are_signed_as_the_published_vectors_are(caller: str, signature: str) -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": caller,
        "To": "+18005551212", "Caller": caller,
    }  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"

    assert sign("12345", url, tuple(fields.items())) == signature
    assert by_hand("12345", url, fields) == signature


def signed_doors(app: Flask) -> tuple[Door, ...]:
    return tuple(door for door in telephone_doors(app) if door.name not in OPEN_DOORS)


def send(app: Flask, door: Door, case: Case) -> TestResponse:
    path, public = door.path(), case.public_url
    headers = dict(case.headers)
    if case.signed_with is not None:
        address = case.signed_for.format(public=public, path=path)
        right = sign(case.signed_with, address, case.signed_fields, case.algorithm)
        headers["X-Twilio-Signature"] = case.signature(right)
    body = {
        "data": case.as_json if case.as_json is not None else MultiDict(case.sent),
        "content_type": "application/json" if case.as_json is not None
        else "multipart/form-data" if case.multipart
        else "application/x-www-form-urlencoded",
    }  # fmt: skip
    return app.test_client().open(
        case.path.format(path=path),
        method=door.method,
        base_url=case.base_url,
        headers=headers,
        **body,
    )


def sign(token: str, url: str, fields: Fields, algorithm: str | None = None) -> str:
    validator = RequestValidator(token)
    return str(validator.compute_signature(url, MultiDict(fields), algorithm))


def by_hand(token: str, url: str, fields: Mapping[str, str]) -> str:
    words = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(token.encode(), words.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table of the product has."""
    with app.extensions[EXTENSION].database.read() as connection:
        tables = connection.execute(text("select name from sqlite_master where type = 'table'"))
        return {
            name: connection.execute(text(f"select count(*) from {name}")).scalar_one()
            for (name,) in tables.all()
        }
