"""Whatever bytes come, a node answers as the protocol says, keeps what it has, and has no fault of its own."""

import copy
from collections.abc import Iterator
from random import Random, SystemRandom
from typing import Any

import pytest

from naivechat.protocol.command import Command
from naivechat.protocol.session import ErrorResponse, HeartbeatRequest, HeartbeatResponse, LoginResponse
from tests.attacks.fuzz import frame, hostile_frames
from tests.attacks.hostile import HOSTILE, requests_with
from tests.attacks.lengths import many
from tests.attacks.scene import TARGET, MemoryStage, Scene, Who, set_up
from tests.figures import note
from tests.unit.sockets.node import Client, text_to

SECRET = "between friends"


class Attacker:
    """Sends frames, and comes back after each that ends the connection; `login` is how."""

    def __init__(self, stage: MemoryStage, *, user_id: str = "") -> None:
        self._stage = stage
        self._user_id = user_id
        self.codes: dict[str, int] = {}
        self.client = self._come()

    def send(self, data: bytes) -> list[Any]:
        """What is answered to some bytes."""
        if self.client.is_closing or self._is_waited_for:
            self.client.lose()
            self.client = self._come()
        self.client.send_bytes(data)
        # After many frames others have their turn; time itself stands still, so nobody is idle.
        self._stage.node.clock.advance(0)
        packets = self.client.take()
        for packet in packets:
            if isinstance(packet, ErrorResponse):
                self.codes[packet.code] = self.codes.get(packet.code, 0) + 1
        return packets

    def still_served(self) -> bool:
        """Whether the connection is closing, or answers as before."""
        if self.client.is_closing or self._is_waited_for:
            return True
        return isinstance(self.client.request(HeartbeatRequest(rid=0)), HeartbeatResponse)

    @property
    def _is_waited_for(self) -> bool:
        """Whether the node has the beginning of a frame, and waits for its end."""
        return bool(self.client.protocol.is_mid_frame)  # type: ignore[union-attr]

    def _come(self) -> Client:
        client = self._stage.node.connect()
        if self._user_id:
            assert isinstance(client.login(self._user_id), LoginResponse)
        return client


@pytest.fixture
def stage() -> MemoryStage:
    return MemoryStage()


@pytest.fixture
def scene(stage: MemoryStage) -> Scene:
    """The target and a friend have a talk that nobody else is in."""
    scene = set_up(stage, [Who.FRIEND, Who.STRANGER])
    scene.client(Who.FRIEND).request(text_to(TARGET, 7, SECRET))
    scene.told()
    return scene


def accounts_and_talks(stage: MemoryStage) -> Any:
    """What no stranger may change: who could log in how, who is friends, and what was said."""
    store = stage.node.store
    passwords = {user_id: account.password_hash for user_id, account in store.accounts.items()}
    return copy.deepcopy((passwords, store.groups, store.members, store.log.records, store.log.positions))


def kept(before: Any, after: Any) -> Iterator[bool]:
    """Whether everything of before is there as it was."""
    for old, new in zip(before, after, strict=True):
        yield all(new.get(key) == value for key, value in old.items())


def test_there_are_sixty_one_hostile_kinds() -> None:
    assert len(set(HOSTILE.values())) == 61


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("user_id", ["", "stranger"], ids=["before-login", "after-login"])
def test_a_hostile_item_as_any_field_is_refused_or_means_what_it_says(
    stage: MemoryStage, scene: Scene, user_id: str, kind: str
) -> None:
    attacker, before = Attacker(stage, user_id=user_id), accounts_and_talks(stage)
    for command, key, payload in requests_with(HOSTILE[kind]):
        answers = attacker.send(frame(command, payload))
        assert attacker.still_served(), (command, key)
        assert answers, (command, key)
        if command is Command.CHANGE_PASSWORD_REQUEST:
            assert all(isinstance(answer, ErrorResponse) for answer in answers)
    assert attacker.codes.keys().isdisjoint({"INTERNAL", "UNAVAILABLE"})
    assert all(kept(before, accounts_and_talks(stage)))


def test_hostile_frames_before_login_change_and_tell_nothing(stage: MemoryStage, scene: Scene) -> None:
    seed = SystemRandom().randrange(2**32)
    attacker, before, people = Attacker(stage), accounts_and_talks(stage), set(stage.node.store.accounts)
    for data in hostile_frames(Random(seed), many(1_000_000, 20_000)):
        entered = [answer for answer in attacker.send(data) if isinstance(answer, LoginResponse)]
        assert not any(login.user.user_id in people for login in entered), (seed, data)
    assert "INTERNAL" not in attacker.codes, seed
    assert attacker.codes["BAD_FRAME"] > 0
    assert all(kept(before, accounts_and_talks(stage))), seed
    assert scene.told() == [], seed
    note("attack", kind="hostile frames before login", tried=many(1_000_000, 20_000), got_in=0)


def test_hostile_frames_after_login_reach_nobody_elses_talk(stage: MemoryStage, scene: Scene) -> None:
    seed = SystemRandom().randrange(2**32)
    attacker, before = Attacker(stage, user_id="stranger"), accounts_and_talks(stage)
    for data in hostile_frames(Random(seed), many(200_000, 10_000)):
        assert SECRET not in repr(attacker.send(data)), (seed, data)
    assert "INTERNAL" not in attacker.codes, seed
    assert {"BAD_FRAME", "BAD_REQUEST", "NOT_FRIEND", "NOT_MEMBER"} <= attacker.codes.keys()
    assert all(kept(before, accounts_and_talks(stage))), seed
    forged = [push for push in scene.told() if getattr(push, "sender_id", "stranger") != "stranger"]
    assert forged == [], seed
    note("attack", kind="hostile frames after login", tried=many(200_000, 10_000), got_in=0)
