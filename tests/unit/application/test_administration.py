"""What operators do: whether they may, what happens, and what is written down of it."""

import functools
from collections.abc import Callable, Coroutine
from typing import Any

import attrs
import pytest

from naivechat.application.people_directory import PeopleDirectory
from naivechat.domain.directory import (
    OPERATORS,
    AccountQuery,
    AccountSort,
    GroupQuery,
    is_operators,
    talk_named,
)
from naivechat.domain.errors import (
    AuthFailed,
    ChatError,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotMember,
    TooLarge,
    UserExists,
    WeakPassword,
)
from naivechat.domain.events import GroupChanged, MessageStored, PeopleEnrolled, SessionsEnded
from naivechat.domain.group import GroupEventKind, GroupId, Role
from naivechat.domain.message import RECALL, HistoryRange
from naivechat.domain.operator import ActingOperator, OperatorId, OperatorRole
from naivechat.domain.session import TOKEN_LIFETIME_MS, EndReason
from naivechat.domain.talk import TalkId, friend_talk_id, group_talk_id
from naivechat.domain.user import UserId
from tests import fakes
from tests.directory_fakes import AdministrationWorld
from tests.fakes import done
from tests.unit.application.conftest import World, in_group, with_friend

ROOT = ActingOperator(operator_id=OperatorId("root"), role=OperatorRole.OPERATOR, from_address="192.0.2.7")
VIEWER = ActingOperator(operator_id=OperatorId("guest"), role=OperatorRole.VIEWER)
REASON = "reported by three people"
ANN, BOB = UserId("ann"), UserId("bob")
UUID = bytes(16)


@pytest.fixture
def desk(world: World) -> AdministrationWorld:
    return AdministrationWorld(
        world.store, accounts=world.accounts, bus=world.bus, clock=world.clock, presence=world.directory
    )


def taken(pieces: Any) -> list[str]:
    """All pieces of something given out piece by piece."""

    async def take() -> list[str]:
        return [piece async for piece in pieces]

    return done(take())


CHANGES: dict[str, Callable[[Any, ActingOperator], Coroutine[Any, Any, Any]]] = {
    "user.create": lambda a, by: a.create_user(by, UserId("cid"), "password", "Cid"),
    "user.set_password": lambda a, by: a.set_password(by, ANN, "another password"),
    "user.disable": lambda a, by: a.set_disabled(by, ANN, True),
    "user.enable": lambda a, by: a.set_disabled(by, ANN, False),
    "user.kick": lambda a, by: a.kick(by, ANN),
    "user.import": lambda a, by: a.import_people(by, "user_id,nickname,password\neve,Eve,password\n"),
    "group.rename": lambda a, by: a.rename_group(by, GroupId("g1"), "Other"),
    "group.dissolve": lambda a, by: a.dissolve_group(by, GroupId("g1")),
    "official.create": lambda a, by: a.create_official(by, "News"),
    "official.announce": lambda a, by: a.announce(by, GroupId("official1"), "hello"),
    "message.search": lambda a, by: a.search_messages(by, TalkId(":g1"), "hello", REASON),
    "message.recall": lambda a, by: a.recall_message(by, TalkId(":g1"), 2, REASON),
}


@pytest.mark.parametrize("action", CHANGES)
def test_a_viewer_changes_nothing_and_the_attempt_is_written_down(
    world: World, desk: AdministrationWorld, action: str
) -> None:
    ann, bob = world.people("ann bob")
    world.group_of(ann, bob)
    before = attrs.asdict(world.store, recurse=False)
    with pytest.raises(Forbidden):
        done(CHANGES[action](desk.administration, VIEWER))
    ((operator_id, written, _, detail),) = desk.entries()
    assert (operator_id, written, detail["refused"]) == ("guest", action, "FORBIDDEN")
    assert world.published() == []
    assert attrs.asdict(world.store, recurse=False) == before


