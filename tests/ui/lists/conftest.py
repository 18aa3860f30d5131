import pytest

from tkclient.ui.look.look import Look


@pytest.fixture
def look(root):
    return Look.make(root, "en")


@pytest.fixture
def place(root, hand):
    """Fills the window with a widget, and lets it be drawn."""

    def put(widget):
        widget.pack(fill="both", expand=True)
        root.geometry("250x600+0+0")
        hand.until(lambda: widget.winfo_height() == 600 and widget.winfo_width() == 250)
        root.focus_force()
        # Out of the way of the rows.
        hand.move(widget, 240, 598)
        return widget

    return put
