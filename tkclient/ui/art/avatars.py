"""Portraits of people and groups."""

import attrs


@attrs.frozen
class AvatarSpec:
    """Whose portrait. `picture` is the name of a built-in one; with "" or an unknown one it is drawn from `name`, on a ground chosen by `seed`."""

    picture: str
    seed: str
    name: str


PICTURES: tuple[str, ...] = ("fox", "panda", "sunflower")
"""Names of the built-in portraits, in the order in which they are offered."""