def test_an_account_is_made_and_its_password_is_not_written_down(
    world: World, desk: AdministrationWorld
) -> None:
    user = done(desk.administration.create_user(ROOT, ANN, "password", "安妮", "cat"))
    assert (user.nickname, user.avatar) == ("安妮", "cat")
    done(desk.administration.set_password(ROOT, ANN, "secret words"))
    assert done(world.accounts.authenticate(ANN, "secret words")).user == user
    assert desk.entries() == [("root", "user.create", "ann", {}), ("root", "user.set_password", "ann", {})]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        (("a:b", "password", "A"), InvalidRequest),
        (("ann", "short", "A"), WeakPassword),
        (("ann", "password", ""), InvalidRequest),
        (("ann", "password", "x" * 33), InvalidRequest),
        (("ann", "password", "a\nb"), InvalidRequest),
        (("ann", "password", "\ud800"), InvalidRequest),
        (("ann", "pass\ud800word", "A"), InvalidRequest),
        (("ann", "x" * 1_025, "A"), InvalidRequest),
        (("ann", "password", "A", "x" * 65), InvalidRequest),
        (("Naivechat.Operators", "password", "A"), UserExists),
    ],
)
def test_an_account_that_clients_could_not_show_is_refused(
    desk: AdministrationWorld, values: tuple[str, ...], error: type[ChatError]
) -> None:
    with pytest.raises(error):
        done(desk.administration.create_user(ROOT, *values))  # type: ignore[arg-type]
    ((_, action, _, detail),) = desk.entries()
    assert (action, detail) == ("user.create", {"refused": error.code})


def test_disabling_ends_sessions_and_enabling_lets_in_again(world: World, desk: AdministrationWorld) -> None:
    world.person("ann")
    done(desk.administration.set_disabled(ROOT, ANN, True))
    assert world.published() == [SessionsEnded(user_id=ANN, reason=EndReason.DISABLED)]
    done(desk.administration.set_disabled(ROOT, ANN, False))
    assert done(world.accounts.authenticate(ANN, "password")).user.user_id == "ann"
    assert [action for _, action, *_ in desk.entries()] == ["user.disable", "user.enable"]


def test_one_device_is_kicked_and_the_other_stays(world: World, desk: AdministrationWorld) -> None:
    world.person("ann")
    phone = done(world.sessions.login(ANN, "password", "phone"))
    done(world.sessions.login(ANN, "password", "desktop"))
    person = done(desk.people.get_person(ANN))
    assert [(d.name, d.last_login_ms) for d in person.devices] == [
        ("desktop", world.clock.now_ms),
        ("phone", world.clock.now_ms),
    ]
    assert phone.expires_at_ms == world.clock.now_ms + TOKEN_LIFETIME_MS
    world.published()
    done(desk.administration.kick(ROOT, ANN, "phone"))
    assert world.published() == [SessionsEnded(user_id=ANN, reason=EndReason.ADMIN, device="phone")]
    assert [d.name for d in done(desk.people.get_person(ANN)).devices] == ["desktop"]
    with pytest.raises(NotFound):
        done(desk.administration.kick(ROOT, ANN, "phone"))
    assert [detail for *_, detail in desk.entries()] == [
        {"device": "phone"},
        {"refused": "NOT_FOUND", "device": "phone"},
    ]


def test_all_devices_are_kicked_at_once(world: World, desk: AdministrationWorld) -> None:
    world.person("ann")
    for device in ("phone", "desktop"):
        done(world.sessions.login(ANN, "password", device))
    world.published()
    done(desk.administration.kick(ROOT, ANN))
    assert world.published() == [SessionsEnded(user_id=ANN, reason=EndReason.ADMIN)]
    assert done(desk.people.get_person(ANN)).devices == ()
    with pytest.raises(NotFound):
        done(desk.administration.kick(ROOT, UserId("nobody")))


def test_people_are_listed_with_who_is_there(world: World, desk: AdministrationWorld) -> None:
    world.people("ann bob cid")
    world.directory.online.add(BOB)
    page = done(desk.people.search(AccountQuery(sort=AccountSort.ID, limit=2)))
    assert [(p.account.user.user_id, p.online) for p in page.people] == [("ann", False), ("bob", True)]
    assert page.total == 3


@pytest.mark.parametrize(
    "values", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"offset": 100_001}, {"text": "x" * 65}]
)
def test_a_page_out_of_bounds_is_refused(values: dict[str, Any]) -> None:
    for query in (AccountQuery, GroupQuery):
        with pytest.raises(InvalidRequest):
            query(**values)


