"""The web application: which webhooks and pages there are, and what stands behind them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import structlog
from flask import Flask, Request
from flask.sessions import SessionInterface

from app import clock, logs
from app.composition import Services
from app.domain.time.public_holidays import warm
from app.serving.url_rules import LateRule
from app.settings import WebSettings
from app.store.schema import require_schema
from app.web.errors import answer_errors
from app.web.headers import add_headers
from app.web.health import health
from app.web.metrics import begin_at_zero
from app.web.page_access import Answers, Forbidden, guard_pages
from app.web.pages.about_page import about_page
from app.web.pages.access_answers import ask_to_send_again, forbid
from app.web.pages.account_page import account_page, ask_to_confirm, keep_language
from app.web.pages.accounts_page import accounts_page
from app.web.pages.assets import assets, static_files
from app.web.pages.audit_page import audit_page
from app.web.pages.blocked_page import blocked_page
from app.web.pages.calendar_feed import calendar_feed
from app.web.pages.customer_people_page import customer_people_page
from app.web.pages.customers_import_page import customers_import_page
from app.web.pages.customers_page import customers_page
from app.web.pages.desk_hours_change_page import desk_hours_change_page
from app.web.pages.desk_lists_page import desk_lists_page
from app.web.pages.desks_page import desks_page
from app.web.pages.language import LANGUAGE_KEEPER, language_switch
from app.web.pages.login_code_page import login_code_page
from app.web.pages.login_page import ask_to_log_in, login_page
from app.web.pages.my_duty_calendar_page import my_duty_calendar_page
from app.web.pages.my_duty_call_outs_page import my_duty_call_outs_page
from app.web.pages.my_duty_change_page import my_duty_change_page
from app.web.pages.my_duty_notices_page import my_duty_notices_page
from app.web.pages.my_duty_numbers_page import my_duty_numbers_page
from app.web.pages.my_duty_page import my_duty_page
from app.web.pages.my_duty_pin_page import my_duty_pin_page
from app.web.pages.my_duty_requests_page import my_duty_requests_page
from app.web.pages.night_page import night_page
from app.web.pages.now_page import now_page
from app.web.pages.openid_page import openid_page
from app.web.pages.outage_page import outage_page
from app.web.pages.passkeys_page import passkeys_page
from app.web.pages.portal_account_page import portal_account_page
from app.web.pages.portal_case_page import portal_case_page
from app.web.pages.portal_home_page import portal_home_page
from app.web.pages.portal_new_case_page import portal_new_case_page
from app.web.pages.portal_people_page import portal_people_page
from app.web.pages.queue_bulk_page import queue_bulk_page
from app.web.pages.queue_page import queue_page
from app.web.pages.recording_page import recording_page
from app.web.pages.roster_change_page import roster_change_page
from app.web.pages.roster_document_page import roster_document_page
from app.web.pages.roster_drafts_page import roster_drafts_page
from app.web.pages.roster_hours_page import roster_hours_page
from app.web.pages.roster_page import roster_page
from app.web.pages.roster_plan_page import roster_plan_page
from app.web.pages.roster_publish_page import roster_publish_page
from app.web.pages.roster_requests_page import roster_requests_page
from app.web.pages.roster_versions_page import roster_versions_page
from app.web.pages.second_factors_page import second_factors_page
from app.web.pages.shift_page import shift_page
from app.web.pages.targets_page import targets_page
from app.web.pages.ticket_call_page import ticket_call_page
from app.web.pages.ticket_files_page import ticket_files_page
from app.web.pages.ticket_links_page import ticket_links_page
from app.web.pages.ticket_page import ticket_page
from app.web.pages.ticket_targets_page import ticket_targets_page
from app.web.pages.ticket_writers_page import ticket_writers_page
from app.web.pages.too_large_page import too_large_page
from app.web.pages.users_page import users_page
from app.web.pages.wall_page import wall_page
from app.web.services import EXTENSION, build_web_services
from app.web.twilio import (
    customer_call_webhooks,
    leg_webhooks,
    lifeline_webhooks,
    message_webhooks,
    verification_webhooks,
)
from app.web.twilio import voice_webhooks as _caller
from app.web.twilio.message_audio import played
from app.web.twilio.prompt_audio import prompts
from app.web.twilio.request_validation import webhooks

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger(__name__)

BELOW_API: Final = "/api/"
LARGEST_BODY = 2 * 1024 * 1024  # bytes; Twilio's webhooks take less

PAGES: Final = (
    now_page,
    wall_page,
    night_page,
    shift_page,
    calendar_feed,
    static_files,
    language_switch,
    about_page,
    too_large_page,
    recording_page,
    login_page,
    login_code_page,
    openid_page,
    account_page,
    second_factors_page,
    passkeys_page,
    users_page,
    audit_page,
    my_duty_page,
    my_duty_call_outs_page,
    my_duty_change_page,
    my_duty_calendar_page,
    my_duty_notices_page,
    my_duty_numbers_page,
    my_duty_pin_page,
    my_duty_requests_page,
    roster_hours_page,
    roster_page,
    roster_plan_page,
    roster_change_page,
    roster_requests_page,
    roster_versions_page,
    roster_document_page,
    roster_drafts_page,
    roster_publish_page,
    desks_page,
    desk_hours_change_page,
    blocked_page,
    outage_page,
    targets_page,
    queue_page,
    queue_bulk_page,
    ticket_page,
    ticket_links_page,
    ticket_call_page,
    ticket_targets_page,
    ticket_writers_page,
    desk_lists_page,
    customers_page,
    customers_import_page,
    accounts_page,
    customer_people_page,
    portal_people_page,
    portal_account_page,
    portal_home_page,
    portal_new_case_page,
    portal_case_page,
    ticket_files_page,
)
INSTEAD_OF_PAGES: Final = Answers(ask_to_send_again, ask_to_log_in, ask_to_confirm)

# These files put their routes on the blueprint when they are read.
WEBHOOKS = (
    _caller,
    leg_webhooks,
    message_webhooks,
    lifeline_webhooks,
    verification_webhooks,
    customer_call_webhooks,
)


class NoSessions(SessionInterface):
    """Logins are rows that pages look up (session.py): one that Flask opens costs every turn."""

    def open_session(self, app: Flask, request: Request) -> None:
        """Open none."""


def assemble(settings: WebSettings, services: Services, api: "WSGIApplication") -> Flask:
    """Make the application; `api` answers everything below /api/.

    SchemaNotReady for a database that has not the tables of this release. One that is away is no
    reason: calls go on without it. AssetsNotBuilt where the pages' files are missing.
    """
    logs.configure()
    assets()
    app = Flask(__name__, static_folder=None)
    app.url_rule_class = LateRule
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.session_interface = NoSessions()
    app.url_map.merge_slashes = False  # a redirect would lose the keys that were pressed
    web = app.extensions[EXTENSION] = build_web_services(settings, services)
    require_schema(settings.database_url, services.database)
    web.offline_sync.look(clock.now())
    web.offline_sync.start()
    this_year = clock.now().year
    warm("NO", this_year, this_year + 1)  # the first look takes 0.3 s: no caller shall wait for it
    for blueprint in (webhooks, prompts, played, health, *PAGES):
        app.register_blueprint(blueprint)
    guard_pages(app, (each.name for each in PAGES), INSTEAD_OF_PAGES)
    app.extensions[LANGUAGE_KEEPER] = keep_language
    begin_at_zero(each for each in app.view_functions if each.startswith(f"{webhooks.name}."))
    answer_errors(app)
    app.register_error_handler(Forbidden, forbid)
    _mount(app, api)
    add_headers(app, is_encrypted=settings.public_url.startswith("https://"))
    if not settings.twilio_auth_token:
        log.warning("no_token", hint="without TWILIO_AUTH_TOKEN Twilio's webhooks refuse all")
    return app


def _mount(app: Flask, api: "WSGIApplication") -> None:
    """Let the API answer below /api/; its errors and its description are its own."""
    pages = app.wsgi_app

    def either(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        is_api = str(environ.get("PATH_INFO", "")).startswith(BELOW_API)
        return (api if is_api else pages)(environ, start)

    # How Flask says that one puts something in front; its stubs call it a method.
    app.wsgi_app = either  # type: ignore[method-assign, assignment]
