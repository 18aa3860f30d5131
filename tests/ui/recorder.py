"""Stands for the logic: notes what the UI raises."""

import inspect
from collections.abc import Callable
from typing import Any

from tkclient.interfaces import ChatEvents


class Recorder:
    """Has the methods of a protocol (ChatEvents unless told otherwise) and nothing else.

    Args:
        protocol: whose calls are noted; one with other arguments than the protocol's raises TypeError.
        answers: what to do besides when a method is called, by its name, with the arguments of the call.

    calls: all of them in order, as (name, argument, …): arguments in the protocol's order, those left out by their defaults.
    """

    def __init__(self, protocol: type = ChatEvents, **answers: Callable[..., object]) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self._protocol = protocol
        self._answers = answers

    def __getattr__(self, name: str) -> Callable[..., None]:
        method = None if name.startswith("_") else getattr(self._protocol, name, None)
        if method is None:
            raise AttributeError(name)
        signature = inspect.signature(method)

        def note(*args: Any, **kwargs: Any) -> None:
            bound = signature.bind(self, *args, **kwargs)
            bound.apply_defaults()
            _, *arguments = bound.args
            self.calls.append((name, *arguments))
            if name in self._answers:
                self._answers[name](*arguments)

        return note

    def of(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of all calls of one name."""
        return [call[1:] for call in self.calls if call[0] == name]

    def clear(self) -> None:
        """Forget all calls."""
        self.calls.clear()