def test_everybody_is_given_out_as_a_table(world: World, desk: AdministrationWorld) -> None:
    world.people("ann bob")
    done(desk.directory.note_seen({ANN: 1_700_000_001_000}))
    done(world.accounts.update_profile(world.person("eve"), '=1+1,"x"', None))
    text = "".join(taken(desk.administration.export_people(VIEWER)))
    assert text.splitlines() == [
        "user_id,nickname,avatar,disabled,created,last_seen",
        "ann,Ann,,no,2023-11-14T22:13:20Z,2023-11-14T22:13:21Z",
        "bob,Bob,,no,2023-11-14T22:13:20Z,",
        'eve,"\'=1+1,""x""",,no,2023-11-14T22:13:20Z,',
    ]
    assert desk.entries() == [("guest", "user.export", "", {})]


def test_everybody_is_gone_through_in_portions(world: World, desk: AdministrationWorld) -> None:
    world.people(" ".join(f"u{number:04}" for number in range(1_001)))
    people: PeopleDirectory = desk.people

    async def sizes() -> list[int]:
        return [len(portion) async for portion in people.go_through()]

    assert done(sizes()) == [500, 500, 1]


def test_a_group_is_renamed_in_the_name_of_the_operators(world: World, desk: AdministrationWorld) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    assert done(desk.administration.rename_group(ROOT, group_id, "新名字")).name == "新名字"
    changed, record = world.published()
    assert isinstance(changed, GroupChanged) and isinstance(record, MessageStored)
    assert (changed.event.kind, changed.event.by) == (GroupEventKind.UPDATED, OPERATORS.user_id)
    assert record.message.sender_id == OPERATORS.user_id
    assert record.sender == OPERATORS
    done(desk.administration.rename_group(ROOT, group_id, "新名字"))
    assert world.published() == []
    for name, error in (("", InvalidRequest), ("x", NotFound)):
        with pytest.raises(error):
            done(desk.administration.rename_group(ROOT, GroupId("nothing"), name))
    assert desk.entries()[0] == ("root", "group.rename", group_id, {"name": "新名字"})


def test_a_dissolved_group_lets_everybody_go(world: World, desk: AdministrationWorld) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    done(desk.administration.dissolve_group(ROOT, group_id))
    changed, _ = world.published()
    assert isinstance(changed, GroupChanged)
    assert set(changed.left) == {ANN, BOB}
    with pytest.raises(NotMember):
        done(world.messages.send(ann, in_group(group_id), UUID, 0, "anybody?"))
    with pytest.raises(NotFound):
        done(desk.groups.get_group(group_id))


def test_groups_and_their_members_are_listed(world: World, desk: AdministrationWorld) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    page = done(desk.groups.search(GroupQuery(text="CLUB")))
    assert [listed.group.group_id for listed in page.groups] == [group_id]
    members = done(desk.groups.list_members(group_id, limit=2))
    assert [(m.user.user_id, m.role) for m in members] == [("ann", Role.OWNER), ("bob", Role.MEMBER)]
    with pytest.raises(InvalidRequest):
        done(desk.groups.list_members(group_id, limit=1_000))


def test_everybody_belongs_to_a_new_official_account(world: World, desk: AdministrationWorld) -> None:
    ann, *_ = world.people("ann bob cid dan eve")
    world.directory.online.update({BOB, UserId("eve")})
    group = done(desk.administration.create_official(ROOT, "公告", "bell"))
    assert (group.official, group.member_count, group.owner_id) == (True, 6, OPERATORS.user_id)
    told = [event for event in world.published() if isinstance(event, PeopleEnrolled)]
    assert [(event.user_ids, event.seq) for event in told] == [(("bob",), 1), (("eve",), 1)]
    world.person("late")
    assert group.group_id in done(world.groups.list_heads(UserId("late")))
    with pytest.raises(Forbidden):
        done(world.messages.send(ann, in_group(group.group_id), UUID, 0, "me too"))
    assert done(desk.administration.enrol_everybody(ROOT, group.group_id)) == 0
    with pytest.raises(NotFound):
        done(desk.administration.enrol_everybody(ROOT, GroupId("nothing")))


