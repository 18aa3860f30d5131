"""Which nodes a client knows, whom it believes about them, and in which order it tries them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.client.address import Host, ServerAddress
from naivechat.client.nodes import LONGEST_TOLD, MOST_TOLD, KnownNodes, is_loopback

A, B, C, D = (Host(name=f"{letter}.example") for letter in "abcd")
LOCAL = Host(name="127.0.0.1", port=1)


def known(given: str = "a.example,b.example", *, draw: Callable[[], float] = lambda: 0.0) -> KnownNodes:
    address = ServerAddress.parse(given)
    return KnownNodes(address, secure=address.secure, draw=draw)


def told_by(host: Host, *addresses: str, given: str = "a.example") -> tuple[str, ...]:
    nodes = known(given)
    nodes.served(host, addresses)
    return nodes.told


@pytest.mark.parametrize(
    "name",
    [
        *("127.0.0.1", "127.9.9.9", "127.1", "0x7f.1", "2130706433", "127.0.0.1."),
        *("localhost", "LocalHost.", "db.localhost", "::1", "::ffff:127.0.0.1", "0.0.0.0", "0", "::"),
    ],
)
def test_what_means_the_machine_itself_is_known_for_it(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize("name", ["a.example", "10.0.0.1", "128.1", "fe80::1", "localhost.example", ""])
def test_what_means_another_machine_is_not_taken_for_this_one(name: str) -> None:
    assert not is_loopback(name)


def test_given_nodes_are_tried_in_their_order() -> None:
    assert known().in_order() == (A, B)


def test_told_nodes_come_behind_the_given_ones() -> None:
    nodes = known()
    nodes.served(A, ("c.example", "b.example", "d.example"))
    assert nodes.in_order() == (A, B, C, D)


def test_the_node_that_served_last_is_tried_first() -> None:
    nodes = known()
    nodes.served(B, None)
    assert nodes.in_order() == (B, A)


def test_the_node_that_went_away_is_tried_last() -> None:
    nodes = known("a.example,b.example,c.example")
    nodes.served(B, ("d.example",))
    nodes.leave(B)
    assert nodes.in_order() == (C, A, D, B)


def test_another_node_that_failed_leaves_the_first_one_first() -> None:
    nodes = known("a.example,b.example,c.example")
    nodes.served(C, None)
    nodes.leave(A)
    assert nodes.in_order() == (C, B, A)


def test_told_nodes_are_tried_at_random() -> None:
    draws = iter([0.9, 0.5, 0.1])
    nodes = known("a.example", draw=lambda: next(draws))
    nodes.served(A, ("b.example", "c.example", "d.example"))
    assert nodes.in_order() == (A, D, C, B)


def test_a_newer_list_replaces_the_older_and_none_leaves_it() -> None:
    nodes = known("a.example")
    nodes.served(A, ("b.example",))
    nodes.served(A, ("c.example",))
    nodes.served(A, None)
    assert nodes.told == ("c.example:7397",)


def test_a_told_node_that_serves_stays_known_though_it_names_only_others() -> None:
    nodes = known("a.example")
    nodes.served(A, ("b.example", "c.example"))
    nodes.served(B, ("c.example", "a.example"))
    nodes.leave(B)
    assert nodes.in_order() == (A, C, B)


def test_nodes_are_believed_only_with_the_same_tls() -> None:
    told = ("tls:b.example", "c.example:9")
    assert told_by(A, *told) == ("c.example:9",)
    assert told_by(A, *told, given="tls:a.example") == ("tls:b.example:7397",)


def test_this_machine_is_believed_only_from_a_node_on_it() -> None:
    told = ("127.0.0.1:2", "[::1]:3", "localhost:4", "0:5", "b.example:6")
    assert told_by(A, *told) == ("b.example:6",)
    assert told_by(LOCAL, *told) == told


def test_what_is_no_address_of_one_node_is_passed_over() -> None:
    malformed = ("", "b.example:0", "li@b.example", "@b.example", "b.example,c.example", "b c", "b/c")
    too_long = f"{'b' * LONGEST_TOLD}:1"
    assert told_by(A, *malformed, too_long, "[::zz]:1", "-b", "[2001:db8::1]:5") == ("[2001:db8::1]:5",)


def test_of_a_long_list_the_first_are_taken() -> None:
    assert len(told_by(A, *(f"n{number}.example" for number in range(99)))) == MOST_TOLD


def test_a_later_run_remembers_what_an_earlier_one_was_told() -> None:
    earlier, later, secure = known("tls:a.example"), known("tls:a.example"), known("a.example")
    earlier.served(A, ("tls:b.example", "tls:c.example"))
    later.remember(earlier.told)
    secure.remember(earlier.told)
    assert later.in_order() == (A, B, C)
    assert secure.in_order() == (A,)


@given(st.lists(st.text(max_size=20) | st.sampled_from(["b:1", "tls:c", "[::1]:2"]), max_size=20))
def test_whatever_a_node_tells_every_given_node_is_tried_once(told: list[str]) -> None:
    nodes = known()
    nodes.served(A, tuple(told))
    order = nodes.in_order()
    assert order[:2] == (A, B)
    assert len(set(order)) == len(order)
