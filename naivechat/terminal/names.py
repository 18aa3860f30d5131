"""Whom a person means: talks by what they are called."""

from naivechat.client.state import ChatState
from naivechat.client.talk import FRIEND, GROUP, TalkKey
from naivechat.terminal.commands import CommandError


def title(state: ChatState, key: TalkKey) -> str:
    """How a talk is called: after the friend or the group."""
    if key.talk_type == FRIEND:
        return state.name_of(key.talk_id)
    group = state.groups.get(key.talk_id)
    return group.name if group is not None else key.talk_id


def list_names(state: ChatState) -> tuple[str, ...]:
    """What `find_talk` understands, without doubles: names first, then ids."""
    keys = _keys(state)
    return tuple(dict.fromkeys([*(title(state, key) for key in keys), *(key.talk_id for key in keys)]))


def find_talk(state: ChatState, name: str) -> TalkKey:
    """The friend or group that a person means by `name`: an id, a name, the beginning of one, or a part of a name.

    Raises:
        CommandError: nobody is called so, or several are.
    """
    wanted = name.casefold()
    names = {key: title(state, key).casefold() for key in _keys(state)}
    choices = (
        [key for key in names if key.talk_id == name],
        [key for key, called in names.items() if wanted in (called, key.talk_id.casefold())],
        [
            key
            for key, called in names.items()
            if called.startswith(wanted) or key.talk_id.casefold().startswith(wanted)
        ],
        [key for key, called in names.items() if wanted in called],
    )
    found = next(filter(None, choices), [])
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"{title(state, key)} ({key.talk_id})" for key in found)
        raise CommandError(f"Several are called so: {several}. Name one by the id.")
    raise CommandError(
        f"No friend or group is called {name}: /friends, /groups and /find KEY show who there is."
    )


def _keys(state: ChatState) -> tuple[TalkKey, ...]:
    groups = (TalkKey(GROUP, group_id) for group_id in state.groups)
    friends = (TalkKey(FRIEND, user_id) for user_id in state.friends)
    return (*friends, *groups)