@pytest.mark.parametrize("values", [("",), ("x" * 33,), ("News", "x" * 65)])
def test_an_official_account_has_a_name(desk: AdministrationWorld, values: tuple[str, ...]) -> None:
    with pytest.raises(InvalidRequest):
        done(desk.administration.create_official(ROOT, *values))


def test_an_announcement_is_stored_for_those_who_are_away(world: World, desk: AdministrationWorld) -> None:
    world.people("ann bob")
    group_id = done(desk.administration.create_official(ROOT, "News")).group_id
    world.published()
    first = done(desk.administration.announce(ROOT, group_id, "停机维护", UUID))
    (stored,) = world.published()
    assert isinstance(stored, MessageStored)
    assert (stored.message, stored.sender) == (first.message, OPERATORS)
    assert done(desk.administration.announce(ROOT, group_id, "停机维护", UUID)).duplicate
    assert world.published() == []
    page = done(world.messages.history(world.person("cid"), in_group(group_id), HistoryRange()))
    assert page.messages == ()
    talk = done(fakes.MemoryTalks(world.store).get_talk(group_talk_id(group_id), ANN))
    assert (talk.unread, talk.sketch) == (1, "停机维护")
    assert desk.entries()[-1] == ("root", "official.announce", group_id, {"characters": 4})


def test_only_an_official_account_announces_and_only_something(
    world: World, desk: AdministrationWorld
) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    news = done(desk.administration.create_official(ROOT, "News")).group_id
    for where, text, error in (
        (group_id, "hello", NotFound),
        (GroupId("nothing"), "hello", NotFound),
        (news, " \n", InvalidRequest),
        (news, "x" * 4_001, TooLarge),
    ):
        with pytest.raises(error):
            done(desk.administration.announce(ROOT, where, text))


def test_an_official_account_is_dissolved_as_a_whole(world: World, desk: AdministrationWorld) -> None:
    world.people("ann bob")
    group_id = done(desk.administration.create_official(ROOT, "News")).group_id
    done(desk.administration.dissolve_group(ROOT, group_id))
    assert done(world.groups.list_heads(ANN)) == {}


def test_words_are_found_in_one_talk_and_the_reason_is_written_down_first(
    world: World, desk: AdministrationWorld
) -> None:
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    for text in ("hello", "bye", "Hello again"):
        done(world.messages.send(ann, with_friend(bob), text.encode().ljust(16), 0, text))
    talk_id = talk_named("bob", "ann")
    found = done(desk.administration.search_messages(ROOT, talk_id, "HELLO", REASON))
    assert [message.text for message in found.messages] == ["Hello again", "hello"]
    assert desk.entries() == [("root", "message.search", "ann:bob", {"reason": REASON, "text": "HELLO"})]


@pytest.mark.parametrize(
    ("text", "reason", "limit"),
    [("hello", "because", 10), ("hello", " " * 20, 10), (" ", REASON, 10), ("hello", REASON, 201)],
)
def test_without_a_reason_or_a_word_nothing_is_searched(
    world: World, desk: AdministrationWorld, text: str, reason: str, limit: int
) -> None:
    ann, bob = world.people("ann bob")
    world.group_of(ann, bob)
    with pytest.raises(InvalidRequest):
        done(desk.administration.search_messages(ROOT, TalkId(":g1"), text, reason, limit=limit))


def test_what_is_around_a_message_is_read_with_its_senders_once_the_reason_is_written_down(
    world: World, desk: AdministrationWorld
) -> None:
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    for number in range(1, 31):
        done(world.messages.send(ann, with_friend(bob), bytes([number]) * 16, 0, f"word {number}"))
    around = functools.partial(desk.administration.read_around, talk_id=friend_talk_id(ANN, BOB))
    for seq, first, last in ((1, 1, 9), (15, 7, 23), (30, 22, 30)):
        records = done(around(ROOT, seq=seq, reason=REASON))
        assert [message.seq for message, _ in records] == list(range(first, last + 1))
        assert {sender.user_id for _, sender in records} == {ANN}
    assert desk.entries()[-1] == ("root", "message.search", "ann:bob", {"reason": REASON, "around": 30})
    with pytest.raises(InvalidRequest):
        done(around(ROOT, seq=15, reason="because"))
    with pytest.raises(Forbidden):
        done(around(VIEWER, seq=15, reason=REASON))
    for talk_id in ("ann:eve", "é"):
        with pytest.raises(NotFound):
            done(around(ROOT, talk_id=TalkId(talk_id), seq=15, reason=REASON))
    refused = [detail.get("refused") for *_, detail in desk.entries()]
    assert refused == ["BAD_REQUEST", "FORBIDDEN", None, "NOT_FOUND", None, "NOT_FOUND"]


