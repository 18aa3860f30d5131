"""The log's rules, one by one and in random batches."""

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from naivechat.domain.appending import (
    Appended,
    Decisions,
    Entry,
    LogState,
    Outcome,
    Position,
    Read,
    ReadMoved,
    Recall,
    Send,
    TalkHead,
    decide,
    is_recallable,
)
from naivechat.domain.errors import ChatError
from naivechat.domain.group import Role
from naivechat.domain.message import GROUP_EVENT, MOST_HISTORY, RECALL, RECALL_WINDOW_MS, TEXT, is_counted
from naivechat.domain.talk import TalkId, friend_talk_id, group_talk_id
from naivechat.domain.user import UserId

ANN, BOB, EVE = UserId("ann"), UserId("bob"), UserId("eve")
FRIENDS, GROUP, NEWS = friend_talk_id(ANN, BOB), group_talk_id("club"), group_talk_id("news")
LATE = RECALL_WINDOW_MS + 1


def new_state() -> LogState:
    """Ann and Bob: friends, owner and member of a group, operator and reader of an official account. Eve is in none."""

    def position(role: Role = Role.MEMBER, read_only: bool = False) -> Position:
        return Position(role=role, joined_seq=0, read_seq=0, read_counted=0, read_only=read_only)

    return LogState(
        heads={talk_id: TalkHead(0, 0) for talk_id in (FRIENDS, GROUP, NEWS)},
        positions={
            (FRIENDS, ANN): position(),
            (FRIENDS, BOB): position(),
            (GROUP, ANN): position(Role.OWNER),
            (GROUP, BOB): position(),
            (NEWS, ANN): position(Role.OWNER),
            (NEWS, BOB): position(read_only=True),
        },
    )


def send(
    number: int, sender_id: UserId = ANN, talk_id: TalkId = FRIENDS, text: str = "hi", msg_type: int = TEXT
) -> Send:
    return Send(
        talk_id=talk_id,
        sender_id=sender_id,
        msg_uuid=bytes([number]) * 16,
        msg_type=msg_type,
        text=text,
        sent_at_ms=0,
    )


def recall(
    number: int, target_seq: int, sender_id: UserId = ANN, talk_id: TalkId = FRIENDS, at_ms: int = 0
) -> Recall:
    return Recall(
        talk_id=talk_id,
        sender_id=sender_id,
        msg_uuid=bytes([number]) * 16,
        target_seq=target_seq,
        sent_at_ms=at_ms,
    )


def read(seq: int, reader_id: UserId = BOB, talk_id: TalkId = FRIENDS) -> Read:
    return Read(talk_id=talk_id, reader_id=reader_id, seq=seq)


def said(outcome: Outcome) -> str:
    """An outcome in a word: the refusal's code, "read 2", "seq 3" or "again 3"."""
    if isinstance(outcome, ChatError):
        return outcome.code
    if isinstance(outcome, ReadMoved):
        return f"{'read' if outcome.moved else 'still'} {outcome.seq}"
    return f"{'again' if outcome.duplicate else 'seq'} {outcome.message.seq}"


