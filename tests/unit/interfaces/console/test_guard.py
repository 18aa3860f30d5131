"""Which requests are the operator's own."""

import pytest

from naivechat.interfaces.console.cookies import LONGEST_COOKIES, read_cookies
from naivechat.interfaces.public_address import PublicAddress

HERE = PublicAddress()
PROXIED = PublicAddress.of_url("https://Console.Example")


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("127.0.0.1:7398", True),
        ("127.0.0.1", True),
        ("[::1]:7398", True),
        ("192.0.2.7:7398", True),
        ("localhost:7398", True),
        ("console.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1@evil.example", False),
        ("", False),
        ("[", False),
        ("0x7f000001", False),
    ],
)
def test_without_a_name_of_its_own_the_console_is_asked_for_by_address(host: str, is_here: bool) -> None:
    assert HERE.is_asked_at(host) is is_here


def test_with_a_name_it_is_asked_for_by_that_or_as_a_proxy_asks() -> None:
    assert PROXIED.is_asked_at("console.example")
    assert PROXIED.is_asked_at("127.0.0.1:7398")
    assert not PROXIED.is_asked_at("console.example:8443")
    assert not PROXIED.is_asked_at("evil.example")


@pytest.mark.parametrize(
    ("public", "origin", "host", "is_ours"),
    [
        (HERE, "http://127.0.0.1:7398", "127.0.0.1:7398", True),
        (HERE, "http://[::1]:7398", "[::1]:7398", True),
        (HERE, "https://127.0.0.1:7398", "127.0.0.1:7398", False),
        (HERE, "http://evil.example", "evil.example", False),
        (HERE, "null", "127.0.0.1:7398", False),
        (HERE, "", "127.0.0.1:7398", False),
        (PROXIED, "https://console.example", "127.0.0.1:7398", True),
        (PROXIED, "https://console.example", "console.example", True),
        (PROXIED, "http://console.example", "console.example", False),
        (PROXIED, "https://console.example.evil.example", "console.example", False),
        (PROXIED, "https://evil.example", "console.example", False),
    ],
)
def test_an_origin_is_ours_or_it_is_not(public: PublicAddress, origin: str, host: str, is_ours: bool) -> None:
    assert public.is_origin(origin, host) is is_ours


@pytest.mark.parametrize(
    ("public", "peer", "forwarded", "address"),
    [
        (HERE, "127.0.0.1", "192.0.2.1", "127.0.0.1"),
        (PROXIED, "127.0.0.1", "192.0.2.1", "192.0.2.1"),
        (PROXIED, "127.0.0.1", "203.0.113.9, 192.0.2.1", "192.0.2.1"),
        (PROXIED, "::1", "2001:db8::1", "2001:db8::1"),
        (PROXIED, "127.0.0.1", "nonsense", "127.0.0.1"),
        (PROXIED, "127.0.0.1", "", "127.0.0.1"),
        (PROXIED, "198.51.100.1", "192.0.2.1", "198.51.100.1"),
        (PROXIED, "", "192.0.2.1", ""),
    ],
)
def test_a_proxy_of_this_machine_says_who_asks_and_nobody_else_does(
    public: PublicAddress, peer: str, forwarded: str, address: str
) -> None:
    assert public.address_of(peer, forwarded) == address


def test_cookies_are_taken_apart_and_of_two_the_first_counts() -> None:
    assert read_cookies("a=1; b=x=y; a=2; ;c") == {"a": "1", "b": "x=y", "": "", "c": ""}
    assert read_cookies("a=" + "1" * LONGEST_COOKIES) == {}
