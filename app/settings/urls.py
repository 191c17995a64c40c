"""Addresses as settings hold them: which ones can be used, told before anything needs them."""

import ipaddress
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from app.domain.message_refs import ref

# How a sign that means something in an address is written in a password.
ESCAPED: Final = ref("settings.escape")
MAIL: Final = ("smtp", "smtps", "smtp+starttls")


def is_loopback(url: str) -> bool:
    """Tell whether this address is on the machine itself."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_folder_address(url: str) -> bool:
    """Tell whether the names of files can be put after this address; a password may stand in it."""
    return bool(address_parts(url, ("http", "https"))) and not set(url) & set("?# ")


def is_private_address(url: str) -> bool:
    """HTTPS, or on this machine; a query may stand in it: some stores keep their key there."""
    bare = url.partition("?")[0]
    return is_folder_address(bare) and (bare.startswith("https:") or is_loopback(bare))


def is_web_address(url: str) -> bool:
    """Tell whether this is a plain http or https address: no password, query or fragment."""
    parts = address_parts(url, ("http", "https"))
    if parts is None or " " in url or "?" in url or "#" in url:
        return False
    return not (parts.username or parts.password) and parts.port != 0


def is_statement_address(url: str) -> bool:
    """Tell whether this is a web address that anybody may open; a query may stand in it."""
    parts = address_parts(url, ("http", "https"))
    return parts is not None and " " not in url and not (parts.username or parts.password)


def is_mail_address(url: str) -> bool:
    """A `#`, `/` or `?` in a password ends the host where it stands: what follows shows it."""
    parts = address_parts(url, MAIL)
    is_whole = parts is not None and not (parts.path.strip("/") or "?" in url or "#" in url)
    return is_whole and " " not in url


def is_server_address(url: str) -> bool:
    """Tell whether host, port and database can be read; a password may hold any sign but @."""
    scheme, _, rest = url.partition("://")
    try:
        parts = urlsplit(f"{scheme}://{rest.rpartition('@')[2]}")
        _ = parts.port  # ValueError where it is none
    except ValueError:
        return False
    return bool(parts.path.strip("/")) and " " not in url


def address_parts(url: str, schemes: tuple[str, ...]) -> SplitResult | None:
    """Return the parts of an address with one of these schemes and a host; None for others."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # ValueError where it is none
    except ValueError:
        return None
    return parts if parts.scheme in schemes and parts.hostname else None


def with_lower_host(url: str) -> str:
    """Return the address with its host in lower case: signatures are made over the letters."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.lower()))