@pytest.mark.parametrize(
    ("entries", "outcomes"),
    [
        ([send(1), send(1, BOB), send(2)], ["seq 1", "seq 2", "seq 3"]),
        ([send(1), send(1)], ["seq 1", "again 1"]),
        ([send(1), send(1, text="else")], ["seq 1", "CONFLICT"]),
        ([send(1), send(1, msg_type=6)], ["seq 1", "CONFLICT"]),
        ([send(1), send(1, talk_id=GROUP)], ["seq 1", "CONFLICT"]),
        ([send(1, EVE), send(1, EVE, GROUP)], ["NOT_FRIEND", "NOT_MEMBER"]),
        ([send(1, talk_id=TalkId(":none"))], ["NOT_MEMBER"]),
        ([send(1, BOB, NEWS), send(1, ANN, NEWS)], ["FORBIDDEN", "seq 1"]),
        ([send(1), recall(2, 1), recall(2, 1), recall(3, 1)], ["seq 1", "seq 2", "again 2", "again 2"]),
        ([send(1), recall(2, 1), send(1)], ["seq 1", "seq 2", "again 1"]),
        ([send(1), recall(2, 1), recall(3, 1, at_ms=LATE)], ["seq 1", "seq 2", "again 2"]),
        ([send(1), recall(1, 1)], ["seq 1", "CONFLICT"]),
        ([send(1), send(2), recall(3, 1), recall(3, 2)], ["seq 1", "seq 2", "seq 3", "CONFLICT"]),
        ([send(1), recall(2, 1), send(2)], ["seq 1", "seq 2", "CONFLICT"]),
        ([recall(1, 1)], ["NOT_FOUND"]),
        ([send(1), recall(2, 1), recall(3, 2)], ["seq 1", "seq 2", "FORBIDDEN"]),
        ([send(1), recall(2, 1, BOB)], ["seq 1", "FORBIDDEN"]),
        ([send(1), recall(2, 1, at_ms=RECALL_WINDOW_MS)], ["seq 1", "seq 2"]),
        ([send(1), recall(2, 1, at_ms=LATE)], ["seq 1", "FORBIDDEN"]),
        ([send(1, BOB, GROUP), recall(2, 1, ANN, GROUP, LATE)], ["seq 1", "seq 2"]),
        ([send(1, ANN, GROUP), recall(2, 1, BOB, GROUP)], ["seq 1", "FORBIDDEN"]),
        ([send(1, ANN, GROUP), recall(2, 1, BOB, GROUP, LATE)], ["seq 1", "FORBIDDEN"]),
        ([send(1), recall(2, 1, EVE)], ["seq 1", "NOT_FRIEND"]),
        ([send(1), read(1), read(1), read(0)], ["seq 1", "read 1", "still 1", "still 1"]),
        ([send(1), read(2), read(1, EVE)], ["seq 1", "BAD_REQUEST", "NOT_FRIEND"]),
        ([send(1), read(1, ANN)], ["seq 1", "still 1"]),
    ],
)
def test_each_entry_sees_what_those_before_it_did(entries: list[Entry], outcomes: list[str]) -> None:
    assert [said(outcome) for outcome in decide(entries, new_state()).outcomes] == outcomes


def test_records_from_before_joining_cannot_be_recalled() -> None:
    state = new_state()
    decide([send(1, ANN, GROUP)], state)
    state.positions[GROUP, BOB] = Position(role=Role.ADMIN, joined_seq=1, read_seq=1, read_counted=1)
    (outcome,) = decide([recall(1, 1, BOB, GROUP)], state).outcomes
    assert said(outcome) == "NOT_FOUND"


def test_admins_of_a_group_take_back_what_others_wrote_at_any_time() -> None:
    state = new_state()
    state.positions[GROUP, BOB].role = Role.ADMIN
    outcomes = decide([send(1, ANN, GROUP), recall(2, 1, BOB, GROUP, LATE)], state).outcomes
    assert [said(outcome) for outcome in outcomes] == ["seq 1", "seq 2"]


def test_operators_of_the_node_take_back_anything_at_any_time_though_they_are_in_no_talk() -> None:
    state = new_state()
    decide([send(1), send(2, talk_id=GROUP)], state)
    state.positions.clear()
    recalls = [
        attrs.evolve(recall(n, 1, EVE, talk, LATE), by_operator=True)
        for n, talk in ((3, FRIENDS), (4, GROUP))
    ]
    assert [said(outcome) for outcome in decide(recalls, state).outcomes] == ["seq 2", "seq 2"]
    nothing = attrs.evolve(recall(5, 9, EVE), by_operator=True)
    assert [said(outcome) for outcome in decide([*recalls, nothing], state).outcomes] == [
        "again 2",
        "again 2",
        "NOT_FOUND",
    ]
    assert not state.positions


def test_among_friends_nobody_takes_back_what_the_other_wrote_whatever_roles_they_have() -> None:
    state = new_state()
    state.positions[FRIENDS, BOB].role = Role.OWNER
    outcomes = decide([send(1), recall(2, 1, BOB)], state).outcomes
    assert [said(outcome) for outcome in outcomes] == ["seq 1", "FORBIDDEN"]


def test_a_message_that_is_sent_again_after_its_text_was_taken_away_is_the_first_one() -> None:
    state = new_state()
    decide([send(1), recall(2, 1)], state)
    stored = state.known[ANN, send(1).msg_uuid]
    stored.message = attrs.evolve(stored.message, text="")
    assert [said(outcome) for outcome in decide([send(1)], state).outcomes] == ["again 1"]


def test_a_recall_is_written_beside_its_target() -> None:
    decisions = decide([send(1), recall(2, 1)], new_state())
    assert decisions.recalled == {(FRIENDS, 1): 2}
    assert [record.message.target_seq for record in decisions.appended] == [None, 1]
    assert decisions.appended[1].message.text == ""


