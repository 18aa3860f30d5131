"""What the desktop client costs as people run it, `naivechat-client` against a real node: its start, and its rest."""

import contextlib
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

from bench.accounts import TokenHolder
from bench.desktop_client import Client
from bench.desktop_people import add_friends
from bench.report import Figure
from tests.servers import NodeProcess
from tests.wire import PASSWORD, new_person

FEW: Final = (12, 12)
MANY: Final = (2_000, 1_000)
"""How many friends somebody has, and with how many of them there are dialogues."""
_FIRST_ROW, _INPUT = (180, 95), (600, 620)
_CURSOR: Final = (330, 575, 40, 40)
"""Places in the window; of the cursor x, y, width, height."""
_BLINKS_WITHIN_S: Final = 3.0


@attrs.frozen(kw_only=True)
class Place:
    """Where clients run: the name of an X display, and a node with its database."""

    screen_name: str
    node: NodeProcess
    database: Path

    @property
    def port(self) -> int:
        """Where the node listens."""
        return self.node.port

    def add_person(self, user_id: str, *, friends: int, talks: int) -> tuple[TokenHolder, ...]:
        """Make an account that knows so many people, who are returned."""
        new_person(self.port, user_id, nickname=user_id.title()).close()
        # A node alone has its file for itself.
        self.node.stop()
        holders = add_friends(self.database, user_id, friends=friends, talks=talks)
        self.node.start()
        return holders


@contextlib.contextmanager
def place_with_node(screen_name: str) -> Iterator[Place]:
    """A node on SQLite, beside a screen."""
    with tempfile.TemporaryDirectory(prefix="naivechat-bench-") as folder:
        database = Path(folder) / "naivechat.db"
        with NodeProcess(db=f"sqlite:///{database}", registration="open", limits="off") as node:
            yield Place(screen_name=screen_name, node=node, database=database)


def measure_program(place: Place, *, starts: int = 7, rest_s: float = 20) -> list[Figure]:
    """Figures of a small account at its first start, and of a large one that this desktop knows already.

    Args:
        starts: of each, of which the medians are given. rest_s: how long it is watched at rest, each time.
    """
    place.add_person("few", friends=FEW[0], talks=FEW[1])
    place.add_person("many", friends=MANY[0], talks=MANY[1])
    figures = []
    firsts = [_start_in_new_folder(place, "few") for _ in range(starts)]
    figures += _figures_of_starts(f"first start, {FEW[0]} friends", firsts)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = _start(place, "many", folder)
        figures += _figures_of_starts(f"first start, {_described(MANY)}", [first])
        others = [_start(place, "many", folder) for _ in range(starts)]
        figures += _figures_of_starts(f"start, {_described(MANY)}", others)
        figures += _measure_rest(place, folder, rest_s)
    return figures


def _described(size: tuple[int, int]) -> str:
    friends, talks = size
    return f"{friends:,} friends, {talks:,} talks"


def _start_in_new_folder(place: Place, user_id: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        return _start(place, user_id, Path(folder))


def _start(place: Place, user_id: str, folder: Path) -> tuple[float, float]:
    """CPU time and time until the window is drawn."""
    with Client(place.screen_name, folder) as client:
        client.start(place.port, user_id, PASSWORD)
        used = client.wait_for_window()
        client.wait_for_rest()
        client.stop_if_it_complained()
    return used


def _figures_of_starts(name: str, starts: list[tuple[float, float]]) -> list[Figure]:
    cpu_s, seconds = zip(*starts, strict=True)
    which = f"median of {len(starts)}" if len(starts) > 1 else "once"
    return [
        (f"{name}: CPU until the window is drawn, {which}", statistics.median(cpu_s), "s"),
        (f"{name}: time until then, {which}", statistics.median(seconds), "s"),
    ]


def _measure_rest(place: Place, folder: Path, rest_s: float) -> list[Figure]:
    with Client(place.screen_name, folder) as client:
        client.start(place.port, "many", PASSWORD)
        client.wait_for_window()
        client.wait_for_rest()
        resident = client.resident_mib
        quiet = client.cpu_percent(rest_s)
        client.click(*_FIRST_ROW)
        client.wait_for_rest()
        client.click(*_INPUT)
        client.wait_for_rest()
        assert client.changes(*_CURSOR, seconds=_BLINKS_WITHIN_S), "the cursor does not blink"
        blinking = client.cpu_percent(rest_s)
        client.stop_if_it_complained()
    return [
        (f"at rest, {_described(MANY)}: memory", resident, "MiB"),
        ("at rest: CPU, of a core", quiet, "%"),
        ("at rest, cursor blinking in an open dialogue: CPU, of a core", blinking, "%"),
    ]
