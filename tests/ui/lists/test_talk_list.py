from datetime import datetime

import attrs
import pytest

from tests.ui.lists.seen import ground_at, shows, texts
from tests.ui.recorder import Recorder
from tkclient.model.chat import ChatModel
from tkclient.model.people import Group, Member, Person
from tkclient.model.talk import FRIEND, GROUP, MOST_UNREAD, Message, Sending, Talk, TalkKey
from tkclient.ui.art.avatars import AvatarSpec
from tkclient.ui.lists.talk_list import TalkList
from tkclient.ui.lists.talk_painter import CLOSE
from tkclient.ui.look import palette

NOW = datetime(2025, 11, 26, 14, 32)
LI, WANG, TEAM = TalkKey(FRIEND, "li"), TalkKey(FRIEND, "wang"), TalkKey(GROUP, "team")


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> int:
        return ms(self.now)


def message(text, **changes):
    return attrs.evolve(
        Message(msg_uuid=bytes(16), seq=1, sender_id="li", sender_name="李娜", text=text), **changes
    )


@pytest.fixture
def clock():
    return Clock(NOW)


@pytest.fixture
def model():
    model = ChatModel()
    model.set_talks(
        (
            Talk(key=LI, name="李娜", date_ms=ms(NOW), last=message("晚上一起吃火锅？")),
            Talk(key=WANG, name="Wang Lei", date_ms=ms(NOW.replace(day=25)), sketch="See you"),
            Talk(
                key=TEAM,
                name="The team",
                date_ms=ms(NOW.replace(month=1)),
                is_pinned=True,
                last=message("ok"),
            ),
        )
    )
    return model


@pytest.fixture
def events():
    return Recorder()


@pytest.fixture
def selected():
    return []


@pytest.fixture
def talks(root, look, model, events, selected, place, clock):
    return place(TalkList(root, look, model, events, selected.append, clock))


def test_rows_say_name_time_and_sketch_the_pinned_first_then_the_newest(talks):
    assert texts(talks.rows) == [
        "The team",
        "25/01/26",
        "李娜: ok",
        "李娜",
        "14:32",
        "晚上一起吃火锅？",
        "Wang Lei",
        "Yesterday",
        "See you",
    ]


def test_grounds_tell_pinned_selected_and_pointed_at(talks, model, hand):
    assert [ground_at(talks.rows, y) for y in (33, 99)] == [palette.PINNED, palette.LIST]
    model.selected = LI
    talks.refresh()
    hand.move(talks.rows, *talks.rows.place_of(WANG))
    assert [ground_at(talks.rows, y) for y in (33, 99, 165)] == [
        palette.PINNED,
        palette.SELECTED,
        palette.HOVER,
    ]


def test_a_click_on_a_row_selects_its_dialogue(talks, hand, selected, events):
    hand.click(talks.rows, *talks.rows.place_of(WANG))
    assert selected == [WANG]
    assert events.calls == []


def test_down_and_return_select_the_next_dialogue(talks, model, hand, selected):
    model.selected = TEAM
    talks.refresh()
    talks.rows.focus_set()
    hand.press("Down")
    hand.press("Return")
    assert selected == [LI]


def test_the_cross_that_a_pointed_row_shows_deletes_the_dialogue(talks, look, hand, selected, events):
    cross = look.art.icon("x-lg", 12, palette.TEXT)
    assert not shows(talks.rows, cross)
    hand.move(talks.rows, *talks.rows.place_of(LI, CLOSE))
    assert shows(talks.rows, cross)
    assert "14:32" not in texts(talks.rows)
    hand.click(talks.rows, *talks.rows.place_of(LI, CLOSE))
    assert events.calls == [("delete_talk", LI)]
    assert selected == []


def test_the_key_delete_deletes_the_dialogue_the_keyboard_is_on(talks, hand, events):
    talks.rows.focus_set()
    hand.press("Delete")
    hand.press("Down")
    hand.press("Delete")
    assert events.calls == [("delete_talk", TEAM)]


def choose(hand, talks, key, item):
    """Choose the so-manyth item of a row's menu by keys."""
    hand.click(talks.rows, *talks.rows.place_of(key), button=3)
    hand.until(lambda: talks.menu.is_open)
    for _ in range(item):
        hand.press("Down")
    hand.press("Return")


def test_the_menu_pins_mutes_and_deletes(talks, hand, events):
    for item in (1, 2, 3):
        choose(hand, talks, LI, item)
    assert events.calls == [("pin_talk", LI, True), ("mute_talk", LI, True), ("delete_talk", LI)]


