"""The key of a form, which makes it one however often it is sent."""

import re
from typing import Final

from flask import request

KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def sent_key() -> str:
    """Return the key that came with a form; "" for none, and for one that no form of ours has."""
    sent = request.form.get("key", "")
    return sent if KEY.fullmatch(sent) else ""
