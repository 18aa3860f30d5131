"""The event bus of one node."""

from collections import deque
from collections.abc import Callable

from twisted.logger import Logger

from naivechat.domain.events import Event


class LocalBus:
    """Hands events to all receivers, in the order of publishing; implements `domain.ports.EventBus`.

    An event published by a receiver waits until all have had the current one. A receiver that raises is logged, and stops nobody.
    """

    _log = Logger()

    def __init__(self) -> None:
        self._receivers: list[Callable[[Event], None]] = []
        self._waiting: deque[Event] = deque()
        self._publishing = False

    def subscribe(self, receiver: Callable[[Event], None]) -> None:
        """Call `receiver` with every event from now on."""
        self._receivers.append(receiver)

    def unsubscribe(self, receiver: Callable[[Event], None]) -> None:
        """Call `receiver` no more."""
        self._receivers = [other for other in self._receivers if other != receiver]

    def publish(self, event: Event) -> None:
        """Hand an event on."""
        if self._publishing:
            self._waiting.append(event)
            return
        self._publishing = True
        try:
            self._hand_on(event)
            while self._waiting:
                self._hand_on(self._waiting.popleft())
        finally:
            self._publishing = False

    def _hand_on(self, event: Event) -> None:
        for receiver in self._receivers:
            try:
                receiver(event)
            except Exception:
                self._log.failure("a receiver failed on {event}", event=type(event).__name__)
