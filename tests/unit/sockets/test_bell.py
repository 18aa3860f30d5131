"""Bells between nodes: what is said is what is heard, and neighbouring versions understand each other."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.session import EndReason
from naivechat.domain.talk import TalkId
from naivechat.sockets import bell as bells
from naivechat.sockets.bell import Bell, owner_of, topics_of

NAMES = st.text("abcXYZ019_.-", min_size=1, max_size=32)
NUMBERS = st.integers(0, 2**53 - 1)
BELLS: st.SearchStrategy[Bell] = st.one_of(
    st.builds(bells.Push, st.binary(), st.lists(NAMES).map(tuple)),
    st.builds(
        bells.Record,
        NAMES,
        NUMBERS,
        st.binary(),
        st.none() | st.builds(bells.Change, NAMES, st.lists(NAMES).map(tuple)),
    ),
    st.builds(bells.Joined, NAMES, NUMBERS, st.binary()),
    st.builds(bells.Left, NAMES, NUMBERS, st.binary()),
    st.builds(bells.Renamed, st.text(max_size=32), st.text(max_size=64)),
    st.builds(bells.Opened, NAMES, NUMBERS),
    st.builds(bells.Present, st.lists(st.tuples(NAMES, NUMBERS)).map(tuple)),
    st.builds(
        bells.Ended,
        st.sampled_from(EndReason),
        st.none() | NAMES,
        st.none() | st.lists(NUMBERS).map(tuple),
        st.none() | st.text(max_size=64),
    ),
    st.builds(bells.Enrolled, NAMES, NUMBERS, st.binary()),
)


@given(BELLS)
def test_what_is_said_is_what_is_heard(bell: Bell) -> None:
    assert bells.decode(bells.encode(bell)) == bell


@given(st.binary(max_size=200))
def test_anything_else_is_refused_or_a_bell(payload: bytes) -> None:
    try:
        bell = bells.decode(payload)
    except ValueError:
        return
    assert isinstance(bell, Bell)


@pytest.mark.parametrize(
    "said",
    [
        ["push", "text"],
        ["push"],
        ["record", "ann:bob", "7", b""],
        ["record", "ann:bob", 7, b"", ["left"]],
        ["ended", "no such reason"],
        ["present", [True]],
        ["dance"],
        {"type": "push"},
        7,
    ],
)
def test_what_is_of_another_shape_is_refused(said: object) -> None:
    with pytest.raises(ValueError):
        bells.decode(msgspec.msgpack.encode(said))


def test_what_a_later_version_adds_at_the_end_is_passed_over() -> None:
    assert bells.decode(msgspec.msgpack.encode(["push", b"x", [], "new"])) == bells.Push(b"x")


def test_what_an_earlier_version_leaves_out_at_the_end_is_as_before() -> None:
    said = msgspec.msgpack.encode(["ended", "admin", None, [7]])
    assert bells.decode(said) == bells.Ended(EndReason.ADMIN, login_nos=(7,), device=None)


def test_a_talk_is_told_to_both_friends_or_to_the_group() -> None:
    assert topics_of(TalkId("ann:bob")) == ("user:ann", "user:bob")
    assert topics_of(TalkId(":g1")) == ("group:g1",)
    assert [owner_of(topic) for topic in ("user:ann", "group:g1")] == ["ann", "g1"]
