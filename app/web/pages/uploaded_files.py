"""Files of a form: read, or refused in plain words beside the field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.domain.message_refs import MessageRef, ref
from app.domain.portal.attachments import (
    LARGEST_FILE,
    MOST_AT_ONCE,
    FileRefusal,
    clean_name,
)
from app.gateways.uploads import ReadFile, read_upload
from app.store.attachments import NewAttachment

FIELD: Final = "files"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The files of a form; `wrong` is why they are not taken, none of them."""

    files: tuple[NewAttachment, ...] = ()
    wrong: MessageRef | None = None


def read_files() -> Uploaded:
    """Read the files that a form has sent; nobody has lost a text because of a file."""
    sent = [each for each in request.files.getlist(FIELD) if each.filename]
    if len(sent) > MOST_AT_ONCE:
        return Uploaded(wrong=why(FileRefusal.TOO_MANY, ""))
    found: list[NewAttachment] = []
    for name, content in _contents(sent):
        read = read_upload(name, content)
        if not isinstance(read, ReadFile):
            return Uploaded(wrong=why(read, clean_name(name)))
        found.append(NewAttachment(read.name, read.media_type, read.content))
    return Uploaded(tuple(found))


def why(refusal: FileRefusal, name: str) -> MessageRef:
    """Say why a file is not taken."""
    return ref(f"file_refused.{refusal}", name=name, files=MOST_AT_ONCE)


def _contents(sent: list[FileStorage]) -> Iterator[tuple[str, bytes]]:
    for each in sent:
        yield each.filename or "", each.stream.read(LARGEST_FILE + 1)


def file_response(found: NewAttachment) -> Response:
    """Give a file out as a file: no browser may show it, guess what it is, or run what is in it."""
    response = Response(found.content, content_type=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response
