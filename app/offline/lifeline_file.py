"""The lifeline's file: what every line's callers get when all else has failed.

Written from the live desks (refresher.py), read by the webhooks under /twilio/lifeline/.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog

from app.domain.calls.line_fallback import LineFallback, line_fallbacks
from app.domain.texts.catalogue import Texts
from app.store import Database
from app.store.desks import list_desks

WORDS: Final = ("language", "sorry", "ringing", "nobody", "whisper", "thanks")
UNTIL_AN_IMPORT: Final = datetime.max.replace(tzinfo=UTC)  # nothing in it depends on the time

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Lifeline:
    """The file's fallbacks by line, read again when the file is a new one.

    `otherwise` serves lines that nobody knows, and all of them where there is no file.
    """

    path: Path
    otherwise: LineFallback
    _fallbacks: Mapping[str, LineFallback] = field(default_factory=dict, init=False, repr=False)
    _read_at: tuple[int, int, int] | None = field(default=None, init=False, repr=False)

    def fallback(self, line: str) -> LineFallback:
        """Return what this line's callers get; never fails."""
        try:
            found = self.path.stat()
            mark = (found.st_ino, found.st_mtime_ns, found.st_size)
            if mark != self._read_at:
                self._fallbacks, self._read_at = _read(self.path), mark
        except Exception:  # no file, or any broken one: what was read before still holds
            log.warning("lifeline_unreadable", file=str(self.path), exc_info=True)
        return self._fallbacks.get(line, self.otherwise)


@dataclass(frozen=True, slots=True)
class LifelineFile:
    """Where the file is written, and in whose words."""

    path: Path
    texts: Texts
    name: str = "lifeline"

    def holds_until(self) -> datetime | None:
        """It holds as long as the desks do; one that was removed is written anew.

        So is one that we may not read: an import as another user has put it there.
        """
        return UNTIL_AN_IMPORT if os.access(self.path, os.R_OK) else None

    def write(self, database: Database, now: datetime) -> int:
        """Write every line's fallback; none while there is no desk."""
        with database.read() as connection:
            desks = [(live.desk, live.roster) for live in list_desks(connection)]
        if not desks:
            return 0
        write_lines(self.path, line_fallbacks(desks, self.texts, now), now)
        return 1


def write_lines(path: Path, fallbacks: Mapping[str, LineFallback], now: datetime) -> None:
    """Write the file in one move: a reader sees the old one or the new one."""
    lines = {number: asdict(fallback) for number, fallback in fallbacks.items()}
    content = {"written_at": now.isoformat(), "lines": lines}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path) -> Mapping[str, LineFallback]:
    lines: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["lines"]
    return {
        number: LineFallback(
            **{name: str(fallback.get(name, "")) for name in WORDS},
            last_resort=tuple(str(each) for each in fallback["last_resort"]),
        )
        for number, fallback in lines.items()
    }
