import pytest

from naivechat.client.address import DEFAULT_PORT, Host, ServerAddress
from naivechat.client.errors import AddressError


@pytest.mark.parametrize(
    ("text", "hosts", "user_id", "secure"),
    [
        ("li@chat.example", [("chat.example", DEFAULT_PORT)], "li", False),
        ("chat.example:80", [("chat.example", 80)], None, False),
        ("tls:li@a.example:1,b.example", [("a.example", 1), ("b.example", DEFAULT_PORT)], "li", True),
        ("li@[::1]:9", [("::1", 9)], "li", False),
        ("li@[fe80::2]", [("fe80::2", DEFAULT_PORT)], "li", False),
        ("::1", [("::1", DEFAULT_PORT)], None, False),
        ("a:1, b:2", [("a", 1), ("b", 2)], None, False),
    ],
)
def test_an_address_is_read(
    text: str, hosts: list[tuple[str, int]], user_id: str | None, secure: bool
) -> None:
    address = ServerAddress.parse(text)
    assert address.hosts == tuple(Host(name=name, port=port) for name, port in hosts)
    assert (address.user_id, address.secure) == (user_id, secure)
    assert ServerAddress.parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    ["", "li@", "@host", "host:", "host:x", "host:0", "host:65536", "host:٣", "a,,b", "[::1", "[::1]x", ":7"],
)
def test_what_is_no_address_is_refused_in_words(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        ServerAddress.parse(text)
    assert len(str(caught.value)) > 10
