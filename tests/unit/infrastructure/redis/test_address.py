from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP6ClientEndpoint,
    UNIXClientEndpoint,
)
from twisted.internet.testing import MemoryReactorClock

from naivechat.infrastructure.redis.address import (
    RedisAddress,
    RedisUrlError,
    make_endpoint,
    parse_redis_url,
)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://localhost", RedisAddress(host="localhost")),
        ("redis://127.0.0.1:7000/3", RedisAddress(host="127.0.0.1", port=7000, db=3)),
        ("redis://[::1]:7000/", RedisAddress(host="::1", port=7000)),
        ("redis://:secret@host", RedisAddress(host="host", password="secret")),
        ("redis://ann:p%40s%2Fs@host", RedisAddress(host="host", username="ann", password="p@s/s")),
        ("rediss://host", RedisAddress(host="host", tls=True)),
        (
            "rediss://host:1?ca=/etc/ca.pem",
            RedisAddress(host="host", port=1, tls=True, ca_path="/etc/ca.pem"),
        ),
        ("unix:///run/redis.sock", RedisAddress(path="/run/redis.sock")),
        ("unix://:secret@/run/a%20b?db=2", RedisAddress(path="/run/a b", password="secret", db=2)),
    ],
)
def test_a_url_means_a_place(url: str, address: RedisAddress) -> None:
    assert parse_redis_url(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost",
        "http://host",
        "redis://",
        "redis:///0",
        "redis://:s3cret@",
        "redis://:s3cret@host:port",
        "redis://:s3cret@host:99999",
        "redis://[::1",
        "redis://:s3cret@host/one",
        "redis://:s3cret@host/-1",
        "redis://:s3cret@host/0/1",
        "redis://:s3#cret@host",
        "redis://:s3/cret@host",
        "redis://user@host",
        "redis://host?db=s3cret",
        "rediss://host?db=1",
        "unix://run/redis.sock",
        "unix://",
        "unix:///path?ca=s3cret",
        "unix:///path?db=s3cret",
    ],
)
def test_a_url_that_means_nothing_is_refused_in_one_line_without_its_secret(url: str) -> None:
    with pytest.raises(RedisUrlError) as caught:
        parse_redis_url(url)
    text = str(caught.value)
    assert text
    assert "\n" not in text
    assert "cret" not in text


def test_the_password_is_not_shown() -> None:
    assert "s3cret" not in repr(parse_redis_url("redis://:s3cret@host"))


@given(st.text())
def test_any_text_is_a_url_or_refused(text: str) -> None:
    for prefix in ("", "redis://", "rediss://", "unix://"):
        try:
            address = parse_redis_url(prefix + text)
        except RedisUrlError:
            continue
        assert address.host or address.path.startswith("/")


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("redis://127.0.0.1", TCP4ClientEndpoint),
        ("redis://[::1]", TCP6ClientEndpoint),
        ("redis://localhost", HostnameEndpoint),
        ("unix:///run/redis.sock", UNIXClientEndpoint),
    ],
)
def test_only_names_are_looked_up(url: str, endpoint: type) -> None:
    assert isinstance(make_endpoint(parse_redis_url(url), MemoryReactorClock()), endpoint)


@pytest.mark.parametrize(
    "content", [None, b"", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"]
)
def test_authorities_that_cannot_be_read_are_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RedisUrlError, match=r"ca\.pem"):
        make_endpoint(parse_redis_url(f"rediss://host?ca={path}"), MemoryReactorClock())
