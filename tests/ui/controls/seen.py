"""What stands on the screen."""

from PIL import ImageGrab


def colours(screen, widget):
    """The colours of a widget's place on the screen, as #rrggbb."""
    left, top = widget.winfo_rootx(), widget.winfo_rooty()
    box = (left, top, left + widget.winfo_width(), top + widget.winfo_height())
    picture = ImageGrab.grab(box, xdisplay=screen.name).convert("RGB")
    return {"#{:02x}{:02x}{:02x}".format(*pixel) for _, pixel in picture.getcolors(2**20)}
