"""How records look as lines of text. Whatever other people wrote goes through `text.harmless`."""

import json

from naivechat.client.state import ChatState
from naivechat.client.talk import GROUP, TalkKey
from naivechat.protocol.friend import AskedRecord, FoundRecord, FriendRecord
from naivechat.protocol.group import GroupRecord, MemberRecord
from naivechat.protocol.message import MessageRecord
from naivechat.protocol.talk import TalkRecord
from naivechat.terminal.names import title
from naivechat.terminal.text import harmless, harmless_lines, time_of_day

_TEXT, _FACE, _IMAGE, _FILE, GROUP_EVENT, RECALL = range(6)
_KINDS = {_FACE: "sticker", _IMAGE: "picture", _FILE: "file"}
_ROLES = ("", "admin", "owner")
_STANDINGS = ("", "asked", "friend")
_MOST_NAMES = 10


def message_lines(state: ChatState, message: MessageRecord, now_ms: int) -> tuple[str, ...]:
    """A message as in its own talk: `14:05 李雷: text`, further lines of the text indented."""
    time = time_of_day(message.sent_at, now_ms)
    if message.msg_type in (GROUP_EVENT, RECALL):
        return (f"{time} · {_happening(state, message)}",)
    first, *others = _words(message)
    sender = harmless(state.name_of(message.sender_id))
    return (f"{time} {sender}: {first}", *(" " * 6 + line for line in others))


def notice_line(state: ChatState, key: TalkKey, message: MessageRecord, unread: int) -> str:
    """A message of a talk that is not open: `Weekend (2) · 李雷: text`."""
    (what, *others) = message_lines(state, message, message.sent_at)
    more = " …" if others else ""
    count = f" ({unread_sign(unread)})" if unread else ""
    return f"[{harmless(title(state, key))}{count}] {what}{more}"


def talk_line(state: ChatState, talk: TalkRecord, now_ms: int) -> str:
    """A dialogue on the list: name, unread count, time and beginning of the last message."""
    key = TalkKey(talk.talk_type, talk.talk_id)
    unread = f" ({unread_sign(talk.unread)})" if talk.unread else ""
    flags = "".join(flag for flag, is_on in ((" pinned", talk.pinned), (" muted", talk.muted)) if is_on)
    kind = "group" if talk.talk_type == GROUP else "friend"
    sketch = (
        f"  {time_of_day(talk.talk_date, now_ms)} {harmless(talk.talk_sketch)}" if talk.talk_sketch else ""
    )
    return f"{harmless(title(state, key))}{unread}  [{kind} {talk.talk_id}{flags}]{sketch}"


def friend_line(friend: FriendRecord) -> str:
    """A friend: whether online, the name or remark, the id."""
    name = (
        f"{harmless(friend.remark)} ({harmless(friend.nickname)})"
        if friend.remark
        else harmless(friend.nickname)
    )
    return f"{'●' if friend.online else '○'} {name}  [{friend.user_id}]"


def asked_line(asked: AskedRecord) -> str:
    """Somebody who wants to be a friend, and what to type about it."""
    greeting = f": {harmless(asked.greeting)}" if asked.greeting else ""
    user_id = asked.user.user_id
    return f"? {harmless(asked.user.nickname)} [{user_id}] asks{greeting}  (/accept {user_id} or /refuse {user_id})"


def group_line(group: GroupRecord) -> str:
    """A group: name, id, how many belong to it, its notice."""
    notice = f"  {harmless(group.notice)}" if group.notice else ""
    return f"{harmless(group.name)}  [{group.group_id}, {group.member_count} people]{notice}"


def found_line(found: FoundRecord) -> str:
    """A person found by a search."""
    standing = _STANDINGS[found.status] or f"/add {found.user_id}"
    return f"{harmless(found.nickname)}  [{found.user_id}]  {standing}"


def member_line(member: MemberRecord) -> str:
    """A member of a group."""
    role = _ROLES[member.role]
    return f"{harmless(member.nickname)}  [{member.user_id}]{role and '  ' + role}"


def unread_sign(unread: int) -> str:
    """A count as people read it: 100 stands for 100 or more."""
    return "99+" if unread >= 100 else str(unread)


def _words(message: MessageRecord) -> tuple[str, ...]:
    if message.recalled:
        return ("(taken back)",)
    if message.msg_type == _TEXT:
        return harmless_lines(message.msg_text)
    kind = _KINDS.get(message.msg_type, f"message of type {message.msg_type}")
    return (f"[{kind}] {harmless(message.msg_text)}".rstrip(),)


def _happening(state: ChatState, message: MessageRecord) -> str:
    who = harmless(state.name_of(message.sender_id))
    if message.msg_type == RECALL:
        return f"{who} took message #{message.target_seq} back"
    try:
        event = json.loads(message.msg_text)
        people = [harmless(state.name_of(str(user_id))) for user_id in event["user_ids"]]
        return _event_sentence(who, str(event["event"]), people, harmless(str(event.get("name", ""))))
    except (ValueError, KeyError, TypeError):
        return f"{who} changed the group"


def _event_sentence(who: str, event: str, people: list[str], name: str) -> str:
    more = f" and {len(people) - _MOST_NAMES} more" if len(people) > _MOST_NAMES else ""
    whom = ", ".join(people[:_MOST_NAMES]) + more
    sentences = {
        "created": f"{who} made the group {name} with {whom}",
        "joined": f"{who} brought in {whom}",
        "left": f"{who} left",
        "removed": f"{who} removed {whom}",
        "updated": f"{who} changed the group: {name}",
        "dissolved": f"{who} dissolved the group",
        "role": f"{who} gave {whom} another role",
    }
    return sentences.get(event, f"{who} changed the group")
