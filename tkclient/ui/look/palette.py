"""The colours, by what they are for. A text has a contrast of at least 4.5:1 on each ground it stands on."""

from typing import Final

BAR: Final = "#2e2e2e"
BAR_ICON: Final = "#979797"
ACCENT: Final = "#07c160"
LINE: Final = "#e3e3e3"
WHITE: Final = "#ffffff"
ICON: Final = "#5f5f5f"
ONLINE: Final = "#07c160"
TILES: Final = "#dcdcdc"

LIST: Final = "#e9e8e7"
HEAD: Final = "#f1f0ef"
SEARCH: Final = "#dddcdb"
PINNED: Final = "#dfdedd"
HOVER: Final = "#dcdbda"
SELECTED: Final = "#c9c8c7"

CHAT: Final = "#f5f5f5"
BUBBLE: Final = "#ffffff"
OWN_BUBBLE: Final = "#95ec69"
PILL: Final = "#e9e9e9"
PILL_HOVER: Final = "#dedede"
FIELD: Final = "#f0f0f0"
PRIMARY: Final = "#078445"
PRIMARY_HOVER: Final = "#06743b"
DANGER: Final = "#c62828"
BADGE: Final = "#d93a3a"

TEXT: Final = "#191919"
LIST_NOTE: Final = "#545454"
"""Sketches, times and section heads in the lists; hints in the search field."""
DRAFT: Final = "#a01812"
CHAT_NOTE: Final = "#6b6b6b"
"""Nicknames, time lines and notes on CHAT and on white."""
LINK: Final = "#3a5788"
SEND: Final = "#067039"
"""Green text on PILL and on PILL_HOVER."""

AVATARS: Final = ("#f28b82", "#f6ae5a", "#7fcf8a", "#62b5e5", "#9c8cf0", "#ee86bd", "#5fc9be", "#e0b050")
"""Grounds of drawn portraits, chosen by a hash of the id."""
