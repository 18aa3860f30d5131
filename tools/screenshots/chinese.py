"""The world of most pictures: a fox among friends and colleagues, in Chinese and in English."""

from typing import Final

from tkclient.interfaces import LoginForm
from tkclient.model.people import Found, FoundStatus, FriendRequest, Group, Member, Person, Role
from tkclient.model.talk import FRIEND, GROUP, Message, Talk, TalkKey
from tools.screenshots.world import Script, World, at

FOX: Final = Person(user_id="fox", nickname="小狐狸", avatar="fox")
BEAR = Person(user_id="daxiong", nickname="李大熊", avatar="panda", is_online=True)
CHEN = Person(user_id="chenjing", nickname="陈静", avatar="sunflower", is_online=True)
WANG = Person(user_id="wanglei", nickname="王磊", remark="王磊（后端）")
MAMA = Person(user_id="mama", nickname="春暖花开", avatar="blossom", remark="妈妈", is_online=True)
ALICE = Person(user_id="alice", nickname="Alice Johnson", is_online=True)
ZHAO = Person(user_id="zhaoxiaogou", nickname="赵小狗", avatar="dog")
OMAR = Person(user_id="omar", nickname="عمر حسن", avatar="owl")
LIN = Person(user_id="linyue", nickname="林月", avatar="butterfly", is_online=True)
SUN = Person(user_id="sunhao", nickname="孙浩")
ZHOU = Person(user_id="zhoumin", nickname="周敏", avatar="strawberry")
HE = Person(user_id="hetao", nickname="何涛", avatar="rocket")
WU = Person(user_id="wuqian", nickname="吴倩", avatar="avocado")
FRIENDS: Final = (BEAR, CHEN, WANG, MAMA, ALICE, ZHAO, OMAR, LIN, SUN, ZHOU)

TEAM: Final = TalkKey(GROUP, "team")
HIKERS: Final = TalkKey(GROUP, "hikers")
PYTHON: Final = TalkKey(GROUP, "python")
NEWS: Final = TalkKey(GROUP, "news")
WITH_BEAR: Final = TalkKey(FRIEND, BEAR.user_id)
WITH_CHEN: Final = TalkKey(FRIEND, CHEN.user_id)


def chinese_world() -> World:
    """Everything."""
    messages = {script.key: script.messages for script in (_team(), _hikers(), _bear(), _news())}
    return World(
        user=FOX,
        form=LoginForm(
            server="chat.example.org:7397", user_id="fox", nickname="小狐狸", avatar="fox", can_remember=True
        ),
        friends=FRIENDS,
        groups=_groups(),
        talks=_talks(messages),
        messages=messages,
        drafts={WITH_CHEN: "那就周四评审吧，会议室我来订"},
        requests=(
            FriendRequest(
                person=WU, greeting="你好，我是市场部吴倩，周末徒步群里的 🥾", asked_at_ms=at("11:20")
            ),
            FriendRequest(person=HE, greeting="我是何涛", asked_at_ms=at("20:02", 1)),
        ),
        sought="林",
        found=(
            Found(person=LIN, status=FoundStatus.FRIEND),
            Found(
                person=Person(user_id="linxiaolu", nickname="林小鹿", avatar="clover"),
                status=FoundStatus.ADDABLE,
            ),
            Found(person=Person(user_id="senlin", nickname="森林里的风"), status=FoundStatus.ASKED),
        ),
    )


def _groups() -> tuple[Group, ...]:
    notice = "周四 15:00 评审网关设计，文档已发群里。请提前看完，把问题写在评论区 🙏"
    roles = {FOX: Role.OWNER, BEAR: Role.ADMIN}
    team = tuple(
        Member(person=person, role=roles.get(person, Role.MEMBER))
        for person in (FOX, BEAR, CHEN, WANG, ALICE)
    )
    hikers = tuple(Member(person=person) for person in (ZHAO, FOX, LIN, OMAR, WU, MAMA, SUN))
    fans = tuple(Member(person=person) for person in (ALICE, HE, SUN, ZHOU, FOX, WANG, LIN, BEAR, OMAR))
    return (
        Group(
            group_id="team",
            name="产品研发讨论组",
            owner_id="fox",
            notice=notice,
            member_count=5,
            members=team,
        ),
        Group(
            group_id="hikers",
            name="周末徒步 🏔️",
            owner_id=ZHAO.user_id,
            member_count=7,
            members=hikers,
        ),
        Group(
            group_id="python",
            name="Python 爱好者 · 上海站",
            owner_id=ALICE.user_id,
            member_count=486,
            members=fans,
        ),
        Group(
            group_id="news",
            name="naivechat 公告",
            owner_id="admin",
            avatar="robot",
            notice="新版本、维护时间和使用技巧。",
            is_official=True,
        ),
    )


