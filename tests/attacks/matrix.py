"""Who may what: for every command what each kind of person is answered."""

from typing import Any

from naivechat.protocol import friend, group, message, profile, session, talk
from naivechat.protocol.command import Command
from naivechat.protocol.packet import Packet
from tests.attacks.row import FRIEND, GROUP, Make, Row, fixed, in_talks, of_friends, of_members, row
from tests.attacks.scene import BOSS, OUTSIDER, TARGET, Scene, Who

OWNER = 2


def _entry_rows() -> list[Row]:
    def register(scene: Scene, who: Who) -> Packet:
        return session.RegisterRequest(
            rid=0, protocol=1, user_id=TARGET, password="a longer guess", nickname="I"
        )

    def login(scene: Scene, who: Who) -> Packet:
        return session.LoginRequest(rid=0, protocol=1, user_id=TARGET, password="a longer guess")

    def own_login(scene: Scene, who: Who) -> Packet:
        return session.LoginRequest(rid=0, protocol=1, user_id=scene.me(who), password=scene.stage.password)

    def reconnect(scene: Scene, who: Who) -> Packet:
        return session.ReconnectRequest(rid=0, protocol=1, user_id=TARGET, token=scene.tokens[who])

    def own_reconnect(scene: Scene, who: Who) -> Packet:
        return session.ReconnectRequest(rid=0, protocol=1, user_id=scene.me(who), token=scene.tokens[who])

    inside, failed, expired = "ALREADY_LOGGED_IN", "AUTH_FAILED", "TOKEN_EXPIRED"
    taken = dict.fromkeys(("anonymous", "disabled"), "USER_EXISTS")
    return [
        row(Command.REGISTER_REQUEST, register, inside, **taken),
        row(Command.LOGIN_REQUEST, login, inside, case="target", anonymous=failed, disabled=failed),
        row(Command.LOGIN_REQUEST, own_login, inside, case="own", anonymous=failed, disabled="DISABLED"),
        row(Command.RECONNECT_REQUEST, reconnect, inside, case="target", anonymous=expired, disabled=expired),
        row(
            Command.RECONNECT_REQUEST, own_reconnect, inside, case="own", anonymous=expired, disabled=expired
        ),
    ]


def _session_rows() -> list[Row]:
    heartbeat = session.HeartbeatRequest(rid=0)
    new_password = profile.ChangePasswordRequest(
        rid=0, old_password="not the old one", new_password="another password"
    )
    return [
        row(
            Command.HEARTBEAT_REQUEST,
            fixed(heartbeat),
            "HeartbeatResponse",
            anonymous="HeartbeatResponse",
            disabled="HeartbeatResponse",
        ),
        row(Command.LOGOUT_REQUEST, fixed(session.LogoutRequest(rid=0)), "OkResponse"),
        row(
            Command.UPDATE_PROFILE_REQUEST,
            fixed(profile.UpdateProfileRequest(rid=0, nickname="New")),
            "OkResponse",
        ),
        row(Command.CHANGE_PASSWORD_REQUEST, fixed(new_password), "AUTH_FAILED"),
        row(Command.SYNC_REQUEST, fixed(talk.SyncRequest(rid=0)), "SyncResponse"),
    ]


def _message_rows() -> list[Row]:
    content: Any = {"rid": 0, "msg_uuid": b"attack attack at", "msg_type": 0, "msg_text": "hi"}
    ack = "MsgAckResponse"

    def say(scene: Scene, who: Who) -> Packet:
        return message.MsgRequest(friend_id=scene.named(who), **content)

    def say_in_group(scene: Scene, who: Who) -> Packet:
        return message.MsgGroupRequest(group_id=scene.group_id, **content)

    def recall(talk_type: int, seq: int) -> Make:
        uuid = b"recall, attack a"
        return lambda scene, who: message.RecallRequest(
            rid=0,
            talk_type=talk_type,
            talk_id=scene.group_id if talk_type else scene.named(who),
            seq=seq,
            msg_uuid=uuid,
        )

    return [
        of_friends(Command.MSG_REQUEST, say, ack),
        of_members(Command.MSG_GROUP_REQUEST, say_in_group, ack),
        of_friends(Command.RECALL_REQUEST, recall(FRIEND, 1), "FORBIDDEN", case="friend's message"),
        of_members(
            Command.RECALL_REQUEST,
            recall(GROUP, 2),
            "FORBIDDEN",
            case="member's message",
            admin=ack,
            owner=ack,
        ),
        of_members(Command.RECALL_REQUEST, recall(GROUP, 1), "FORBIDDEN", case="group event"),
    ]


