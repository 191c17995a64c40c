"""`/`: what this is, how the service is, and where its documents are. Nothing about anybody."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, request
from markupsafe import Markup

from app import clock
from app.domain.health.readiness import Readiness, readiness
from app.domain.texts.message import Message
from app.domain.texts.text_parts import LANGUAGES
from app.installation import home
from app.web.health import judge_database
from app.web.pages.html import STYLE, element, html_page, link
from app.web.services import WebServices, current_services

front_page = Blueprint("front_page", __name__)

API_DESCRIPTION: Final = "/api/v1/openapi.json"
LONGEST_DOCUMENT_NAME: Final = 40


@front_page.get("/")
def front() -> Response:
    """Answer what this is, in the language that the browser asks for."""
    services = current_services()
    language = request.accept_languages.best_match(LANGUAGES, default="nb") or "nb"
    ready = readiness(judge_database(services.database, services.clock.now()))
    content = Markup("\n").join(_content(services, ready, language))
    response = html_page(language, _say(services, "front_page.title", language), content)
    response.headers["Vary"] = "Accept-Language"
    return response


@front_page.get("/style.css")
def style() -> Response:
    """Answer how the pages look."""
    response = Response(STYLE, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@front_page.get(f"/docs/<string(maxlength={LONGEST_DOCUMENT_NAME}):name>")
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


def _content(services: WebServices, ready: Readiness, language: str) -> Iterator[Markup]:
    yield element("p", _say(services, "front_page.what", language))
    yield element("h2", _say(services, "front_page.state", language))
    key = "ready" if ready.is_ready else "not_ready"
    yield element("p", _say(services, f"front_page.{key}", language))
    yield Markup("<dl>{}</dl>").format(Markup("").join(_parts(services, ready, language)))
    yield element("h2", _say(services, "front_page.documents", language))
    yield Markup("<ul>{}</ul>").format(Markup("").join(_links(services, language)))


def _parts(services: WebServices, ready: Readiness, language: str) -> Iterator[Markup]:
    for part, state in (("web", "ok"), ("database", ready.database), ("worker", ready.worker)):
        yield element("dt", _say(services, f"front_page.part_{part}", language))
        yield element("dd", _say(services, f"front_page.is_{state}", language))


def _links(services: WebServices, language: str) -> Iterator[Markup]:
    yield Markup("<li>{}</li>").format(
        link(API_DESCRIPTION, _say(services, "front_page.api", language))
    )
    for name in documents():
        yield Markup("<li>{}</li>").format(link(f"/docs/{name}", name.removesuffix(".md")))
    if not documents():
        yield element("li", _say(services, "front_page.elsewhere", language))


def _say(services: WebServices, key: str, language: str) -> str:
    sentence = Message(key, language)
    return services.texts.render(sentence, now=clock.now(), time_zone="UTC", spoken=False)
