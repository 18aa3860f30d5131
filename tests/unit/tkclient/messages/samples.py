"""Messages and layouts for tests without a screen."""

import itertools

import attrs

from tests.unit.tkclient.text.test_wrapping import measure
from tkclient.model.talk import Message
from tkclient.ui.look.scale import Scale
from tkclient.ui.messages.layout import Layout
from tkclient.ui.messages.metrics import Metrics
from tkclient.ui.text.words import Words

NOON_MS = 1_795_600_000_000
_numbers = itertools.count(1)
WORDS = Words("en")


def message(text: str = "hello", sender_id: str = "li", **others: object) -> Message:
    """One more message; those of "me" are mine."""
    number = next(_numbers)
    values: dict[str, object] = {
        "msg_uuid": number.to_bytes(16, "big"),
        "seq": number,
        "sender_name": sender_id.title(),
        "is_mine": sender_id == "me",
        "sent_at_ms": NOON_MS + number,
    }
    return Message(sender_id=sender_id, text=text, **(values | others))  # type: ignore[arg-type]


def layout(width: int = 700, factor: float = 1.0, text_size: int = 100, **others: object) -> Layout:
    """A layout for a list of a width."""
    scale = Scale(factor)
    enlarged = factor * text_size / 100

    def measured(text: str) -> int:
        return round(measure(text) * enlarged)

    metrics = Metrics.make(scale.px, text_size, measured, lambda text: round(measured(text) * 6 / 7))
    return attrs.evolve(Layout(width=width, metrics=metrics, words=WORDS), **others)
