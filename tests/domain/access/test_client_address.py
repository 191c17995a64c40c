"""From which address somebody asks: past our own proxies, and no further."""

import pytest

from app.domain.access.client_address import client_address, read_networks, subscriber_of

PROXIES = read_networks("127.0.0.1, ::1, 10.0.0.0/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "203.0.113.9", "192.0.2.7"),  # no proxy of ours: a stranger wrote it
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "somebody, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "somebody", "127.0.0.1"),
        ("", "2001:db8::9", "2001:db8::9"),  # by a socket of this machine
        ("::1", "10.1.2.3", "10.1.2.3"),  # a colleague inside
    ],
)
def test_each_proxy_of_ours_is_believed_and_nobody_else(
    peer: str, forwarded: str, client: str
) -> None:
    assert client_address(peer, forwarded, PROXIES) == client


def test_an_office_of_ipv6_counts_as_one_and_two_of_ipv4_as_two() -> None:
    assert subscriber_of("2001:db8:1:2::9") == subscriber_of("2001:db8:1:2:ffff::1")
    assert subscriber_of("2001:db8:1:2::9") != subscriber_of("2001:db8:1:3::9")
    assert subscriber_of("192.0.2.1") != subscriber_of("192.0.2.2")
    assert subscriber_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert subscriber_of("a socket") == "a socket"
