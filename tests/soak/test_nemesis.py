"""Faults are noted in the history; one that found nothing to strike is counted apart."""

from random import Random
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from tests.history.event import Fault
from tests.soak.fault_table import FAULTS, FaultKind
from tests.soak.nemesis import Nemesis
from tests.soak.recorder import Recorder
from tests.soak.scene import Outcome, Scene


async def _strike(_: Scene) -> Outcome:
    return True, "struck"


async def _miss(_: Scene) -> None:
    return None


def rage(monkeypatch: pytest.MonkeyPatch, kinds: dict[str, FaultKind]) -> tuple[Nemesis, list[Any]]:
    """A minute of these faults, one a second."""
    for name, kind in kinds.items():
        monkeypatch.setitem(FAULTS, name, kind)
    clock = Clock()
    recorder = Recorder(clock.seconds)
    system: Any = None
    scene = Scene(system=system, devices=(), random=Random(1), clock=clock)
    nemesis = Nemesis(scene, recorder, tuple(kinds), calm_s=(1, 1))
    raging = Deferred.fromCoroutine(nemesis.rage(60))
    clock.pump([0.5] * 124)
    assert raging.called
    return nemesis, recorder.events


def test_what_struck_is_in_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    nemesis, events = rage(monkeypatch, {"strike": FaultKind("nodes", _strike)})
    assert len(events) >= 50
    assert all(isinstance(event, Fault) and event.happened for event in events)
    assert not nemesis.skipped


def test_what_found_nothing_is_counted_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"strike": FaultKind("nodes", _strike), "miss": FaultKind("bus", _miss)}
    nemesis, events = rage(monkeypatch, kinds)
    assert {event.kind for event in events} == {"strike"}
    assert set(nemesis.skipped) == {"miss"}
    assert nemesis.skipped["miss"] + len(events) >= 50
