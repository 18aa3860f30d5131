"""Replies of Redis are told apart wherever the bytes are cut."""

from hypothesis import given
from hypothesis import strategies as st

from tests.soak.resp import MESSAGE, split_replies

bulks = st.binary(max_size=20).map(lambda data: b"$%d\r\n%b\r\n" % (len(data), data))
lines = st.sampled_from([b"+PONG\r\n", b"-ERR no\r\n", b":12\r\n", b"$-1\r\n", b"*-1\r\n", b"*0\r\n"])
replies = st.recursive(
    bulks | lines,
    lambda inner: st.lists(inner, max_size=3).map(lambda some: b"*%d\r\n" % len(some) + b"".join(some)),
    max_leaves=6,
)


@given(st.lists(replies, max_size=5), st.integers(0, 200))
def test_replies_are_whole_and_the_rest_is_kept(sent: list[bytes], cut: int) -> None:
    data = b"".join(sent)
    first, rest = split_replies(data[:cut])
    second, nothing = split_replies(rest + data[cut:])
    assert first + second == sent
    assert nothing == b""


def test_a_published_message_is_known_by_its_beginning() -> None:
    message = MESSAGE + b"$1\r\nt\r\n$3\r\n\r\n!\r\n"
    assert split_replies(message + b"*3") == ([message], b"*3")
