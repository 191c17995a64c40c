"""`/too-large`: what a proxy shows whoever sends more than it takes. It asks for it by itself."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from app.web.page_access import open_to_all

too_large_page = Blueprint("too_large_page", __name__)


@too_large_page.get("/too-large")
@open_to_all
def too_large() -> Response:
    """Say that what was sent is too large, as we say it of what the proxy lets through."""
    abort(413)
