"""Friends end up with what is true, however quickly somebody comes and goes."""

from twisted.internet.defer import Deferred

from naivechat.domain.errors import Unavailable
from naivechat.domain.user import UserId
from naivechat.sockets.registry import Registry
from naivechat.sockets.reporter import PresenceReporter
from tests.logs import logged_errors

ANN = UserId("ann")


class SlowPresence:
    """Tells friends when `go_on` is called; `told` is what they heard."""

    def __init__(self) -> None:
        self.told: list[bool] = []
        self.online = False
        self._waiting: list[Deferred[None]] = []
        self.reporter = PresenceReporter(self, lambda _: self.online)

    def now(self, online: bool) -> None:
        self.online = online
        self.reporter.changed(ANN)

    async def came_online(self, user_id: UserId) -> None:
        await self._tell(True)

    async def went_offline(self, user_id: UserId) -> None:
        await self._tell(False)

    def go_on(self, error: Exception | None = None) -> None:
        waiter = self._waiting.pop(0)
        waiter.callback(None) if error is None else waiter.errback(error)

    async def _tell(self, online: bool) -> None:
        self._waiting.append(Deferred())
        await self._waiting[-1]
        self.told.append(online)


def test_each_change_is_told_once() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.go_on()
    presence.now(False)
    presence.go_on()
    assert presence.told == [True, False]


def test_who_leaves_while_friends_are_told_is_told_of_afterwards() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.now(False)
    presence.go_on()
    presence.go_on()
    assert presence.told == [True, False]


def test_who_leaves_and_comes_back_meanwhile_ends_up_online() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.now(False)
    presence.now(True)
    presence.go_on()
    assert presence.told == [True]


def test_a_storage_that_is_away_is_a_warning_and_the_next_change_is_told() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.go_on(Unavailable())
    presence.now(False)
    presence.go_on()
    assert presence.told == [False]


def test_a_fault_of_ours_is_logged() -> None:
    presence = SlowPresence()
    presence.now(True)
    presence.go_on(ZeroDivisionError())
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_a_registry_tells_nobody_until_it_is_asked_to() -> None:
    Registry().presence_changed(ANN)
