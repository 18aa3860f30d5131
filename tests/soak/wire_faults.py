"""What can go wrong on the way: between clients and nodes, and between nodes and the database."""

from collections.abc import Callable, Sequence

from tests.soak.scene import Outcome, Scene
from tests.soak.tcp_proxy import TcpProxy


async def cut_database(scene: Scene) -> Outcome | None:
    """One node loses its connections to the database and gets no others for some seconds."""
    proxy = scene.random.choice(scene.system.databases)
    count = proxy.cut()
    away_s = await scene.wait(0.1, 8)
    proxy.mend()
    return (True, f"{count} connections, for {away_s:.1f} s") if count else None


async def delay_database(scene: Scene) -> Outcome | None:
    """Everything between one node and the database comes late."""
    proxy = scene.random.choice(scene.system.databases)
    before, proxy.delay_s = proxy.delayed, scene.random.uniform(0.05, 2)
    return await _for_a_while(scene, [proxy], lambda: proxy.delayed - before, f"by {proxy.delay_s:.2f} s")


async def silence_database(scene: Scene) -> Outcome | None:
    """Between one node and the database nothing goes through, and no connection ends: as when packets are dropped."""
    proxy = scene.random.choice(scene.system.databases)
    before, proxy.is_silent = proxy.held, True
    return await _for_a_while(scene, [proxy], lambda: proxy.held - before, "held back")


async def delay_clients(scene: Scene) -> Outcome | None:
    """Everything between clients and nodes comes late."""
    doors, delay_s = scene.system.doors, scene.random.uniform(0.05, 2)
    before = sum(door.delayed for door in doors)
    for door in doors:
        door.delay_s = delay_s
    return await _for_a_while(
        scene, doors, lambda: sum(door.delayed for door in doors) - before, f"by {delay_s:.2f} s"
    )


async def dribble_clients(scene: Scene) -> Outcome | None:
    """Everything between clients and nodes comes in segments of one byte."""
    doors = scene.system.doors
    before = sum(door.dribbled for door in doors)
    for door in doors:
        door.dribbles = True
    return await _for_a_while(
        scene, doors, lambda: sum(door.dribbled for door in doors) - before, "of one byte"
    )


async def silence_clients(scene: Scene) -> Outcome | None:
    """Between clients and one node nothing goes through, and no connection ends."""
    door = scene.random.choice(scene.system.doors)
    before, door.is_silent = door.held, True
    return await _for_a_while(scene, [door], lambda: door.held - before, "held back")


async def cut_frames(scene: Scene) -> Outcome | None:
    """Clients die in the middle of what they say, each at another step of it."""
    doors = scene.system.doors
    before = sum(door.deaths for door in doors)
    for door in doors:
        door.cut_short = 0.2
    return await _for_a_while(scene, doors, lambda: sum(door.deaths for door in doors) - before, "cut short")


async def _for_a_while(
    scene: Scene, proxies: Sequence[TcpProxy], count: Callable[[], int], how: str
) -> Outcome | None:
    """Nothing was struck where nothing was said meanwhile."""
    await scene.wait(3, 10)
    happened = await scene.seen(lambda: count() > 0)
    detail = f"{count()} pieces {how}"
    for proxy in proxies:
        proxy.mend()
    return (True, detail) if happened else None
