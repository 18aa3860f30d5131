"""How ended what a user asked for, in words."""

from collections.abc import Mapping
from math import ceil

from tkclient.interfaces import OFFLINE_CODE, Action, Outcome
from tkclient.ui.text.words import Words


def outcome_words(outcome: Outcome, words: Words) -> str:
    """One sentence; "" for what was done and is seen anyway."""
    if not outcome.code:
        return _done(words).get(outcome.action, "")
    if outcome.code == "RATE_LIMITED":
        return _rate_limited(outcome.retry_after_ms, words)
    special = {**_of_friends(words), **_of_groups(words), **_of_oneself(words), **_of_messages(words)}
    known = special.get((outcome.action, outcome.code)) or _by_code(words).get(outcome.code)
    return known or words("That did not work ({code}).", code=outcome.code)


def _rate_limited(retry_after_ms: int, words: Words) -> str:
    seconds = ceil(retry_after_ms / 1000)
    if not seconds:
        return words("That was too often. Please wait a little.")
    return words.count(
        "That was too often. Please try again in {count} second.",
        "That was too often. Please try again in {count} seconds.",
        seconds,
    )


def _done(words: Words) -> Mapping[Action, str]:
    return {
        Action.CHANGE_PASSWORD: words("The password has been changed."),
        Action.UPDATE_PROFILE: words("Your profile has been saved."),
        Action.INVITE: words("Invited."),
        Action.DISSOLVE_GROUP: words("The group has been dissolved."),
        Action.LEAVE_GROUP: words("You have left the group."),
    }


def _by_code(words: Words) -> Mapping[str, str]:
    return {
        OFFLINE_CODE: words("There is no connection. Please try again when there is one."),
        "UNAVAILABLE": words("The server cannot do that at the moment. Please try again soon."),
        "INTERNAL": words("The server has made a mistake. Please try again."),
        "FORBIDDEN": words("You may not do that."),
        "NOT_FRIEND": words("You are not friends."),
        "NOT_MEMBER": words("You are no longer in this group."),
        "NOT_FOUND": words("There is nobody and nothing of that name."),
        "BAD_REQUEST": words("The server does not accept what was entered."),
        "TOO_LARGE": words("A message has up to 4,000 characters."),
        "CONFLICT": words("The server knows that already, but differently."),
        "LIMIT": words("The server's limit is reached."),
        "DISABLED": words("This account has been disabled by the operator."),
        "NOT_LOGGED_IN": words("There is no connection. Please try again when there is one."),
        "TOKEN_EXPIRED": words("Your login has expired. Please log in again."),
    }


def _of_messages(words: Words) -> Mapping[tuple[Action, str], str]:
    return {
        (Action.SEND, "NOT_FRIEND"): words("You are no longer friends: the message was not delivered."),
        (Action.SEND, "NOT_MEMBER"): words("You are no longer in this group: the message was not delivered."),
        (Action.SEND, "FORBIDDEN"): words("You may not write here."),
        (Action.RECALL, "FORBIDDEN"): words("A message can be recalled within 2 minutes."),
        (Action.RECALL, "NOT_FOUND"): words("This message cannot be recalled any more."),
        (Action.LOAD_OLDER, OFFLINE_CODE): words("Older messages cannot be fetched without a connection."),
    }


def _of_friends(words: Words) -> Mapping[tuple[Action, str], str]:
    return {
        (Action.ADD_FRIEND, "NOT_FOUND"): words("There is no such account."),
        (Action.ADD_FRIEND, "LIMIT"): words("One of you cannot have more friends."),
        (Action.ANSWER_FRIEND, "LIMIT"): words("One of you cannot have more friends."),
        (Action.ANSWER_FRIEND, "NOT_FOUND"): words("This request has been taken back."),
    }


def _of_groups(words: Words) -> Mapping[tuple[Action, str], str]:
    return {
        (Action.INVITE, "NOT_FRIEND"): words("Only friends can be invited."),
        (Action.INVITE, "LIMIT"): words("The group cannot have more members."),
        (Action.CREATE_GROUP, "NOT_FRIEND"): words("Only friends can be invited."),
        (Action.CREATE_GROUP, "LIMIT"): words(
            "The group cannot have so many members, or you have too many groups."
        ),
        (Action.REMOVE_MEMBER, "NOT_FOUND"): words("They are no longer in this group."),
        (Action.SET_ROLE, "NOT_FOUND"): words("They are no longer in this group."),
    }


def _of_oneself(words: Words) -> Mapping[tuple[Action, str], str]:
    return {
        (Action.CHANGE_PASSWORD, "AUTH_FAILED"): words("The old password is wrong."),
        (Action.CHANGE_PASSWORD, "WEAK_PASSWORD"): words("The password needs at least 8 characters."),
    }
