"""The files that pages need in the browser, by the names that they were built with.

`scripts/build_assets.mjs` makes them and `manifest.json`. A name tells the content, so a browser
keeps it for good.
"""

import gzip
import json
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, request

from app.domain.message_refs import MessageError, ref
from app.web.page_access import without_login

BUILT: Final = Path(__file__).resolve().parent.parent / "static"
ICONS: Final = Path(__file__).resolve().parent.parent / "assets" / "icons"
BELOW: Final = "/static/"
LONGEST_NAME: Final = 80
FOR_GOOD: Final = "public, max-age=31536000, immutable"

static_files = Blueprint("static_files", __name__)


class AssetsNotBuilt(MessageError):
    """The checkout has no built files; pages would have no style."""

    def __init__(self) -> None:
        super().__init__(ref("page.assets_not_built", command="make setup"))
        self.messages = (self.message,)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One built file, in memory: there are few, and they are small."""

    content: bytes
    compressed: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All built files: `names` by the names of their sources, `files` by their own."""

    names: dict[str, str]
    files: dict[str, StaticFile]


@cache
def assets(folder: Path = BUILT) -> Assets:
    """Read them once; AssetsNotBuilt where one is missing."""
    try:
        names = json.loads((folder / "manifest.json").read_text("utf-8"))
        return Assets(names, {name: _read(folder / name) for name in names.values()})
    except FileNotFoundError:
        raise AssetsNotBuilt from None


def asset(name: str) -> str:
    """Return the address of a built file: `app.css` is /static/app-15d90983e87e.css."""
    return BELOW + assets().names[name]


@cache
def icon_svg(name: str) -> str:
    """Return an icon as SVG, without an address to fetch."""
    return (ICONS / f"{name}.svg").read_text("utf-8").strip()


@static_files.get(f"{BELOW}<string(maxlength={LONGEST_NAME}):name>")
@without_login
def static(name: str) -> Response:
    """Answer a built file, and nothing else from the folder."""
    found = assets().files.get(name)
    if found is None:
        abort(404)
    is_small = request.accept_encodings["gzip"] > 0
    response = Response(found.compressed if is_small else found.content)
    response.content_type = found.media_type
    if is_small:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOR_GOOD
    response.set_etag(name, weak=is_small)
    response.make_conditional(request)
    return response


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    kind, _ = mimetypes.guess_type(path.name)
    text = kind or "application/octet-stream"
    if text.startswith("text/"):
        text += "; charset=utf-8"
    return StaticFile(content, gzip.compress(content, mtime=0), text)
