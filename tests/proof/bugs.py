"""Bugs as somebody could write them, each with the tests that must turn red."""

import attrs

from tests.proof.other_source import path_of


@attrs.frozen
class Bug:
    """In `module`, `right` becomes `wrong`; each of `tests`, alone, must fail then."""

    module: str
    right: str
    wrong: str
    tests: tuple[str, ...]

    @property
    def source(self) -> str:
        """The module with the bug. AssertionError when the code to be broken is not there, or not once."""
        text = path_of(self.module).read_text()
        assert text.count(self.right) == 1, f"{self.module} has {text.count(self.right)} times {self.right!r}"
        return text.replace(self.right, self.wrong)


_DOMAIN, _SQL, _SOCKETS = "naivechat.domain", "naivechat.infrastructure.sql", "naivechat.sockets"
_UNIT, _CONTRACT, _ATTACKS = "tests/unit", "tests/contract", "tests/attacks"
_MATRIX = f"{_ATTACKS}/test_matrix.py::test_everybody_is_answered_as_the_matrix_says"

IN_SHORT = (
    "no resubscription",
    "old socket unbinds the new one",
    "a token is good for whoever is named",
    "ack before commit",
    "a gap in the numbers",
    "unknown accounts are refused sooner",
)
"""Those that every test run plants."""

