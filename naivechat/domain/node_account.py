"""The official account of one node's people: whoever was connected to the node when something was announced there."""

import hashlib
from typing import Final

from naivechat.domain.group import GroupId

_PREFIX: Final = "node."
"""No other group's id begins so: those of people's groups are random, and have no dot."""
_LONGEST_ID: Final = 32


def node_account_id(node: str) -> GroupId:
    """The id of a node's account: the node's name is in it, or, where that is long, its beginning and a digest of all of it."""
    whole = _PREFIX + node
    if len(whole) <= _LONGEST_ID:
        return GroupId(whole)
    digest = hashlib.sha256(node.encode()).hexdigest()[:12]
    return GroupId(f"{whole[: _LONGEST_ID - 13]}-{digest}")


def is_node_account(group_id: str) -> bool:
    """Whether an official account is that of one node's people; in all others is everybody."""
    return group_id.startswith(_PREFIX)
