import time

import attrs
import pytest

from tests.ui.chat.talks import ANN, BOB
from tkclient.model.talk import Kind
from tkclient.ui.art.faces import FACES
from tkclient.ui.chat.writing import Writing


@pytest.fixture
def writing(root, look, model, events, hand):
    model.selected = ANN
    root.grid_rowconfigure(0, weight=1)
    root.grid_columnconfigure(0, weight=1)
    writing = Writing(root, look, model, events, lambda: None)
    writing.grid(row=1, column=0, sticky="ew")
    writing.refresh()
    hand.until(writing.winfo_viewable)
    writing.input.text.focus_force()
    hand.work()
    return writing


def open_picker(writing, hand):
    hand.click(writing.tools.emoji_button)
    hand.until(lambda: writing.tools.picker.is_open)
    panel = writing.tools.picker.panel
    hand.until(panel.strip.winfo_viewable)
    # The window manager, or the server, may move a window after it is seen.
    hand.until(
        lambda: 0 <= writing.winfo_rooty() - panel.strip.winfo_rooty() - panel.strip.winfo_height() < 10
    )
    return panel


def click_item(panel, hand, item, button=1):
    hand.click(panel.grid_of_cells, *panel.grid_of_cells.place_of(item), button=button)


def click_tab(panel, hand, number):
    hand.click(panel.strip, panel.strip.middle_of(number))


def test_emoji_come_at_the_cursor_one_after_the_other(writing, hand):
    hand.type("ab")
    hand.press("Left")
    panel = open_picker(writing, hand)
    click_item(panel, hand, "😀")
    click_item(panel, hand, "😃")
    assert writing.input.text.value == "a😀😃b"
    assert writing.tools.picker.is_open


def test_escape_closes_and_one_writes_on(writing, hand):
    open_picker(writing, hand)
    hand.press("Escape")
    assert not writing.tools.picker.is_open
    writing.input.text.focus_force()
    hand.type("on")
    assert writing.input.text.value == "on"


def test_the_button_closes_it_too(writing, hand):
    open_picker(writing, hand)
    hand.click(writing.tools.emoji_button)
    assert not writing.tools.picker.is_open


def test_a_click_beside_closes(writing, hand):
    open_picker(writing, hand)
    hand.click(writing.input.text)
    assert not writing.tools.picker.is_open


def test_the_picker_stands_above_the_tools_in_its_size(writing, hand):
    panel = open_picker(writing, hand)
    window = panel.winfo_toplevel()
    assert (window.winfo_width(), window.winfo_height()) == (432, 304)
    assert abs(window.winfo_rooty() + 304 - writing.winfo_rooty()) <= 5


def test_a_face_is_sent_at_once_and_the_picker_goes(writing, events, hand):
    hand.type("text stays")
    panel = open_picker(writing, hand)
    click_tab(panel, hand, panel.face_tab)
    click_item(panel, hand, "f_12")
    assert events.of("send") == [(ANN, "f_12", Kind.FACE)]
    assert not writing.tools.picker.is_open
    assert writing.input.text.value == "text stays"


def test_all_fifteen_faces_are_seen(writing, hand):
    panel = open_picker(writing, hand)
    panel.show_tab(panel.face_tab)
    places = [panel.grid_of_cells.place_of(face_id) for face_id in FACES]
    assert len(set(places)) == 15
    assert all(0 < y < panel.grid_of_cells.winfo_height() for _, y in places)


def test_a_tab_brings_its_page_and_the_wheel_moves_the_tab(writing, hand):
    panel = open_picker(writing, hand)
    click_tab(panel, hand, 3)
    assert panel.strip.chosen == 3
    click_item(panel, hand, "🍇")
    assert writing.input.text.value == "🍇"
    hand.turn_wheel(panel.grid_of_cells, 1)
    assert panel.strip.chosen == 2
    hand.turn_wheel(panel.grid_of_cells, -2)
    assert panel.strip.chosen == 3


def test_the_last_page_can_be_reached(writing, hand):
    panel = open_picker(writing, hand)
    click_tab(panel, hand, panel.face_tab - 1)
    assert panel.strip.chosen == panel.face_tab - 1
    hand.turn_wheel(panel.grid_of_cells, -60)
    panel.grid_of_cells.place_of("🏴󠁧󠁢󠁷󠁬󠁳󠁿")


def test_keys_alone_pick(writing, hand):
    panel = open_picker(writing, hand)
    hand.press("Right")
    assert panel.grid_of_cells.pointed == "😀"
    hand.press("Right")
    hand.press("Return")
    hand.press("Down")
    hand.press("Up")
    hand.press("Left")
    hand.press("space")
    assert writing.input.text.value == "😃😀"


def test_keys_scroll_what_they_point_at_into_view(writing, hand):
    panel = open_picker(writing, hand)
    for _ in range(12):
        hand.press("Down")
    panel.grid_of_cells.place_of(panel.grid_of_cells.pointed)


def test_tab_goes_through_the_tabs(writing, hand):
    panel = open_picker(writing, hand)
    hand.press("Tab")
    assert panel.strip.chosen == 1
    hand.press("Shift+Tab")
    hand.press("Shift+Tab")
    assert panel.strip.chosen == panel.face_tab
    hand.press("Tab")
    assert panel.strip.chosen == 0


def test_a_character_typed_goes_into_the_text(writing, hand):
    open_picker(writing, hand)
    hand.type("x")
    assert writing.input.text.value == "x"
    assert not writing.tools.picker.is_open


def test_skin_tones_are_offered_by_the_right_button(writing, hand):
    panel = open_picker(writing, hand)
    click_tab(panel, hand, 1)
    click_item(panel, hand, "👋", button=3)
    bar = panel.grid_of_cells.tones
    hand.until(bar.winfo_viewable)
    hand.click(bar, 4 + 38 * 3.5)
    assert writing.input.text.value == "👋🏽"
    assert not bar.is_open


def test_a_click_beside_the_skin_tones_only_closes_them(writing, hand):
    panel = open_picker(writing, hand)
    click_tab(panel, hand, 1)
    click_item(panel, hand, "👋", button=3)
    hand.click(panel.grid_of_cells, 200, 230)
    assert not panel.grid_of_cells.tones.is_open
    assert writing.input.text.value == ""


def test_what_was_used_is_kept_when_the_picker_goes_and_stands_first(writing, model, events, hand):
    panel = open_picker(writing, hand)
    for item in ("😀", "😃", "😀"):
        click_item(panel, hand, item)
    assert not events.of("set_preferences")
    hand.press("Escape")
    ((preferences,),) = events.of("set_preferences")
    assert preferences.recent_emoji == "😀 😃"
    model.preferences = preferences
    panel = open_picker(writing, hand)
    assert panel.grid_of_cells.place_of("😃")[1] < 100
    hand.press("Escape")
    assert len(events.of("set_preferences")) == 1


def test_it_goes_where_one_cannot_write(writing, model, hand):
    open_picker(writing, hand)
    model.upsert_talk(attrs.evolve(model.talks[BOB], can_write=False))
    model.selected = BOB
    writing.refresh()
    assert not writing.tools.picker.is_open


def test_opening_is_fast(writing, hand):
    open_picker(writing, hand)
    hand.press("Escape")
    began = time.process_time()
    writing.tools.toggle_picker()
    hand.work()
    assert time.process_time() - began < 0.1
