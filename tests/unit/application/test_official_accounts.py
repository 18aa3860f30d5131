"""Official accounts: made once, with everybody in them, and written by operators alone."""

from typing import Any

import pytest

from naivechat.application.messages import Messages
from naivechat.application.official_accounts import OfficialAccounts
from naivechat.application.operators_voice import OperatorsVoice
from naivechat.domain.directory import OPERATORS, Enrolment
from naivechat.domain.errors import InvalidRequest, NotFound, TooLarge
from naivechat.domain.events import GroupChanged, MessageStored, PeopleEnrolled
from naivechat.domain.group import GroupEventKind, GroupId
from naivechat.domain.node_account import node_account_id
from naivechat.domain.user import UserId
from tests.directory_fakes import MemoryGroupDirectory
from tests.fakes import MemoryLog, MemoryUsers, done
from tests.unit.application.conftest import World

NEWS, OF_NODE = GroupId("news"), node_account_id("alpha")


class LateDirectory(MemoryGroupDirectory):
    """Somebody registers while the account is being made, and is passed over."""

    async def enrol(self, group_id: GroupId, after_id: str, now_ms: int) -> Enrolment:
        portion = await super().enrol(group_id, after_id, now_ms)
        if portion.is_last:
            register(self.store, "aaron")
        return portion


def register(store: Any, *user_ids: str) -> None:
    """People who are there, and in no official account yet."""
    for user_id in map(UserId, user_ids):
        store.accounts.setdefault(user_id, store.accounts[OPERATORS.user_id])


def officials_of(world: World, directory: MemoryGroupDirectory | None = None) -> OfficialAccounts:
    """The service on what a world has."""
    return OfficialAccounts(
        directory=directory or MemoryGroupDirectory(world.store),
        voice=OperatorsVoice(users=MemoryUsers(world.store), clock=world.clock),
        messages=Messages(log=MemoryLog(world.store), bus=world.bus, clock=world.clock),
        presence=world.directory,
        bus=world.bus,
        clock=world.clock,
        make_group_id=lambda: NEWS,
    )


@pytest.fixture
def officials(world: World) -> OfficialAccounts:
    return officials_of(world)


def test_a_new_account_is_told_of_with_its_first_record(world: World, officials: OfficialAccounts) -> None:
    done(officials.require_account(NEWS, "News"))
    changed, stored = world.published()
    assert isinstance(changed, GroupChanged)
    assert isinstance(stored, MessageStored)
    assert (changed.event.kind, changed.group.name) == (GroupEventKind.CREATED, "News")
    assert changed.joined == (OPERATORS.user_id,)


def test_an_account_that_is_there_is_not_made_again(world: World, officials: OfficialAccounts) -> None:
    for name in ("News", "Other"):
        done(officials.require_account(NEWS, name))
    assert len(world.published()) == 2
    assert world.store.groups[NEWS].name == "News"


def test_where_another_operator_is_quicker_the_account_is_there_all_the_same(
    world: World, officials: OfficialAccounts
) -> None:
    class Slow(MemoryGroupDirectory):
        async def get_group(self, group_id: GroupId) -> Any:
            await officials.require_account(group_id, "Quicker")
            raise NotFound

    done(officials_of(world, Slow(world.store)).require_account(NEWS, "Slower"))
    assert world.store.groups[NEWS].name == "Quicker"


def test_a_name_that_is_none_is_called_so(officials: OfficialAccounts) -> None:
    with pytest.raises(InvalidRequest) as refused:
        done(officials.create(""))
    assert refused.value.key == "name"


@pytest.mark.parametrize("text", ["", " \n", "\ud800"])
def test_what_says_nothing_is_not_announced(text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        OfficialAccounts.require_announceable(text)
    assert refused.value.key == "text"


def test_an_announcement_is_as_long_as_a_message_at_most() -> None:
    OfficialAccounts.require_announceable("x" * 4_000)
    with pytest.raises(TooLarge):
        OfficialAccounts.require_announceable("x" * 4_001)


def test_everybody_who_is_not_in_yet_is_counted_once(world: World, officials: OfficialAccounts) -> None:
    done(officials.require_account(NEWS, "News"))
    register(world.store, "ann", "bob", "cid", "dan", "eve")
    assert done(officials.enrol_everybody(NEWS)) == 5
    assert done(officials.enrol_everybody(NEWS)) == 0


def test_who_registers_while_everybody_is_enrolled_is_enrolled_too(world: World) -> None:
    late = officials_of(world, LateDirectory(world.store))
    done(late.require_account(NEWS, "News"))
    register(world.store, "ann", "bob", "cid")
    assert done(late.enrol_everybody(NEWS)) == 4
    assert UserId("aaron") in world.store.members[NEWS]


def test_a_nodes_account_is_of_those_who_are_named_and_they_hear_of_it(
    world: World, officials: OfficialAccounts
) -> None:
    done(officials.require_account(OF_NODE, "Node alpha"))
    register(world.store, "ann", "bob", "cid")
    world.directory.online.update({UserId("ann"), UserId("cid")})
    world.published()
    assert done(officials.enrol(OF_NODE, [UserId("bob"), UserId("ann"), UserId("nobody")])) == 2
    (enrolled,) = world.published()
    assert isinstance(enrolled, PeopleEnrolled)
    assert enrolled.user_ids == ("ann",)
    assert set(world.store.members[OF_NODE]) == {OPERATORS.user_id, "ann", "bob"}
    with pytest.raises(NotFound):
        done(officials.enrol_everybody(OF_NODE))
