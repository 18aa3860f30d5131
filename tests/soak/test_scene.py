"""What faults do with nodes, as an operator's machine would."""

from typing import Any

import pytest

from tests.soak import scene


class Starting:
    """A node whose first starts end like this."""

    is_running = False

    def __init__(self, *failures: str) -> None:
        self.failures = list(failures)
        self.starts = 0

    def start(self, timeout_s: float) -> None:
        self.starts += 1
        if self.failures:
            raise AssertionError(self.failures.pop())


def test_a_node_that_ends_while_something_else_is_broken_is_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scene, "START_AGAIN_AFTER_S", 0)
    node: Any = Starting("the disk is full", "the disk is full")
    scene.start_as_a_supervisor(node)
    assert node.starts == 3


def test_one_that_hangs_is_not() -> None:
    node: Any = Starting("no answer")
    node.is_running = True
    with pytest.raises(AssertionError, match="no answer"):
        scene.start_as_a_supervisor(node)
    assert node.starts == 1