def test_recalls_and_events_do_not_count_as_unread() -> None:
    decisions = decide([send(1), recall(2, 1), send(3, msg_type=6), send(4)], new_state())
    assert [record.counted for record in decisions.appended] == [1, 1, 1, 2]
    assert decisions.heads == {FRIENDS: TalkHead(4, 2)}


def test_writing_moves_nobody_elses_read_position() -> None:
    state = new_state()
    decisions = decide([send(1, ANN, GROUP), send(2, ANN, GROUP)], state)
    assert set(decisions.positions) == {(GROUP, ANN)}
    mine, theirs = state.positions[GROUP, ANN], state.positions[GROUP, BOB]
    assert [(p.read_seq, p.read_counted) for p in (mine, theirs)] == [(2, 2), (0, 0)]


def test_refusals_write_nothing() -> None:
    decisions = decide([send(1, EVE), recall(1, 1), read(1)], new_state())
    assert decisions == Decisions(outcomes=decisions.outcomes)


def test_people_take_back_what_people_wrote() -> None:
    assert [t for t in range(8) if not is_recallable(t)] == [GROUP_EVENT, RECALL]
    assert MOST_HISTORY == 100


people, talks = st.sampled_from([ANN, BOB, EVE]), st.sampled_from([FRIENDS, GROUP, NEWS])
numbers, seqs, times = st.integers(1, 6), st.integers(0, 6), st.sampled_from([0, LATE])
entries = st.lists(
    st.one_of(
        st.builds(send, numbers, people, talks, st.sampled_from(["hi", "ho"]), st.sampled_from([TEXT, 6])),
        st.builds(recall, numbers, seqs, people, talks, times),
        st.builds(read, seqs, people, talks),
    ),
    max_size=30,
)


@given(entries)
def test_logs_have_no_gaps_and_ids_name_one_record(batch: list[Entry]) -> None:
    decisions = decide(batch, new_state())
    for talk_id in (FRIENDS, GROUP, NEWS):
        records = [r for r in decisions.appended if r.message.talk_id == talk_id]
        assert [r.message.seq for r in records] == list(range(1, len(records) + 1))
        assert [r.counted for r in records] == _running_counts([r.message.msg_type for r in records])
    names = [(r.message.sender_id, r.message.msg_uuid) for r in decisions.appended]
    assert len(names) == len(set(names))


def _running_counts(msg_types: list[int]) -> list[int]:
    return [sum(map(is_counted, msg_types[: end + 1])) for end in range(len(msg_types))]


@given(entries)
def test_a_batch_decides_as_its_entries_one_by_one(batch: list[Entry]) -> None:
    at_once, one_by_one = new_state(), new_state()
    outcomes = decide(batch, at_once).outcomes
    singles = [decide([entry], one_by_one).outcomes[0] for entry in batch]
    assert [said(outcome) for outcome in outcomes] == [said(outcome) for outcome in singles]
    assert at_once == one_by_one


@given(entries)
def test_the_same_sends_again_change_nothing(batch: list[Entry]) -> None:
    state = new_state()
    first = decide(batch, state).outcomes
    accepted = [(e, o) for e, o in zip(batch, first, strict=True) if isinstance(o, Appended)]
    again = decide([entry for entry, _ in accepted], state)
    for (_, before), after in zip(accepted, again.outcomes, strict=True):
        assert isinstance(after, Appended)
        assert attrs.evolve(before, duplicate=True) == after
    assert not again.appended


@given(entries)
def test_strangers_never_get_anything(batch: list[Entry]) -> None:
    decisions = decide(batch, new_state())
    for entry, outcome in zip(batch, decisions.outcomes, strict=True):
        if (entry.reader_id if isinstance(entry, Read) else entry.sender_id) == EVE:
            assert said(outcome) in ("NOT_FRIEND", "NOT_MEMBER")


@given(entries)
@example([send(1), send(2), read(2), read(1)])
def test_read_positions_only_move_forward_and_stay_in_the_log(batch: list[Entry]) -> None:
    state = new_state()
    reached = dict.fromkeys(state.positions, 0)
    for entry in batch:
        decide([entry], state)
        for place, position in state.positions.items():
            assert reached[place] <= position.read_seq <= state.heads[place[0]].last_seq
            reached[place] = position.read_seq
