"""A small product for the exchange to phone: real Flask over HTTP, answering from a table of
documents, checking every signature, remembering every request."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import WSGIRequestHandler, make_server

TOKEN = "the-token-of-the-tests"
ACCOUNT = "AC" + "0" * 32


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@dataclass(frozen=True)
class Request:
    path: str
    form: Mapping[str, str]
    headers: Mapping[str, str]
    method: str = "POST"


Answer = str | tuple[str, int] | Response
Page = Answer | Callable[[Request], Answer]
Pages = dict[str, Page | list[Page]]


@dataclass
class Product:
    """`pages` are the documents by path; a list is used up one a request, its last one stays."""

    pages: Pages = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    badly_signed: list[str] = field(default_factory=list)
    address: str = ""

    def start(self) -> "Product":
        self._server = make_server("127.0.0.1", 0, self._app(), True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, path: str) -> list[Mapping[str, str]]:
        """The forms posted to one path, in order of arrival."""
        return [one.form for one in self.requests if one.path == path]

    def _app(self) -> Flask:
        app = Flask("product")
        lock = threading.Lock()

        @app.route("/<path:path>", methods=["GET", "POST"])
        def _any(path: str) -> Answer:
            form = request.form if request.method == "POST" else request.args
            one = Request("/" + path, dict(form), dict(request.headers), request.method)
            query = f"?{request.query_string.decode()}" if request.query_string else ""
            url = f"{self.address}/{path}{query}"
            signed = request.headers.get("X-Twilio-Signature", "")
            if not path.startswith("audio/") and not RequestValidator(TOKEN).validate(
                url, request.form, signed
            ):
                self.badly_signed.append(url)
            with lock:
                self.requests.append(one)
                page = self.pages.get("/" + path, "")
                if isinstance(page, list):
                    page = page.pop(0) if len(page) > 1 else page[0]
            answer = page if isinstance(page, Response | str | tuple) else page(one)
            if isinstance(answer, str) and answer:
                return Response(answer, mimetype="text/xml")
            return answer or Response(status=204)

        return app


def doc(*verbs: str) -> str:
    """A voice document."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{"".join(verbs)}</Response>'
