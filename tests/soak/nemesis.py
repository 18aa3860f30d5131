"""Makes faults happen, chosen at random by a seeded generator, and notes them in the history."""

from collections import Counter
from collections.abc import Sequence

from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater

from tests.history.event import Fault
from tests.soak.fault_table import FAULTS
from tests.soak.recorder import Recorder
from tests.soak.scene import Scene


class Nemesis:
    """One fault at a time, each kind once at first and then by weight; with `at_once` 2 and more, so many that strike different parts.

    Args:
        kinds: names in `FAULTS`. calm_s: between the end of a fault and the next, at least and at most.

    Attributes:
        skipped: by kind, how often there was nothing to strike: such a fault did not happen, and is in no history.
    """

    def __init__(
        self,
        scene: Scene,
        recorder: Recorder,
        kinds: Sequence[str],
        *,
        calm_s: tuple[float, float],
        at_once: int = 1,
    ) -> None:
        self.skipped: Counter[str] = Counter()
        self._scene = scene
        self._recorder = recorder
        self._kinds = tuple(kinds)
        self._calm_s = calm_s
        self._at_once = at_once
        self._struck: set[str] = set()
        self._first = scene.random.sample(self._kinds, len(self._kinds))

    async def rage(self, until_s: float) -> None:
        """Begin faults until this moment of the history; the last one may end after it."""
        if self._kinds:
            rages = [Deferred.fromCoroutine(self._rage(until_s)) for _ in range(self._at_once)]
            await gatherResults(rages, consumeErrors=True)

    async def _rage(self, until_s: float) -> None:
        await self._rest()
        while self._recorder.now_s < until_s:
            name = self._choose()
            if name is not None:
                await self._strike(name)
            await self._rest()

    async def _strike(self, name: str) -> None:
        kind = FAULTS[name]
        self._struck.add(kind.strikes)
        began_at_s = self._recorder.now_s
        try:
            outcome = await kind.happen(self._scene)
        finally:
            self._struck.discard(kind.strikes)
        if outcome is None:
            self.skipped[name] += 1
        else:
            self._note(name, began_at_s, *outcome)

    def _note(self, name: str, began_at_s: float, happened: bool, detail: str) -> None:
        fault = Fault(
            kind=name,
            began_at_s=began_at_s,
            ended_at_s=self._recorder.now_s,
            happened=happened,
            detail=detail,
        )
        self._recorder.add(fault)

    async def _rest(self) -> None:
        await deferLater(self._scene.clock, self._scene.random.uniform(*self._calm_s))

    def _choose(self) -> str | None:
        for name in self._first:
            if FAULTS[name].strikes not in self._struck:
                self._first.remove(name)
                return name
        free = [name for name in self._kinds if FAULTS[name].strikes not in self._struck]
        weights = [FAULTS[name].weight for name in free]
        return self._scene.random.choices(free, weights)[0] if free else None
