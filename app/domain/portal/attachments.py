"""Files that may be put on a case: which kinds, how large, and by what each is known.

A kind is known by its first bytes, never by what a browser says; the name must agree. What is
not listed is refused: programs, archives, web pages, drawings that can hold a script.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MEGABYTE: Final = 1024 * 1024
# The server takes no larger request, so that nobody fills the memory that calls need: LARGEST_BODY
# in web/application.py and serving/request_bytes.py, and deploy/nginx. Texts name the limit too.
LARGEST_FILE: Final = 2 * MEGABYTE - 128 * 1024
LARGEST_ON_TICKET: Final = 50 * MEGABYTE  # of all its files together
MOST_AT_ONCE: Final = 5
MOST_PIXELS: Final = 25_000_000
LONGEST_NAME: Final = 100
LARGEST_UNPACKED: Final = 200 * MEGABYTE
MOST_PARTS: Final = 5000
LARGEST_RATIO: Final = 200  # unpacked to packed, of one part; pictures of one colour reach 100

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT: Final = "application/vnd.oasis.opendocument.text"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"


class FileKind(StrEnum):
    """As what a file is read."""

    IMAGE = "image"  # drawn anew
    PDF = "pdf"
    OFFICE = "office"  # a zip with documents in it
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken."""

    kind: FileKind
    media_type: str


TYPES: Final = {
    "png": FileType(FileKind.IMAGE, "image/png"),
    "jpg": FileType(FileKind.IMAGE, "image/jpeg"),
    "jpeg": FileType(FileKind.IMAGE, "image/jpeg"),
    "gif": FileType(FileKind.IMAGE, "image/gif"),
    "webp": FileType(FileKind.IMAGE, "image/webp"),
    "pdf": FileType(FileKind.PDF, "application/pdf"),
    "docx": FileType(FileKind.OFFICE, DOCX),
    "xlsx": FileType(FileKind.OFFICE, XLSX),
    "pptx": FileType(FileKind.OFFICE, PPTX),
    "odt": FileType(FileKind.OFFICE, ODT),
    "ods": FileType(FileKind.OFFICE, ODS),
    "txt": FileType(FileKind.TEXT, "text/plain"),
    "log": FileType(FileKind.TEXT, "text/plain"),
    "csv": FileType(FileKind.TEXT, "text/csv"),
}
SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", FileKind.IMAGE),
    (b"\xff\xd8\xff", FileKind.IMAGE),
    (b"GIF87a", FileKind.IMAGE),
    (b"GIF89a", FileKind.IMAGE),
    (b"RIFF", FileKind.IMAGE),
    (b"%PDF-", FileKind.PDF),
    (b"PK\x03\x04", FileKind.OFFICE),
)
MARKUP: Final = re.compile(
    rb"<\s*(?:!doctype\s+html|html|svg|script|\?xml)|<!\[CDATA\[|<\w+[^>]*\son\w+\s*=", re.I
)
# What makes a document do something when it is opened. The short names stand in packed pictures
# by chance: they count outside streams only.
ACTIVE_PDF: Final = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")
ACTIVE_OUTSIDE: Final = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
STREAM: Final = re.compile(rb">>\s*stream\r?\n")
END_OF_STREAM: Final = b"endstream"
ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")


class FileRefusal(StrEnum):
    """Why a file is not taken. The texts are file_refused.* in portal.toml."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TICKET_FULL = "ticket_full"
    UNKNOWN_TYPE = "unknown_type"
    DRAWING = "drawing"
    WRONG_NAME = "wrong_name"
    TWO_IN_ONE = "two_in_one"
    ACTIVE = "active"
    TOO_MUCH_INSIDE = "too_much_inside"
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"
    HAS_PASSWORD = "has_password"
    BUSY = "busy"  # others send pictures too


def extension_of(name: str) -> str:
    """Return what stands after the last dot of a name, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """Return a file's name without a path, and without signs that nobody sees."""
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    seen = "".join(sign if sign.isprintable() and sign not in '<>:"|?*' else "_" for sign in bare)
    stem, dot, extension = seen.strip(" .").rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{extension[:10]}" if stem else extension[:LONGEST_NAME]


def look_at(name: str, content: bytes) -> FileType | FileRefusal:
    """Tell as what a file is to be read, by its first bytes and its name together."""
    if not content:
        return FileRefusal.EMPTY
    if len(content) > LARGEST_FILE:
        return FileRefusal.TOO_LARGE
    extension = extension_of(name)
    wanted = TYPES.get(extension)
    if wanted is None:
        is_drawing = extension in ("svg", "svgz")
        return FileRefusal.DRAWING if is_drawing else FileRefusal.UNKNOWN_TYPE
    found = next((kind for sign, kind in SIGNATURES if content.startswith(sign)), FileKind.TEXT)
    if found is not wanted.kind or (found is FileKind.TEXT and not _is_text(content)):
        return FileRefusal.WRONG_NAME
    is_markup = found is FileKind.TEXT and MARKUP.match(content.lstrip()) is not None
    if is_markup or (found is FileKind.PDF and _is_active(content)):
        return FileRefusal.ACTIVE
    return wanted


def _is_active(content: bytes) -> bool:
    """Tell whether a PDF does something when it is opened, also where its names are disguised."""
    if ACTIVE_PDF.search(content):
        return True
    outside = ESCAPED.sub(lambda it: bytes((int(it[1], 16),)), _without_streams(content))
    return ACTIVE_OUTSIDE.search(outside) is not None


def _without_streams(content: bytes) -> bytes:
    """Return what stands outside the streams of a PDF; one that does not end is none."""
    parts: list[bytes] = []
    at = 0
    while found := STREAM.search(content, at):
        end = content.find(END_OF_STREAM, found.end())
        if end < 0:
            break
        parts.append(content[at : found.end()])
        at = end
    return b"".join((*parts, content[at:]))


def _is_text(content: bytes) -> bool:
    """Tell whether it is text: no zero bytes, and of signs that are not seen only the usual."""
    if b"\x00" in content:
        return False
    unseen = sum(1 for byte in content[:4000] if byte < 32 and byte not in b"\t\n\r\f\x1b")
    return unseen == 0
