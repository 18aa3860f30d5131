"""Builds how a node reaches others and knows of them, by hand as `bootstrap` does it with the rest."""

from typing import Any
from uuid import uuid4

import attrs

from naivechat.backend import Backend
from naivechat.domain.node import NodeStatus
from naivechat.domain.node_ports import NodeBus, NodeDirectory
from naivechat.infrastructure.lone import LoneBus, LoneDirectory
from naivechat.membership import StartableBus
from naivechat.settings import Settings, SettingsError


@attrs.frozen(kw_only=True)
class Surroundings:
    """How a node reaches others, and knows of them. `instance` names this run of it; `redis` is the bus, where it is one."""

    instance: str
    bus: NodeBus
    directory: NodeDirectory
    redis: StartableBus | None = None

    @classmethod
    def of(cls, settings: Settings, reactor: Any) -> "Surroundings":
        """Redis, where the settings name one. SettingsError when its URL cannot be used."""
        instance = uuid4().hex
        if not settings.redis:
            return cls(instance=instance, bus=LoneBus(), directory=LoneDirectory())
        # Imported when it is needed: txredisapi installs the default reactor, and the terminal client wants another one.
        from naivechat.infrastructure.redis.address import RedisUrlError
        from naivechat.infrastructure.redis.bus import RedisBus
        from naivechat.infrastructure.redis.nodes import RedisNodeDirectory

        try:
            bus = RedisBus(settings.redis, reactor, instance=instance)
        except RedisUrlError as error:
            raise SettingsError(f"redis: {error}") from error
        return cls(instance=instance, bus=bus, directory=RedisNodeDirectory(bus), redis=bus)


async def list_nodes(settings: Settings, backend: Backend, reactor: Any) -> tuple[NodeStatus, ...]:
    """The living nodes on a started backend's database, by name.

    Raises:
        SettingsError: the settings name no Redis, or one that cannot be used. Unavailable: it is away.
    """
    around = Surroundings.of(settings, reactor)
    if around.redis is None:
        raise SettingsError("redis: nodes know of each other through Redis; give its URL")
    await around.redis.start(await backend.storage.read_epoch())
    try:
        return await around.directory.list_nodes()
    finally:
        await around.redis.stop()
