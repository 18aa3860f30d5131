"""All emoji: which there are, and a small picture of each."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image

_SHEET: Final = Path("img") / "google" / "sheets" / "64.png"
_SIDE: Final = 64
_CELL: Final = _SIDE + 2
_QUALITY: Final = 65
_TONED_QUALITY: Final = 40
"""Pictures with a skin tone are half of all, and seldom shown large."""
_ALPHA_QUALITY: Final = 40
_GROUPS: Final = (
    "Smileys & Emotion",
    "People & Body",
    "Animals & Nature",
    "Food & Drink",
    "Activities",
    "Travel & Places",
    "Objects",
    "Symbols",
    "Flags",
    "Component",
)

_Entry = dict[str, Any]


def write_emoji(package: Path, assets: Path) -> None:
    """Write `emoji.pack`, pictures in WebP one after another, and `emoji.json`, which names them in the same order.

    The JSON is a list of groups `[name, [emoji …]]`, an emoji `[sequence, name, bytes, [[tones, sequence, bytes] …]]`.
    """
    entries = json.loads((package / "emoji.json").read_text(encoding="utf-8"))
    Image.MAX_IMAGE_PIXELS = None
    sheet = Image.open(package / _SHEET).convert("RGBA")
    pictures: list[bytes] = []
    groups = [
        [group, [_written(entry, sheet, pictures) for entry in _in_order(entries, group)]]
        for group in _GROUPS
    ]
    (assets / "emoji.pack").write_bytes(b"".join(pictures))
    text = json.dumps(groups, ensure_ascii=False, separators=(",", ":"))
    (assets / "emoji.json").write_text(text + "\n", encoding="utf-8")


def _in_order(entries: list[_Entry], group: str) -> Iterator[_Entry]:
    mine = (entry for entry in entries if entry["category"] == group and entry["has_img_google"])
    yield from sorted(mine, key=lambda entry: int(entry["sort_order"]))


def _written(entry: _Entry, sheet: Image.Image, pictures: list[bytes]) -> list[object]:
    pictures.append(_packed(_cell(sheet, entry), _QUALITY))
    size, tones = len(pictures[-1]), []
    for tone, variation in entry.get("skin_variations", {}).items():
        pictures.append(_packed(_cell(sheet, variation), _TONED_QUALITY))
        tones.append([_characters(tone), _characters(variation["unified"]), len(pictures[-1])])
    name = entry["name"] or entry["short_name"].replace("_", " ")
    return [_characters(entry["unified"]), name if name != name.upper() else name.lower(), size, tones]


def _cell(sheet: Image.Image, entry: _Entry) -> Image.Image:
    x, y = entry["sheet_x"] * _CELL + 1, entry["sheet_y"] * _CELL + 1
    return sheet.crop((x, y, x + _SIDE, y + _SIDE))


def _packed(picture: Image.Image, quality: int) -> bytes:
    data = BytesIO()
    picture.save(data, "webp", quality=quality, alpha_quality=_ALPHA_QUALITY, method=6)
    return data.getvalue()


def _characters(code_points: str) -> str:
    return "".join(chr(int(code, 16)) for code in code_points.split("-"))
