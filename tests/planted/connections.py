"""Bugs of connections, of their sessions, and of what nodes tell each other."""

from tests.planted.bug import Bug

_PROTOCOL = "naivechat.protocol"
_SOCKETS = "naivechat.sockets"
_SOCKET_TESTS = "tests/unit/sockets"
_CODEC_TESTS = "tests/unit/protocol/test_codec.py::test_"

BUGS = (
    Bug(
        name="frames-without-end",
        what="A peer fills the memory with one frame.",
        module=f"{_PROTOCOL}.frame",
        right="        if not 0 < length <= self.max_frame:\n",
        wrong="        if not 0 < length <= 2**31:\n",
        tests=(
            "tests/unit/protocol/test_frame.py::test_a_frame_of_the_greatest_length_passes_and_one_byte_more_does_not",
            f"{_SOCKET_TESTS}/test_connection.py::test_a_length_that_no_frame_has_before_login_is_answered_and_closes",
        ),
    ),
    Bug(
        name="tags-are-taken",
        what="Tags of CBOR build regexes, huge numbers and cycles.",
        module=f"{_PROTOCOL}.codec",
        right="        semantic_decoders=_REFUSED_TAGS,\n        tag_hook=_refuse_tag,\n",
        wrong="",
        tests=(f"{_CODEC_TESTS}no_tag_is_let_in",),
    ),
    Bug(
        name="bytes-behind-a-packet",
        what="What stands behind a packet's map is passed over.",
        module=f"{_PROTOCOL}.codec",
        right="    if end != _END or type(fields) is not dict:\n",
        wrong="    if type(fields) is not dict:\n",
        tests=(f"{_CODEC_TESTS}a_packet_with_bytes_behind_it_is_refused",),
    ),
    Bug(
        name="served-without-a-login",
        what="Requests are served before anybody has logged in.",
        module=f"{_SOCKETS}.dispatch",
        right=" or (route.access is Access.LOGGED_IN and session is None):\n",
        wrong=":\n",
        tests=(
            f"{_SOCKET_TESTS}/test_connection.py::test_any_other_request_before_login_is_refused_and_changes_nothing",
        ),
    ),
    Bug(
        name="old-socket-unbinds-new",
        what="The end of an old connection makes its owner's new one deaf.",
        module=f"{_SOCKETS}.registry",
        right="        for topic in tuple(session.topics):\n            self._leave(session, topic)\n",
        wrong="        for other in (session, *self.of(session.user_id)):\n"
        "            for topic in tuple(other.topics):\n                self._leave(other, topic)\n",
        tests=(
            f"{_SOCKET_TESTS}/test_registry.py::test_the_end_of_an_old_session_leaves_the_new_one",
            f"{_SOCKET_TESTS}/test_login.py::test_the_same_device_replaces_the_older_session_whose_end_changes_nothing",
        ),
    ),
    Bug(
        name="a-replaced-session-stays",
        what="A login does not end the older session of its device.",
        module=f"{_SOCKETS}.registry",
        right="            if session.device == device and session.login_no < login_no:\n",
        wrong="            if False:\n",
        tests=(
            f"{_SOCKET_TESTS}/test_login.py::test_a_replaced_session_is_told_why",
            f"{_SOCKET_TESTS}/test_cluster.py::test_a_login_of_the_same_device_on_another_node_ends_the_first",
        ),
    ),
    Bug(
        name="who-left-hears-on",
        what="Whoever has left a group goes on hearing it.",
        module=f"{_SOCKETS}.registry",
        right="                self._go(session, group_topic(group_id), seq)\n",
        wrong="                _ = group_topic(group_id), seq\n",
        tests=(
            f"{_SOCKET_TESTS}/test_handlers.py::test_who_leaves_or_is_removed_is_told_and_hears_nothing_more",
            f"{_SOCKET_TESTS}/test_cluster.py::test_whoever_goes_hears_no_more",
        ),
    ),
    Bug(
        name="a-large-gap-hides-who-left",
        what="Whoever has left a group goes on hearing it on a node that has missed very much of it.",
        module=f"{_SOCKETS}.push_order",
        right=" if is_group or not is_large else None\n",
        wrong=" if not is_large else ()\n",
        tests=(
            f"{_SOCKET_TESTS}/test_fan_out.py::test_who_went_does_not_hear_what_follows_however_much_is_missing_before_it",
            f"{_SOCKET_TESTS}/test_push_order.py::test_where_very_much_of_a_group_is_missing_its_events_are_read_all_the_same_and_clients_are_told_to_sync",
        ),
    ),
    Bug(
        name="what-is-not-there-yet-is-passed-over",
        what="Whoever has left a group goes on hearing it where the log is read before the record of their going can be.",
        module=f"{_SOCKETS}.push_order",
        right="        if is_group_talk(talk_id):\n            gap.early.clear()\n",
        wrong="        if False:\n            gap.early.clear()\n",
        tests=(
            f"{_SOCKET_TESTS}/test_fan_out.py::test_who_went_does_not_hear_what_follows_while_the_log_does_not_have_the_going_yet",
        ),
    ),
    Bug(
        name="left-out-events-change-nobody",
        what="Whoever has left a group goes on hearing it when word of it was too late to be pushed.",
        module=f"{_SOCKETS}.fan_out",
        right="            leave_out=self._leave_out,\n",
        wrong="            leave_out=lambda audience, record: None,\n",
        tests=(
            f"{_SOCKET_TESTS}/test_fan_out.py::test_who_went_does_not_hear_what_follows_however_much_is_missing_before_it",
            f"{_SOCKET_TESTS}/test_fan_out.py::test_who_came_where_very_much_was_missing_hears_what_follows_and_is_told_to_sync",
        ),
    ),
    Bug(
        name="pushed-to-the-writer",
        what="Whoever writes to a group is pushed what they wrote.",
        module=f"{_SOCKETS}.fan_out",
        right="            if session.session_id != but and session.came.get(topic, 0) < seq:\n",
        wrong="            if session.came.get(topic, 0) < seq:\n",
        tests=(
            f"{_SOCKET_TESTS}/test_handlers.py::test_a_message_to_a_group_reaches_every_device_but_the_sending_one",
        ),
    ),
    Bug(
        name="pushes-overtake-the-login",
        what="Pushes come before the answer to the login, which covers them, and are shown twice.",
        module=f"{_SOCKETS}.session",
        right="seq > covered.get(talk_id, 0) and ",
        wrong="",
        tests=(f"{_SOCKET_TESTS}/test_login.py::test_a_push_that_the_answer_covers_does_not_follow_it",),
    ),
    Bug(
        name="held-for-who-has-left",
        what="Who leaves a group while another device of theirs logs in is sent there what others write meanwhile.",
        module=f"{_SOCKETS}.session",
        right=" and self._may_read(talk_id, seq)",
        wrong="",
        tests=(
            f"{_SOCKET_TESTS}/test_session.py::test_who_turns_out_to_have_left_gets_nothing_that_was_held",
        ),
    ),
    Bug(
        name="a-device-counts-often",
        what="A device that reconnects again and again has its person's other devices logged out for good.",
        module=f"{_SOCKETS}.roll_call",
        right="newest[device] = ",
        wrong="newest[device + str(login_no)] = ",
        tests=(
            f"{_SOCKET_TESTS}/test_roll_call.py::test_a_device_that_logs_in_again_and_again_pushes_out_no_other",
        ),
    ),
    Bug(
        name="the-slow-fill-the-memory",
        what="For a peer that does not read, a node keeps whatever comes.",
        module=f"{_SOCKETS}.outbox",
        right="        if self.congested and self._waiting_bytes >= MOST_WAITING_BYTES:\n",
        wrong="        if False:\n",
        tests=(
            f"{_SOCKET_TESTS}/test_connection.py::test_who_lets_1_mib_wait_is_told_slow_and_cut_off_5_s_later",
        ),
    ),
    Bug(
        name="one-reader-takes-the-node",
        what="Somebody who reads pages without end leaves others the rest of the node.",
        module=f"{_SOCKETS}.rationing",
        right="            await deferLater(self._clock, wait_s)\n",
        wrong="            missing -= 1\n",
        tests=(
            f"{_SOCKET_TESTS}/test_pages.py::test_who_comes_back_after_long_reads_a_hundred_pages_in_a_row_and_more_at_a_rate",
            f"{_SOCKET_TESTS}/test_pages.py::test_of_who_waits_for_a_page_what_comes_behind_it_waits_and_nobody_else_does",
        ),
    ),
    Bug(
        name="handshakes-without-end",
        what="An address opens and closes connections as fast as it can, and lets the node do nothing but handshakes.",
        module=f"{_SOCKETS}.admission",
        right="        if self._opened is not None and address and",
        wrong="        if self._opened is None and address and",
        tests=(
            f"{_SOCKET_TESTS}/test_admission.py::test_an_address_opens_a_hundred_connections_and_then_ten_a_second",
            f"{_SOCKET_TESTS}/test_limits.py::test_by_tls_a_connection_opened_too_fast_is_closed_without_a_word_or_a_handshake",
        ),
    ),
    Bug(
        name="no-login-in-time",
        what="A peer that sends something now and then keeps its connection without a login.",
        module=f"{_SOCKETS}.patience",
        right="        if self._logged_in:\n            self._deadline = ",
        wrong="        if True:\n            self._deadline = ",
        tests=(
            f"{_SOCKET_TESTS}/test_connection.py::test_who_does_not_log_in_within_10_s_is_closed_whatever_is_sent",
        ),
    ),
    Bug(
        name="not-subscribed-again",
        what="After Redis was away a node is deaf to what it listened to before.",
        module="naivechat.infrastructure.redis.subscriptions",
        right="        self._changed = dict.fromkeys(self._channels)\n",
        wrong="        self._changed = {}\n",
        tests=(
            "tests/unit/infrastructure/redis/test_subscriber.py::TestSubscriber::test_after_a_loss_all_is_asked_for_again_in_portions",
        ),
    ),
    Bug(
        name="deaf-after-a-restart",
        what="A new connection to Redis is taken for the old one, on which everything is subscribed.",
        module="naivechat.infrastructure.redis.subscriber",
        right="        self._subscriptions.begin()\n",
        wrong="",
        tests=(
            "tests/contract/test_node_bus_outages.py::TestRedisAway::test_after_a_restart_everything_is_received_again_and_then_its_return_is_told",
        ),
    ),
    Bug(
        name="believed-before-it-is-confirmed",
        what="A node counts on a subscription that Redis has not confirmed yet.",
        module="naivechat.infrastructure.redis.subscriptions",
        right="        missing = {name for name in channels if not self._channels[name].is_received}\n",
        wrong="        missing: set[str] = set()\n",
        tests=(
            "tests/unit/infrastructure/redis/test_subscriptions.py::TestSubscriptions::test_a_channel_is_received_when_it_is_confirmed",
            "tests/unit/infrastructure/redis/test_subscriptions.py::TestSubscriptions::test_all_channels_are_waited_for",
        ),
    ),
    Bug(
        name="the-bus-is-believed",
        what="A node ends sessions because somebody on the bus says so, though their tokens are good.",
        module=f"{_SOCKETS}.fan_out",
        right="            case bells.Ended(login_nos=None):\n",
        wrong="            case bells.Ended(login_nos=None, device='no device'):\n",
        tests=(
            f"{_SOCKET_TESTS}/test_fan_out.py::test_when_another_node_ends_sessions_those_end_whose_token_is_gone",
        ),
    ),
    Bug(
        name="a-forged-bell-stops-the-node",
        what="What is no bell raises where nobody expects it.",
        module=f"{_SOCKETS}.fan_out",
        right="            bell = bells.decode(payload)\n        except ValueError as error:\n",
        wrong="            bell = bells.decode(payload)\n        except TypeError as error:\n",
        tests=(f"{_SOCKET_TESTS}/test_fan_out.py::test_whatever_is_not_a_bell_is_dropped",),
    ),
)
