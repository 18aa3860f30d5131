"""The end of a run's traffic: every device has its time to send what waits, and to show every talk up to its end."""

from typing import Any

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.task import deferLater

from tests.soak.people import People
from tests.soak.stored import StoredLogs
from tests.soak.system import System

LOOK_EVERY_S = 0.5


async def come_to_rest(people: People, system: System, clock: Any, within_s: float) -> StoredLogs:
    """Wait until nothing is missing on any device, or the time is over; what the database holds then."""
    deadline_s = clock.seconds() + within_s
    logs = await system.read_logs()
    while clock.seconds() < deadline_s:
        is_at_rest = _is_at_rest(people, logs)
        # Everything is read anew only when there is more than was read: it may be a hundred thousand records.
        if await system.read_heads() != logs.heads:
            logs = await system.read_logs()
        elif is_at_rest:
            # Nothing was under way, and nothing more was stored while the logs were read and looked at.
            break
        await _look_where_unsure(people)
        await deferLater(clock, LOOK_EVERY_S)
    return logs


async def _look_where_unsure(people: People) -> None:
    looks = [Deferred.fromCoroutine(device.look()) for device in people.devices if device.is_unsure]
    await DeferredList(looks, consumeErrors=True)


def _is_at_rest(people: People, logs: StoredLogs) -> bool:
    return not any(
        device.is_unsure or device.client.waiting or device.behind(logs.heads_for(device.user_id))
        for device in people.devices
    )
