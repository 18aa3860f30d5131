"""The id of a node's official account: its name is in it, as far as it goes, and no other group has one like it."""

import hashlib

from naivechat.application.groups import make_random_group_id
from naivechat.domain.node_account import is_node_account, node_account_id

LONGEST = "n" * 27


def test_a_name_that_fits_is_the_id() -> None:
    assert node_account_id("alpha") == "node.alpha"
    assert node_account_id(LONGEST) == f"node.{LONGEST}"


def test_longer_names_that_begin_alike_are_told_apart_by_a_digest() -> None:
    for name in (f"{LONGEST}1", f"{LONGEST}2"):
        account_id = node_account_id(name)
        digest = hashlib.sha256(name.encode()).hexdigest()[:12]
        assert account_id == f"node.{'n' * 14}-{digest}"
        assert len(account_id) == 32


def test_a_nodes_account_is_known_by_its_id() -> None:
    assert is_node_account(node_account_id("alpha"))
    assert is_node_account(node_account_id(f"{LONGEST}1"))
    assert not is_node_account(make_random_group_id())
    assert not is_node_account("nodes")
