"""A telephone network in miniature: posts to the product's doors as Twilio does, signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app import create_app
from app.settings import WebSettings
from app.web.services import EXTENSION, WebServices
from tests.support.imported_desks import put_desks
from tests.support.sample_desk import CALLER, DUTY, NIGHT, edit, folder

PUBLIC = "https://vakt.example.org"
TOKEN, OLD_TOKEN = "new-token", "old-token"
ACCOUNT = "AC00000000000000000000000000000001"
CALL = "CA00000000000000000000000000000001"
LEG = "CA00000000000000000000000000000002"


@dataclass
class FakeTwilio:
    """Calls one of our numbers and does what the documents say, by hand."""

    client: FlaskClient
    token: str = TOKEN
    call: str = CALL
    line: str = DUTY
    caller: str = CALLER
    moment: str = NIGHT.isoformat()

    def form(self, **fields: str) -> dict[str, str]:
        usual = {
            "CallSid": self.call,
            "AccountSid": ACCOUNT,
            "From": self.caller,
            "To": self.line,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "ApiVersion": "2010-04-01",
            "ExchangeMoment": self.moment,
        }
        return {name: value for name, value in {**usual, **fields}.items() if value}

    def post(self, path: str, **fields: str) -> TestResponse:
        return self.send(path, MultiDict(self.form(**fields)))

    def send(
        self, path: str, form: MultiDict[str, str], headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        signature = RequestValidator(self.token).compute_signature(PUBLIC + path, form)
        return self.client.post(
            path, data=form, headers={"X-Twilio-Signature": signature, **(headers or {})}
        )

    def hears(self, path: str, **fields: str) -> Element:
        """What a door answers, as a document."""
        response = self.post(path, **fields)
        assert response.status_code == 200, response.text
        assert response.content_type == "text/xml; charset=utf-8"
        return fromstring(response.text)

    def arrives(self, **fields: str) -> Element:
        return self.hears("/twilio/voice", **{"CallStatus": "ringing", **fields})

    def does(self, turn: int, **fields: str) -> Element:
        return self.hears(f"/twilio/voice/turn/{turn}", **fields)

    def leg(self, leg: int, door: str, **fields: str) -> Element:
        return self.hears(f"/twilio/leg/{self.call}/{leg}/{door}", **self.of_leg(leg, **fields))

    def of_leg(self, leg: int, **fields: str) -> dict[str, str]:
        sid = f"{LEG[:-2]}{leg:02}"
        usual = {"CallSid": sid, "From": self.line, "To": "+4749009101"}
        return {**usual, "Direction": "outbound-dial", "ParentCallSid": self.call, **fields}


def said(response: Element) -> str:
    return " ".join(say.text or "" for say in response.iter("Say"))


def tags(response: Element) -> list[str]:
    return [part.tag for part in response]


def settings(url: str, folder: Path, **changed: object) -> WebSettings:
    usual: dict[str, object] = {
        "secret_key": "of the tests",
        "database_url": url,
        "public_url": PUBLIC,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": (TOKEN, OLD_TOKEN),
        "twilio_api_url": "http://127.0.0.1:9",
        "vakt_exchange": True,
        "vakt_lifeline": folder / "lifeline.json",
    }
    return WebSettings(**{**usual, **changed})  # type: ignore[arg-type]


@contextmanager
def a_web(settings: WebSettings, *, moved_in: bool = True) -> Iterator[Flask]:
    """The web application with the organisation of a_house in its database."""
    app = create_app(settings)
    services: WebServices = app.extensions[EXTENSION]
    if moved_in:
        put_desks(services.database, (folder(),), edit())
    try:
        yield app
    finally:
        services.close()


@contextmanager
def fake_twilio(settings: WebSettings, *, moved_in: bool = True) -> Iterator[FakeTwilio]:
    with a_web(settings, moved_in=moved_in) as app:
        yield FakeTwilio(app.test_client())
