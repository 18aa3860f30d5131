"""Where the parts of a message stand: nothing overlaps, nothing is cut, heights add up."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tkclient.messages.samples import layout, message
from tests.unit.tkclient.text.test_wrapping import TEXTS
from tkclient.model.talk import GroupEvent, Kind, Message, Sending
from tkclient.ui.messages.boxes import Bubble, Card, Mark, MessageBox, Note, Picture, Rect
from tkclient.ui.messages.layout import Layout

KINDS = st.sampled_from([Kind.TEXT, Kind.FACE, Kind.IMAGE, Kind.FILE, Kind.UNKNOWN])
MESSAGES = st.builds(
    message,
    text=TEXTS,
    sender_id=st.sampled_from(["me", "li"]),
    kind=KINDS,
    sending=st.sampled_from(Sending),
    sender_name=TEXTS,
    is_recalled=st.booleans(),
)


def some_layout(width: int, factor: float, text_size: int, names: bool) -> Layout:
    return layout(round(width * factor), factor, text_size, names=names)


LAYOUTS = st.builds(
    some_layout,
    width=st.integers(240, 1600),
    factor=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
    text_size=st.sampled_from([90, 100, 115, 130]),
    names=st.booleans(),
)


def parts(box: MessageBox) -> Iterator[Rect]:
    """What may not overlap."""
    lines = [line for line in (box.time, box.name, *box.why) if line]
    if isinstance(box.body, Note):
        lines += box.body.lines
    else:
        yield box.body.rect
    for line in lines:
        yield Rect(line.x, line.y, line.line.width, line.height)
    yield from (rect for rect in (box.avatar, box.mark) if rect)


def overlap(one: Rect, other: Rect) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


@given(LAYOUTS, MESSAGES, st.sampled_from(["", "Yesterday 18:20"]))
def test_nothing_overlaps_and_nothing_is_outside_the_row(layout: Layout, message: Message, time: str) -> None:
    box = layout.row(message, time)
    rects = list(parts(box))
    for number, rect in enumerate(rects):
        assert rect.y >= 0 and rect.bottom <= box.height
        assert rect.width <= 1 or (rect.x >= 0 and rect.right <= layout.width)
        assert not any(overlap(rect, other) for other in rects[number + 1 :])


@given(LAYOUTS, MESSAGES)
def test_a_bubble_holds_all_lines_of_its_text(layout: Layout, message: Message) -> None:
    box = layout.row(message)
    if not isinstance(box.body, Bubble):
        return
    across, down = layout.metrics.padding
    lines = box.body.lines
    assert "".join(box.text[placed.line.start : placed.line.end] for placed in lines) == box.text
    assert [placed.y for placed in lines] == [
        box.body.rect.y + down + number * layout.metrics.line for number in range(len(lines))
    ]
    assert box.body.rect.bottom == lines[-1].y + layout.metrics.line + down
    for placed in lines:
        assert placed.x >= box.body.rect.x + across
        assert placed.x + placed.line.width <= box.body.rect.right - across


def test_the_numbers_of_the_design_at_scale_1() -> None:
    box = layout(width=700, names=True).row(message("一二三"))
    assert box.avatar == Rect(24, 0, 36, 36)
    assert isinstance(box.body, Bubble)
    assert box.body.rect == Rect(24 + 36 + 12, 20, 3 * 14 + 2 * 11, 22 + 2 * 8)
    assert box.height == 20 + 38 + 18


def test_own_messages_stand_at_the_right_without_a_name() -> None:
    box = layout(width=700, names=True).row(message("一二三", "me"))
    assert box.name is None
    assert box.avatar == Rect(700 - 24 - 36, 0, 36, 36)
    assert isinstance(box.body, Bubble)
    assert box.body.rect.right == 700 - 24 - 36 - 12


@pytest.mark.parametrize(("width", "text_width"), [(700, 430), (500, 310)])
def test_text_is_no_wider_than_a_share_of_the_list(width: int, text_width: int) -> None:
    body = layout(width=width).row(message("一" * 200)).body
    assert isinstance(body, Bubble)
    assert body.rect.width == text_width // 14 * 14 + 22


def test_a_lone_emoji_and_a_face_are_pictures_without_a_bubble() -> None:
    assert layout().row(message(" 🎉\n")).body == Picture(rect=Rect(72, 0, 72, 72), name="🎉", is_face=False)
    assert layout().row(message("f_12", kind=Kind.FACE)).body == Picture(
        rect=Rect(72, 0, 72, 72), name="f_12", is_face=True
    )


def test_a_face_that_is_not_known_is_shown_as_its_name() -> None:
    box = layout().row(message("f_99", kind=Kind.FACE))
    assert isinstance(box.body, Bubble)
    assert box.text == "f_99"


@pytest.mark.parametrize(("kind", "foot"), [(Kind.IMAGE, "Picture"), (Kind.FILE, "File")])
def test_files_and_pictures_are_cards_with_their_name_on_two_lines_at_most(kind: Kind, foot: str) -> None:
    body = layout().row(message("a long name of a file " * 9, kind=kind)).body
    assert isinstance(body, Card)
    assert len(body.lines) == 2
    assert body.lines[1].line.pieces[-1].text.endswith("…")
    assert body.foot.line.pieces[0].text == foot


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (message("", is_recalled=True), "Li recalled a message"),
        (message("", "me", is_recalled=True), "You recalled a message"),
        (message("", kind=Kind.EVENT, event=GroupEvent(event="left", actor_name="Li")), "Li left the group"),
    ],
)
def test_events_and_recalls_are_notes_in_the_middle(told: Message, text: str) -> None:
    box = layout(width=700).row(told)
    assert isinstance(box.body, Note)
    assert box.text == text
    (placed,) = box.body.lines
    assert abs(2 * placed.x + placed.line.width - 700) <= 1
    assert box.avatar is None


def test_an_event_of_a_later_version_takes_no_room() -> None:
    assert (
        layout().row(message("", kind=Kind.EVENT, event=GroupEvent(event="?", actor_name="Li"))).height == 0
    )


@pytest.mark.parametrize(
    ("sending", "mark"),
    [(Sending.SENDING, Mark.SENDING), (Sending.FAILED, Mark.FAILED), (Sending.SENT, None)],
)
def test_own_messages_that_have_not_arrived_have_a_mark_beside_them(
    sending: Sending, mark: Mark | None
) -> None:
    box = layout().row(message("x", "me", sending=sending))
    assert box.mark_kind is mark
    assert (box.mark is None) == (mark is None)


def test_why_a_message_was_refused_stands_below_it() -> None:
    failed = message("x", "me", sending=Sending.FAILED, failure="FORBIDDEN")
    box = layout(reason=lambda failure: f"because {failure}").row(failed)
    assert "".join(piece.text for piece in box.why[0].line.pieces) == "because FORBIDDEN"


def test_a_hebrew_paragraph_stands_at_the_right_of_its_bubble() -> None:
    body = layout().row(message("a long line of latin letters\nשלום")).body
    assert isinstance(body, Bubble)
    latin, hebrew = body.lines
    assert hebrew.x + hebrew.line.width == latin.x + latin.line.width
