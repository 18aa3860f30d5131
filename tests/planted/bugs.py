"""All planted bugs."""

from tests.planted import connections, identity, records
from tests.planted.bug import Bug

BUGS: tuple[Bug, ...] = (*records.BUGS, *identity.BUGS, *connections.BUGS)
