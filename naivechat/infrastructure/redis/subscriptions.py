"""Which channels are to be received, and which really are. No I/O.

A channel may be asked for, given up and asked for again before Redis has answered the first time. Redis answers each of these
in order, so a channel is received when it is wanted, was last asked for, and no answer for it is outstanding.
"""

from collections.abc import Collection, Iterable

import attrs
from twisted.internet.defer import Deferred, succeed


@attrs.define
class _Channel:
    """wanted: somebody listens. asked: SUBSCRIBE was what was sent last. outstanding: answers still to come."""

    wanted: bool = False
    asked: bool = False
    outstanding: int = 0

    @property
    def is_received(self) -> bool:
        return self.wanted and self.asked and not self.outstanding

    @property
    def is_forgotten(self) -> bool:
        return not (self.wanted or self.asked or self.outstanding)


@attrs.frozen(kw_only=True)
class Changes:
    """What is to be asked of Redis."""

    subscribe: tuple[str, ...]
    unsubscribe: tuple[str, ...]


@attrs.frozen(eq=False)
class _Waiter:
    missing: set[str]
    done: Deferred[bool]


class Subscriptions:
    """All channels of a node, over one connection after another."""

    def __init__(self) -> None:
        self._channels: dict[str, _Channel] = {}
        self._changed: dict[str, None] = {}
        self._restoring: set[str] = set()
        self._waiters: dict[str, list[_Waiter]] = {}
        self._is_connected = False

    @property
    def is_complete(self) -> bool:
        """Whether all is received that was wanted when this connection began."""
        return self._is_connected and not self._restoring

    @property
    def has_changes(self) -> bool:
        """Whether there is something to be asked of Redis."""
        return self._is_connected and bool(self._changed)

    def wants(self, channel: str) -> bool:
        """Whether somebody listens to a channel."""
        state = self._channels.get(channel)
        return state is not None and state.wanted

    def listen(self, channel: str) -> None:
        """A channel is wanted from now on."""
        self._channels.setdefault(channel, _Channel()).wanted = True
        self._changed[channel] = None

    def unlisten(self, channel: str) -> None:
        """A channel is wanted no more; who waits for it waits in vain."""
        state = self._channels.get(channel)
        if state is None:
            return
        state.wanted = False
        self._changed[channel] = None
        if not self._is_connected:
            del self._channels[channel], self._changed[channel]
        self._restoring.discard(channel)
        self._give_up(self._waiters.get(channel, ()))

    def begin(self) -> None:
        """A new connection: nothing is received on it."""
        self._is_connected = True
        self._channels = {
            name: _Channel(wanted=True) for name, state in self._channels.items() if state.wanted
        }
        self._changed = dict.fromkeys(self._channels)
        self._restoring = set(self._channels)

    def end(self) -> None:
        """The connection is lost."""
        self._is_connected = False
        self._give_up(waiter for waiters in tuple(self._waiters.values()) for waiter in tuple(waiters))

    def take_changes(self, most: int) -> Changes:
        """What to send now: at most `most` channels; they count as sent."""
        subscribe: list[str] = []
        unsubscribe: list[str] = []
        while self._changed and len(subscribe) + len(unsubscribe) < most:
            name = next(iter(self._changed))
            del self._changed[name]
            state = self._channels[name]
            if state.wanted != state.asked:
                state.asked = state.wanted
                state.outstanding += 1
                (subscribe if state.wanted else unsubscribe).append(name)
            elif state.is_forgotten:
                del self._channels[name]
        return Changes(subscribe=tuple(subscribe), unsubscribe=tuple(unsubscribe))

    def confirm(self, channel: str) -> None:
        """Redis has answered one ask for a channel, to receive it or to receive it no more."""
        state = self._channels.get(channel)
        if state is None or not state.outstanding:
            return
        state.outstanding -= 1
        if state.is_received:
            self._restoring.discard(channel)
            for waiter in tuple(self._waiters.get(channel, ())):
                self._settle(waiter, channel)
        elif state.is_forgotten and channel not in self._changed:
            del self._channels[channel]

    def wait(self, channels: Collection[str]) -> Deferred[bool]:
        """True once all of `channels` are received; False when one is not wanted, or the connection is away or lost. Cancellable."""
        if not self._is_connected or not all(map(self.wants, channels)):
            return succeed(False)
        missing = {name for name in channels if not self._channels[name].is_received}
        if not missing:
            return succeed(True)
        done: Deferred[bool] = Deferred(lambda _: self._remove(waiter))
        waiter = _Waiter(missing, done)
        for name in missing:
            self._waiters.setdefault(name, []).append(waiter)
        return done

    def _settle(self, waiter: _Waiter, channel: str) -> None:
        self._forget(waiter, channel)
        waiter.missing.discard(channel)
        if not waiter.missing:
            waiter.done.callback(True)

    def _give_up(self, waiters: Iterable[_Waiter]) -> None:
        for waiter in dict.fromkeys(waiters):
            self._remove(waiter)
            waiter.done.callback(False)

    def _remove(self, waiter: _Waiter) -> None:
        for name in waiter.missing:
            self._forget(waiter, name)

    def _forget(self, waiter: _Waiter, channel: str) -> None:
        waiters = self._waiters.get(channel, [])
        if waiter in waiters:
            waiters.remove(waiter)
        if not waiters:
            self._waiters.pop(channel, None)
