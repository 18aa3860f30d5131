import io
import queue
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tkclient.model.talk import FRIEND, TalkKey
from tkclient.system.chime import RATE, chime
from tkclient.system.notifier import DesktopNotifier

LI = TalkKey(FRIEND, "li")
PATIENCE_S = 20


class Hub:
    """Hears, in the test's thread, what happens in the notifier's: each as (what, arguments…)."""

    def __init__(self) -> None:
        self._heard: queue.Queue[tuple[Any, ...]] = queue.Queue()
        self._numbers = 0

    def next(self) -> tuple[Any, ...]:
        return self._heard.get(timeout=PATIENCE_S)

    def callFromThread(self, function: Callable[..., object], *arguments: object) -> None:
        function(*arguments)

    def note(self, *what: Any) -> None:
        self._heard.put(what)

    async def send(self, *, title: str, message: str, on_clicked: Callable[[], None]) -> str:
        self._numbers += 1
        self.note("send", title, message)
        on_clicked()
        return str(self._numbers)

    async def clear(self, identifier: str) -> None:
        self.note("clear", identifier)


def notifier(hub: Hub, **options: Any) -> DesktopNotifier:
    reactor: Any = hub
    return DesktopNotifier(
        reactor,
        on_click=lambda key: hub.note("click", key),
        bell=lambda: hub.note("bell"),
        **{"make_backend": lambda: hub} | options,
    )


def player(folder: Path, script: str) -> tuple[str]:
    path = folder / "player"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return (str(path),)


def test_a_notification_is_shown_and_a_click_on_it_is_heard() -> None:
    hub = Hub()
    notifier(hub).notify(LI, "Li", "a < b & c")
    assert hub.next() == ("send", "Li", "a &lt; b &amp; c")
    assert hub.next() == ("click", LI)


def test_the_next_one_of_a_dialogue_takes_the_place_of_the_one_before() -> None:
    hub = Hub()
    told = notifier(hub)
    for text in ("one", "two"):
        told.notify(LI, "Li", text)
    assert [hub.next()[0] for _ in range(5)] == ["send", "click", "clear", "send", "click"]


def test_a_desktop_that_shows_nothing_harms_nothing() -> None:
    hub = Hub()
    tries: list[int] = []

    def fail() -> Any:
        tries.append(1)
        hub.note("tried")
        raise OSError("no session bus")

    told = notifier(hub, make_backend=fail)
    told.notify(LI, "Li", "one")
    assert hub.next() == ("tried",)
    told.notify(LI, "Li", "two")
    assert hub.next() == ("tried",)


def test_without_a_player_the_bell_rings() -> None:
    hub = Hub()
    notifier(hub, players=(("no-such-player",),)).sound()
    assert hub.next() == ("bell",)


def test_a_player_that_cannot_play_is_made_up_for_by_the_bell(tmp_path: Path) -> None:
    hub = Hub()
    notifier(hub, players=(player(tmp_path, "exit 1"),)).sound()
    assert hub.next() == ("bell",)


def test_a_player_gets_the_chime(tmp_path: Path) -> None:
    hub = Hub()
    command = player(tmp_path, f'cp "$1" {tmp_path}/played && exit 1')
    notifier(hub, players=(command,)).sound()
    assert hub.next() == ("bell",)
    assert (tmp_path / "played").read_bytes() == chime()


def test_the_chime_is_short_and_not_too_loud() -> None:
    with wave.open(io.BytesIO(chime())) as file:
        frames = file.readframes(file.getnframes())
        assert file.getnframes() / RATE < 0.5
    samples = memoryview(frames).cast("h")
    assert 4_000 < max(map(abs, samples)) < 20_000
