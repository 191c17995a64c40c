"""[callback] of desk.toml: which callers may be called back at a key."""

import re
from typing import Final

from app.domain.config.table_reader import TableReader
from app.domain.desks.desk import Callback
from app.domain.numbers import SATELLITES, is_costly, is_satellite

PREFIX: Final = re.compile(r"\+[1-9][0-9]{0,11}")


def callback(part: TableReader | None) -> Callback:
    """Read how the numbers may begin that are called back; Norwegian ones by default."""
    if part is None:
        return Callback()
    found = tuple(dict.fromkeys(part.texts("prefixes", needed=True)))
    for index, prefix in enumerate(found):
        code, said = _what_is_wrong(prefix)
        path = (*part.path, "prefixes", index)
        if (
            code == "satellite_prefix" and part.document.is_stored
        ):  # no such number is called anyway
            part.document.warn(path, code, said)
        elif code:
            part.document.error(path, code, said)
    part.close()
    return Callback(found)


def _what_is_wrong(prefix: str) -> tuple[str, str]:
    """Return the code and the sentence of what is wrong with a prefix; both empty if nothing is."""
    if not PREFIX.fullmatch(prefix):
        wrong = f"“{prefix}” is no beginning of a number: “+” and the country’s code, like “+47”"
        return "bad_prefix", wrong
    if is_satellite(prefix):
        wrong = f"numbers with “{prefix}” are satellite or shared-cost numbers: never called"
        return "satellite_prefix", wrong
    contained = [series for series in SATELLITES if series.startswith(prefix)]
    if contained:
        series = ", ".join(contained)
        wrong = f"“{prefix}” is too short: it lets in satellite or shared-cost numbers ({series})"
        return "satellite_prefix", f"{wrong}; write the code of a country, like “+47”"
    if is_costly(prefix):
        return "costly_prefix", f"numbers with “{prefix}” cost extra"
    return "", ""
