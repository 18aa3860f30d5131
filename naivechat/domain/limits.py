"""How much people may do and have: every limit of a node by its name, with its default.

Source: docs/limits.md, "Limits".
"""

import attrs

from naivechat.domain.rates import Rate
from naivechat.domain.sizes import DEFAULT_SIZES, Sizes

_MINUTE_S = 60.0
_HOUR_S = 3_600.0
_MESSAGES = Rate(10, 1.0)
_BYTES = Rate(256_000, 1.0)
_SEARCHES = Rate(10, _MINUTE_S)
_LOGINS = Rate(5, 15 * _MINUTE_S)
_ADDRESS_LOGINS = Rate(30, _HOUR_S)
_REGISTRATIONS = Rate(5, _HOUR_S)


@attrs.frozen(kw_only=True)
class Limits:
    """All limits of a node; None where there is none. Each node counts for itself.

    messages, message_burst: what a person may tell others: messages, recalls, changes of groups and friendships.
    bytes: what is read of one connection, beyond a second's worth at once; a frame counts as 512 at least. searches: of a person.
    logins: passwords checked for an account from an address. address_logins: from an address. registrations: likewise.
    connections: of an address. waiting_connections: not logged in. all_connections: together; None is what the system allows.
    frames: taken of one connection before others have their turn.
    """

    messages: Rate | None = _MESSAGES
    message_burst: int = 60
    bytes: Rate | None = _BYTES
    searches: Rate | None = _SEARCHES
    logins: Rate | None = _LOGINS
    address_logins: Rate | None = _ADDRESS_LOGINS
    registrations: Rate | None = _REGISTRATIONS
    connections: int | None = 50
    waiting_connections: int | None = 500
    all_connections: int | None = None
    frames: int = 200
    devices: int = DEFAULT_SIZES.devices
    friends: int = DEFAULT_SIZES.friends
    members: int = DEFAULT_SIZES.members
    groups: int = DEFAULT_SIZES.groups

    @property
    def sizes(self) -> Sizes:
        """What people may have."""
        return Sizes(devices=self.devices, friends=self.friends, members=self.members, groups=self.groups)

    def without_rates(self) -> "Limits":
        """The same without what depends on how fast, and from where, people come: sizes stay."""
        return attrs.evolve(
            self,
            messages=None,
            bytes=None,
            searches=None,
            logins=None,
            address_logins=None,
            registrations=None,
            connections=None,
            waiting_connections=None,
        )


REFUSING = (
    "messages",
    "bytes",
    "searches",
    "logins",
    "address-logins",
    "registrations",
    "connections",
    "waiting-connections",
    "all-connections",
    "friends",
    "members",
    "groups",
)
"""The limits that refuse, as figures name them; the others pass work on, or let the oldest go."""
