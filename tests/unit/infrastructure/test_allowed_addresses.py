"""Which addresses a webhook may go to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.infrastructure.allowed_addresses import AllowedAddresses

PUBLIC = AllowedAddresses()


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "93.184.216.34", "223.255.255.254", "2606:4700::1111", "64:ff9b::1.1.1.1", "::ffff:1.1.1.1"],
)
def test_the_public_internet_is_allowed(address: str) -> None:
    assert PUBLIC.allows(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_everything_else_is_not(address: str) -> None:
    assert not PUBLIC.allows(address)


def test_networks_that_an_operator_names_are_allowed_too() -> None:
    allowed = AllowedAddresses.of(("10.1.0.0/16", "127.0.0.1", "fd00::/8"))
    assert all(map(allowed.allows, ("10.1.2.3", "::ffff:10.1.2.3", "127.0.0.1", "fd12::1", "1.1.1.1")))
    assert not any(map(allowed.allows, ("10.2.0.1", "127.0.0.2", "::1", "::ffff:10.2.0.1")))


@pytest.mark.parametrize("network", ["", "all", "10.0.0.0/33", "10.1.1.1/8", "localhost"])
def test_what_is_no_network_is_refused(network: str) -> None:
    with pytest.raises(ValueError, match=r"does not appear|host bits"):
        AllowedAddresses.of((network,))


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_judged_by_itself(address: object) -> None:
    assert (
        PUBLIC.allows(f"::ffff:{address}")
        == PUBLIC.allows(f"64:ff9b::{address}")
        == PUBLIC.allows(str(address))
    )
