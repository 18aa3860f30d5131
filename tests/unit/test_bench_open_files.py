"""How many files the bench lets processes open."""

import resource

import pytest

from bench.__main__ import parse
from bench.open_files import TooMany, allow_files


class Limits:
    """What the system allows, instead of the real one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> None:
        self.now = (soft, hard)
        monkeypatch.setattr(resource, "getrlimit", lambda _: self.now)
        monkeypatch.setattr(resource, "setrlimit", lambda _, limits: setattr(self, "now", limits))


def test_as_many_as_the_largest_work_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(monkeypatch, 1024, 100_000)
    allow_files(parse(["--connections=3000"]), ["pairs", "idle"])
    soft, hard = limits.now
    assert 3000 < soft < 4000
    assert hard == 100_000


@pytest.mark.parametrize("soft", [50_000, resource.RLIM_INFINITY])
def test_a_limit_that_is_high_enough_stays(monkeypatch: pytest.MonkeyPatch, soft: int) -> None:
    limits = Limits(monkeypatch, soft, resource.RLIM_INFINITY)
    allow_files(parse([]), ["many-pairs", "start"])
    assert limits.now == (soft, resource.RLIM_INFINITY)


def test_too_many_connections_are_refused_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    Limits(monkeypatch, 1024, 4096)
    with pytest.raises(TooMany, match="ulimit -Hn"):
        allow_files(parse(["--connections=10000"]), ["idle"])
    allow_files(parse(["--connections=10000"]), ["start"])
