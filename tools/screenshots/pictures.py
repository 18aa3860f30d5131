"""All pictures of the documents."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import attrs

from tools.screenshots import scenes
from tools.screenshots.casts import Cast
from tools.screenshots.stage import Stage, Style


@attrs.frozen
class Picture:
    """A scene in a style."""

    scene: Callable[[Stage, Cast, Path], None]
    style: Style = attrs.field(factory=Style)


_ENGLISH: Final = Style(language="en")

PICTURES: Final[Mapping[str, Picture]] = {
    "chat": Picture(scenes.chat),
    "messages": Picture(scenes.messages),
    "emoji": Picture(scenes.emoji),
    "faces": Picture(scenes.faces),
    "scale-1.5": Picture(scenes.chat, Style(scale=1.5)),
    "english": Picture(scenes.messages, _ENGLISH),
    "login": Picture(scenes.login, _ENGLISH),
    "login-register": Picture(scenes.login_register, _ENGLISH),
    "contacts": Picture(scenes.contacts, _ENGLISH),
    "group": Picture(scenes.group_page, _ENGLISH),
    "official": Picture(scenes.official, _ENGLISH),
    "new-friends": Picture(scenes.new_friends, _ENGLISH),
    "search": Picture(scenes.search, _ENGLISH),
    "group-panel": Picture(scenes.group_panel, _ENGLISH),
    "dissolve": Picture(scenes.dissolve, _ENGLISH),
    "create-group": Picture(scenes.create_group, _ENGLISH),
    "settings": Picture(scenes.settings, _ENGLISH),
    "profile": Picture(scenes.profile, _ENGLISH),
    "menu": Picture(scenes.menu, _ENGLISH),
}
"""All pictures, by the names of their files. Where words matter they are English, as the documents are."""
