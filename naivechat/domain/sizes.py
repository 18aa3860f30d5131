"""How much people may have. Nodes of one system should agree on it."""

import attrs


@attrs.frozen(kw_only=True)
class Sizes:
    """How much people may have.

    devices: sessions of a person at once. friends: of a person. members: of a group. groups: of a person.
    """

    devices: int = 5
    friends: int = 5_000
    members: int = 2_000
    groups: int = 500


DEFAULT_SIZES = Sizes()
MOST_FRIENDS = DEFAULT_SIZES.friends
