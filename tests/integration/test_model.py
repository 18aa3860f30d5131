"""Random histories of several people on several devices: the node agrees with the plain model of the protocol."""

import itertools
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from naivechat.protocol import friend, group, message, talk
from naivechat.protocol.session import ErrorResponse
from tests.chat_model import EVENT, FRIEND, GROUP, ChatModel, Refused
from tests.servers import NodeProcess, shared_mariadb
from tests.wire import WireClient, new_person

EXAMPLES = {"ci": 15, "dev": 8, "nightly": 400}
STEPS = 50

_examples = itertools.count(1)
people = st.integers(0, 3)
devices = st.integers(0, 5)
groups = st.integers(0, 2)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
seqs = st.integers(0, 12)


class Device:
    """One connection of one person, and the pushes it must get."""

    def __init__(self, port: int, user_id: str, name: str) -> None:
        self.user_id, self.name = user_id, name
        self.client = WireClient(port)
        self.token = self.client.login(user_id, device=name).token
        self.expected: list[tuple[Any, ...]] = []

    def reconnect(self, port: int) -> Any:
        self.client.close()
        self.client = WireClient(port)
        return self.client.reconnect(self.user_id, self.token, device=self.name)


class ChatMachine(RuleBasedStateMachine):
    """Four people, two of them on two devices, doing anything in any order."""

    port: int

    @initialize()
    def people_register(self) -> None:
        prefix = f"e{next(_examples)}-"
        names = tuple(f"{prefix}{letter}" for letter in "abcd")
        for name in names:
            new_person(self.port, name).close()
        self.model = ChatModel(names)
        owners = (*names, names[0], names[1])
        self.devices = [Device(self.port, owner, f"device{i}") for i, owner in enumerate(owners)]
        self.group_ids: list[str] = []
        self.sent: list[tuple[Any, ...]] = []

    def teardown(self) -> None:
        for device in getattr(self, "devices", ()):
            device.client.close()

    def act(self, device: Device, packet: Any, expected: Any) -> Any:
        """Send a request; `expected()` asks the model, whose refusal or pushes must be the node's."""
        answer = device.client.request(packet)
        try:
            wanted = expected()
        except Refused as refused:
            assert isinstance(answer, ErrorResponse), (refused.code, answer)
            assert answer.code == refused.code, answer
            return None
        assert not isinstance(answer, ErrorResponse), answer
        self.expect_pushes(device)
        return answer if wanted is None else (answer, wanted)

    def expect_pushes(self, acting: Device) -> None:
        told, self.model.told = self.model.told, []
        for user_id, push in told:
            for device in self.devices:
                if device.user_id == user_id and (device is not acting or self.is_event(push)):
                    device.expected.append(push)

    def is_event(self, push: tuple[Any, ...]) -> bool:
        return push[0] == "message" and push[1] == GROUP and self.record_of(push).msg_type == EVENT

    def record_of(self, push: tuple[Any, ...]) -> Any:
        return self.model.talks[push[2]].records[push[3] - 1]

    def address(self, device: Device, kind: int, person: int, group_index: int) -> tuple[int, str]:
        if kind == FRIEND:
            return FRIEND, self.model.people[person]
        if group_index < len(self.group_ids):
            return GROUP, self.group_ids[group_index]
        return GROUP, "nowhere"

    # friends

    @rule(d=devices, person=people)
    def add_friend(self, d: int, person: int) -> None:
        device, friend_id = self.devices[d], self.model.people[person]
        self.act(
            device,
            friend.AddFriendRequest(rid=0, friend_id=friend_id),
            lambda: self.model.add_friend(device.user_id, friend_id),
        )

    @rule(d=devices, person=people)
    def remove_friend(self, d: int, person: int) -> None:
        device, friend_id = self.devices[d], self.model.people[person]
        self.act(
            device,
            friend.DelFriendRequest(rid=0, friend_id=friend_id),
            lambda: self.model.del_friend(device.user_id, friend_id),
        )

    # messages

    @rule(d=devices, kind=st.sampled_from((FRIEND, GROUP)), person=people, index=groups, text=texts)
    def send(self, d: int, kind: int, person: int, index: int, text: str) -> None:
        device = self.devices[d]
        self.send_as(device, *self.address(device, kind, person, index), uuid.uuid4().bytes, text)

    @rule(d=devices, index=st.integers(0, 30), same=st.booleans())
    def send_again(self, d: int, index: int, same: bool) -> None:
        device = self.devices[d]
        own = [sent for sent in self.sent if sent[0] == device.user_id]
        if own:
            _, talk_type, other_id, msg_uuid, text = own[index % len(own)]
            self.send_as(device, talk_type, other_id, msg_uuid, text if same else text + "!")

    def send_as(self, device: Device, talk_type: int, other_id: str, msg_uuid: bytes, text: str) -> None:
        content = {"rid": 0, "msg_uuid": msg_uuid, "msg_type": 0, "msg_text": text}
        packet: Any = message.MsgGroupRequest(group_id=other_id, **content)
        if talk_type == FRIEND:
            packet = message.MsgRequest(friend_id=other_id, **content)
        done = self.act(
            device,
            packet,
            lambda: self.model.send(device.user_id, talk_type, other_id, msg_uuid, text),
        )
        if done is not None:
            self.sent.append((device.user_id, talk_type, other_id, msg_uuid, text))
            self.check_ack(*done, msg_uuid)

    @rule(d=devices, kind=st.sampled_from((FRIEND, GROUP)), person=people, index=groups, seq=seqs)
    def recall(self, d: int, kind: int, person: int, index: int, seq: int) -> None:
        device, msg_uuid = self.devices[d], uuid.uuid4().bytes
        talk_type, other_id = self.address(device, kind, person, index)
        done = self.act(
            device,
            message.RecallRequest(rid=0, talk_type=talk_type, talk_id=other_id, seq=seq, msg_uuid=msg_uuid),
            lambda: self.model.recall(device.user_id, talk_type, other_id, seq, msg_uuid),
        )
        if done is not None:
            self.check_ack(*done, msg_uuid)

    def check_ack(self, ack: Any, wanted: tuple[int, bool], msg_uuid: bytes) -> None:
        assert isinstance(ack, message.MsgAckResponse)
        assert (ack.seq, ack.duplicate, ack.msg_uuid) == (*wanted, msg_uuid)

    @rule(d=devices, kind=st.sampled_from((FRIEND, GROUP)), person=people, index=groups, seq=seqs)
    def read(self, d: int, kind: int, person: int, index: int, seq: int) -> None:
        device = self.devices[d]
        address = self.address(device, kind, person, index)
        self.act(
            device,
            message.ReadRequest(rid=0, talk_type=address[0], talk_id=address[1], seq=seq),
            lambda: self.model.read(device.user_id, *address, seq),
        )

    @rule(d=devices, kind=st.sampled_from((FRIEND, GROUP)), person=people, index=groups)
    def history_is_the_log(self, d: int, kind: int, person: int, index: int) -> None:
        device = self.devices[d]
        talk_type, other_id = self.address(device, kind, person, index)
        request = message.HistoryRequest(rid=0, talk_type=talk_type, talk_id=other_id, after_seq=0, limit=7)
        done = self.act(device, request, lambda: self.model.history(device.user_id, talk_type, other_id))
        if done is None:
            return
        page, wanted = done
        rows = [self.row(m) for m in page.messages]
        while page.has_more:
            page = device.client.accepted(
                message.HistoryRequest(
                    rid=0, talk_type=talk_type, talk_id=other_id, after_seq=rows[-1][0], limit=7
                )
            )
            rows += [self.row(m) for m in page.messages]
        assert [self.without_event_uuid(r) for r in rows] == [self.without_event_uuid(r) for r in wanted]

    def row(self, m: Any) -> tuple[Any, ...]:
        return (m.seq, m.sender_id, m.msg_type, m.msg_text, m.msg_uuid, m.target_seq, bool(m.recalled))

    def without_event_uuid(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return row if row[2] != EVENT else (*row[:4], b"", *row[5:])

    # dialogues

    @rule(d=devices, kind=st.sampled_from((FRIEND, GROUP)), person=people, index=groups)
    def open_talk(self, d: int, kind: int, person: int, index: int) -> None:
        device = self.devices[d]
        address = self.address(device, kind, person, index)
        self.act(
            device,
            talk.TalkNoticeRequest(rid=0, talk_type=address[0], talk_id=address[1]),
            lambda: self.model.open_talk(device.user_id, *address),
        )

    @rule(d=devices, kind=st.sampled_from((FRIEND, GROUP)), person=people, index=groups)
    def delete_talk(self, d: int, kind: int, person: int, index: int) -> None:
        device = self.devices[d]
        address = self.address(device, kind, person, index)
        self.act(
            device,
            talk.DelTalkRequest(rid=0, talk_type=address[0], talk_id=address[1]),
            lambda: self.model.delete_talk(device.user_id, *address),
        )

    @rule(d=devices, person=people, pinned=st.booleans(), muted=st.booleans())
    def set_talk(self, d: int, person: int, pinned: bool, muted: bool) -> None:
        device, other_id = self.devices[d], self.model.people[person]
        self.act(
            device,
            talk.SetTalkRequest(rid=0, talk_type=FRIEND, talk_id=other_id, pinned=pinned, muted=muted),
            lambda: self.model.set_talk(device.user_id, FRIEND, other_id, pinned, muted),
        )

    # groups

    @rule(d=devices, members=st.lists(people, max_size=3), name=st.sampled_from(("one", "二", "drei")))
    def create_group(self, d: int, members: list[int], name: str) -> None:
        if len(self.group_ids) == 3:
            return
        device, others = self.devices[d], [self.model.people[i] for i in members]
        answer = device.client.accepted(group.CreateGroupRequest(rid=0, name=name, member_ids=tuple(others)))
        self.group_ids.append(answer.group.group_id)
        self.model.create_group(device.user_id, name, others, answer.group.group_id)
        self.expect_pushes(device)

    @rule(d=devices, index=groups, members=st.lists(people, min_size=1, max_size=3))
    def invite(self, d: int, index: int, members: list[int]) -> None:
        device, group_id = self.devices[d], self.address(self.devices[d], GROUP, 0, index)[1]
        others = tuple(self.model.people[i] for i in members)
        self.act(
            device,
            group.InviteGroupRequest(rid=0, group_id=group_id, member_ids=others),
            lambda: self.model.invite(device.user_id, group_id, others),
        )

    @rule(d=devices, index=groups)
    def leave(self, d: int, index: int) -> None:
        device, group_id = self.devices[d], self.address(self.devices[d], GROUP, 0, index)[1]
        self.act(
            device,
            group.LeaveGroupRequest(rid=0, group_id=group_id),
            lambda: self.model.leave(device.user_id, group_id),
        )

    @rule(d=devices, index=groups, person=people)
    def remove_member(self, d: int, index: int, person: int) -> None:
        device, group_id = self.devices[d], self.address(self.devices[d], GROUP, 0, index)[1]
        other_id = self.model.people[person]
        self.act(
            device,
            group.RemoveMemberRequest(rid=0, group_id=group_id, user_id=other_id),
            lambda: self.model.remove_member(device.user_id, group_id, other_id),
        )

    @rule(d=devices, index=groups, name=st.sampled_from(("one", "二", "four")))
    def rename_group(self, d: int, index: int, name: str) -> None:
        device, group_id = self.devices[d], self.address(self.devices[d], GROUP, 0, index)[1]
        self.act(
            device,
            group.UpdateGroupRequest(rid=0, group_id=group_id, name=name),
            lambda: self.model.rename_group(device.user_id, group_id, name),
        )

    @rule(d=devices, index=groups, person=people, role=st.integers(0, 2))
    def set_role(self, d: int, index: int, person: int, role: int) -> None:
        device, group_id = self.devices[d], self.address(self.devices[d], GROUP, 0, index)[1]
        other_id = self.model.people[person]
        self.act(
            device,
            group.SetRoleRequest(rid=0, group_id=group_id, user_id=other_id, role=role),
            lambda: self.model.set_role(device.user_id, group_id, other_id, role),
        )

    @rule(d=devices, index=groups)
    def dissolve(self, d: int, index: int) -> None:
        device, group_id = self.devices[d], self.address(self.devices[d], GROUP, 0, index)[1]
        self.act(
            device,
            group.DissolveGroupRequest(rid=0, group_id=group_id),
            lambda: self.model.dissolve(device.user_id, group_id),
        )

    # coming back

    @rule(d=devices)
    def reconnect(self, d: int) -> None:
        device = self.devices[d]
        self.check_state(device, device.reconnect(self.port))

    @rule(d=devices)
    def sync(self, d: int) -> None:
        device = self.devices[d]
        self.check_state(device, device.client.accepted(talk.SyncRequest(rid=0)))

    def check_state(self, device: Device, state: Any) -> None:
        me = device.user_id
        assert {self.talk_row(t) for t in state.talks} == self.model.listed(me)
        friends = {f.user_id for f in state.friends}
        assert friends == {p for p in self.model.people if p != me and self.model.are_friends(me, p)}
        listed = {(g.group_id, g.name, g.owner_id, g.member_count) for g in state.groups}
        assert listed == self.model.groups_of(me)

    def talk_row(self, t: Any) -> tuple[Any, ...]:
        return (t.talk_type, t.talk_id, t.last_seq, t.read_seq, t.unread, t.pinned, t.muted)

    @invariant()
    def pushes_are_as_promised(self) -> None:
        for device in getattr(self, "devices", ()):
            wanted, device.expected = device.expected, []
            pushes = device.client.take_pushes()
            got = [TOLD[type(p)](p) for p in pushes if not isinstance(p, friend.PresenceNotice)]
            assert messages_of(got) == messages_of(wanted), device.user_id
            assert others_of(got) == others_of(wanted), device.user_id


TOLD: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    message.MsgResponse: lambda p: ("message", FRIEND, p.talk_id, p.seq, p.sender_id, p.msg_text),
    message.MsgGroupResponse: lambda p: ("message", GROUP, p.talk_id, p.seq, p.sender_id, p.msg_text),
    message.ReadNotice: lambda p: ("read", p.talk_type, p.talk_id, p.user_id, p.seq),
    talk.TalkNoticeResponse: lambda p: ("talk", p.talk.talk_type, p.talk.talk_id),
    friend.AddFriendResponse: lambda p: ("friend", p.friend.user_id),
    friend.FriendRemovedNotice: lambda p: ("unfriend", p.user_id),
    group.GroupNotice: lambda p: ("group", p.event, p.group.group_id),
}
"""A push as the model tells it. Presence is left out of the model."""


def messages_of(pushes: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [push for push in pushes if push[0] == "message"]


def others_of(pushes: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(push for push in pushes if push[0] != "message")


@pytest.mark.parametrize("database", ["sqlite", "mariadb"])
def test_the_node_agrees_with_the_model(database: str, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/chat.db" if database == "sqlite" else shared_mariadb().create_database()
    node = NodeProcess(db=url, registration="open", limits="off")
    node.start()
    try:
        machine = type("ChatMachineOnNode", (ChatMachine,), {"port": node.port})
        profile = settings.get_current_profile_name()
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES.get(profile, EXAMPLES["dev"]),
                stateful_step_count=STEPS,
                deadline=None,
                phases=[Phase.explicit, Phase.generate],  # shrinking a history takes minutes
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        node.stop()