def _team() -> Script:
    script = Script(TEAM, (FOX, BEAR, CHEN, WANG, ALICE))
    script.time("18:20", 1)
    script.say("daxiong", "大家看下新的网关设计，连接层和业务层拆开了，单节点目标 5 万长连接。")
    script.say("fox", "收到，我先看协议部分 😄")
    script.time("10:05")
    script.say("wanglei", "部署手册更新了：\n1. 先升级数据库\n2. 再一台一台重启节点\n3. 客户端会自己重连")
    script.say(
        "fox",
        "👍👍 辛苦！I will run the fuzz suite on the frame codec tonight, then post results at https://example.org/bench",
    )
    script.time("14:28")
    script.say("chenjing", "🎉")
    script.say("chenjing", "好的，我下午把压测报告发出来 👍🏽 家人们 👨‍👩‍👧 🇨🇳")
    script.time("14:32")
    script.say("fox", "周四评审？")
    return script


def _hikers() -> Script:
    script = Script(HIKERS, (FOX, ZHAO, LIN, OMAR))
    script.time("19:02", 1)
    script.happen("zhaoxiaogou", "joined", "عمر حسن", "吴倩")
    script.say("omar", "مرحبا بالجميع! سعيد بالانضمام إليكم، see you on Sunday 🏔️")
    script.say("linyue", "欢迎欢迎！星期天八点，地铁站 A 口见")
    script.recall("zhaoxiaogou")
    script.time("13:40")
    script.face("zhaoxiaogou", "f_24")
    script.say("fox", "我带热茶和水果 🍎🍊")
    script.time("13:58")
    script.fail("路线图发大家：https://example.org/trails/moganshan", "RATE_LIMITED")
    script.begin("等下再发一次")
    return script


def _bear() -> Script:
    script = Script(WITH_BEAR, (FOX, BEAR))
    script.time("12:58")
    script.say("daxiong", "晚上一起吃火锅？🍲🌶️")
    script.face("fox", "f_12")
    script.time("13:20")
    script.say("daxiong", "老地方，六点半")
    script.face("daxiong", "f_22")
    return script


def _news() -> Script:
    people = (FOX, Person(user_id="admin", nickname="naivechat 公告", avatar="robot"))
    script = Script(NEWS, people)
    script.time("09:00", 1)
    script.say("admin", "桌面客户端来了：表情、群聊、离线消息、历史记录，一个都不少。🎉")
    return script


def _talks(messages: dict[TalkKey, tuple[Message, ...]]) -> tuple[Talk, ...]:
    def row(
        key: TalkKey, name: str, date_ms: int, sketch: str = "", avatar: str = "", **more: object
    ) -> Talk:
        last = messages[key][-1] if key in messages else None
        return Talk(key=key, name=name, date_ms=date_ms, sketch=sketch, avatar=avatar, last=last, **more)  # type: ignore[arg-type]

    def friend(person: Person, date_ms: int, sketch: str = "", unread: int = 0) -> Talk:
        key = TalkKey(FRIEND, person.user_id)
        return row(key, person.name, date_ms, sketch, person.avatar, unread=unread)

    return (
        row(TEAM, "产品研发讨论组", at("14:32"), is_pinned=True),
        friend(BEAR, at("13:20"), unread=3),
        row(HIKERS, "周末徒步 🏔️", at("13:58")),
        friend(ALICE, at("12:47"), "Sounds great, see you tomorrow at the station", unread=1),
        row(
            PYTHON,
            "Python 爱好者 · 上海站",
            at("11:05"),
            "何涛: 有人用过 3.13 的自由线程版吗？",
            unread=42,
            is_muted=True,
        ),
        friend(MAMA, at("10:12"), "天冷了，记得加衣服 ❤️", unread=12),
        friend(CHEN, at("09:41"), "周四可以吗？"),
        row(NEWS, "naivechat 公告", at("09:00", 1), avatar="robot", is_official=True, can_write=False),
        friend(WANG, at("21:15", 1), "好，明天上线前再看一遍"),
        friend(ZHAO, at("17:30", 4), "哈哈哈哈哈哈 😂😂"),
        friend(ZHOU, at("08:00", 31), "谢谢！"),
    )
