"""An hour of chat at the desktop client, compressed: what it keeps in memory."""

import itertools
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import Final

from bench.accounts import TokenHolder
from bench.desktop_client import Client
from bench.desktop_people import LAST_WORDS
from bench.desktop_program import MANY, Place
from bench.report import Figure
from naivechat.domain.message import FACE, TEXT
from naivechat.protocol.message import MsgRequest, TypingRequest
from tests.processes import wait_until
from tests.wire import PASSWORD, WireClient
from tkclient.ui.art.emoji_catalogue import Catalogue
from tkclient.ui.art.faces import FACES

DIALOGUES: Final = 30
RECEIVED_A_MINUTE, WRITTEN_A_MINUTE = 54, 6
_TYPING_A_MINUTE: Final = 10
_ROWS: Final = 9
"""Rows of dialogues that are wholly seen."""
_PICKER_EVERY, _CONTACTS_EVERY = 3, 10
"""Minutes."""
_LIST, _MESSAGES, _INPUT = (180, 300), (650, 300), (600, 620)
_SMILE, _PICKER, _CHATS, _CONTACTS = (346, 559), (540, 380), (31, 98), (31, 150)
"""Places in the window."""
_FIRST_ROW_Y, _ROW_HEIGHT = 95, 66
_SCROLLED: Final = 40
"""Steps of the wheel."""
_PATIENCE_S: Final = 120
_WORDS: Final = (
    LAST_WORDS, "好的。", "then post results here", "https://example.org/a?b=c", "我下午把压测报告发出来",
    "line\nbreak", "the fuzz suite on the frame codec tonight", "連接層 und Geschäftslogik", "שלום עולם",
)  # fmt: skip


def measure_hour(place: Place, *, minutes: int = 60) -> list[Figure]:
    """Memory of a new client at the start, in the middle and at the end of so many minutes, in MiB."""
    user_id = "hour"
    holders = place.add_person(user_id, friends=MANY[0], talks=MANY[1])
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        client = stack.enter_context(Client(place.screen_name, Path(folder)))
        friends = [stack.enter_context(Friend(place.port, user_id, holder)) for holder in holders[:DIALOGUES]]
        client.start(place.port, user_id, PASSWORD)
        client.wait_for_window()
        client.wait_for_rest()
        hour = Hour(client, friends, Path(folder))
        resident = [client.resident_mib, *(hour.live(half) for half in _halves(minutes))]
        client.stop_if_it_complained()
    return _figures(minutes, resident)


class Friend:
    """Somebody who writes from a device of their own."""

    def __init__(self, port: int, user_id: str, holder: TokenHolder) -> None:
        self._port = port
        self._to = user_id
        self._holder = holder
        self._numbers = itertools.count(1)
        self._wire = WireClient(port)

    def __enter__(self) -> "Friend":
        self._log_in()
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()

    def write(self, msg_type: int, text: str) -> None:
        """Send a message, and read what has come meanwhile."""
        msg_uuid = f"{self._holder.user_id}{next(self._numbers):07}"[-16:].encode()
        self._wire.accepted(
            MsgRequest(rid=0, friend_id=self._to, msg_uuid=msg_uuid, msg_type=msg_type, msg_text=text)
        )
        self._wire.pushes.clear()

    def show_typing(self) -> None:
        """Be seen typing."""
        self._wire.accepted(TypingRequest(rid=0, talk_type=0, talk_id=self._to))

    def leave_and_return(self) -> None:
        """Be seen leaving and coming back."""
        self._wire.close()
        self._wire = WireClient(self._port)
        self._log_in()

    def _log_in(self) -> None:
        self._wire.reconnect(self._holder.user_id, self._holder.token)


class Hour:
    """What happens: `folder` is the client's."""

    def __init__(self, client: Client, friends: Sequence[Friend], folder: Path) -> None:
        self._client = client
        self._friends = friends
        self._folder = folder
        self._random = Random(1)
        self._emoji = [each for group in Catalogue.load().groups for each in group.sequences]
        self._minutes = itertools.count()
        self._sent = 0

    def live(self, minutes: int) -> float:
        """Let so many minutes happen; memory then, in MiB."""
        for minute in itertools.islice(self._minutes, minutes):
            self._live_one(minute)
        self._client.wait_for_rest()
        return self._client.resident_mib

    def _live_one(self, minute: int) -> None:
        client = self._client
        client.click(_LIST[0], _FIRST_ROW_Y + self._random.randrange(_ROWS) * _ROW_HEIGHT)
        self._hear()
        self._write()
        client.turn_wheel(*_MESSAGES, _SCROLLED)
        if minute % _PICKER_EVERY == 0:
            self._leaf_through_picker()
        if minute % _CONTACTS_EVERY == 0:
            self._look_at_contacts()
        for steps in (-_SCROLLED, _SCROLLED):
            client.turn_wheel(*_LIST, steps)
        client.turn_wheel(*_MESSAGES, -_SCROLLED)
        wait_until(lambda: self._kept() >= self._sent, _PATIENCE_S, self._missing)

    def _hear(self) -> None:
        for number in range(RECEIVED_A_MINUTE):
            friend = self._random.choice(self._friends)
            if number % (RECEIVED_A_MINUTE // _TYPING_A_MINUTE) == 0:
                friend.show_typing()
            friend.write(*self._message())
            self._sent += 1
        self._random.choice(self._friends).leave_and_return()

    def _message(self) -> tuple[int, str]:
        if self._random.random() < 0.1:
            return FACE, self._random.choice(tuple(FACES))
        emoji = self._random.choices(self._emoji, k=self._random.randrange(3))
        words = self._random.choices(_WORDS, k=self._random.randint(1, 6))
        return TEXT, " ".join([*words, *emoji])

    def _write(self) -> None:
        self._client.click(*_INPUT)
        for _ in range(WRITTEN_A_MINUTE):
            self._client.type("see you there")
            self._client.press("Return")
            self._sent += 1

    def _leaf_through_picker(self) -> None:
        self._client.click(*_SMILE)
        for steps in (-_SCROLLED, _SCROLLED):
            self._client.turn_wheel(*_PICKER, steps)
        self._client.press("Escape")

    def _look_at_contacts(self) -> None:
        self._client.click(*_CONTACTS)
        self._client.turn_wheel(*_LIST, -_SCROLLED)
        self._client.click(*_CHATS)

    def _kept(self) -> int:
        """How many messages the client has taken; those before have the number 1."""
        (path,) = self._folder.glob("accounts/*/history.db")
        with closing(sqlite3.connect(path)) as db:
            return int(db.execute("SELECT COUNT(*) FROM message WHERE seq > 1").fetchone()[0])

    def _missing(self) -> str:
        return f"the client has {self._kept()} of {self._sent} messages"


def _halves(minutes: int) -> tuple[int, int]:
    return minutes // 2, minutes - minutes // 2


def _figures(minutes: int, resident: Sequence[float]) -> list[Figure]:
    start, middle, end = resident
    name = f"{minutes} minutes of chat, {DIALOGUES} dialogues"
    return [
        (f"{name}: memory at the start", start, "MiB"),
        (f"{name}: memory after the first half", middle, "MiB"),
        (f"{name}: memory at the end", end, "MiB"),
        (f"{name}: growth in the second half", end - middle, "MiB"),
    ]
