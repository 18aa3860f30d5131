from tkclient.ui.chat.history import MOST_CHARACTERS, MOST_STEPS, History, Snapshot


class Writer:
    """A text that only grows and shrinks at its end."""

    def __init__(self):
        self.text = ""
        self.history = History()

    def take(self):
        return Snapshot(self.text, len(self.text))

    def write(self, text, run=""):
        self.history.before(run, str(len(self.text)), self.take)
        self.text += text
        self.history.after(str(len(self.text)))

    def back(self):
        return self._show(self.history.back(self.take))

    def forth(self):
        return self._show(self.history.forth(self.take))

    def _show(self, snapshot):
        if snapshot:
            self.text = snapshot.text
        return snapshot


def test_each_step_is_undone_and_redone():
    writer = Writer()
    for part in ("one ", "two ", "three"):
        writer.write(part)
    seen = [writer.text]
    while writer.back():
        seen.append(writer.text)
    assert seen == ["one two three", "one two ", "one ", ""]
    assert writer.forth() and writer.text == "one "
    assert writer.forth() and writer.forth() and writer.text == "one two three"
    assert writer.forth() is None


def test_characters_typed_one_after_the_other_are_one_step():
    writer = Writer()
    for character in "hello":
        writer.write(character, "typed")
    assert writer.back() and writer.text == ""


def test_a_moved_cursor_begins_another_step():
    writer = Writer()
    writer.write("a", "typed")
    writer.history.after("elsewhere")
    writer.write("b", "typed")
    assert writer.back() and writer.text == "a"


def test_writing_after_an_undo_leaves_nothing_to_redo():
    writer = Writer()
    writer.write("one")
    writer.back()
    writer.write("two")
    assert writer.forth() is None and writer.text == "two"


def test_nothing_is_left_after_clear():
    writer = Writer()
    writer.write("one")
    writer.history.clear()
    assert writer.back() is None


def test_what_is_kept_is_limited_in_steps():
    writer = Writer()
    for _ in range(MOST_STEPS + 50):
        writer.write("x")
    steps = 0
    while writer.back():
        steps += 1
    assert steps == MOST_STEPS


def test_what_is_kept_is_limited_in_size_but_the_last_step_can_be_undone():
    writer = Writer()
    writer.write("x" * MOST_CHARACTERS)
    writer.write("y")
    writer.write("z")
    assert writer.back() and writer.text.endswith("y")
    assert writer.back() is None
