"""The same windows for somebody who speaks English."""

from typing import Final

from tkclient.interfaces import LoginForm
from tkclient.model.people import Found, FoundStatus, FriendRequest, Group, Member, Person, Role
from tkclient.model.talk import FRIEND, GROUP, Message, Talk, TalkKey
from tools.screenshots.world import Script, World, at

EMMA: Final = Person(user_id="emma", nickname="Emma Larsen", avatar="koala")
BOB = Person(user_id="bob", nickname="Bob Fischer", avatar="bear", is_online=True)
CLARA = Person(user_id="clara", nickname="Clara Rossi", avatar="strawberry", is_online=True)
LINA = Person(user_id="lina", nickname="李娜")
DAVID = Person(user_id="david", nickname="David Novák", remark="Dave (climbing)", is_online=True)
GRACE = Person(user_id="grace.okafor", nickname="Grace Okafor", avatar="butterfly")
FRANK = Person(user_id="frank", nickname="Frank Moreau", avatar="penguin")
NOA = Person(user_id="noa", nickname="נועה לוי", avatar="cactus", is_online=True)
FRIENDS: Final = (BOB, CLARA, LINA, DAVID, GRACE, FRANK, NOA)

HIKERS: Final = TalkKey(GROUP, "hikers")
WITH_BOB: Final = TalkKey(FRIEND, BOB.user_id)


def english_world() -> World:
    """Everything."""
    messages = {script.key: script.messages for script in (_hikers(), _bob())}
    return World(
        user=EMMA,
        form=LoginForm(
            server="chat.example.org",
            user_id="emma",
            nickname="Emma Larsen",
            avatar="koala",
            can_remember=True,
        ),
        friends=FRIENDS,
        groups=_groups(),
        talks=_talks(messages),
        messages=messages,
        drafts={TalkKey(FRIEND, "grace.okafor"): "Happy birthday! 🎂"},
        requests=(
            FriendRequest(
                person=Person(user_id="hugo", nickname="Hugo Silva", avatar="whale"),
                greeting="Hi Emma, we met at the climbing hall on Saturday",
                asked_at_ms=at("11:20"),
            ),
        ),
        sought="la",
        found=(
            Found(person=CLARA, status=FoundStatus.FRIEND),
            Found(
                person=Person(user_id="lars", nickname="Lars Lindqvist", avatar="owl"),
                status=FoundStatus.ADDABLE,
            ),
            Found(person=Person(user_id="laura.p", nickname="Laura Petit"), status=FoundStatus.ASKED),
        ),
    )


def _groups() -> tuple[Group, ...]:
    people = (EMMA, BOB, CLARA, LINA, DAVID, NOA)
    members = tuple(
        Member(person=person, role=Role.OWNER if person is EMMA else Role.MEMBER) for person in people
    )
    return (
        Group(
            group_id="hikers",
            name="Weekend hikers 🏔️",
            owner_id="emma",
            notice="Sunday, 8:00, at the station. Bring something warm, and lunch for two.",
            member_count=6,
            members=members,
        ),
        Group(
            group_id="news",
            name="City library",
            owner_id="library",
            avatar="owl",
            notice="New books and opening hours.",
            is_official=True,
        ),
    )


def _hikers() -> Script:
    script = Script(HIKERS, (EMMA, BOB, CLARA, LINA, DAVID, NOA))
    script.time("18:20", 1)
    script.say("bob", "The forecast for Sunday is perfect: sun, no wind, 21 degrees ☀️")
    script.say("emma", "Then the long route, over both peaks?")
    script.time("14:20")
    script.happen("emma", "joined", "נועה לוי")
    script.say("noa", "שלום לכולם! thanks for having me 🙌")
    script.say("lina", "欢迎！星期天见 👋")
    script.face("clara", "f_12")
    script.say(
        "emma",
        "Welcome, Noa! The map is at https://example.org/trails/two-peaks\nWe meet at eight and are back for dinner 🍝",
    )
    return script


def _bob() -> Script:
    script = Script(WITH_BOB, (EMMA, BOB))
    script.time("12:40")
    script.say("bob", "Shall I bring the big tent? 🏕️")
    script.face("emma", "f_22")
    return script


def _talks(messages: dict[TalkKey, tuple[Message, ...]]) -> tuple[Talk, ...]:
    def friend(person: Person, date_ms: int, sketch: str = "", unread: int = 0) -> Talk:
        key = TalkKey(FRIEND, person.user_id)
        last = messages[key][-1] if key in messages else None
        return Talk(
            key=key,
            name=person.name,
            avatar=person.avatar,
            date_ms=date_ms,
            sketch=sketch,
            unread=unread,
            last=last,
        )

    news = Talk(
        key=TalkKey(GROUP, "news"),
        name="City library",
        avatar="owl",
        date_ms=at("09:00", 1),
        sketch="New on the shelves: forty novels, and twelve comics",
        is_official=True,
        can_write=False,
        is_muted=True,
        unread=2,
    )
    hikers = Talk(
        key=HIKERS,
        name="Weekend hikers 🏔️",
        date_ms=at("14:20"),
        is_pinned=True,
        last=messages[HIKERS][-1],
    )
    return (
        hikers,
        friend(BOB, at("12:40")),
        friend(CLARA, at("11:58"), "I have found the recipe at last! 🍋", unread=2),
        friend(LINA, at("10:31"), "好的，明天见"),
        friend(GRACE, at("09:12"), "See you on Friday"),
        news,
        friend(DAVID, at("20:44", 1), "New shoes. You will laugh 😂", unread=1),
        friend(NOA, at("19:00", 3), "תודה!"),
        friend(FRANK, at("08:00", 31), "Bonne idée"),
    )
