"""Messages in the browser: looked for with a reason, seen with what is around them, taken back."""

import re
from typing import Any

import attrs
import pytest

from naivechat.domain.message import FACE, FILE, GROUP_EVENT, IMAGE, TEXT
from naivechat.domain.operator import COMMAND_LINE
from naivechat.domain.session import Actor
from naivechat.domain.talk import TalkAddress, TalkType, friend_talk_id
from naivechat.domain.user import UserId
from tests.fakes import done
from tests.unit.interfaces.console.test_attacks import EVIL, wild_parts
from tests.unit.interfaces.console.test_pages import rows
from tests.unit.interfaces.console.visitor import Page, Visitor, World

REASON = "reported by three people"
TALK = friend_talk_id(UserId("ann"), UserId("bob"))


class Talk:
    """What Ann says to Bob."""

    def __init__(self, *texts: str) -> None:
        self.world = World()
        self.ann, bob = self.world.chat.people("ann bob")
        self.world.chat.befriend(self.ann, bob)
        for text in texts:
            self.say(self.ann, text)
        self.olga = self.world.visitor("olga")

    def say(self, actor: Actor, text: str, msg_type: int = TEXT) -> None:
        address = TalkAddress(talk_type=TalkType.FRIEND, other_id="bob")
        number = len(self.world.chat.store.log.records).to_bytes(16, "big")
        done(self.world.chat.messages.send(actor, address, number, msg_type, text))

    def ask(self, name: str, **fields: str) -> Page:
        return self.ask_as(self.olga, name, **fields)

    def ask_as(self, visitor: Visitor, name: str, **fields: str) -> Page:
        usual = {"one": "bob", "other": "ann", "text": "rude", "reason": REASON, "HX_Request": "true"}
        return visitor.post(f"/console/messages/{name}", **{**usual, **fields})

    def last_entry(self) -> tuple[str, str, dict[str, Any]]:
        entry = self.world.store.entries[-1]
        return entry.action, entry.subject, dict(entry.detail)


def seqs(page: Page) -> list[str]:
    return re.findall(r'<td class="number">(\d+)</td>', page.text)


def test_messages_are_found_newest_first_and_the_reason_is_written_down() -> None:
    talk = Talk("a rude word", "hello", "RUDE again")
    page = talk.ask("search")
    assert [(row[0], row[2], row[3]) for row in rows(page.text)] == [
        ("3", "ann", "RUDE again"),
        ("1", "ann", "a rude word"),
    ]
    assert talk.last_entry() == ("message.search", TALK, {"reason": REASON, "text": "rude"})


@pytest.mark.parametrize("name", ["search", "around", "recall"])
@pytest.mark.parametrize("reason", ["", "because", " " * 20])
def test_without_a_written_reason_nothing_is_shown_or_done(name: str, reason: str) -> None:
    talk = Talk("a rude word")
    page = talk.ask(name, reason=reason, seq="1")
    assert page.status == 400
    assert "a rude word" not in page.text
    assert talk.last_entry()[2]["refused"] == "BAD_REQUEST"
    assert talk.world.chat.store.log.records[TALK, 1].recalled_seq is None


@pytest.mark.parametrize("name", ["search", "around"])
def test_nothing_is_shown_where_the_reason_cannot_be_written_down(name: str) -> None:
    talk = Talk("a rude word")
    talk.world.log.down.append(True)
    page = talk.ask(name, seq="1")
    assert page.status == 503
    assert "a rude word" not in page.text


def test_a_long_search_goes_on_where_it_ended() -> None:
    talk = Talk(*(f"rude {number}" for number in range(1, 41)))
    first = talk.ask("search")
    assert seqs(first) == [str(seq) for seq in range(40, 15, -1)]
    before = re.findall(r'name="before" value="(\d+)"', first.text)
    assert before == ["16"]
    second = talk.ask("search", before=before[0])
    assert seqs(second) == [str(seq) for seq in range(15, 0, -1)]
    assert 'name="before"' not in second.text


def test_what_is_around_a_message_is_shown_in_order_and_written_down() -> None:
    talk = Talk(*(f"word {number}" for number in range(1, 31)))
    page = talk.ask("around", seq="15")
    assert seqs(page) == [str(seq) for seq in range(7, 24)]
    assert re.findall(r'class="marked">\s*<td class="number">(\d+)<', page.text) == ["15"]
    assert talk.last_entry() == ("message.search", TALK, {"reason": REASON, "around": 15})
    assert "Further back" in page.text
    assert "Further on" in page.text
    first, last = talk.ask("around", seq="1"), talk.ask("around", seq="30")
    assert (seqs(first)[0], "Further back" in first.text) == ("1", False)
    assert (seqs(last)[-1], "Further on" in last.text) == ("30", False)


def test_a_message_is_taken_back_once_however_often_it_is_asked_for() -> None:
    talk = Talk("a rude word")
    page = talk.ask("recall", seq="1")
    assert page.status == 200
    assert "Message 1 was taken back" in page.text
    assert "a rude word" not in page.text
    assert talk.last_entry() == ("message.recall", TALK, {"seq": 1, "reason": REASON})
    assert talk.ask("recall", seq="1").status == 200
    assert len(talk.world.chat.store.log.records) == 2
    around = talk.ask("around", seq="1")
    assert [row[2:4] for row in rows(around.text)] == [["Operatorsnaivechat.operators", "Takes no. 1 back"]]
    assert "Taken back." in around.text
    assert "a rude word" not in around.text


