"""Mail addresses that our own mail can be sent to: letters of ASCII only."""

import re
from typing import Final

LONGEST_ADDRESS: Final = 200
ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)
# Anybody gets an address there: it says nothing of whom they belong to.
PUBLIC_DOMAINS: Final = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.no",
        "live.com",
        "live.no",
        "msn.com",
        "yahoo.com",
        "yahoo.no",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.com",
        "gmx.net",
        "web.de",
        "mail.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "tutanota.com",
        "tuta.io",
        "fastmail.com",
        "zoho.com",
        "yandex.com",
        "mail.ru",
        "qq.com",
        "163.com",
        "online.no",
        "broadpark.no",
        "start.no",
        "getmail.no",
        "lyse.net",
        "altiboxmail.no",
        "c2i.net",
        "tele2.no",
        "frisurf.no",
        "epost.no",
    }
)


def is_mail_address(text: str) -> bool:
    """Tell whether mail can be sent there."""
    return len(text) <= LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None


def is_mail_domain(text: str) -> bool:
    """Tell whether mail can be sent to somebody there."""
    return is_mail_address(f"a@{text}")
