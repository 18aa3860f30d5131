"""What can go wrong with processes, with clients and with the bus. Every fault is over, and undone, when its function returns."""

from twisted.internet.threads import deferToThread

from tests.servers import NodeProcess
from tests.soak.scene import (
    Outcome,
    Scene,
    bus_of,
    exists,
    killed,
    mariadb_of,
    redis_of,
    start_as_a_supervisor,
    stopped,
)


async def kill_node(scene: Scene) -> Outcome:
    """SIGKILL to a node, started again a little later."""
    return await _kill_nodes(scene, [scene.random.choice(scene.system.nodes)])


async def kill_all_nodes(scene: Scene) -> Outcome:
    """SIGKILL to every node at once."""
    return await _kill_nodes(scene, list(scene.system.nodes))


async def _kill_nodes(scene: Scene, nodes: list[NodeProcess]) -> Outcome:
    pids = [node.pid for node in nodes]
    for node in nodes:
        await deferToThread(node.kill)
    gone = not any(map(exists, pids))
    away_s = await scene.wait(0.1, 3)
    for node in nodes:
        await deferToThread(start_as_a_supervisor, node)
    return gone and all(map(exists, [node.pid for node in nodes])), f"{pids} away for {away_s:.1f} s"


async def restart_node(scene: Scene) -> Outcome:
    """SIGTERM to a node, which leaves in order, and is started again."""
    node = scene.random.choice(scene.system.nodes)
    pid = node.pid
    node.terminate()
    status = await deferToThread(node.wait)
    gone = not exists(pid)
    await scene.wait(0, 2)
    await deferToThread(start_as_a_supervisor, node)
    return gone and status == 0, f"{pid} ended with status {status}"


async def roll_nodes(scene: Scene) -> Outcome:
    """SIGTERM to one node after the other, as for an upgrade."""
    statuses = []
    for node in scene.system.nodes:
        node.terminate()
        statuses.append(await deferToThread(node.wait))
        await deferToThread(start_as_a_supervisor, node)
        await scene.wait(0.5, 1)
    return not any(statuses), f"{len(statuses)} ended with status {statuses}"


async def stop_node(scene: Scene) -> Outcome:
    """SIGSTOP to a node for some seconds."""
    return await stopped(scene, scene.random.choice(scene.system.nodes), 2, 15)


async def stop_node_long(scene: Scene) -> Outcome:
    """SIGSTOP to a node for so long that everybody gives it up."""
    return await stopped(scene, scene.random.choice(scene.system.nodes), 30, 120)


async def kill_redis(scene: Scene) -> Outcome:
    """SIGKILL to Redis, started again, empty."""
    return await killed(scene, redis_of(scene))


async def stop_redis(scene: Scene) -> Outcome:
    """SIGSTOP to Redis for some seconds."""
    return await stopped(scene, redis_of(scene), 2, 15)


async def flush_redis(scene: Scene) -> Outcome:
    """Redis forgets all keys."""
    redis = redis_of(scene)
    before = await deferToThread(redis.command, "DBSIZE")
    answer = await deferToThread(redis.command, "FLUSHALL")
    return answer == "+OK", f"there were {before[1:]} keys"


async def change_redis_password(scene: Scene) -> Outcome | None:
    """Redis wants a password that no node has, and ends the connections that there are."""
    redis = redis_of(scene)
    await deferToThread(redis.change_password, "changed")
    gone = [
        await deferToThread(redis.command, "CLIENT", "KILL", "TYPE", kind) for kind in ("pubsub", "normal")
    ]
    away_s = await scene.wait(0.5, 6)
    await deferToThread(redis.change_password, "")
    return (True, f"for {away_s:.1f} s") if any(count != ":0" for count in gone) else None


async def kill_database(scene: Scene) -> Outcome:
    """SIGKILL to MariaDB, which recovers when it is started again."""
    return await killed(scene, mariadb_of(scene))


async def stop_database(scene: Scene) -> Outcome:
    """SIGSTOP to MariaDB for some seconds."""
    return await stopped(scene, mariadb_of(scene), 1, 12)


async def drop_clients(scene: Scene) -> Outcome | None:
    """Some clients' connections break."""
    online = [device for device in scene.devices if device.is_online]
    if not online:
        return None
    chosen = scene.random.sample(online, scene.random.randint(1, len(online)))
    before = {device.name: device.losses for device in chosen}
    dropped = [device for device in chosen if device.drop()]
    lost = await scene.seen(lambda: all(device.losses > before[device.name] for device in dropped))
    return bool(dropped) and lost, f"{len(dropped)} connections"


async def cut_bus(scene: Scene) -> Outcome | None:
    """Nodes lose their connections to Redis and get no others for some seconds."""
    count = bus_of(scene).cut()
    away_s = await scene.wait(0.1, 8)
    bus_of(scene).mend()
    return (True, f"{count} connections, for {away_s:.1f} s") if count else None


async def delay_bus(scene: Scene) -> Outcome | None:
    """Everything between nodes and Redis comes late."""
    bus = bus_of(scene)
    before, bus.delay_s = bus.delayed, scene.random.uniform(0.05, 2)
    await scene.wait(3, 10)
    detail = f"{bus.delayed - before} pieces by {bus.delay_s:.2f} s"
    bus.mend()
    return (True, detail) if bus.delayed > before else None


async def spoil_bus(scene: Scene) -> Outcome | None:
    """Of what is published 30 % is lost, 30 % doubled, 30 % swapped."""
    bus = bus_of(scene)
    before, bus.loss = bus.spoiled, 0.3
    await scene.wait(3, 10)
    bus.mend()
    return (True, f"{bus.spoiled - before} messages") if bus.spoiled > before else None
