"""Who chats, and where: people with their devices, friend talks and groups."""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
from twisted.internet.defer import Deferred, DeferredList, gatherResults

from naivechat.client import FRIEND, GROUP, Host, ServerAddress, TalkKey, register
from tests.soak.device import Device
from tests.soak.recorder import Recorder
from tests.wire import PASSWORD


@attrs.define(kw_only=True)
class People:
    """Everybody of a run, logged in.

    Attributes:
        devices: of everybody. friends: of each person, the talks with those to write to. groups: those that all but the outsider
            write to; who has gone from one is refused.
        owner: of the group that others come to and go from, who are `comers`. open_group: that group's id.
    """

    devices: tuple[Device, ...]
    friends: dict[str, tuple[TalkKey, ...]]
    groups: tuple[TalkKey, ...]
    owner: Device
    comers: tuple[Device, ...]
    open_group: str
    outsider: Device
    closed_group: str

    def of(self, user_id: str) -> tuple[Device, ...]:
        """One person's devices."""
        return tuple(device for device in self.devices if device.user_id == user_id)

    async def leave(self) -> None:
        """Disconnect everybody."""
        stops = [Deferred.fromCoroutine(device.client.stop()) for device in self.devices]
        await DeferredList(stops, consumeErrors=True)


async def gather_people(
    recorder: Recorder, reactor: Any, ports: Sequence[int], *, people: int, devices: int
) -> People:
    """Make accounts, log in on all nodes by turns, make friends and groups. At least five people.

    Everybody knows everybody but the last, the outsider, whose one friend is the first. One group has all but the outsider, in
    another the last three come and go, who are its comers.
    """
    names = [f"person-{number}" for number in range(people)]
    for number, name in enumerate(names):
        await register(reactor, _address(ports, number), name, PASSWORD, name)
    everybody = [
        Device(recorder, reactor, _address(ports, number + place), f"{name}/{place}")
        for number, name in enumerate(names)
        for place in range(devices)
    ]
    await gatherResults([Deferred.fromCoroutine(device.client.start()) for device in everybody])
    insiders, outsider = names[:-1], names[-1]
    first = everybody[0]
    await _befriend(everybody, insiders, devices)
    await first.client.add_friend(outsider)
    first.say(TalkKey(FRIEND, outsider), "hello from the first")
    closed = (await first.client.create_group("closed", insiders[1:])).group_id
    opened = (await first.client.create_group("open", insiders[1:-3])).group_id
    return People(
        devices=tuple(everybody),
        friends={
            **{name: _friends(name, insiders) for name in insiders},
            outsider: (TalkKey(FRIEND, insiders[0]),),
        },
        groups=(TalkKey(GROUP, closed), TalkKey(GROUP, opened)),
        owner=first,
        comers=tuple(everybody[number * devices] for number in range(people)[-4:-1]),
        open_group=opened,
        outsider=everybody[-1],
        closed_group=closed,
    )


async def _befriend(everybody: Sequence[Device], names: Sequence[str], devices: int) -> None:
    for number in range(len(names)):
        device = everybody[number * devices]
        for friend_id in names[number + 1 :]:
            await device.client.add_friend(friend_id)
            # Where a talk's showing begins a client tells by dates; once it has begun, clocks mean nothing.
            device.say(TalkKey(FRIEND, friend_id), f"hello from {device.name} to {friend_id}")


def _friends(name: str, names: Iterable[str]) -> tuple[TalkKey, ...]:
    return tuple(TalkKey(FRIEND, other) for other in names if other != name)


def _address(ports: Sequence[int], first: int) -> ServerAddress:
    """All nodes, beginning with one of them."""
    place = first % len(ports)
    return ServerAddress(
        hosts=tuple(Host(name="127.0.0.1", port=port) for port in (*ports[place:], *ports[:place]))
    )
