"""Friends end up with what is true, however quickly somebody comes and goes."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from naivechat.domain.errors import Unavailable
from naivechat.domain.user import UserId
from naivechat.infrastructure.lone import LoneBus, LoneDirectory
from naivechat.sockets.registry import Registry
from naivechat.sockets.reporter import MOVING_S, PresenceReporter
from tests.fakes import SetClock
from tests.logs import logged_errors

ANN, BOB = UserId("ann"), UserId("bob")


class NotedDirectory(LoneDirectory):
    def __init__(self) -> None:
        self.noted: list[tuple[str, UserId]] = []

    def user_came(self, user_id: UserId) -> None:
        self.noted.append(("came", user_id))

    def user_went(self, user_id: UserId) -> None:
        self.noted.append(("went", user_id))


class SlowPresence:
    """Tells friends of a coming when they are named, of a going when `go_on` is called; `told` is what they heard."""

    def __init__(self, *, may_move: bool = False) -> None:
        self.told: list[bool] = []
        self.online = False
        self._waiting: list[Deferred[None]] = []
        self.clock, self.directory = Clock(), NotedDirectory()
        self.reporter = PresenceReporter(
            self, lambda _: self.online, self.directory, self.clock, may_move=may_move
        )

    def now(self, online: bool) -> None:
        self.online = online
        self.reporter.changed(ANN)

    def name_friends(self) -> None:
        self.reporter.introduce(ANN, (BOB,))

    def came_online(self, user_id: UserId, friend_ids: tuple[UserId, ...]) -> None:
        assert (user_id, friend_ids) == (ANN, (BOB,))
        self.told.append(True)

    async def correct(self, user_ids: tuple[UserId, ...]) -> None:
        assert user_ids == (ANN,)
        self._waiting.append(Deferred())
        await self._waiting[-1]
        self.told.append(False)

    def go_on(self, error: Exception | None = None) -> None:
        waiter = self._waiting.pop(0)
        waiter.callback(None) if error is None else waiter.errback(error)


def test_each_change_is_told_once() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.name_friends()
    presence.name_friends()
    presence.now(False)
    presence.go_on()
    assert presence.told == [True, False]


def test_a_coming_is_told_when_the_friends_are_known() -> None:
    presence = SlowPresence()
    presence.now(True)
    assert presence.told == []
    presence.name_friends()
    assert presence.told == [True]


def test_friends_of_who_came_before_are_not_told_again() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.name_friends()
    presence.name_friends()
    assert presence.told == [True]


def test_who_goes_before_the_friends_are_known_is_told_of_as_gone() -> None:
    """Somebody else's login may have shown the person as there."""
    presence = SlowPresence()
    presence.now(True)
    presence.now(False)
    presence.name_friends()
    presence.go_on()
    assert presence.told == [False]


def test_who_comes_back_while_friends_are_told_ends_up_online() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.name_friends()
    presence.now(False)
    presence.now(True)
    presence.go_on()
    presence.name_friends()
    assert presence.told == [True, False, True]


def test_a_storage_that_is_away_is_a_warning_and_the_next_change_is_told() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.name_friends()
    presence.now(False)
    presence.go_on(Unavailable())
    presence.now(True)
    presence.name_friends()
    assert presence.told == [True, True]


def test_a_fault_of_ours_is_logged() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.now(False)
    presence.go_on(ZeroDivisionError())
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_a_registry_tells_nobody_until_it_is_asked_to() -> None:
    Registry(LoneBus(), SetClock()).presence_changed(ANN)


def test_the_directory_notes_every_coming_and_going() -> None:
    presence = SlowPresence()
    for online in (True, False, True):
        presence.now(online)
    assert presence.directory.noted == [("came", ANN), ("went", ANN), ("came", ANN)]


def test_beside_other_nodes_a_going_is_told_a_moment_later() -> None:
    presence = SlowPresence(may_move=True)
    presence.now(True)
    presence.name_friends()
    presence.now(False)
    presence.clock.advance(MOVING_S)
    presence.go_on()
    assert presence.told == [True, False]


def test_of_those_on_a_node_that_leaves_the_others_tell() -> None:
    presence = SlowPresence(may_move=True)
    presence.now(True)
    presence.name_friends()
    presence.now(False)
    presence.reporter.stop()
    presence.clock.advance(MOVING_S)
    presence.now(True)
    presence.now(False)
    assert presence.told == [True]
    assert presence.directory.noted == [("came", ANN), ("went", ANN)]