def test_what_is_no_text_says_what_it_is() -> None:
    talk = Talk("a rude word")
    for msg_type in (FACE, IMAGE, FILE, 77):
        talk.say(talk.ann, f"x{msg_type}", msg_type)
    around = talk.ask("around", seq="1")
    assert [row[3] for row in rows(around.text)] == ["Face x1", "Picture x2", "File x3", "x77"]


@pytest.mark.parametrize("change", ["join", "leave", "rename", "dissolve"])
def test_all_that_happened_to_a_group_is_shown(change: str) -> None:
    talk = Talk()
    (carl,) = talk.world.chat.people("carl")
    groups, identity = talk.world.chat.groups, talk.world.chat.group_of(talk.ann)
    done(groups.invite(talk.ann, identity, (carl.user_id,)))
    if change == "leave":
        done(groups.leave(carl, identity))
    elif change == "rename":
        done(talk.world.desk.administration.rename_group(COMMAND_LINE, identity, "Other"))
    elif change == "dissolve":
        done(talk.world.desk.administration.dissolve_group(COMMAND_LINE, identity))
    shown = {"join": "Came in carl", "leave": "Went out carl", "rename": "Changed", "dissolve": "Dissolved"}
    around = talk.ask("around", one=identity, other="", seq="2")
    assert rows(around.text.replace(' class="marked"', ""))[-1][3] == shown[change]


def test_what_only_a_newer_version_knows_is_a_change() -> None:
    talk = Talk("of now")
    (record,) = talk.world.chat.store.log.records.values()
    text = '{"event": "frozen", "user_ids": ["ann"]}'
    record.message = attrs.evolve(record.message, msg_type=GROUP_EVENT, text=text)
    around = talk.ask("around", seq="1").text.replace(' class="marked"', "")
    assert [row[3] for row in rows(around)] == ["Changed"]


def test_a_groups_talk_is_searched_by_its_id_alone() -> None:
    talk = Talk()
    identity = talk.world.chat.group_of(talk.ann)
    address = TalkAddress(talk_type=TalkType.GROUP, other_id=identity)
    done(talk.world.chat.messages.send(talk.ann, address, bytes(15) + b"x", TEXT, "rude to all"))
    page = talk.ask("search", one=identity, other="")
    assert [row[3] for row in rows(page.text)] == ["rude to all"]
    around = talk.ask("around", one=identity, other="", seq=seqs(page)[0])
    assert [row[3] for row in rows(around.text)][:1] == ["Group made ann"]
    assert f'value="{identity}"' in talk.olga.get(f"/console/messages?one={identity}").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"one": "nobody"}, 404),
        ({"one": "a:b"}, 400),
        ({"one": ""}, 400),
        ({"one": ":g1", "other": ""}, 400),
        ({"one": "é"}, 400),
        ({"text": " "}, 400),
        ({"text": ""}, 400),
    ],
)
def test_a_talk_that_is_not_there_and_a_search_for_nothing_are_refused(
    fields: dict[str, str], status: int
) -> None:
    assert Talk("a rude word").ask("search", **fields).status == status


@pytest.mark.parametrize("seq", ["", "x", "-1", "1.5", "٣", "9" * 20])
def test_what_is_no_number_of_a_message_is_refused(seq: str) -> None:
    talk = Talk("a rude word")
    assert talk.ask("around", seq=seq).status == 400
    assert talk.ask("recall", seq=seq).status == 400
    assert talk.ask("around", seq="999999").status == 404


@pytest.mark.parametrize("text", ["%", "_ude", "r*de", "' OR 1=1 --"])
def test_wildcards_mean_themselves(text: str) -> None:
    assert rows(Talk("a rude word").ask("search", text=text).text) == [["Nothing to show."]]


def test_words_names_and_reasons_are_text() -> None:
    talk = Talk(f"rude {EVIL}")
    object.__setattr__(talk.world.chat.store.accounts[UserId("ann")].user, "nickname", EVIL)
    for name in ("search", "around"):
        page = talk.ask(name, reason=f"{EVIL} and more", seq="1")
        assert page.status == 200
        assert "&lt;script&gt;" in page.text
        assert "<script>" not in page.text
        assert wild_parts(page.text) == []
    page = talk.olga.get("/console/messages?one=%22%3E%3Cscript%3E")
    assert "<script>" not in page.text


@pytest.mark.parametrize("name", ["search", "around", "recall"])
def test_a_viewer_looks_into_no_talk(name: str) -> None:
    talk = Talk("a rude word")
    vera = talk.world.visitor("vera")
    page = talk.ask_as(vera, name, seq="1")
    assert (page.status, "a rude word" in page.text) == (403, False)
    assert talk.world.store.entries[-1].action == "operator.refused"
    assert "hx-post" not in vera.get("/console/messages").text.split("<main")[1]
