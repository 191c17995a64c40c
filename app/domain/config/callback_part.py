"""[callback] of desk.toml: which callers may be called back at a key."""

import re
from typing import Final

from app.domain.config.diagnostics import code_of
from app.domain.config.table_reader import TableReader
from app.domain.desks.desk import Callback
from app.domain.message_refs import MessageRef, ref
from app.domain.numbers import SATELLITES, is_costly, is_satellite

PREFIX: Final = re.compile(r"\+[1-9][0-9]{0,11}")


def callback(part: TableReader | None) -> Callback:
    """Read how the numbers may begin that are called back; Norwegian ones by default."""
    if part is None:
        return Callback()
    found = tuple(dict.fromkeys(part.texts("prefixes", needed=True)))
    for index, prefix in enumerate(found):
        wrong = _what_is_wrong(prefix)
        path = (*part.path, "prefixes", index)
        if wrong and part.document.is_stored and _is_satellite(wrong):
            part.document.warn(path, wrong)  # no such number is called anyway
        elif wrong:
            part.document.error(path, wrong)
    part.close()
    return Callback(found)


def _is_satellite(wrong: MessageRef) -> bool:
    return code_of(wrong) == "satellite_prefix"


def _what_is_wrong(prefix: str) -> MessageRef | None:
    if not PREFIX.fullmatch(prefix):
        return ref("diagnostic.bad_prefix", prefix=prefix)
    if is_satellite(prefix):
        return ref("diagnostic.satellite_prefix.own", prefix=prefix)
    contained = tuple(series for series in SATELLITES if series.startswith(prefix))
    if contained:
        return ref("diagnostic.satellite_prefix.too_short", prefix=prefix, series=contained)
    if is_costly(prefix):
        return ref("diagnostic.costly_prefix", prefix=prefix)
    return None
