"""From which address a browser asks, past the proxies in front of us. Pure."""

import ipaddress
from typing import Final

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SUBSCRIBER_BITS: Final = 64  # of an IPv6 address: what one household or office is given


def read_networks(text: str) -> tuple[Network, ...]:
    """Read addresses and networks between commas; ValueError for what is none."""
    parts = (part.strip() for part in text.split(","))
    return tuple(ipaddress.ip_network(part) for part in parts if part)


def client_address(peer: str, forwarded_for: str, proxies: tuple[Network, ...]) -> str:
    """Return who asked the first of our proxies, or us.

    Each proxy adds at the end whom it heard from. What stands before the entry of a proxy that is
    none of ours was written by a stranger. A socket of this machine has no address: "".
    """
    at = peer
    for hop in reversed([part.strip() for part in forwarded_for.split(",")]):
        if not _is_one_of(at, proxies) or not _is_address(hop):
            break
        at = hop
    return at


def subscriber_of(address: str) -> str:
    """Return what counts as one address: of IPv6 the network that a subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network(f"{parsed}/{SUBSCRIBER_BITS}", strict=False))
    return str(parsed)


def _is_one_of(address: str, networks: tuple[Network, ...]) -> bool:
    if not address:
        return True
    return _is_address(address) and any(ipaddress.ip_address(address) in each for each in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
