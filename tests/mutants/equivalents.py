"""Mutants that nobody can tell from the original, each with the reason; by name, as the report shows them."""

_FASTER = "what it spares is time only"
_BOUND = "a chosen bound: tests take it from the module"
_ENDS_SO = "a function that ends gives None"
_NOTHING_BETWEEN = "no single character is between the two"
_REFUSED_ALREADY = "the tag means something inside of another one only, and that one is refused"
_COUNTED_BY_RULE = "the rule that makes the group counts its members"
_PASSED_OVER = "whoever is enrolled already is passed over, wherever it goes on"
_ABOVE_ALL = "it is above every seq"
_BEFORE_ALL = "no record is before the first one"
_INDEX = (
    "SQLite chooses its index by itself; that MariaDB has none of that name is noticed by TestLogOnMariaDB"
)

EQUIVALENTS: dict[str, str] = {
    "protocol.codec: module: 25 → 26": _REFUSED_ALREADY,
    "protocol.codec: module: 29 → 30": _REFUSED_ALREADY,
    "protocol.codec: module: 16 → 17": "the end is as unknown with a byte more",
    "protocol.codec: encode: write is not None → False": _FASTER,
    "protocol.codec: encode: payload is not None → False": _FASTER,
    "protocol.codec: decode_request: read is not None → False": _FASTER,
    "protocol.codec: decode_request: packet is not None → False": _FASTER,
    "protocol.codec: _load: (27 in payload or 59 in payload) and _WIDE_INT.search(payload… → _WIDE_INT.search(payload…": _FASTER,
    "protocol.codec: _load: … or 59 in payload) and _WIDE_INT.search(payload) and _has_wide_int(fields) → … or 59 in payload) and _has_wide_int(fields)": _FASTER,
    "protocol.codec: _read_deep_pair: 'nesting depth' in str(error) → True": _FASTER,
    "protocol.frame: FrameReceiver._is_one_frame: 0 < length <= self.max_frame and data.startswith(_PREFIX.pack(length)) → None": _FASTER,
    "protocol.frame: FrameReceiver._is_one_frame: 0 < length <= self.max_frame → 0 < length < self.max_frame": _FASTER,
    "protocol.frame: FrameReceiver._is_one_frame: 0 → 1": _FASTER,
    "protocol.frame: FrameReceiver._is_one_frame: len(data) - _PREFIX.size → len(data) + _PREFIX.size": _FASTER,
    "protocol.frame: FrameReceiver._take_held: start < len(stream) → True": _FASTER,
    "protocol.frame: FrameReceiver._take_held: start < len(stream) → start <= len(stream)": _FASTER,
    "domain.appending: Position: False → True": "the storage says it always",
    "domain.friend: module: 200 → 201": _BOUND,
    "domain.operator: Operator: 0 → 1": "a step of 1970",
    "sockets.dispatch: Dispatcher._ask: isinstance(route, SendRoute) or (route.access is Access.LOGGED_IN and session is None) → route.access is Access.LOGGED_IN and session is None": (
        "who comes so far by such a route is not logged in, and should be"
    ),
    "sockets.session: Session.push: 0 → 1": "of what is no record the seq is not looked at",
    "sockets.audience: Audience.has_others: len(self.sessions) > (but in self.sessions) → len(self.sessions) >= (but in self.sessions)": _FASTER,
    "sockets.push_order: PushOrder.come: self._gaps → True": _FASTER,
    "sockets.push_order: module: 2 → 3": _ABOVE_ALL,
    "sockets.push_order: module: 62 → 63": _ABOVE_ALL,
    "sockets.gap: Gap.__init__: 0 → 1": _BEFORE_ALL,
    "sockets.push_order: PushOrder._give_up: 0 → 1": _BEFORE_ALL,
    "sockets.push_order: PushOrder._pass_over_read: 0 → 1": "of what is passed over, a thousand records were pushed before",
    "sockets.push_order: PushOrder._list_between: return None → pass": _ENDS_SO,
    **{
        f"sockets.push_order: PushOrder.{function}: audience.pushed(talk_id) or 0 → audience.pushed(talk_id)": (
            "by then the beginning is known"
        )
        for function in ("_fill", "_missing", "_read", "_push_read", "_pass_over_read", "_pass_on_early")
    },
    "application.friends: Friends.add: return None → pass": _ENDS_SO,
    "application.groups: make_random_group_id: 8 → 9": "the id is cut to 60 bits",
    "application.groups: Groups.create: 1 → 2": _COUNTED_BY_RULE,
    "application.operators: Operators.remove_totp: 0 → 1": "a step of 1970",
    "application.official_accounts: OfficialAccounts._make: 1 → 2": _COUNTED_BY_RULE,
    "application.official_accounts: OfficialAccounts._go_through: -1 → 1": _PASSED_OVER,
    "application.official_accounts: OfficialAccounts._go_through: 1 → 2": _PASSED_OVER,
    "domain.names: fault_of_name: '\\x9f' → '\\x9fX'": _NOTHING_BETWEEN,
    "domain.names: is_text: '\\udfff' → '\\udfffX'": _NOTHING_BETWEEN,
    "domain.names: fault_of_name: return None → pass": _ENDS_SO,
    "domain.names: fault_of_avatar: return None → pass": _ENDS_SO,
    "domain.names: fault_of_password: return None → pass": _ENDS_SO,
    "domain.talk: module: 1 → 2": "any number below 0 says the same",
    "infrastructure.sql.uncertain: UncertainNames._settle: outcome.duplicate and (name in maybe_stored or… → (name in maybe_stored or…": (
        "what is new is new already"
    ),
    "infrastructure.sql.uncertain: module: 10000 → 10001": _BOUND,
    "infrastructure.sql.message_log: module: 256 → 257": _BOUND,
    "infrastructure.sql.message_log: module: 10000 → 10001": _BOUND,
    "infrastructure.sql.message_log: _Queued: False → True": "the queue says it always",
    "infrastructure.sql.message_log: SqlMessageLog.__init__: news or NewsWriter() → news": "the storage gives one always",
    "infrastructure.sql.message_log: SqlMessageLog._go_on: self._drained and (not self._queue) → self._drained": (
        "whoever waits to be told has waited for all that was queued by then"
    ),
    "infrastructure.sql.message_log: SqlMessageLog._begin_next: return False → pass": _ENDS_SO,
    "infrastructure.sql.message_log: SqlMessageLog._refuse_late: batch[0].deadline_s > now_s → False": _FASTER,
    "infrastructure.sql.message_log: SqlMessageLog._note_stored: unit.has_looked or self._uncertain.are_any → True": _FASTER,
    "infrastructure.sql.message_log: SqlMessageLog._note_stored: unit.has_looked → True": "where it has not looked, it looks for nothing next time either",
    "infrastructure.sql.records: _heads_lookup: True → False": _FASTER,
    "infrastructure.sql.records: _positions_lookup: True → False": _FASTER,
    "infrastructure.sql.records: _load_state: 'chat_record_name' → 'chat_record_nameX'": _INDEX,
    "infrastructure.sql.records: _named: 'PRIMARY' → 'PRIMARYX'": _INDEX,
    "infrastructure.sql.records: _named: not pairs → False": "SQLite takes an empty list; that MariaDB does not is noticed by TestLogOnMariaDB",
    "infrastructure.sql.members: create_talk: official → True": "who makes a talk that is there says what it is already",
    "infrastructure.sql.members: end: …e = 0 WHERE talk_id = %s AND active = 1' → …e = 0 WHERE talk_id = %s'": _FASTER,
    "infrastructure.sql.records: module: 256 → 257": _BOUND,
    "infrastructure.sql.records: _load_state: …in state.records.items() if r.recalled_seq is not None → …in state.records.items()": (
        "no record has the number NULL"
    ),
    "infrastructure.sql.tokens: _known_among: counted == (len(set(token_hashes)),) → False": _FASTER,
    "infrastructure.sql.tokens: _judge: end_ms != token.expires_at_ms → True": "what is written down stands there already",
    "infrastructure.sql.tokens: _judge: return None → pass": _ENDS_SO,
    "infrastructure.sql.records: _page: 1 → 2": "a row more that is read and not shown",
    "infrastructure.sql.records: read_between: …seq > %s AND r.seq < %s ORDER BY r.seq LIMIT %s' → …seq > %s AND r.seq < %s LIMIT %s'": (
        "the key by which the records are found has their order"
    ),
    "infrastructure.sql.group_change: GroupChangeUnit._write: change.leaving → True": "SQLite takes an empty list",
    "infrastructure.sql.group_change: GroupChangeUnit._write: user_id not in change.joining → True": (
        "whoever joins has the role already"
    ),
    "infrastructure.sql.group_change: GroupChangeUnit._append_events: …id = %s AND user_id = %s AND active = 1' → …id = %s AND user_id = %s'": (
        "of whoever has gone the position says nothing, and who comes back begins anew"
    ),
    "infrastructure.sql.group_change: _group_counts: not about → False": "SQLite takes an empty list",
    "infrastructure.sql.group_change: _group_counts: {} → None": "of nobody, nothing is looked up",
    "domain.talk: friend_talk_id: one < other → one <= other": "nobody is a friend of oneself",
    "infrastructure.sql.group_change: GroupChangeUnit._is_stored: True → False": (
        "what writes nothing is decided anew, to nothing"
    ),
}