def test_a_message_is_taken_back_whoever_wrote_it_and_when(world: World, desk: AdministrationWorld) -> None:
    ann, bob = world.people("ann bob")
    world.befriend(ann, bob)
    done(world.messages.send(ann, with_friend(bob), UUID, 0, "rude"))
    world.published()
    world.clock.now_ms += 10**9
    talk_id = friend_talk_id(ANN, BOB)
    recalled = done(desk.administration.recall_message(ROOT, talk_id, 1, REASON)).message
    assert (recalled.msg_type, recalled.target_seq, recalled.sender_id) == (RECALL, 1, OPERATORS.user_id)
    (stored,) = world.published()
    assert isinstance(stored, MessageStored) and stored.message == recalled
    assert done(desk.administration.recall_message(ROOT, talk_id, 1, REASON)).duplicate
    assert world.published() == []
    page = done(world.messages.history(bob, with_friend(ann), HistoryRange()))
    assert [message.text for message in page.messages] == ["", ""]
    with pytest.raises(InvalidRequest):
        done(desk.administration.recall_message(ROOT, talk_id, 1, "no reason"))
    with pytest.raises(NotFound):
        done(desk.administration.recall_message(ROOT, TalkId("ann:cid"), 1, REASON))
    assert desk.entries()[0] == ("root", "message.recall", "ann:bob", {"seq": 1, "reason": REASON})


def test_half_a_character_is_refused_wherever_it_comes(world: World, desk: AdministrationWorld) -> None:
    world.person("ann")
    half, administration = "\ud800", desk.administration
    news = done(administration.create_official(ROOT, "News")).group_id
    for attempt, error in (
        (administration.set_password(ROOT, ANN, f"password{half}"), InvalidRequest),
        (administration.kick(ROOT, ANN, half), NotFound),
        (administration.rename_group(ROOT, news, half), InvalidRequest),
        (administration.announce(ROOT, news, half), InvalidRequest),
        (administration.search_messages(ROOT, talk_named(news), half, REASON), InvalidRequest),
        (administration.recall_message(ROOT, TalkId(half), 1, REASON), NotFound),
    ):
        with pytest.raises(error):
            done(attempt)
    for query in (AccountQuery, GroupQuery):
        with pytest.raises(InvalidRequest):
            query(text=half)


def test_a_talk_is_named_by_a_group_or_by_two_people() -> None:
    assert (talk_named("g1"), talk_named("bob", "ann")) == (":g1", "ann:bob")
    for names in (("",), ("a:b",), ("ann", "b:c"), (":g1",)):
        with pytest.raises(InvalidRequest):
            talk_named(*names)


def test_nobody_gets_the_operators_own_account(world: World, desk: AdministrationWorld) -> None:
    done(desk.administration.create_official(ROOT, "News"))
    account = world.store.accounts[OPERATORS.user_id]
    assert account.disabled
    with pytest.raises(AuthFailed):
        done(world.accounts.authenticate(OPERATORS.user_id, "password"))
    for attempt in (
        world.accounts.set_password(OPERATORS.user_id, "password"),
        world.accounts.set_disabled(OPERATORS.user_id, False),
    ):
        with pytest.raises(Forbidden):
            done(attempt)
    assert is_operators("NAIVECHAT.operators") and not is_operators("operators")


def test_operators_do_not_write_in_the_name_of_somebody_who_can_log_in(
    world: World, desk: AdministrationWorld
) -> None:
    ann, bob = world.people("ann bob")
    group_id = world.group_of(ann, bob)
    world.store.accounts[OPERATORS.user_id] = attrs.evolve(
        world.store.accounts[ANN], user=attrs.evolve(OPERATORS, nickname="Mallory")
    )
    with pytest.raises(Forbidden):
        done(desk.administration.rename_group(ROOT, group_id, "Other"))
