"""Ways to spoil a good history, each by one class of violation."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs

from tests.history.event import (
    Drain,
    Event,
    Fail,
    HeadRead,
    Info,
    Ok,
    Record,
    Recv,
    Send,
    Stored,
    Wire,
)
from tests.history.invention import FRIENDS, GROUP

Damage: TypeAlias = Callable[[list[Event]], None]


def first(history: Sequence[Event], kind: type, **fields: object) -> int:
    """Where the first event of a class with these fields stands."""
    return next(
        number
        for number, event in enumerate(history)
        if type(event) is kind and all(getattr(event, name) == value for name, value in fields.items())
    )


def a_message(history: Sequence[Event], talk_id: str = FRIENDS) -> Send:
    """A message that was acked at once."""
    acked = {event.msg_uuid for event in history if type(event) is Ok}
    return next(e for e in history if type(e) is Send and e.talk_id == talk_id and e.msg_uuid in acked)


def record_of(history: Sequence[Event], msg_uuid: bytes) -> Record:
    return next(e.record for e in history if type(e) is Stored and e.record.msg_uuid == msg_uuid)


def replace_record(history: list[Event], msg_uuid: bytes, **changes: object) -> None:
    """Everybody sees a record with these changes, and so it is stored."""
    for number, event in enumerate(history):
        record = getattr(event, "record", None)
        if record is not None and record.msg_uuid == msg_uuid:
            changed = attrs.evolve(record, **changes)
            history[number] = attrs.evolve(event, record=changed)


def refusal(attempt: Send | Ok, code: str) -> Fail:
    """What refuses an attempt at its own moment."""
    return Fail(at_s=attempt.at_s, connection=attempt.connection, msg_uuid=attempt.msg_uuid, code=code)


def remove(history: list[Event], is_gone: Callable[[Event], bool]) -> None:
    history[:] = [event for event in history if not is_gone(event)]


def about(msg_uuid: bytes, *kinds: type) -> Callable[[Event], bool]:
    return lambda event: type(event) in kinds and event.record.msg_uuid == msg_uuid  # type: ignore[union-attr]


def not_shown_on_one_device(history: list[Event]) -> None:
    del history[first(history, Recv, device="bob/1", record=record_of(history, a_message(history).msg_uuid))]


def a_lost_group_event(history: list[Event]) -> None:
    created = next(e.record for e in history if type(e) is Stored and e.record.text == "created")
    del history[first(history, Recv, device="bob/0", record=created)]


def the_last_one_is_not_stored(history: list[Event]) -> None:
    last = [event for event in history if type(event) is Stored and event.record.talk_id == FRIENDS][-1]
    remove(history, about(last.record.msg_uuid, Stored, Recv, Wire))


def shown_twice(history: list[Event]) -> None:
    number = first(history, Recv, device="ann/1")
    history.insert(number + 1, history[number])


def two_change_places_on_a_screen(history: list[Event]) -> None:
    shown = (
        number for number, event in enumerate(history) if type(event) is Recv and event.device == "bob/0"
    )
    one, other = next(shown), next(shown)
    history[one], history[other] = history[other], history[one]


def nobody_sent_it(history: list[Event]) -> None:
    msg_uuid = [event for event in history if type(event) is Info][-1].msg_uuid
    remove(history, lambda event: type(event) in (Send, Info) and event.msg_uuid == msg_uuid)  # type: ignore[union-attr]


def shown_but_not_in_the_log(history: list[Event]) -> None:
    record = record_of(history, a_message(history).msg_uuid)
    send = attrs.evolve(a_message(history), msg_uuid=b"not in the log..", at_s=99.0)
    ghost = attrs.evolve(record, msg_uuid=send.msg_uuid, seq=77)
    history += (send, Info(at_s=99.5, connection=send.connection, msg_uuid=send.msg_uuid))
    history.append(Recv(at_s=100.0, device="bob/0", user_id="bob", record=ghost))


def refused_but_stored(history: list[Event]) -> None:
    ack = history[first(history, Ok, msg_uuid=a_message(history).msg_uuid)]
    assert type(ack) is Ok
    history[history.index(ack)] = refusal(ack, "NOT_FRIEND")


def another_text(history: list[Event]) -> None:
    number = first(history, Recv, device="bob/0", record=record_of(history, a_message(history).msg_uuid))
    recv = history[number]
    assert type(recv) is Recv
    history[number] = attrs.evolve(recv, record=attrs.evolve(recv.record, text="What?"))


def another_sender(history: list[Event]) -> None:
    replace_record(history, a_message(history, GROUP).msg_uuid, sender_id="cid")


def pushed_to_a_stranger(history: list[Event]) -> None:
    record = record_of(history, a_message(history).msg_uuid)
    history.append(Wire(at_s=99.0, connection=5, user_id="cid", record=record, pushed=True))


def shown_from_before_joining(history: list[Event]) -> None:
    number = first(history, Recv, device="cid/0")
    record = record_of(history, a_message(history, GROUP).msg_uuid)
    history.insert(number, Recv(at_s=0.0, device="cid/0", user_id="cid", record=record))


def some_see_what_is_unknown(history: list[Event]) -> None:
    msg_uuid = [event for event in history if type(event) is Info][-1].msg_uuid
    del history[first(history, Recv, device="ann/0", record=record_of(history, msg_uuid))]


def stored_twice(history: list[Event]) -> None:
    record = record_of(history, a_message(history).msg_uuid)
    last_seq = max(e.record.seq for e in history if type(e) is Stored and e.record.talk_id == FRIENDS)
    twin = attrs.evolve(record, seq=last_seq + 1)
    history.append(Stored(record=twin))
    for device in ("ann/0", "ann/1", "bob/0", "bob/1"):
        history.append(Recv(at_s=99.0, device=device, user_id=device[:3], record=twin))


def acked_as_another(history: list[Event]) -> None:
    number = first(history, Ok, msg_uuid=a_message(history, GROUP).msg_uuid)
    ack = history[number]
    assert type(ack) is Ok
    history[number] = attrs.evolve(ack, seq=ack.seq + 1)


def a_hole_in_the_log(history: list[Event]) -> None:
    left = next(e.record for e in history if type(e) is Stored and e.record.text == "left")
    remove(history, about(left.msg_uuid, Stored, Recv, Wire))


def overtaken_on_a_connection(history: list[Event]) -> None:
    sends = [event for event in history if type(event) is Send and event.connection == 1]
    one, other = [event for event in sends if event.talk_id == FRIENDS][:2]
    history.remove(other)
    history.insert(history.index(one), attrs.evolve(other, at_s=one.at_s))


def stored_before_what_was_acked_first(history: list[Event]) -> None:
    number = first(history, Send, msg_uuid=a_message(history, GROUP).msg_uuid)
    send = history[number]
    assert type(send) is Send
    history[number] = attrs.evolve(send, at_s=50.0)


def told_less_than_was_acked(history: list[Event]) -> None:
    number = first(history, HeadRead)
    read = history[number]
    assert type(read) is HeadRead
    history[number] = attrs.evolve(read, last_seq=read.last_seq - 1)


def pushed_twice(history: list[Event]) -> None:
    number = first(history, Wire, pushed=True)
    history.insert(number + 1, history[number])


def stuck(history: list[Event]) -> None:
    number = first(history, Drain, device="bob/1")
    drain = history[number]
    assert type(drain) is Drain
    history[number] = attrs.evolve(drain, missing=(GROUP,))
