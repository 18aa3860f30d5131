"""Who has the keyboard."""

from Xlib import X
from Xlib.display import Display


def let_go(screen_name: str) -> None:
    """Nobody has it before he asks for it.

    Without a window manager it belongs at first to what is under the pointer. Tk follows that, and does not forget the window
    it then had: the next interpreter in the process that forces a focus reads what is freed by now, and the process dies.
    """
    display = Display(screen_name)
    display.set_input_focus(X.NONE, X.RevertToNone, X.CurrentTime)
    display.sync()
    display.close()
