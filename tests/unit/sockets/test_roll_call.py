"""At most five devices, on whichever nodes."""

from twisted.internet.task import Clock

from naivechat.sockets.roll_call import ANSWERS_WITHIN_S, RollCall


class Called:
    def __init__(self) -> None:
        self.clock = Clock()
        self.ended: list[tuple[str, tuple[int, ...]]] = []
        self.roll_call = RollCall(
            self.clock, lambda user_id, numbers: self.ended.append((user_id, numbers)), 5
        )

    def count(self) -> list[tuple[str, tuple[int, ...]]]:
        self.clock.advance(ANSWERS_WITHIN_S)
        return self.ended


def of_devices(*numbers: int) -> list[tuple[str, int]]:
    """Sessions with these numbers, each of a device of its own."""
    return [(f"device-{number}", number) for number in numbers]


def test_five_devices_may_be() -> None:
    called = Called()
    called.roll_call.begin("ann", of_devices(9, 8))
    called.roll_call.answer("ann", of_devices(1, 2, 3))
    assert called.count() == []


def test_the_oldest_of_more_end_wherever_they_are() -> None:
    called = Called()
    called.roll_call.begin("ann", of_devices(20, 21))
    called.roll_call.answer("ann", of_devices(2, 30))
    called.roll_call.answer("ann", of_devices(1, 5, 30))
    assert called.count() == [("ann", (1,))]


def test_a_second_login_meanwhile_is_counted_with_the_first() -> None:
    called = Called()
    called.roll_call.begin("ann", of_devices(1, 2, 3))
    called.roll_call.begin("ann", of_devices(1, 2, 3, 4))
    called.roll_call.answer("ann", of_devices(5, 6, 7))
    assert called.count() == [("ann", (1, 2))]


def test_a_device_that_logs_in_again_and_again_pushes_out_no_other() -> None:
    called = Called()
    for number in range(2, 12):
        called.roll_call.begin("ann", [("phone", 1), ("desktop", number)])
        called.roll_call.answer("ann", [("desktop", number - 1)])
    assert called.count() == []


def test_of_a_device_its_newest_session_counts() -> None:
    called = Called()
    called.roll_call.begin("ann", [("desktop", 9), *of_devices(2, 3, 4, 5, 6)])
    called.roll_call.answer("ann", [("desktop", 1)])
    assert called.count() == [("ann", (2,))]


def test_answers_that_nobody_asked_for_are_forgotten() -> None:
    called = Called()
    called.roll_call.answer("ann", of_devices(1, 2, 3, 4, 5, 6))
    called.roll_call.begin("ann", of_devices(7))
    assert called.count() == []
