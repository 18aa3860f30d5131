"""The command byte of a frame: what kind of packet its payload is.

Source: ``docs/protocol.md``, section "Commands".
"""

import enum


class Command(enum.IntEnum):
    """The commands of protocol version 1, each named as its packet; 47 is not used."""

    LOGIN_REQUEST = 1
    LOGIN_RESPONSE = 2
    MSG_REQUEST = 3
    MSG_RESPONSE = 4
    TALK_NOTICE_REQUEST = 5
    TALK_NOTICE_RESPONSE = 6
    SEARCH_FRIEND_REQUEST = 7
    SEARCH_FRIEND_RESPONSE = 8
    ADD_FRIEND_REQUEST = 9
    ADD_FRIEND_RESPONSE = 10
    DEL_TALK_REQUEST = 11
    MSG_GROUP_REQUEST = 12
    MSG_GROUP_RESPONSE = 13
    RECONNECT_REQUEST = 14
    ERROR_RESPONSE = 15
    OK_RESPONSE = 16
    HEARTBEAT_REQUEST = 17
    HEARTBEAT_RESPONSE = 18
    MSG_ACK_RESPONSE = 19
    REGISTER_REQUEST = 20
    LOGOUT_REQUEST = 21
    KICKED_NOTICE = 22
    HISTORY_REQUEST = 23
    HISTORY_RESPONSE = 24
    SYNC_NOTICE = 25
    SYNC_REQUEST = 26
    SYNC_RESPONSE = 27
    READ_REQUEST = 28
    READ_NOTICE = 29
    CREATE_GROUP_REQUEST = 30
    INVITE_GROUP_REQUEST = 31
    LEAVE_GROUP_REQUEST = 32
    REMOVE_MEMBER_REQUEST = 33
    GROUP_MEMBERS_REQUEST = 34
    GROUP_MEMBERS_RESPONSE = 35
    GROUP_NOTICE = 36
    UPDATE_GROUP_REQUEST = 37
    FRIEND_ASKED_NOTICE = 38
    ANSWER_FRIEND_REQUEST = 39
    DEL_FRIEND_REQUEST = 40
    FRIEND_REMOVED_NOTICE = 41
    UPDATE_PROFILE_REQUEST = 42
    CHANGE_PASSWORD_REQUEST = 43
    TYPING_REQUEST = 44
    TYPING_NOTICE = 45
    RECALL_REQUEST = 46
    SET_TALK_REQUEST = 48
    SET_REMARK_REQUEST = 49
    PRESENCE_NOTICE = 50
    SET_ROLE_REQUEST = 51
    DISSOLVE_GROUP_REQUEST = 52
    PROFILE_NOTICE = 53


REQUESTS: frozenset[Command] = frozenset(command for command in Command if command.name.endswith("_REQUEST"))
"""The commands that a client may send; all others come from nodes alone."""
