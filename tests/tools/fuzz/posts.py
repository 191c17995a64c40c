"""One request as bytes, signed as the network signs what the product will read of it."""

from __future__ import annotations

import hashlib
import http.client
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote_plus

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from tests.tools.fuzz.forms import How

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "a-boundary"
TYPES = {
    How.MULTIPART: f"multipart/form-data; boundary={BOUNDARY}",
    How.JSON: "application/json",
    How.TEXT: "text/plain",
}
METHODS = {How.GET: "GET", How.PUT: "PUT"}
FILLING = "x" * 70_000  # more than a door takes
SURROGATE = re.compile("[\ud800-\udfff]")
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Post:
    """What is sent to an address of ours; `path` carries its query."""

    path: str
    fields: Fields
    how: How = How.FORM

    @property
    def method(self) -> str:
        return METHODS.get(self.how, "POST")

    @property
    def is_signed(self) -> bool:
        return self.how not in (How.UNSIGNED, How.BADLY_SIGNED)

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.fields if each == name]

    @property
    def address(self) -> str:
        """The path as it is asked: JSON is held by its hash there."""
        if self.how is not How.JSON:
            return self.path
        digest = hashlib.sha256(self.body).hexdigest()
        return f"{self.path}{'&' if '?' in self.path else '?'}bodySHA256={digest}"

    @property
    def body(self) -> bytes:
        match self.how:
            case How.MULTIPART:
                return b"".join(map(_part, self.fields)) + f"--{BOUNDARY}--\r\n".encode()
            case How.JSON:
                return repr(self.fields).encode("utf-8", "replace")
            case How.HUGE:
                return _encoded((*self.fields, ("Body", FILLING)))
            case _:
                return _encoded(self.fields)

    def headers(self, public_url: str, token: str) -> dict[str, str]:
        headers = {"Content-Type": TYPES.get(self.how, FORM)}
        if self.how is not How.UNSIGNED:
            secret = token if self.is_signed else "the token of somebody else"
            headers["X-Twilio-Signature"] = self._signature(public_url, secret)
        return headers

    @property
    def _is_readable(self) -> bool:
        """Whether the fields arrive as they are: the others are read as the web server does."""
        return not any(SURROGATE.search(name + value) for name, value in self.fields)

    def _signature(self, public_url: str, secret: str) -> str:
        url = public_url + self.address
        if self.how is How.JSON:
            return str(RequestValidator(secret).compute_signature(url, {}))
        if self.how in (How.FORM, How.CHUNKED) and self._is_readable:
            form = MultiDict(self.fields)
            return str(RequestValidator(secret).compute_signature(url, form))
        environ = EnvironBuilder(
            method="POST",
            input_stream=io.BytesIO(self.body),
            content_type=TYPES.get(self.how, FORM),
            headers={"Content-Length": str(len(self.body))},
        ).get_environ()
        return str(RequestValidator(secret).compute_signature(url, Request(environ).form))


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Line(Protocol):
    """A way to the product."""

    def send(self, post: Post) -> Reply:
        """Send a post and wait for the answer."""
        ...


@dataclass(frozen=True)
class InProcess:
    """The application as the web server loads it, asked without a socket."""

    app: Flask
    public_url: str
    token: str

    def send(self, post: Post) -> Reply:
        in_chunks = post.how is How.CHUNKED
        path, _, query = post.address.partition("?")
        answer = self.app.test_client().open(
            path,
            query_string=query,
            method=post.method,
            input_stream=io.BytesIO(post.body),
            headers=post.headers(self.public_url, self.token)
            | ({"Transfer-Encoding": "chunked"} if in_chunks else
               {"Content-Length": str(len(post.body))}),
            environ_overrides={"wsgi.input_terminated": True} if in_chunks else {},
        )  # fmt: skip
        return Reply(answer.status_code, dict(answer.headers), answer.data)


@dataclass(frozen=True)
class OverHttp:
    """The real web server, over a real connection for each post."""

    port: int
    public_url: str
    token: str

    def send(self, post: Post) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body, in_chunks = post.body, post.how is How.CHUNKED
        pieces = (body[at : at + 7] for at in range(0, len(body), 7))
        try:
            connection.request(
                post.method,
                post.address,
                body=pieces if in_chunks else body,
                headers=post.headers(self.public_url, self.token),
                encode_chunked=in_chunks,
            )
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()


def _encoded(fields: Fields) -> bytes:
    """Halves of surrogates become bytes that are no UTF-8."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields).encode()


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def _part(field: tuple[str, str]) -> bytes:
    name = quote_plus(field[0].encode("utf-8", "surrogatepass"))
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + field[1].encode("utf-8", "surrogatepass") + b"\r\n"
