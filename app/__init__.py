"""Vaktlinje: a telephone line for service desks and their duty."""

from typing import TYPE_CHECKING

from app.serving import WILL_NOT_START

if TYPE_CHECKING:  # Flask is not loaded by those who only calculate
    from flask import Flask

    from app.settings import WebSettings


def create_app(settings: "WebSettings | None" = None) -> "Flask":
    """Put the web and the API together on one set of services: `gunicorn 'app:create_app()'`.

    Reads the environment unless settings are given. Settings or a database that cannot be used
    end the process with what to do on standard error; given settings raise the error itself.
    """
    from app.settings import SettingsError, read_web_settings
    from app.store.schema import SchemaNotReady
    from app.voice_prompts import print_to_operator
    from app.web.pages.assets import AssetsNotBuilt

    if settings is not None:
        return _assemble(settings)
    try:
        return _assemble(read_web_settings())
    except (SettingsError, SchemaNotReady, AssetsNotBuilt) as refusal:
        print_to_operator(*refusal.messages)
        raise SystemExit(WILL_NOT_START) from None


def _assemble(settings: "WebSettings") -> "Flask":
    from app.api.v1 import application as api
    from app.composition import build_services
    from app.web import application as web

    services = build_services(settings)
    return web.assemble(settings, services, api.assemble(services))
