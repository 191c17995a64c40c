"""The product's web with one page more: everything that the macros draw, for looking at.

gunicorn loads it by its name.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response
from jinja2 import ChoiceLoader, FileSystemLoader

from app import create_app as create_product
from app.domain.message_refs import ref
from app.web.pages.fields import BoundField, Field, Kind, Option
from app.web.pages.render import TEMPLATES, environment, page

PATH = "/gallery"
AT = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
WEEKDAYS = tuple(Option(each, ref(f"weekday.{each}")) for each in ("mon", "tue", "wed"))
WRONG = ref("form.missing", field=ref("page.next"))


def create_app() -> Flask:
    made = create_product()
    here = FileSystemLoader(Path(__file__).parent)
    environment().loader = ChoiceLoader([FileSystemLoader(TEMPLATES), here])
    made.add_url_rule(PATH, "gallery", gallery)
    made.add_url_rule(f"{PATH}/part", "gallery_part", part)
    return made


def gallery() -> Response:
    return page("gallery.html", "page.alert_success", at=AT, form=SomeForm())


def part() -> Response:
    """A part that htmx fetches: another text in the same places."""
    words = '<div id="live"><p>fetched</p><input id="kept" aria-label="Skriv her"></div>'
    return Response(words, content_type="text/html; charset=utf-8")


class SomeForm:
    """A form with a field of each kind, some of them wrong."""

    def __init__(self) -> None:
        self.bound = [
            bound(kind, has_error=kind in (Kind.TEXT, Kind.RADIOS, Kind.SELECT, Kind.CHECKBOX))
            for kind in Kind
            if kind is not Kind.HIDDEN
        ]
        self.errors = {it.name: it.error for it in self.bound if it.error}
        self.errors_of_all = [ref("form.unusable", field=ref("page.previous"))]


def bound(kind: Kind, *, has_error: bool) -> BoundField:
    completed = {Kind.TEL: "username", Kind.PASSWORD: "current-password"}.get(kind, "")
    of = Field(f"a_{kind}", kind, completed, has_hint=True, options=WEEKDAYS)
    error = WRONG if has_error else None
    is_required = kind is not Kind.TEXTAREA
    hint = ref("about_page.ready")
    return BoundField(of, ref("page.next"), hint, is_required, WEEKDAYS, ("mon",), error)
