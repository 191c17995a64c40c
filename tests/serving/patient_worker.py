"""The product's own gunicorn worker, with time enough for clients on a machine that does much else.

A module of its own: gunicorn loads it by its name.
"""

from __future__ import annotations

from app.serving.worker import BufferingWorker


class PatientWorker(BufferingWorker):
    """Lets nobody go for being slow with a request."""

    request_seconds = 600.0
