"""One run: everything is started, people chat, faults happen, everything comes to rest, and the checker judges."""

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import attrs
from twisted.internet.task import deferLater

from tests.history import file
from tests.history.checker import judge
from tests.history.event import Drain
from tests.servers import NodeProcess
from tests.soak.fault_table import possible
from tests.soak.nemesis import Nemesis
from tests.soak.node_faults import clock_environment
from tests.soak.people import People, gather_people
from tests.soak.recorder import Recorder
from tests.soak.report import Result, note_result
from tests.soak.rest import come_to_rest
from tests.soak.scene import Scene
from tests.soak.system import System
from tests.soak.traffic import Traffic
from tests.soak.vitals import courses, look_at


@attrs.frozen(kw_only=True)
class Plan:
    """What a run is to be.

    seconds: how long faults begin. rate: messages a second in all. faults: kinds. calm_s: between faults, at least and at most.
    lead_s: how long people write before the first fault. group_share: of what they write, what goes to groups.
    at_once: faults at the same time. patience: scales how long faults last. database: URL of an empty MySQL one elsewhere, "" for a MariaDB of
    our own, "sqlite" for a file and one node without Redis. faults that this system has no parts for are left out.
    drain_s: how long devices may take to come to rest. history: where the history goes if the run fails, with the nodes' logs beside it; None for nowhere.
    """

    seconds: float
    seed: int
    rate: float
    faults: tuple[str, ...]
    nodes: int = 3
    group_share: float = 0.5
    lead_s: float = 0.0
    people: int = 6
    devices: int = 2
    calm_s: tuple[float, float] = (3.0, 8.0)
    at_once: int = 1
    patience: float = 1.0
    database: str = ""
    drain_s: float = 60.0
    history: Path | None = None
    make_node: Callable[..., NodeProcess] = NodeProcess


async def carry_out(plan: Plan, reactor: Any) -> Result:
    """Do all of it. Whatever was started is ended, also when it fails."""
    random = Random(plan.seed)
    system = System(
        reactor,
        nodes=plan.nodes,
        database=plan.database,
        random=random,
        make_node=plan.make_node,
        environment=clock_environment if "turn-clock" in possible(plan.faults, plan.database) else None,
    )
    try:
        await system.start()
        return await Run(plan, system, random, reactor).carry_out()
    finally:
        await system.stop()


class Run:
    """A run on a system that has started."""

    def __init__(self, plan: Plan, system: System, random: Random, reactor: Any) -> None:
        self._plan = plan
        self._system = system
        self._random = random
        self._reactor = reactor
        self._recorder = Recorder(monotonic)

    async def carry_out(self) -> Result:
        """Chat, suffer, come to rest, be judged."""
        plan = self._plan
        people = await gather_people(
            self._recorder,
            self._reactor,
            [door.port for door in self._system.doors],
            people=plan.people,
            devices=plan.devices,
        )
        try:
            before = look_at(self._system.nodes)
            skipped = await self._suffer(people)
            await self._come_to_rest(people)
            seen: dict[str, Any] = {
                "skipped": skipped,
                "nodes": courses(before, look_at(self._system.nodes)),
                "unsent": sum(device.skipped for device in people.devices),
                "absent": tuple(
                    f"{one.name}: {one.state}, {one.why}" for one in people.devices if not one.is_online
                ),
            }
        finally:
            await people.leave()
        return self._judge(seen)

    async def _suffer(self, people: People) -> Mapping[str, int]:
        plan, recorder = self._plan, self._recorder
        scene = Scene(
            system=self._system,
            devices=people.devices,
            random=Random(plan.seed + 1),
            clock=self._reactor,
            patience=plan.patience,
        )
        traffic = Traffic(people, plan.rate, self._random, self._reactor, group_share=plan.group_share)
        nemesis = Nemesis(
            scene,
            recorder,
            tuple(possible(plan.faults, plan.database)),
            calm_s=plan.calm_s,
            at_once=plan.at_once,
        )
        traffic.start()
        try:
            await deferLater(self._reactor, plan.lead_s)
            until_s = recorder.now_s + plan.seconds
            await nemesis.rage(until_s)
            await deferLater(self._reactor, max(until_s - recorder.now_s, 0))
        finally:
            traffic.stop()
        return nemesis.skipped

    async def _come_to_rest(self, people: People) -> None:
        recorder, plan = self._recorder, self._plan
        logs = await come_to_rest(people, self._system, self._reactor, plan.drain_s)
        recorder.events += logs.events
        for device in people.devices:
            missing = device.behind(logs.heads_for(device.user_id))
            recorder.add(
                Drain(at_s=recorder.now_s, device=device.name, user_id=device.user_id, missing=missing)
            )

    def _judge(self, seen: Mapping[str, Any]) -> Result:
        plan = self._plan
        result = Result(
            seed=plan.seed,
            events=self._recorder.events,
            verdict=judge(self._recorder.events),
            complaints=tuple(self._system.complaints()),
            **seen,
        )
        note_result(plan, result)
        if plan.history is not None and not result.passed:
            file.write(plan.history, result.events)
            self._system.save_logs(plan.history.parent)
        return result
