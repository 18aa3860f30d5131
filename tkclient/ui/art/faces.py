"""The fifteen faces that are sent as messages of their own: their ids are those of the first naivechat."""

from collections.abc import Mapping
from typing import Final

from PIL import Image

from tkclient.ui.art.sprites import draw_emoji

FACES: Final[Mapping[str, str]] = {
    "f_01": "Smile",
    "f_02": "Bandaged",
    "f_03": "Crying",
    "f_04": "Squeezed eyes",
    "f_05": "Wide-eyed",
    "f_11": "Mask",
    "f_12": "Heart eyes",
    "f_13": "Asleep",
    "f_14": "Angry",
    "f_15": "Zipped",
    "f_21": "Halo",
    "f_22": "Sunglasses",
    "f_23": "Tears of joy",
    "f_24": "Laughing",
    "f_25": "Kiss",
}
"""Their names, which are msgids, by id, in the order in which they are offered: three rows of five."""

_EMOJI: Final = dict(zip(FACES, "😊🤕😭😣😳😷😍😴😠🤐😇😎😂😄😘", strict=True))


def draw_face(face_id: str, pixels: int) -> Image.Image:
    """A face, as "RGBA", in a square of so many pixels.

    Raises:
        KeyError: there is no face of that id.
    """
    return draw_emoji(_EMOJI[face_id], pixels)
