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
_PAGES = Rate(30, 1.0)
_LOGINS = Rate(5, 15 * _MINUTE_S)
_ADDRESS_LOGINS = Rate(30, _HOUR_S)
_REGISTRATIONS = Rate(5, _HOUR_S)
_NEW_CONNECTIONS = Rate(10, 1.0)
LEAST_CONNECTION_BURST = 100


@attrs.frozen(kw_only=True)
class Limits:
    """All limits of a node; None where there is none. Each node counts for itself.

    messages, message_burst: what a person may tell others: messages, recalls, changes of groups and friendships.
    bytes: what is read of one connection, beyond a second's worth at once; a frame counts as 512 at least. searches: of a person.
    pages, page_burst: what a person reads that takes long: a page of history is one, a longer list several.
    logins: passwords checked for an account from an address. address_logins: from an address. registrations: likewise.
    connections: of an address, open at a time. new_connections: that an address opens, beyond `connection_burst` at once.
    waiting_connections: not logged in. all_connections: together; None is what the system allows.
    frames: taken of one connection before others have their turn.
    """

    messages: Rate | None = _MESSAGES
    message_burst: int = 60
    bytes: Rate | None = _BYTES
    searches: Rate | None = _SEARCHES
    pages: Rate | None = _PAGES
    page_burst: int = 500
    logins: Rate | None = _LOGINS
    address_logins: Rate | None = _ADDRESS_LOGINS
    registrations: Rate | None = _REGISTRATIONS
    connections: int | None = 50
    new_connections: Rate | None = _NEW_CONNECTIONS
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

    @property
    def connection_burst(self) -> int | None:
        """How many connections an address may open at once, after a rest; None: at any time as many as come.

        Twice as many as may be open: all of them come back at once when a node ends, and once more when the next one does. Whoever
        lets an address have as many as it likes, for many people share it, does not want them counted as they come, either.
        """
        if self.new_connections is None or self.connections is None:
            return None
        return max(2 * self.connections, LEAST_CONNECTION_BURST)

    def without_rates(self) -> "Limits":
        """The same without what depends on how fast, and from where, people come: sizes stay."""
        return attrs.evolve(
            self,
            messages=None,
            bytes=None,
            searches=None,
            pages=None,
            logins=None,
            address_logins=None,
            registrations=None,
            connections=None,
            new_connections=None,
            waiting_connections=None,
        )


REFUSING = (
    "messages",
    "bytes",
    "searches",
    "pages",
    "logins",
    "address-logins",
    "registrations",
    "connections",
    "new-connections",
    "waiting-connections",
    "all-connections",
    "friends",
    "members",
    "groups",
)
"""The limits that refuse, as figures name them; the others pass work on, or let the oldest go."""
