"""What is seen on a canvas."""

import tkinter


def texts(canvas: tkinter.Canvas) -> list[str]:
    """The words on it, from top to bottom and from left to right."""
    items = [item for item in canvas.find_all() if canvas.type(item) == "text"]
    items.sort(key=lambda item: (canvas.coords(item)[1], canvas.coords(item)[0]))
    return [canvas.itemcget(item, "text") for item in items]


def pictures(canvas: tkinter.Canvas) -> list[str]:
    """The names of the pictures on it."""
    return [canvas.itemcget(item, "image") for item in canvas.find_all() if canvas.type(item) == "image"]


def shows(canvas: tkinter.Canvas, picture: tkinter.PhotoImage) -> bool:
    """Whether a picture is on it."""
    return str(picture) in pictures(canvas)


def top_of_text(canvas: tkinter.Canvas, text: str) -> float:
    """Where a text stands, in pixels from the widget's top."""
    (item,) = [item for item in canvas.find_all() if canvas.type(item) == "text" and canvas.itemcget(item, "text") == text]  # fmt: skip
    return canvas.coords(item)[1] - canvas.canvasy(0)


def ground_at(canvas: tkinter.Canvas, y: float) -> str:
    """The colour on which the row at a place of the widget stands."""
    at = y + canvas.canvasy(0)
    grounds = [item for item in canvas.find_overlapping(30, at, 30, at) if canvas.type(item) == "rectangle"]
    return str(canvas.itemcget(grounds[0], "fill")) if grounds else ""
