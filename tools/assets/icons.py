"""The few icons we use, as a font of their own."""

import json
from pathlib import Path
from typing import Final

from fontTools import subset
from fontTools.ttLib import TTFont

NAMES: Final = Path(__file__).with_name("icons.txt")
_FONTS: Final = Path("font") / "fonts" / "bootstrap-icons.woff"
_CODES: Final = Path("font") / "bootstrap-icons.json"


def write_icons(package: Path, assets: Path) -> None:
    """Write `icons.ttf`, and `icons.json`: the code points of the names in icons.txt.

    Raises:
        KeyError: bootstrap-icons has no icon of that name.
    """
    known = json.loads((package / _CODES).read_text(encoding="utf-8"))
    codes = {name: known[name] for name in NAMES.read_text(encoding="utf-8").split()}
    font = TTFont(package / _FONTS, recalcTimestamp=False)
    _reduce(font, list(codes.values()))
    font.flavor = None
    font.save(assets / "icons.ttf")
    (assets / "icons.json").write_text(json.dumps(codes, indent=0) + "\n", encoding="utf-8")


def _reduce(font: TTFont, codes: list[int]) -> None:
    options = subset.Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    glyphs, metrics = font["glyf"], font["hmtx"].metrics
    for name in font.getGlyphOrder():
        glyphs[name].recalcBounds(glyphs)
        # The package's side bearings are not those of its outlines, which moves each icon to the left edge.
        metrics[name] = (metrics[name][0], getattr(glyphs[name], "xMin", 0))
