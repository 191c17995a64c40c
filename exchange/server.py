"""The exchange's own web server: REST API and control API on one loopback port, in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from exchange.config import Config
from exchange.control.routes import control_doors
from exchange.exchange import Exchange
from exchange.rest.account import account_door, rest_doors, trust_hub_doors
from exchange.rest.frame import NOT_FOUND, error_response

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing: numbers do not belong in logs."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Leaves the date to the doors: the REST API's clock can be wrong."""
        self.send_response_only(code, message)


@contextmanager
def running(config: Config) -> Iterator[Exchange]:
    """An exchange that listens on loopback, its address in `address`; at the end everybody is hung
    up on.
    """
    exchange = Exchange(config)
    app = exchange_app(exchange)
    server = make_server(HOST, config.port, app, threaded=True, request_handler=_Quiet)
    exchange.network.address = f"http://{HOST}:{server.server_port}"
    thread = threading.Thread(
        target=server.serve_forever, args=(0.05,), name="exchange", daemon=True
    )
    thread.start()
    try:
        yield exchange
    finally:
        exchange.hang_up_all()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def exchange_app(exchange: Exchange) -> Flask:
    """The Flask application with all doors of the exchange."""
    app = Flask("exchange", static_folder=None)
    app.register_blueprint(control_doors(exchange))
    app.register_blueprint(rest_doors(exchange))
    app.register_blueprint(account_door(exchange))
    app.register_blueprint(trust_hub_doors(exchange))

    @app.errorhandler(404)
    def _nowhere(_: Exception) -> tuple[Response, int]:
        return error_response(NOT_FOUND)

    return app
