"""Limits as an operator writes them."""

import re

import attrs
import pytest

from naivechat.domain.limits import REFUSING, Limits
from naivechat.domain.rates import Rate
from naivechat.limit_options import read_limits


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10/s", Rate(10, 1.0)),
        ("5/15min", Rate(5, 900.0)),
        ("30/h", Rate(30, 3_600.0)),
        ("100/2d", Rate(100, 172_800.0)),
        ("1_000/s", Rate(1_000, 1.0)),
        ("off", None),
        (False, None),
    ],
)
def test_a_rate_is_so_many_in_a_time(text: object, rate: Rate | None) -> None:
    assert read_limits({"messages": text}) == Limits(messages=rate)


def test_a_number_may_be_one_or_a_text() -> None:
    assert read_limits({"connections": 7}) == read_limits("connections=7") == Limits(connections=7)
    assert read_limits(["waiting-connections=off", "all-connections=9"]) == Limits(
        waiting_connections=None, all_connections=9
    )


def test_connections_are_opened_at_a_rate() -> None:
    assert read_limits("new-connections=20/s") == Limits(new_connections=Rate(20, 1.0))
    assert read_limits("new-connections=off") == Limits(new_connections=None)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("speed=3", "speed is none of messages, message-burst, bytes"),
        ("messages=10", "messages: a rate like 10/s, 5/15min or 30/h, or off is wanted, not '10'"),
        ("messages=0/s", "messages: a rate like"),
        ("messages=10/0s", "messages: a rate like"),
        ("messages=10/year", "messages: a rate like"),
        ({"messages": 10}, "messages: a rate like 10/s, 5/15min or 30/h, or off is wanted, not 10"),
        ({"messages": True}, "messages: a rate like"),
        ("friends=off", "friends: a number from 1 on is wanted, not 'off'"),
        ("friends=0", "friends: a number from 1 on is wanted, not '0'"),
        ("connections=-1", "connections: a number from 1 on or off is wanted, not '-1'"),
        ({"connections": True}, "connections: a number from 1 on or off is wanted, not True"),
        ("frames=9999999999", "frames: a number from 1 on"),
        ("bytes=100/s", "bytes: at least 8192/s are wanted, or off"),
        ("pages=9/s", "pages: at least 10/s are wanted, or off"),
        ("pages=500/min", "pages: at least 10/s are wanted, or off"),
        ("connections", "name=value is wanted, not 'connections'"),
        ([7], "name=value is wanted, not 7"),
        (7, "a table, or a list of name=value, is wanted"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(value: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_limits(value)


def test_every_figure_of_refusals_is_a_limit() -> None:
    names = {name.replace("_", "-") for name in attrs.fields_dict(Limits)}
    assert set(REFUSING) == names - {"message-burst", "page-burst", "frames", "devices"}