def test_the_menu_takes_back_what_is_so(talks, model, hand, events):
    model.upsert_talk(attrs.evolve(model.talks[TEAM], is_muted=True, unread=2))
    talks.refresh()
    for item in (1, 2, 3):
        choose(hand, talks, TEAM, item)
    assert events.calls == [("mark_read", TEAM), ("pin_talk", TEAM, False), ("mute_talk", TEAM, False)]


@pytest.mark.parametrize(("unread", "badge"), [(1, "1"), (12, "12"), (MOST_UNREAD, "99+")])
def test_unread_messages_are_counted_on_the_portrait(talks, model, look, unread, badge):
    model.upsert_talk(attrs.evolve(model.talks[LI], unread=unread))
    talks.refresh()
    assert shows(talks.rows, look.art.badge(badge))


def test_a_badge_never_covers_the_name(talks, model, look):
    model.upsert_talk(attrs.evolve(model.talks[LI], unread=MOST_UNREAD))
    talks.refresh()
    rows, picture = talks.rows, str(look.art.badge("99+"))
    (badge,) = [
        item
        for item in rows.find_all()
        if rows.type(item) == "image" and rows.itemcget(item, "image") == picture
    ]
    assert rows.bbox(badge)[2] < look.px(67)


def test_a_muted_dialogue_shows_a_dot_and_a_bell_without_a_number(talks, model, look):
    model.upsert_talk(attrs.evolve(model.talks[LI], unread=5, is_muted=True))
    talks.refresh()
    assert shows(talks.rows, look.art.dot(10, palette.BADGE))
    assert shows(talks.rows, look.art.icon("bell-slash", 14, palette.LIST_NOTE))
    assert not shows(talks.rows, look.art.badge("5"))


def test_a_draft_is_shown_but_not_of_the_dialogue_on_the_screen(talks, model):
    model.set_draft(LI, "周四评审")
    talks.refresh()
    assert {"[Draft]", "周四评审"} <= set(texts(talks.rows))
    model.selected = LI
    talks.refresh()
    assert "[Draft]" not in texts(talks.rows)
    model.selected = WANG
    talks.refresh()
    assert "[Draft]" in texts(talks.rows)


@pytest.mark.parametrize(
    ("sending", "icon", "colour"),
    [
        (Sending.SENDING, "clock", palette.LIST_NOTE),
        (Sending.FAILED, "exclamation-circle-fill", palette.BADGE),
    ],
)
def test_a_last_message_that_has_not_arrived_bears_a_sign(talks, model, look, sending, icon, colour):
    last = message("hello", is_mine=True, sending=sending)
    model.upsert_talk(attrs.evolve(model.talks[LI], last=last))
    talks.refresh()
    assert shows(talks.rows, look.art.icon(icon, 12, colour))


def test_a_group_is_shown_by_its_members_once_they_are_known(talks, model, look):
    group = Group(group_id="team", name="The team", owner_id="li")
    model.set_groups((group,))
    talks.refresh()
    assert shows(talks.rows, look.art.avatar(AvatarSpec("", "team", "The team"), 42))
    people = [Person(user_id=each, nickname=each) for each in ("li", "wang")]
    model.upsert_group(attrs.evolve(group, members=tuple(Member(person=each) for each in people)))
    talks.refresh()
    tiles = tuple(AvatarSpec("", each, each) for each in ("li", "wang"))
    assert shows(talks.rows, look.art.group_avatar(tiles, 42))


def test_times_are_told_anew_at_midnight(talks, clock, hand):
    clock.now = datetime(2025, 11, 26, 23, 59, 59, 970_000)
    talks.refresh()
    assert "14:32" in texts(talks.rows)
    clock.now = datetime(2025, 11, 27)
    hand.until(lambda: "14:32" not in texts(talks.rows))
    assert texts(talks.rows)[4] == "Yesterday"


def test_a_message_elsewhere_does_not_move_what_a_reader_looks_at(talks, model):
    many = tuple(
        Talk(key=TalkKey(FRIEND, f"u{i:03}"), name=f"N{i:03}", date_ms=ms(NOW) - i) for i in range(1000)
    )
    model.set_talks(many)
    talks.refresh()
    talks.rows.scroll_to(66 * 500)
    before = texts(talks.rows)
    last = many[900]
    model.upsert_talk(attrs.evolve(last, date_ms=ms(NOW) + 1, unread=1))
    talks.refresh()
    assert texts(talks.rows) == before


def test_the_dialogue_on_the_screen_can_be_brought_into_view(talks, model):
    many = tuple(
        Talk(key=TalkKey(FRIEND, f"u{i:03}"), name=f"N{i:03}", date_ms=ms(NOW) - i) for i in range(100)
    )
    model.set_talks(many)
    model.selected = many[70].key
    talks.refresh()
    assert "N070" not in texts(talks.rows)
    talks.show_selected()
    assert "N070" in texts(talks.rows)
