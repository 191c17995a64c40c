"""The web application: which doors and pages there are, and what stands behind them."""

import structlog
from flask import Flask, Request
from flask.sessions import SessionInterface

from app import api, clock, logs
from app.domain.time.public_holidays import warm
from app.settings import Settings, read_settings
from app.store.schema import require_schema
from app.web.errors import answer_errors
from app.web.headers import add_headers
from app.web.health import health
from app.web.metrics import begin_at_zero
from app.web.pages.front_page import front_page
from app.web.pages.recording_page import recording_page
from app.web.services import EXTENSION, build_services, refresh_lifeline
from app.web.twilio import leg_doors, lifeline_doors, message_doors, verification_doors
from app.web.twilio import voice_doors as _caller
from app.web.twilio.guard import doors
from app.web.twilio.message_audio import played
from app.web.twilio.prompt_audio import prompts

log = structlog.get_logger(__name__)

LARGEST_BODY = 2 * 1024 * 1024  # bytes; the telephone's doors take less

# These files hang their doors on the blueprint when they are read.
DOORS = (_caller, leg_doors, message_doors, lifeline_doors, verification_doors)


class NoSessions(SessionInterface):
    """Nobody logs in yet, and a session that is opened costs every turn."""

    def open_session(self, app: Flask, request: Request) -> None:
        """Open none."""


def assemble(settings: Settings | None = None) -> Flask:
    """Make the application.

    SettingsError when the environment cannot be used; SchemaNotReady for a database that has not
    the tables of this release. One that is away is no reason: calls go on without it.
    """
    logs.configure()
    settings = settings or read_settings()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.session_interface = NoSessions()
    app.url_map.merge_slashes = False  # a redirect would lose the keys that were pressed
    services = app.extensions[EXTENSION] = build_services(settings)
    require_schema(settings.database_url, services.database)
    refresh_lifeline(services)
    services.offline_sync.look(clock.now())
    services.offline_sync.start()
    this_year = clock.now().year
    warm("NO", this_year, this_year + 1)  # the first look takes 0.3 s: no caller shall wait for it
    for blueprint in (doors, prompts, played, health, front_page, recording_page):
        app.register_blueprint(blueprint)
    begin_at_zero(door for door in app.view_functions if door.startswith(f"{doors.name}."))
    answer_errors(app)
    api.register(app)
    add_headers(app, is_encrypted=settings.public_url.startswith("https://"))
    if not settings.twilio_auth_token:
        log.warning("no_token", hint="without TWILIO_AUTH_TOKEN the telephone's doors refuse all")
    return app