def _talk_rows() -> list[Row]:
    return [
        *in_talks(Command.HISTORY_REQUEST, message.HistoryRequest, "HistoryResponse", after_seq=0),
        *in_talks(Command.READ_REQUEST, message.ReadRequest, "OkResponse", seq=1),
        *in_talks(Command.TYPING_REQUEST, message.TypingRequest, "OkResponse"),
        *in_talks(Command.TALK_NOTICE_REQUEST, talk.TalkNoticeRequest, "TalkNoticeResponse"),
        *in_talks(Command.DEL_TALK_REQUEST, talk.DelTalkRequest, "OkResponse"),
        *in_talks(Command.SET_TALK_REQUEST, talk.SetTalkRequest, "OkResponse", pinned=True),
    ]


def _friend_rows() -> list[Row]:
    search = friend.SearchFriendRequest(rid=0, search_key="%")

    def add(scene: Scene, who: Who) -> Packet:
        return friend.AddFriendRequest(rid=0, friend_id=scene.named(who))

    def answer(scene: Scene, who: Who) -> Packet:
        return friend.AnswerFriendRequest(rid=0, user_id=scene.named(who), accept=True)

    def remove(scene: Scene, who: Who) -> Packet:
        return friend.DelFriendRequest(rid=0, friend_id=scene.named(who))

    def remark(scene: Scene, who: Who) -> Packet:
        return friend.SetRemarkRequest(rid=0, friend_id=scene.named(who), remark="mine")

    return [
        row(Command.SEARCH_FRIEND_REQUEST, fixed(search), "SearchFriendResponse"),
        row(Command.ADD_FRIEND_REQUEST, add, "AddFriendResponse", self="BAD_REQUEST"),
        row(Command.ANSWER_FRIEND_REQUEST, answer, "NOT_FOUND"),
        of_friends(Command.DEL_FRIEND_REQUEST, remove, "OkResponse"),
        of_friends(Command.SET_REMARK_REQUEST, remark, "OkResponse"),
    ]


def _group_rows() -> list[Row]:
    notice, no = "GroupNotice", "FORBIDDEN"

    def of_group(kind: type[Any], **values: Any) -> Make:
        def make(scene: Scene, who: Who) -> Packet:
            named = {"user_id": scene.named(who)} if values.get("user_id") == TARGET else {}
            named |= {"user_id": scene.me(who)} if values.get("user_id") == "me" else {}
            made: Packet = kind(**{"rid": 0, "group_id": scene.group_id, **values, **named})
            return made

        return make

    remove, set_role = group.RemoveMemberRequest, group.SetRoleRequest
    return [
        row(
            Command.CREATE_GROUP_REQUEST,
            fixed(group.CreateGroupRequest(rid=0, name="mine", member_ids=(TARGET,))),
            notice,
        ),
        of_members(
            Command.INVITE_GROUP_REQUEST, of_group(group.InviteGroupRequest, member_ids=(OUTSIDER,)), notice
        ),
        of_members(Command.LEAVE_GROUP_REQUEST, of_group(group.LeaveGroupRequest), notice),
        of_members(
            Command.REMOVE_MEMBER_REQUEST, of_group(remove, user_id=TARGET), no, admin=notice, owner=notice
        ),
        of_members(Command.REMOVE_MEMBER_REQUEST, of_group(remove, user_id=BOSS), no, case="owner"),
        of_members(
            Command.GROUP_MEMBERS_REQUEST, of_group(group.GroupMembersRequest), "GroupMembersResponse"
        ),
        of_members(
            Command.UPDATE_GROUP_REQUEST,
            of_group(group.UpdateGroupRequest, name="taken over"),
            no,
            admin=notice,
            owner=notice,
        ),
        of_members(Command.SET_ROLE_REQUEST, of_group(set_role, user_id=TARGET, role=1), no, owner=notice),
        of_members(
            Command.SET_ROLE_REQUEST,
            of_group(set_role, user_id="me", role=OWNER),
            no,
            case="to own it",
            owner=notice,
        ),
        of_members(Command.DISSOLVE_GROUP_REQUEST, of_group(group.DissolveGroupRequest), no, owner=notice),
    ]


ROWS: tuple[Row, ...] = (
    *_entry_rows(),
    *_session_rows(),
    *_message_rows(),
    *_talk_rows(),
    *_friend_rows(),
    *_group_rows(),
)
