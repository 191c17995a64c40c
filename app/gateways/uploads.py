"""Files that somebody sends, taken apart before they are stored: pictures are drawn anew, zips are
counted. What is left is safe to hand on as a file; nothing of it is ever shown inside a page.
"""

import io
import struct
import threading
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.domain.portal.attachments import (
    LARGEST_FILE,
    LARGEST_RATIO,
    LARGEST_UNPACKED,
    MOST_PARTS,
    MOST_PIXELS,
    FileKind,
    FileRefusal,
    clean_name,
    extension_of,
    look_at,
)

OPENED: Final = ("PNG", "JPEG", "GIF", "WEBP")
# An MPO is opened as a JPEG, which it is, with more pictures behind the first.
FORMATS: Final = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "GIF": "gif", "WEBP": "webp"}
QUALITY: Final = 88
LARGEST_DRAWN: Final = 4 * LARGEST_FILE  # a picture that was packed better than it is here
MACROS: Final = ("vbaproject.bin", "vbadata.xml", "basic/", "scripts/")
# One picture at a time is unpacked in a process: twenty-five million dots are
# 100 MB.
ONE_PICTURE: Final = threading.Semaphore(1)
WAIT_FOR_IT: Final = 3.0  # seconds: calls need the threads more
# As Pillow says that it cannot: also of what cameras write about a picture.
UNREADABLE: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    struct.error,
    TypeError,
    IndexError,
    OverflowError,
    AttributeError,
)
SMALLEST_COUNTED: Final = 1024 * 1024  # of what is smaller the ratio says nothing


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it is stored."""

    name: str
    media_type: str
    content: bytes


def read_upload(name: str, content: bytes) -> ReadFile | FileRefusal:
    """Read a file that somebody sends; or say why it is not taken."""
    shown = clean_name(name)
    found = look_at(shown, content)
    if isinstance(found, FileRefusal):
        return found
    match found.kind:
        case FileKind.IMAGE:
            if not ONE_PICTURE.acquire(timeout=WAIT_FOR_IT):
                return FileRefusal.BUSY
            try:
                return _drawn_anew(shown, content)
            finally:
                ONE_PICTURE.release()
        case FileKind.OFFICE:
            wrong = _look_inside(content, extension_of(shown))
        case FileKind.PDF | FileKind.TEXT:
            wrong = FileRefusal.TWO_IN_ONE if zipfile.is_zipfile(io.BytesIO(content)) else None
    return wrong or ReadFile(shown, found.media_type, content)


def _drawn_anew(name: str, content: bytes) -> ReadFile | FileRefusal:
    """Draw a picture anew: what was hidden in it, behind it or about its place is gone."""
    from PIL import Image, ImageOps  # most requests hold no picture, and it takes 50 ms

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=OPENED) as picture:
            wide, high = picture.size
            if wide * high > MOST_PIXELS:
                return FileRefusal.TOO_MANY_PIXELS
            kind = FORMATS[str(picture.format)]
            if kind != extension_of(name).replace("jpeg", "jpg"):
                return FileRefusal.WRONG_NAME
            turned = ImageOps.exif_transpose(picture)
            out = io.BytesIO()
            has_mask = "A" in turned.getbands() or "transparency" in turned.info
            is_photo = kind == "jpg" or (kind == "webp" and not has_mask)
            if is_photo:
                turned.convert("RGB").save(out, "JPEG", quality=QUALITY)
            else:
                turned.convert("RGBA" if has_mask else "RGB").save(out, "PNG")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return FileRefusal.TOO_MANY_PIXELS
    except UNREADABLE:
        return FileRefusal.BROKEN
    if out.tell() > LARGEST_DRAWN:
        return FileRefusal.TOO_LARGE
    stem = name.rpartition(".")[0]
    if is_photo:
        return ReadFile(f"{stem}.jpg", "image/jpeg", out.getvalue())
    return ReadFile(f"{stem}.png", "image/png", out.getvalue())


def _look_inside(content: bytes, extension: str) -> FileRefusal | None:
    """Look at the list of what a document holds, unpacking nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return FileRefusal.BROKEN
    if _is_too_much(parts):
        return FileRefusal.TOO_MUCH_INSIDE
    if any(part.flag_bits & 1 for part in parts):
        return FileRefusal.HAS_PASSWORD
    names = [part.filename.lower() for part in parts]
    if any(macro in name for name in names for macro in MACROS):
        return FileRefusal.ACTIVE
    folder = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}.get(extension)
    is_one = "content.xml" in names if folder is None else any(n.startswith(folder) for n in names)
    if not is_one:
        return FileRefusal.WRONG_NAME
    return None if parts[0].header_offset == 0 else FileRefusal.TWO_IN_ONE


def _is_too_much(parts: Iterable[zipfile.ZipInfo]) -> bool:
    """Tell whether a zip would be far larger unpacked than it is."""
    known = list(parts)
    if not known or len(known) > MOST_PARTS:
        return True
    if sum(part.file_size for part in known) > LARGEST_UNPACKED:
        return True
    return any(
        part.file_size > SMALLEST_COUNTED
        and part.file_size > LARGEST_RATIO * max(part.compress_size, 1)
        for part in known
    )
