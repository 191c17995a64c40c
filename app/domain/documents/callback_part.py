"""[callback] of desk.toml: which callers may be called back at a key."""

import re
from typing import Final

from app.domain.desk import Callback
from app.domain.documents.section import Section
from app.domain.people import is_costly, is_satellite

PREFIX: Final = re.compile(r"\+[1-9][0-9]{0,11}")


def callback(part: Section | None) -> Callback:
    """Read how the numbers may begin that are called back; Norwegian ones by default."""
    if part is None:
        return Callback()
    found = tuple(dict.fromkeys(part.texts("prefixes", needed=True)))
    for index, prefix in enumerate(found):
        path = (*part.path, "prefixes", index)
        if not PREFIX.fullmatch(prefix):
            said = f"“{prefix}” is no beginning of a number: “+” and the country’s code, like “+47”"
            part.paper.error(path, "bad_prefix", said)
        elif is_satellite(prefix):
            said = f"numbers with “{prefix}” are satellite or shared-cost numbers: never called"
            part.paper.error(path, "satellite_prefix", said)
        elif is_costly(prefix):
            part.paper.error(path, "costly_prefix", f"numbers with “{prefix}” cost extra")
    part.close()
    return Callback(found)
