"""What happened to a group, as a sentence."""

from tkclient.model.talk import GroupEvent
from tkclient.ui.text.words import Words


def event_sentence(event: GroupEvent | None, words: Words) -> str:
    """What happened, for the talk and its row; "" of what is not known."""
    if event is None:
        return ""
    others = tuple(name for name in event.names if name != event.actor_name)
    names = words(", ").join(others)
    if event.event in ("created", "joined"):
        return _came(event, names, words)
    if event.event == "updated":
        return _updated(event, words)
    if event.event == "left":
        return words("{name} left the group", name=event.actor_name)
    if event.event == "removed":
        return words("{name} removed {names} from the group", name=event.actor_name, names=names)
    if event.event == "role":
        return words("{name} changed the role of {names}", name=event.actor_name, names=names)
    if event.event == "dissolved":
        return words("{name} dissolved the group", name=event.actor_name)
    return ""


def _came(event: GroupEvent, names: str, words: Words) -> str:
    if names:
        return words("{name} invited {names} to the group", name=event.actor_name, names=names)
    if event.event == "created":
        return words("{name} created the group", name=event.actor_name)
    return words("{name} joined the group", name=event.actor_name)


def _updated(event: GroupEvent, words: Words) -> str:
    if event.group_name:
        return words(
            '{name} changed the name of the group to "{group}"', name=event.actor_name, group=event.group_name
        )
    return words("{name} updated the group's details", name=event.actor_name)
