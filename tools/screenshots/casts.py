"""Who plays which part in the scenes, in each language."""

from collections.abc import Mapping
from typing import Final

import attrs

from tkclient.model.talk import TalkKey
from tools.screenshots import chinese, english
from tools.screenshots.world import World


@attrs.frozen(kw_only=True)
class Cast:
    """The world of a language, and who plays which part in the scenes."""

    world: World
    group: TalkKey
    lively: TalkKey
    friend: TalkKey
    friends: tuple[str, ...]
    contact: str
    written: str
    sought: str
    nickname: str


CASTS: Final[Mapping[str, Cast]] = {
    "zh_CN": Cast(
        world=chinese.chinese_world(),
        group=chinese.TEAM,
        lively=chinese.HIKERS,
        friend=chinese.WITH_BEAR,
        friends=("alice", "chenjing", "linyue"),
        contact="wanglei",
        written="没问题，会议室我来订😊",
        sought="周",
        nickname="木棉",
    ),
    "en": Cast(
        world=english.english_world(),
        group=english.HIKERS,
        lively=english.HIKERS,
        friend=english.WITH_BOB,
        friends=("bob", "clara", "david"),
        contact="david",
        written="I'll bring the tea ☕",
        sought="cl",
        nickname="Maya",
    ),
}
