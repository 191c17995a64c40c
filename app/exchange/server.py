"""The exchange's own web server: REST API and control API on one loopback port, in a thread."""

import threading
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.exchange.control import control_doors
from app.exchange.rest import NOT_FOUND, error_response
from app.exchange.rest_account import account_door, rest_doors

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing: numbers do not belong in logs."""


class Server:
    """Binds to loopback only. Port 0 takes a free one."""

    def __init__(self, exchange: "Exchange", port: int) -> None:
        self._exchange = exchange
        self._port = port
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Begins to listen and gives the address."""
        app = exchange_app(self._exchange)
        self._server = make_server(HOST, self._port, app, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="exchange", daemon=True
        )
        self._thread.start()
        return f"http://{HOST}:{self._server.server_port}"

    def stop(self) -> None:
        """Stops listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._thread is not None:
            self._thread.join(timeout=5)


def exchange_app(exchange: "Exchange") -> Flask:
    """The Flask application with all doors of the exchange."""
    app = Flask("exchange", static_folder=None)
    app.register_blueprint(control_doors(exchange))
    app.register_blueprint(rest_doors(exchange))
    app.register_blueprint(account_door(exchange))

    @app.errorhandler(404)
    def _nowhere(_: Exception) -> tuple[Response, int]:
        return error_response(NOT_FOUND)

    return app
