"""What a row says about a dialogue."""

import attrs
import pytest

from tkclient.model.chat import ChatModel
from tkclient.model.talk import FRIEND, GROUP, GroupEvent, Kind, Message, Sending, Talk, TalkKey
from tkclient.ui.text.group_events import event_sentence
from tkclient.ui.text.sketches import Sketch, row_sketch
from tkclient.ui.text.words import Words

ZH = Words("zh_CN")
FRIEND_KEY, GROUP_KEY = TalkKey(FRIEND, "li"), TalkKey(GROUP, "g1")
MESSAGE = Message(msg_uuid=b"m" * 16, seq=1, sender_id="li", sender_name="李娜", text="你好\n 世界")


def sketch(message: Message | None, key: TalkKey = FRIEND_KEY, **of_talk: object) -> Sketch:
    talk = Talk(key=key, name="x", last=message, **of_talk)  # type: ignore[arg-type]
    return row_sketch(talk, ChatModel(), ZH)


def test_a_friend_says_it_without_a_name_and_a_group_member_with_one() -> None:
    assert sketch(MESSAGE).text == "你好 世界"
    assert sketch(MESSAGE, GROUP_KEY).text == "李娜：你好 世界"
    assert sketch(attrs.evolve(MESSAGE, is_mine=True), GROUP_KEY).text == "你好 世界"


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Kind.FACE, "f_01", "[表情]"),
        (Kind.IMAGE, "x.png", "[图片]"),
        (Kind.FILE, "部署手册.pdf", "[文件] 部署手册.pdf"),
        (Kind.UNKNOWN, "?", "[当前版本不支持的消息]"),
    ],
)
def test_what_is_no_text_is_told_in_brackets(kind: Kind, text: str, said: str) -> None:
    assert sketch(attrs.evolve(MESSAGE, kind=kind, text=text)).text == said


def test_a_draft_comes_first_unless_its_dialogue_is_on_the_screen() -> None:
    talk = Talk(key=FRIEND_KEY, name="x", last=MESSAGE)
    model = ChatModel(drafts={FRIEND_KEY: "那就\n周四"})
    assert row_sketch(talk, model, ZH) == Sketch(mark="[草稿]", text="那就 周四")
    model.selected = FRIEND_KEY
    assert row_sketch(talk, model, ZH) == Sketch(text="你好 世界")


def test_a_recall_is_told_as_such() -> None:
    recalled = attrs.evolve(MESSAGE, is_recalled=True, text="")
    assert sketch(recalled, GROUP_KEY).text == "“李娜”撤回了一条消息"
    assert sketch(attrs.evolve(recalled, is_mine=True)).text == "你撤回了一条消息"


def test_muted_dialogues_tell_how_many_are_unread() -> None:
    assert sketch(MESSAGE, is_muted=True, unread=3).text == "[3条] 你好 世界"
    assert sketch(MESSAGE, is_muted=True, unread=1).text == "你好 世界"


def test_how_far_the_last_message_has_come_is_told() -> None:
    assert sketch(attrs.evolve(MESSAGE, sending=Sending.FAILED)).sending is Sending.FAILED


@pytest.mark.parametrize(
    ("told", "said"), [("hello", "hello"), ("f_13", "[表情]"), ('{"event": "joined", "us', ""), ("", "")]
)
def test_until_the_last_message_is_known_the_nodes_sketch_is_shown(told: str, said: str) -> None:
    assert sketch(None, sketch=told).text == said


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (GroupEvent(event="created", actor_name="张伟", names=("张伟", "李娜", "王磊")), "张伟 邀请 李娜、王磊 加入了群聊"),
        (GroupEvent(event="created", actor_name="张伟"), "张伟 创建了群聊"),
        (GroupEvent(event="joined", actor_name="张伟", names=("李娜",)), "张伟 邀请 李娜 加入了群聊"),
        (GroupEvent(event="joined", actor_name="张伟", names=("张伟",)), "张伟 加入了群聊"),
        (GroupEvent(event="left", actor_name="张伟"), "张伟 退出了群聊"),
        (GroupEvent(event="removed", actor_name="张伟", names=("李娜",)), "张伟 将 李娜 移出了群聊"),
        (GroupEvent(event="updated", actor_name="张伟", group_name="新名"), "张伟 修改群名为“新名”"),
        (GroupEvent(event="updated", actor_name="张伟"), "张伟 更新了群资料"),
        (GroupEvent(event="role", actor_name="张伟", names=("李娜",)), "张伟 更改了 李娜 的群身份"),
        (GroupEvent(event="dissolved", actor_name="张伟"), "张伟 解散了群聊"),
        (GroupEvent(event="of a later version", actor_name="张伟"), ""),
        (None, ""),
    ],
)  # fmt: skip
def test_what_happened_to_a_group_is_a_sentence(event: GroupEvent | None, sentence: str) -> None:
    assert event_sentence(event, ZH) == sentence
    assert sketch(attrs.evolve(MESSAGE, kind=Kind.EVENT, event=event), GROUP_KEY).text == sentence
