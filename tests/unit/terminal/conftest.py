"""A person who has friends, a group and a screen."""

import pytest

from naivechat.client import FRIEND, GROUP, TalkKey
from naivechat.terminal.actions import Actions
from naivechat.terminal.chat import Chat
from tests.unit.terminal.fakes import NOW_MS, USER, FakeClient, Paper, friend, group, talk


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient()
    client.state.user = USER
    client.state.friends = {"li": friend("li", "李雷", online=True), "han": friend("han", "韩梅梅", "Mei")}
    client.state.groups = {"g1": group("g1", "Weekend")}
    client.state.talks = {TalkKey(FRIEND, "li"): talk(FRIEND, "li"), TalkKey(GROUP, "g1"): talk(GROUP, "g1")}
    return client


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def ends() -> list[str]:
    """Why the session has ended."""
    return []


@pytest.fixture
def sent() -> list[tuple[TalkKey, str]]:
    """What was sent."""
    return []


@pytest.fixture
def chat(client: FakeClient, paper: Paper, ends: list[str]) -> Chat:
    return Chat(client, paper, lambda: NOW_MS, ends.append)  # type: ignore[arg-type]


@pytest.fixture
def actions(
    chat: Chat, client: FakeClient, paper: Paper, ends: list[str], sent: list[tuple[TalkKey, str]]
) -> Actions:
    return Actions(
        chat,
        client,  # type: ignore[arg-type]
        paper,
        send=lambda key, text: sent.append((key, text)),
        quit_program=lambda: ends.append("quit"),
        now_ms=lambda: NOW_MS,
    )
