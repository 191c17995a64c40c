"""Vaktlinje: a telephone line for service desks and their duty."""

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # Flask is not loaded by those who only calculate
    from flask import Flask

    from app.settings import Settings

# What gunicorn takes for "it will not get better by trying again": it stops instead of forking on.
WILL_NOT_START: Final = 3


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Put the web application together: `gunicorn 'app:create_app()'`.

    Reads the environment unless settings are given. Settings or a database that cannot be used
    end the process with what to do on standard error; given settings raise the error itself.
    """
    from app.settings import SettingsError
    from app.store.schema import SchemaNotReady
    from app.web.application import assemble

    if settings is not None:
        return assemble(settings)
    try:
        return assemble()
    except (SettingsError, SchemaNotReady) as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.stderr.flush()
        raise SystemExit(WILL_NOT_START) from None