BUGS: dict[str, Bug] = {
    "auto-increment cursor": Bug(
        f"{_SQL}.news",
        "passed = dict.fromkeys(range(self._cursor + 1, reached + 1), now_s)",
        "passed: dict[int, float] = {}",
        (f"{_UNIT}/infrastructure/test_news.py",),
    ),
    "no resubscription": Bug(
        "naivechat.infrastructure.redis.subscriptions",
        "self._changed = dict.fromkeys(self._channels)\n        self._restoring",
        "self._restoring",
        (
            f"{_UNIT}/infrastructure/redis/test_subscriber.py",
            f"{_UNIT}/infrastructure/redis/test_subscriptions.py",
        ),
    ),
    "old socket unbinds the new one": Bug(
        f"{_SOCKETS}.registry",
        "        for topic in tuple(session.topics):\n            self._leave(session, topic)\n        if not",
        "        for other in self.of(session.user_id) + (session,):\n"
        "            for topic in tuple(other.topics):\n                self._leave(other, topic)\n        if not",
        (
            f"{_UNIT}/sockets/test_registry.py::test_the_end_of_an_old_session_leaves_the_new_one",
            f"{_ATTACKS}/test_faults_of_the_original.py::test_an_old_connections_end_does_not_make_a_new_one_deaf",
        ),
    ),
    "a token is good for whoever is named": Bug(
        f"{_SQL}.tokens",
        'WHERE t.token_hash = %s AND t.user_id = %s",\n        (token_hash, user_id),',
        'WHERE t.token_hash = %s",\n        (token_hash,),',
        (f"{_CONTRACT}/test_people.py::TestTokensOnSQLite::test_a_token_is_its_owners_alone",),
    ),
    "no uniqueness": Bug(
        f"{_DOMAIN}.appending",
        "if known is not None:\n        return _resent(known, entry)",
        "if known is not None and entry.text == chr(0):\n        return _resent(known, entry)",
        (f"{_UNIT}/domain/test_appending.py", f"{_CONTRACT}/test_log.py::TestLogOnSQLite"),
    ),
    "ack before commit": Bug(
        f"{_SQL}.message_log",
        "        outcomes: list[Any]\n",
        "        outcomes: list[Any]\n        for queued in timely:\n            _settle(queued, None)\n",
        (f"{_UNIT}/infrastructure/test_message_log.py",),
    ),
    "a gap in the numbers": Bug(
        f"{_DOMAIN}.appending",
        "        seq=state.heads[entry.talk_id].last_seq + 1,\n        sender_id=entry.sender_id,\n        msg_type=entry.msg_type,",
        "        seq=state.heads[entry.talk_id].last_seq + 2,\n        sender_id=entry.sender_id,\n        msg_type=entry.msg_type,",
        (f"{_UNIT}/domain/test_appending.py",),
    ),
    "strangers write": Bug(
        f"{_DOMAIN}.appending",
        "    if position is None:\n        raise NotMember if is_group_talk(talk_id) else NotFriend\n    return position",
        "    return position or Position(role=Role.MEMBER, joined_seq=0, read_seq=0, read_counted=0)",
        (f"{_MATRIX}", f"{_CONTRACT}/test_log.py::TestLogOnSQLite::test_strangers_neither_write_nor_read"),
    ),
    "members govern": Bug(
        f"{_DOMAIN}.group",
        "    if state.members[actor_id].role < role:\n        raise Forbidden",
        "    if state.members[actor_id].role < Role.MEMBER:\n        raise Forbidden",
        (_MATRIX, f"{_UNIT}/domain/test_group.py"),
    ),
    "anybody takes anything back": Bug(
        f"{_DOMAIN}.appending",
        "if target.sender_id != entry.sender_id and not",
        "if target.sender_id == chr(0) and not",
        (_MATRIX, f"{_UNIT}/domain/test_appending.py"),
    ),
    "who comes later reads what was before": Bug(
        f"{_SQL}.records",
        "[max(joined_seq, wanted.after_seq)]",
        "[wanted.after_seq]",
        (f"{_CONTRACT}/test_agreement.py::TestAgreementOnSQLite",),
    ),
    "who has gone hears on": Bug(
        f"{_SOCKETS}.registry",
        "                self._go(session, group_topic(group_id), seq)",
        "                session.went[group_topic(group_id)] = seq",
        (f"{_UNIT}/sockets/test_cluster.py", f"{_UNIT}/sockets/test_registry.py"),
    ),
    "pushed as it comes": Bug(
        f"{_SOCKETS}.push_order",
        "elif record.seq == pushed + 1:",
        "elif record.seq > pushed:",
        (f"{_UNIT}/sockets/test_push_order.py", f"{_UNIT}/sockets/test_fan_out.py"),
    ),
    "the disabled get in": Bug(
        "naivechat.application.accounts",
        "        if account.disabled:\n            raise Disabled\n",
        "",
        (f"{_UNIT}/application/test_accounts.py",),
    ),
    "a logout leaves its token": Bug(
        f"{_SQL}.tokens",
        'txn.execute("DELETE FROM login_token WHERE token_hash = %s", (token_hash,))',
        'txn.row("SELECT 1 FROM login_token WHERE token_hash = %s", (token_hash,))',
        (f"{_CONTRACT}/test_people.py::TestTokensOnSQLite::test_renewing_moves_the_end_and_revoking_drops",),
    ),
    "wildcards are wildcards": Bug(
        f"{_SQL}.users",
        'escaped = folded.replace("!", "!!").replace("%", "!%").replace("_", "!_")',
        "escaped = folded",
        (f"{_CONTRACT}/test_people.py::TestUsersOnSQLite::test_search_takes_wildcards_at_their_word",),
    ),
    "unknown accounts are refused sooner": Bug(
        "naivechat.application.accounts",
        "        verified = await self._hasher.verify(known_hash, password)\n        if account is None or",
        "        verified = known_hash is not None and await self._hasher.verify(known_hash, password)\n"
        "        if account is None or",
        (f"{_UNIT}/application/test_accounts.py::test_unknown_and_wrong_look_alike_and_cost_alike",),
    ),
    "endless frames": Bug(
        "naivechat.protocol.frame",
        "        return self.max_frame\n",
        "        return 2**31\n",
        (
            f"{_UNIT}/protocol/test_frame.py",
            f"{_ATTACKS}/test_faults_of_the_original.py::test_of_a_frame_that_is_too_long_nothing_is_kept",
        ),
    ),
    "tags are let in": Bug(
        "naivechat.protocol.codec",
        "        semantic_decoders=_REFUSED_TAGS,\n        tag_hook=_refuse_tag,\n",
        "",
        (f"{_UNIT}/protocol/test_codec.py::test_a_payload_is_exactly_one_map_of_the_profile",),
    ),
    "bytes behind a payload": Bug(
        "naivechat.protocol.codec",
        "if end != _END or type(fields) is not dict:",
        "if type(fields) is not dict:",
        (f"{_UNIT}/protocol/test_codec.py",),
    ),
}
