"""An API in memory, and a script that calls it."""

import json
import uuid
from typing import Any

import attrs

from naivechat.domain.message import TEXT
from naivechat.domain.operator import COMMAND_LINE, OperatorId, OperatorRole
from naivechat.domain.session import Actor
from naivechat.domain.talk import TalkAddress, TalkType
from naivechat.domain.user import UserId
from naivechat.interfaces.api.table import make_api, make_table
from naivechat.interfaces.channel import Limits
from naivechat.interfaces.site import make_site
from tests.fakes import done
from tests.unit.interfaces.browser import Answer, Browser
from tests.unit.interfaces.console.visitor import World

DAY_MS = 24 * 3_600_000
REASON = "reported by three people"
KEY = "9f1b8a52-0d5b-4f0e-8f0c-6b2f3c1d4e5f"


class ApiWorld(World):
    """As `World`, whose API is at `api_site`; `scripts` are those of olga, an operator, and of vera, a viewer."""

    def __init__(self, public_url: str = "") -> None:
        super().__init__(public_url)
        self.table = make_table(self.services)
        api = make_api(self.services, public_url=public_url, steady_clock=self.wall)
        self.api_site = make_site({"api": api}, reactor=self.clock, limits=Limits(connections=1_000))
        self.olga = self.script("olga", OperatorRole.OPERATOR)
        self.vera = self.script("vera", OperatorRole.VIEWER)
        self.store.entries.clear()

    def script(self, operator_id: str, role: OperatorRole, name: str = "script") -> "Script":
        """Somebody's script, with a token of its own for a day."""
        whose = OperatorId(operator_id)
        made = done(self.api_tokens.create(COMMAND_LINE, whose, name, role, lifetime_ms=DAY_MS))
        return Script(self, made.text)

    def actor(self, user_id: str) -> Actor:
        """Somebody of the chat who is there."""
        return Actor(user=self.chat.store.accounts[UserId(user_id)].user)

    def say(self, speaker: Actor, friend: Actor, text: str) -> None:
        """A message of the chat."""
        address = TalkAddress(talk_type=TalkType.FRIEND, other_id=friend.user_id)
        done(self.chat.messages.send(speaker, address, uuid.uuid4().bytes, TEXT, text))

    def entries(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        """The audit log: who, what, to whom and what else, oldest first; forgotten afterwards."""
        found = [(e.operator_id, e.action, e.subject, dict(e.detail)) for e in self.store.entries]
        self.store.entries.clear()
        return found


@attrs.frozen
class Script:
    """What calls the API by a token, none where it is ""."""

    world: ApiWorld
    token: str = ""

    def ask(
        self, method: str, path: str, body: Any = None, *, kind: str = "application/json", **headers: str
    ) -> Answer:
        """A request below `/api/v1`; `body` is bytes, or becomes JSON. Further ones are headers."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            sent["Content-Type"] = kind
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        browser = Browser(self.world.api_site)
        return browser.ask(f"/api/v1{path}", method, raw, **{**sent, **headers})

    def get(self, path: str) -> Any:
        """The JSON of an answer that must be 200."""
        return self.does("GET", path)

    def does(self, method: str, path: str, body: Any = None, *, status: int = 200, **more: str) -> Any:
        """The JSON of an answer that must have a status; None where it has no body."""
        answer = self.ask(method, path, body, **more)
        assert answer.status == status, answer.body
        return json.loads(answer.body) if answer.body else None

    def refused(
        self, method: str, path: str, body: Any = None, *, status: int, **more: str
    ) -> dict[str, Any]:
        """The problem of an answer that must have a status."""
        answer = self.ask(method, path, body, **more)
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
        problem: dict[str, Any] = json.loads(answer.body)
        assert problem["status"] == status
        return problem
