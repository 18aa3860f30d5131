"""Bugs by which people get at what is another one's."""

from tests.planted.bug import Bug

_APPLICATION = "naivechat.application"
_GROUP = "naivechat.domain.group"
_APPENDING = "naivechat.domain.appending"
_SQL = "naivechat.infrastructure.sql"
_CONTRACT = "tests/contract"
_UNIT = "tests/unit"

BUGS = (
    Bug(
        name="sender-from-the-payload",
        what="Who writes is taken from what the request names, not from the connection.",
        module=f"{_APPLICATION}.messages",
        right="            sender_id=actor.user_id,\n            msg_uuid=msg_uuid,\n            msg_type=msg_type,\n",
        wrong="            sender_id=next(name for name in talk_id.split(':') if name != actor.user_id),\n"
        "            msg_uuid=msg_uuid,\n            msg_type=msg_type,\n",
        tests=(
            f"{_UNIT}/sockets/test_handlers.py::test_a_message_is_acked_and_reaches_the_friend_and_ones_other_devices",
        ),
    ),
    Bug(
        name="a-token-under-any-name",
        what="Whoever has a token comes back with it under any name: as its owner still, but counted as a login of whom they name.",
        module=f"{_SQL}.tokens",
        right="    if token is None or token.user.user_id != claim.user_id:\n",
        wrong="    if token is None:\n",
        tests=(f"{_CONTRACT}/test_people.py::TestTokensOnSQLite::test_a_token_is_its_owners_alone",),
    ),
    Bug(
        name="membership-not-asked-to-write",
        what="Strangers write to any talk.",
        module=_APPENDING,
        right="    if position is None:\n        raise NotMember if is_group_talk(talk_id) else NotFriend\n    return position\n",
        wrong="    return position or Position(role=Role.MEMBER, joined_seq=0, read_seq=0, read_counted=0, read_only=False)\n",
        tests=(
            f"{_UNIT}/domain/test_appending.py::test_strangers_never_get_anything",
            f"{_CONTRACT}/test_log.py::TestLogOnSQLite::test_strangers_neither_write_nor_read",
        ),
    ),
    Bug(
        name="membership-not-asked-to-read",
        what="Strangers read any talk, and open a dialogue with it.",
        module=f"{_SQL}.records",
        right="    if row is None:\n        raise NotMember if is_group_talk(talk_id) else NotFriend\n    return int(row[0])\n",
        wrong="    return 0 if row is None else int(row[0])\n",
        tests=(
            f"{_CONTRACT}/test_log.py::TestLogOnSQLite::test_strangers_neither_write_nor_read",
            f"{_CONTRACT}/test_groups.py::TestTalksOnSQLite::test_outsiders_are_refused_whatever_they_ask",
        ),
    ),
    Bug(
        name="who-left-reads-on",
        what="Whoever has left a group reads what is written after that.",
        module=f"{_SQL}.records",
        right='"SELECT joined_seq FROM talk_member WHERE talk_id = %s AND user_id = %s AND active = 1",',
        wrong='"SELECT joined_seq FROM talk_member WHERE talk_id = %s AND user_id = %s",',
        tests=(
            f"{_CONTRACT}/test_groups.py::TestGroupsOnSQLite::test_who_leaves_is_out_and_who_returns_begins_anew",
        ),
    ),
    Bug(
        name="who-left-writes-on",
        what="Friends of old and people who have left a group go on writing.",
        module=f"{_SQL}.records",
        right='        also="active = 1",\n',
        wrong="",
        tests=(f"{_CONTRACT}/test_log.py::TestLogOnSQLite::test_nobody_writes_after_a_friendship_has_ended",),
    ),
    Bug(
        name="newcomers-read-what-was-before",
        what="Whoever comes into a group reads what was written before.",
        module=f"{_SQL}.records",
        right="    joined_seq = require_position(txn, talk_id, user_id)\n",
        wrong="    joined_seq = 0 * require_position(txn, talk_id, user_id)\n",
        tests=(f"{_CONTRACT}/test_groups.py::TestGroupsOnSQLite::test_newcomers_read_from_their_joining_on",),
    ),
    Bug(
        name="anybody-recalls",
        what="Anybody takes back what others wrote.",
        module=_APPENDING,
        right="    if target.sender_id != entry.sender_id and not _governs(entry, position):\n",
        wrong="    if False:\n",
        tests=(f"{_CONTRACT}/test_log.py::TestLogOnSQLite::test_what_may_not_be_recalled_stays",),
    ),
    Bug(
        name="members-govern",
        what="Plain members change a group, remove people, and dissolve it.",
        module=_GROUP,
        right="    if state.members[actor_id].role < role:\n        raise Forbidden\n",
        wrong="    return\n",
        tests=(
            f"{_UNIT}/domain/test_group.py::test_only_the_owner_sets_roles_and_dissolves",
            f"{_UNIT}/application/test_groups.py::test_a_plain_member_governs_nothing",
        ),
    ),
    Bug(
        name="admins-remove-their-like",
        what="Admins remove each other.",
        module=_GROUP,
        right="    if state.members[user_id].role >= actor_role:\n",
        wrong="    if state.members[user_id].role > actor_role:\n",
        tests=(f"{_UNIT}/domain/test_group.py::test_members_are_removed_by_those_above_them",),
    ),
    Bug(
        name="wildcards-not-escaped",
        what="Whoever searches for % is shown everybody.",
        module=f"{_SQL}.users",
        right='    escaped = folded.replace("!", "!!").replace("%", "!%").replace("_", "!_")\n',
        wrong="    escaped = folded\n",
        tests=(f"{_CONTRACT}/test_people.py::TestUsersOnSQLite::test_search_takes_wildcards_at_their_word",),
    ),
    Bug(
        name="tokens-outlive-a-new-password",
        what="Whoever has stolen a token keeps it after the password was changed.",
        module=f"{_SQL}.users",
        right='    txn.execute("DELETE FROM login_token WHERE user_id = %s AND token_hash <> %s", (user_id, keep or b""))\n',
        wrong="",
        tests=(
            f"{_CONTRACT}/test_people.py::TestUsersOnSQLite::test_a_new_password_drops_all_tokens_but_one",
        ),
    ),
    Bug(
        name="sessions-outlive-a-new-password",
        what="Whoever is logged in stays so after the password was changed.",
        module=f"{_APPLICATION}.accounts",
        right="            SessionsEnded(user_id=actor.user_id, reason=EndReason.EXPIRED, keep=actor.session_id)\n",
        wrong="            SessionsEnded(user_id=UserId(''), reason=EndReason.EXPIRED, keep=actor.session_id)\n",
        tests=(
            f"{_UNIT}/application/test_accounts.py::test_a_new_password_ends_the_other_sessions_and_tokens",
            f"{_UNIT}/sockets/test_handlers.py::test_a_new_password_ends_the_other_sessions",
        ),
    ),
    Bug(
        name="tokens-outlive-a-logout",
        what="A token is good after its owner has logged out.",
        module=f"{_APPLICATION}.sessions",
        right="        await self._tokens.revoke(token_hash)\n",
        wrong="        await self._tokens.known_among((token_hash,))\n",
        tests=(f"{_UNIT}/application/test_sessions.py::test_a_logout_revokes_the_token",),
    ),
    Bug(
        name="tokens-never-end",
        what="A token of last year is taken.",
        module="naivechat.domain.session",
        right="    if expires_at_ms <= now_ms:\n        raise TokenExpired\n",
        wrong="",
        tests=(
            f"{_UNIT}/application/test_sessions.py::test_a_token_ends_after_thirty_days",
            f"{_CONTRACT}/test_people.py::TestTokensOnSQLite::test_a_token_brings_back_until_it_ends",
        ),
    ),
    Bug(
        name="the-disabled-come-back",
        what="A disabled person comes back by a token.",
        module="naivechat.domain.session",
        right="    if disabled:\n        raise Disabled\n",
        wrong="",
        tests=(
            f"{_UNIT}/application/test_sessions.py::test_a_token_left_on_a_disabled_account_is_of_no_use",
        ),
    ),
    Bug(
        name="unknown-people-are-told-apart",
        what="Who has an account can be found out at the login.",
        module=f"{_APPLICATION}.accounts",
        right="        known_hash = account.password_hash if account is not None else None\n",
        wrong="        if account is None:\n            raise AuthFailed\n        known_hash = account.password_hash\n",
        tests=(f"{_UNIT}/application/test_accounts.py::test_unknown_and_wrong_look_alike_and_cost_alike",),
    ),
    Bug(
        name="passwords-may-be-guessed",
        what="Wrong passwords are not counted.",
        module=f"{_APPLICATION}.entry_guard",
        right="        if wait is not None:\n            raise RateLimited(",
        wrong="        if False:\n            raise RateLimited(",
        tests=(f"{_UNIT}/sockets/test_limits.py::test_a_sixth_wrong_password_is_not_even_looked_at",),
    ),
    Bug(
        name="texts-are-markup",
        what="What people are called becomes a part of the console's pages, scripts too.",
        module="naivechat.interfaces.console.rendering",
        right="        autoescape=True,\n",
        wrong="        autoescape=False,\n",
        tests=(
            f"{_UNIT}/interfaces/console/test_attacks.py::test_what_names_and_audit_entries_say_is_text_and_never_a_part_of_the_page",
        ),
    ),
    Bug(
        name="secrets-in-the-log",
        what="A packet that is logged shows its token.",
        module="naivechat.protocol.session",
        right="    token: words.Token = attrs.field(repr=False)\n",
        wrong="    token: words.Token\n",
        tests=(f"{_UNIT}/protocol/test_packets.py::test_secrets_and_texts_stay_out_of_a_packets_repr",),
    ),
)
