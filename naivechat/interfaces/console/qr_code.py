"""A text as a QR code, drawn as one path of an SVG image that stands in the page itself: nobody else gets to see it."""

import attrs
import segno


@attrs.frozen(kw_only=True)
class QrCode:
    """A square of `size` modules with a quiet zone of four around; `path` draws its dark ones, each a unit wide and high."""

    size: int
    path: str


def qr_code_of(text: str) -> QrCode:
    """The code of a text of up to about two thousand characters; a seventh of it may be damaged."""
    rows = list(segno.make_qr(text, error="m").matrix_iter(border=4))
    dark = ((x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return QrCode(size=len(rows), path="".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
