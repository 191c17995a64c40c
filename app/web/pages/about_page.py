"""`/about`: what this is, how the service is, and where its documents are. Nobody is named."""

from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort

from app.domain.health.readiness import readiness
from app.installation import home
from app.web.health import judge_database
from app.web.page_access import open_to_all, without_login
from app.web.pages.render import page
from app.web.services import current_services

about_page = Blueprint("about_page", __name__)

LONGEST_DOCUMENT_NAME: Final = 40


@about_page.get("/about")
@open_to_all
def about() -> Response:
    """Answer what this is and how it is."""
    services = current_services()
    ready = readiness(judge_database(services.database, services.clock.now()))
    return page(
        "about.html",
        "about_page.title",
        is_ready=ready.is_ready,
        parts=(("web", "ok"), ("database", ready.database), ("worker", ready.worker)),
        documents=[(path.name, title_of(path)) for path in documents().values()],
    )


@about_page.get(f"/docs/<string(maxlength={LONGEST_DOCUMENT_NAME}):name>")
@without_login
def document(name: str) -> Response:
    """Answer one of our documents as it is written; 404 for what is none."""
    path = documents().get(name)
    if path is None:
        abort(404)
    return Response(path.read_text("utf-8"), content_type="text/plain; charset=utf-8")


@cache
def documents() -> dict[str, Path]:
    """Return our documents by their names: those that came with this installation."""
    return {path.name: path for path in sorted((home() / "docs").glob("*.md"))}


@cache
def title_of(document: Path) -> str:
    """Return what a document calls itself: its first line."""
    with document.open(encoding="utf-8") as lines:
        return lines.readline().lstrip("#").strip()
