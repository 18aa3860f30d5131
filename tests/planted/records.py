"""Bugs by which messages are lost, doubled, out of order, or not what was written."""

from tests.planted.bug import Bug

_APPENDING = "naivechat.domain.appending"
_SQL = "naivechat.infrastructure.sql"
_ORDER = "naivechat.sockets.push_order"
_LOG_TESTS = "tests/contract/test_log.py::TestLogOnSQLite::test_"
_RULE_TESTS = "tests/unit/domain/test_appending.py::test_"
_ORDER_TESTS = "tests/unit/sockets/test_push_order.py::test_"

BUGS = (
    Bug(
        name="auto-increment-cursor",
        what="A node reads news by a cursor over AUTO_INCREMENT: what commits late is never seen there.",
        module=f"{_SQL}.news",
        right="self._gaps = {n: s for n, s in (open_gaps | passed).items() if n not in found.rows}",
        wrong="self._gaps = {}",
        tests=(
            "tests/unit/infrastructure/test_news.py::test_a_lower_number_that_is_committed_later_is_news",
            "tests/unit/infrastructure/test_news.py::test_a_missing_number_is_asked_for_as_long_as_any_transaction_may_be_open",
        ),
    ),
    Bug(
        name="gap-after-refusal",
        what="A refused message takes a number: the log has a hole that nobody can fill.",
        module=_APPENDING,
        right="    except ChatError as refusal:\n        return refusal\n",
        wrong="    except ChatError as refusal:\n        state.heads[entry.talk_id].last_seq += 1\n        return refusal\n",
        tests=(
            f"{_RULE_TESTS}logs_have_no_gaps_and_ids_name_one_record",
            f"{_LOG_TESTS}one_refusal_leaves_the_rest_of_the_batch",
        ),
    ),
    Bug(
        name="gap-in-a-batch",
        what="Numbers go on by two.",
        module=_APPENDING,
        right="    head.last_seq = message.seq\n",
        wrong="    head.last_seq = message.seq + 1\n",
        tests=(
            f"{_RULE_TESTS}logs_have_no_gaps_and_ids_name_one_record",
            f"{_LOG_TESTS}records_are_numbered_in_the_order_of_their_appending",
        ),
    ),
    Bug(
        name="no-uniqueness",
        what="A message that is sent again is not known.",
        module=f"{_SQL}.records",
        right="        state.known[record.message.sender_id, record.message.msg_uuid] = record\n",
        wrong="",
        tests=(
            f"{_LOG_TESTS}a_resend_gets_the_first_ones_record",
            f"{_LOG_TESTS}the_same_name_in_another_talk_is_a_conflict",
        ),
    ),
    Bug(
        name="one-name-for-all-senders",
        what="Whoever uses another one's msg_uuid gets that one's message for an answer.",
        module=_APPENDING,
        right="    if first.talk_id != entry.talk_id or",
        wrong="    if",
        tests=(f"{_LOG_TESTS}the_same_name_in_another_talk_is_a_conflict",),
    ),
    Bug(
        name="ack-before-commit",
        what="Messages are acked whatever becomes of their commit.",
        module=f"{_SQL}.pool",
        right="            self.engine.commit(connection, cursor, txn.take_unsent())\n",
        wrong="            with contextlib.suppress(Exception):\n"
        "                self.engine.commit(connection, cursor, txn.take_unsent())\n",
        tests=("tests/contract/test_outages.py::TestOutagesOnSQLite::test_a_commit_that_fails_is_run_again",),
    ),
    Bug(
        name="told-before-commit",
        what="Others are told of a message before it is stored.",
        module="naivechat.application.messages",
        right="        return Send(\n",
        wrong="        from naivechat.domain.message import Message\n"
        "        self._bus.publish(MessageStored(message=Message(talk_id=talk_id, seq=1, sender_id=actor.user_id,"
        " msg_type=msg_type, text=text, sent_at_ms=0, msg_uuid=msg_uuid), sender=actor.user, origin=actor.session_id))\n"
        "        return Send(\n",
        tests=(
            "tests/unit/application/test_messages.py::test_nothing_is_told_before_the_commit",
            "tests/unit/application/test_messages.py::test_nothing_is_told_of_what_was_not_stored",
            "tests/unit/sockets/test_connection.py::test_a_send_that_commits_after_its_connection_ended_is_stored_and_pushed",
        ),
    ),
    Bug(
        name="told-before-a-begun-send-commits",
        what="Others are told of a message that a connection sends before it is stored; what is sent by `send` alone is not.",
        module="naivechat.application.messages",
        right="        self._log.submit(self._entry(actor, talk_id, msg_uuid, msg_type, text), settled)\n",
        wrong="        from naivechat.domain.message import Message\n"
        "        self._bus.publish(MessageStored(message=Message(talk_id=talk_id, seq=1, sender_id=actor.user_id,"
        " msg_type=msg_type, text=text, sent_at_ms=0, msg_uuid=msg_uuid), sender=actor.user, origin=actor.session_id))\n"
        "        self._log.submit(self._entry(actor, talk_id, msg_uuid, msg_type, text), settled)\n",
        tests=(
            "tests/unit/application/test_messages.py::test_of_a_send_that_is_begun_nothing_is_told_before_the_commit",
            "tests/unit/application/test_messages.py::test_of_a_send_that_is_begun_and_not_stored_nothing_is_told",
        ),
    ),
    Bug(
        name="a-resend-is-told-again",
        what="A message whose ack was lost is shown to others once for each time it is sent.",
        module="naivechat.application.messages",
        right="        if not appended.duplicate:\n",
        wrong="        if True:\n",
        tests=(
            "tests/unit/application/test_messages.py::test_a_resend_gets_the_first_seq_and_is_told_to_nobody",
        ),
    ),
    Bug(
        name="a-failure-takes-the-batch-along",
        what="One entry that cannot be stored fails all that came with it.",
        module=f"{_SQL}.message_log",
        right="            if len(batch) > 1:\n",
        wrong="            if False:\n",
        tests=(
            "tests/unit/infrastructure/test_message_log.py::TestQueue::test_of_a_batch_that_fails_each_entry_is_tried_alone_and_only_the_guilty_one_fails",
        ),
    ),
    Bug(
        name="an-unknown-fate-is-forgotten",
        what="What was stored though its commit's answer was lost is told to nobody when it is sent again.",
        module=f"{_SQL}.message_log",
        right="        self._uncertain.add(unit.maybe_stored | unit.written)\n",
        wrong="",
        tests=(
            "tests/unit/infrastructure/test_message_log.py::TestUncertainty::test_what_was_stored_all_the_same_is_news_once",
            "tests/contract/test_outages.py::TestOutagesOnSQLite::test_a_resend_after_an_unknown_fate_is_news_once",
        ),
    ),
    Bug(
        name="blind-to-who-is-gone",
        what="What is stored blindly is stored for strangers, too.",
        module=f"{_SQL}.blind",
        right='"VALUES (%s, IF(ROW_COUNT() = 1, {seq}, NULL), %s',
        wrong='"VALUES (%s, {seq}, %s',
        tests=(
            "tests/contract/test_blind.py::TestBlind::test_a_refusal_stores_nothing_and_the_rest_is_decided_by_asking",
            "tests/contract/test_blind.py::TestBlind::test_who_is_put_out_while_a_message_waits_for_its_talk_is_refused",
        ),
    ),
    Bug(
        name="blind-to-talks",
        what="A talk that cannot be raised lends a message the number of the one before.",
        module=f"{_SQL}.blind",
        right=' AND active = 1 AND ROW_COUNT() = 1"',
        wrong=' AND active = 1"',
        tests=("tests/contract/test_blind.py::TestBlind::test_in_an_official_account_only_operators_write",),
    ),
    Bug(
        name="a-queue-without-end",
        what="While the database is away, messages queue up until memory ends.",
        module=f"{_SQL}.message_log",
        right="        if len(self._queue) >= MOST_QUEUED:\n",
        wrong="        if False:\n",
        tests=("tests/contract/test_outages.py::TestOutagesOnSQLite::test_a_full_queue_refuses_at_once",),
    ),
    Bug(
        name="read-position-of-others-moved",
        what="Writing moves the read positions of all who are in the talk.",
        module=_APPENDING,
        right="        _move_read(position, record, message.sender_id, decisions)\n",
        wrong="        for (talk_id, user_id), others in state.positions.items():\n"
        "            if talk_id == message.talk_id:\n"
        "                _move_read(others, record, user_id, decisions)\n",
        tests=("tests/unit/domain/test_appending.py::test_writing_moves_nobody_elses_read_position",),
    ),
    Bug(
        name="read-position-goes-back",
        what="A device that is behind makes read messages unread again.",
        module=_APPENDING,
        right="    if entry.seq <= position.read_seq:\n",
        wrong="    if entry.seq == position.read_seq:\n",
        tests=(
            f"{_RULE_TESTS}read_positions_only_move_forward_and_stay_in_the_log",
            f"{_LOG_TESTS}read_positions_only_move_forward",
        ),
    ),
    Bug(
        name="pushed-twice",
        what="A record that comes twice, by the bus and from the log, is pushed twice.",
        module=_ORDER,
        right="        elif record.seq == pushed + 1:\n",
        wrong="        elif record.seq <= pushed + 1:\n",
        tests=(
            f"{_ORDER_TESTS}an_older_one_is_dropped",
            f"{_ORDER_TESTS}whatever_comes_in_whatever_order_seqs_rise_without_a_gap",
        ),
    ),
    Bug(
        name="pushed-with-gaps",
        what="Records are pushed as the bus brings them, and nobody looks for what is missing before.",
        module=_ORDER,
        right="        elif record.seq == pushed + 1:\n",
        wrong="        elif record.seq > pushed:\n",
        tests=(
            f"{_ORDER_TESTS}what_is_missing_is_read_before_a_later_one_is_pushed",
            f"{_ORDER_TESTS}whatever_comes_in_whatever_order_seqs_rise_without_a_gap",
        ),
    ),
    Bug(
        name="epoch-kept-on-restore",
        what="A restored database has the name of the one it was copied from: clients keep what has never been.",
        module=f"{_SQL}.backup.making",
        right='NOT_KEPT = frozenset({"history", ',
        wrong="NOT_KEPT = frozenset({",
        tests=(
            "tests/contract/test_backup.py::TestBackupOfSQLite::test_a_backup_holds_everything_whichever_database_it_goes_into",
        ),
    ),
    Bug(
        name="history-from-the-wrong-end",
        what="Whoever was away sees the oldest messages, not the newest.",
        module=f"{_SQL}.records",
        right='rows = _page(txn, talk_id, condition, "DESC", values, wanted.limit)',
        wrong='rows = _page(txn, talk_id, condition, "ASC", values, wanted.limit)[::-1]',
        tests=(f"{_LOG_TESTS}history_pages_both_ways",),
    ),
)
