"""Where one HTTP request ends in what has come in so far. Only framing: gunicorn's parser judges.

Whatever is unclear counts as whole: the parser sees just these bytes, and refuses them.
"""

import re
from dataclasses import dataclass
from typing import Final

LARGEST_HEAD: Final = 32 * 1024  # bytes; a real one has less than one thousand
# A little more than the application takes (app/web): it refuses the rest in its own words.
LARGEST_BODY: Final = 2 * 1024 * 1024 + 64 * 1024
LONGEST_CHUNK_LINE: Final = 256

END_OF_HEAD: Final = b"\r\n\r\n"
FRAMING: Final = re.compile(
    rb"\r\n(?:content-length[ \t]*:[ \t]*(?P<length>[0-9]{1,18})[ \t]*(?=\r\n)"
    rb"|(?P<coded>transfer-encoding[ \t]*:)"
    rb"|(?P<expects>expect[ \t]*:[ \t]*100-continue))",
    re.I,
)
CHUNK_SIZE: Final = re.compile(rb"[0-9a-f]{1,8}[ \t]*(;|$)", re.I)


@dataclass(slots=True)
class Framing:
    """What the head of a request says about its length, and how far its chunks were followed."""

    head_end: int
    length: int
    is_chunked: bool
    waits_for_100: bool
    next_chunk: int

    @property
    def is_cut(self) -> bool:
        """Tell whether the body is larger than anything that the application takes."""
        return self.length > LARGEST_BODY

    def end_of_request(self, data: bytearray) -> int | None:
        """Return where the request ends, head and body; None while it is still coming."""
        if self.is_cut:
            return self.head_end
        if self.is_chunked:
            return self._end_of_chunks(data)
        end = self.head_end + self.length
        return end if len(data) >= end else None

    def _end_of_chunks(self, data: bytearray) -> int | None:
        """Walk on from chunk to chunk; the last one is empty, and trailers may follow it."""
        while True:
            at = self.next_chunk
            line_end = data.find(b"\r\n", at, at + LONGEST_CHUNK_LINE)
            if line_end < 0:
                return len(data) if len(data) >= at + LONGEST_CHUNK_LINE else None
            line = bytes(data[at:line_end])
            size = int(line.split(b";")[0], 16) if CHUNK_SIZE.match(line) else LARGEST_BODY
            if line_end + size >= LARGEST_BODY:
                return len(data)
            if size == 0:
                return _end_of_trailers(data, line_end)
            self.next_chunk = line_end + 2 + size + 2
            if self.next_chunk > len(data):
                return None


def read_head(data: bytearray) -> Framing | None:
    """Read the head; None while it is still coming."""
    at = data.find(END_OF_HEAD)
    if at < 0:
        return None
    end = at + len(END_OF_HEAD)
    found = [(each.lastgroup, each["length"]) for each in FRAMING.finditer(data, 0, at + 2)]
    lengths, kinds = [int(length) for _, length in found if length], {kind for kind, _ in found}
    return Framing(
        head_end=end,
        length=lengths[0] if len(lengths) == 1 else 0,
        is_chunked="coded" in kinds,
        waits_for_100="expects" in kinds,
        next_chunk=end,
    )


def path_of(request: bytes) -> str:
    """Return what a request asks for, as it stands in its first line; "" where nothing does."""
    words = request[: request.find(b"\r\n")].split(b" ", 2)
    return words[1].decode("latin-1") if len(words) > 1 else ""


def _end_of_trailers(data: bytearray, line_end: int) -> int | None:
    """`line_end` is the end of the last chunk's line: an empty line ends the trailers."""
    end = data.find(END_OF_HEAD, line_end)
    if end < 0 and len(data) - line_end > LARGEST_HEAD:
        return len(data)
    return end + len(END_OF_HEAD) if end >= 0 else None
