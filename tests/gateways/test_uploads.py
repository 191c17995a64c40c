"""Files that somebody sends: what is taken and as what, and what is refused and why."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from app.domain.portal.attachments import LARGEST_FILE, SIGNATURES, FileRefusal, clean_name
from app.gateways import uploads
from app.gateways.uploads import ReadFile, read_upload

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def a_picture(kind: str = "PNG", size: tuple[int, int] = (20, 10), **how: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **how)
    return out.getvalue()


def a_zip(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts:
            packed.writestr(name, content)
    return out.getvalue()


def a_docx(*more: tuple[str, bytes]) -> bytes:
    return a_zip(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"), *more)


def a_huge_png() -> bytes:
    """A hundred megapixels of nothing, in some kilobytes."""
    wide, high = 10_000, 10_000

    def chunk(name: bytes, data: bytes) -> bytes:
        whole = name + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = zlib.compress(b"\x00" * ((wide // 8 + 1) * high), 9)
    head = struct.pack(">IIBBBBB", wide, high, 1, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("tom.txt", b"", FileRefusal.EMPTY),
        ("stor.txt", b"x" * (LARGEST_FILE + 1), FileRefusal.TOO_LARGE),
        ("program.exe", b"MZ\x90\x00", FileRefusal.UNKNOWN_TYPE),
        ("uten-endelse", b"hei", FileRefusal.UNKNOWN_TYPE),
        ("arkiv.zip", a_zip(("a.txt", b"hei")), FileRefusal.UNKNOWN_TYPE),
        ("makro.docm", a_docx(), FileRefusal.UNKNOWN_TYPE),
        ("tegning.svg", SVG, FileRefusal.DRAWING),
        ("tegning.png", SVG, FileRefusal.WRONG_NAME),
        ("tegning.txt", SVG, FileRefusal.ACTIVE),
        ("side.txt", b"<!DOCTYPE html><script>1</script>", FileRefusal.ACTIVE),
        ("program.png", b"MZ\x90\x00", FileRefusal.WRONG_NAME),
        ("program.txt", b"MZ\x90\x00\x03", FileRefusal.WRONG_NAME),
        ("bilde.pdf", a_picture(), FileRefusal.WRONG_NAME),
        ("bilde.jpg", a_picture(), FileRefusal.WRONG_NAME),
        ("dokument.xlsx", a_docx(), FileRefusal.WRONG_NAME),
        ("arkiv.docx", a_zip(("a.exe", b"MZ")), FileRefusal.WRONG_NAME),
        ("begge.pdf", PDF + a_zip(("a.exe", b"MZ")), FileRefusal.TWO_IN_ONE),
        ("begge.txt", b"hei\n" + a_zip(("a", b"")).replace(b"\x00", b"1"), FileRefusal.WRONG_NAME),
        ("skript.pdf", PDF + b"/JavaScript (app.alert(1))", FileRefusal.ACTIVE),
        ("gjemt.pdf", PDF + b"/J#61vaScript (app.alert(1))", FileRefusal.ACTIVE),
        ("kort.pdf", PDF + b"<< /JS 3 0 R >>", FileRefusal.ACTIVE),
        ("makro.docx", a_docx(("word/vbaProject.bin", b"x")), FileRefusal.ACTIVE),
        ("bombe.docx", a_docx(("word/media/a", b"\x00" * 30_000_000)), FileRefusal.TOO_MUCH_INSIDE),
        ("hundre.png", a_huge_png(), FileRefusal.TOO_MANY_PIXELS),
        ("avkuttet.png", a_picture()[:45], FileRefusal.BROKEN),
        ("avkuttet.docx", a_docx()[:40], FileRefusal.BROKEN),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_what_is_refused(name: str, content: bytes, refusal: FileRefusal) -> None:
    assert read_upload(name, content) is refusal


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("feil.log", b"2026-11-30 <xml> error\n", "text/plain"),
        ("liste.csv", "navn;by\nKari;Ålesund\n".encode(), "text/csv"),
        ("gammel.txt", "Ålesund".encode("latin-1"), "text/plain"),
        ("brev.pdf", PDF, "application/pdf"),
        ("bilde.pdf", PDF + b"<< >>\nstream\n\x01/JS\x02/XFA \nendstream\n", "application/pdf"),
        ("brev.docx", a_docx(), None),
        ("ark.ods", a_zip(("mimetype", b"x"), ("content.xml", b"<x/>")), None),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_what_is_taken_stays_as_it_is(name: str, content: bytes, media_type: str | None) -> None:
    read = read_upload(name, content)
    assert isinstance(read, ReadFile)
    assert (read.name, read.content) == (name, content)
    assert media_type in (None, read.media_type)


@pytest.mark.parametrize(
    ("name", "kind", "stored"),
    [
        ("skjerm.png", "PNG", "skjerm.png"),
        ("foto.JPEG", "JPEG", "foto.jpg"),
        ("film.gif", "GIF", "film.png"),
        ("nytt.webp", "WEBP", "nytt.jpg"),
    ],
)
def test_a_picture_is_drawn_anew(name: str, kind: str, stored: str) -> None:
    hidden = b"PK\x03\x04 hidden <script>"
    how = {"exif": b"Exif\x00\x00 59.9N 10.7E"} if kind == "JPEG" else {}
    read = read_upload(name, a_picture(kind, **how) + hidden)
    assert isinstance(read, ReadFile)
    assert read.name == stored
    assert hidden not in read.content
    assert b"59.9N" not in read.content
    assert Image.open(io.BytesIO(read.content)).size == (20, 10)


def test_a_picture_of_a_telephone_that_holds_two_is_the_first() -> None:
    second = Image.new("RGB", (20, 10), "blue")
    read = read_upload("foto.jpg", a_picture("MPO", save_all=True, append_images=[second]))
    assert isinstance(read, ReadFile)
    assert Image.open(io.BytesIO(read.content)).format == "JPEG"


@pytest.mark.parametrize(
    "error", [struct.error, TypeError, IndexError, OverflowError, AttributeError]
)
def test_a_picture_with_broken_camera_facts_is_refused(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_picture: Image.Image) -> None:
        raise error

    monkeypatch.setattr(ImageOps, "exif_transpose", broken)
    assert read_upload("foto.jpg", a_picture("JPEG")) is FileRefusal.BROKEN


def test_nobody_waits_long_for_the_pictures_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "WAIT_FOR_IT", 0.0)
    with uploads.ONE_PICTURE:
        assert read_upload("skjerm.png", a_picture()) is FileRefusal.BUSY
    assert isinstance(read_upload("skjerm.png", a_picture()), ReadFile)


@given(st.text(max_size=300))
def test_a_name_is_no_path_and_shows_all_that_is_in_it(name: str) -> None:
    clean = clean_name(name)
    assert "/" not in clean
    assert "\\" not in clean
    assert clean.isprintable()
    assert len(clean) <= 111
    assert clean_name(clean) == clean


@settings(max_examples=60)
@given(
    st.sampled_from(["a.png", "a.jpg", "a.gif", "a.webp", "a.pdf", "a.docx", "a.txt", "a.csv"]),
    st.sampled_from([b"", *(sign for sign, _ in SIGNATURES)]),
    st.binary(max_size=200),
)
def test_no_bytes_break_it(name: str, head: bytes, rest: bytes) -> None:
    assert isinstance(read_upload(name, head + rest), ReadFile | FileRefusal)
