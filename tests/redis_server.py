"""Private Redis servers for tests: each a child process of its own, as in `tests.servers`.

A test that only needs a Redis asks `shared_redis`, and takes a namespace of its own; one that stops or kills it starts its own.
"""

import atexit
import os
import shutil
import socket
from functools import cache
from pathlib import Path
from unittest import SkipTest

from tests.processes import ServerProcess, free_port

_PROGRAMS = ("redis-server", "valkey-server", "redis-check-rdb")
"""Debian's redis-tools hold the server by the last of these names; it is a server when it is called so."""


class RedisServer(ServerProcess):
    """A private Redis (or Valkey) on a port of 127.0.0.1 and a Unix socket, which keeps nothing on disk: killed, it has lost all.

    Args:
        password: what AUTH asks for; "" for nothing. To be changed between `kill` and `start`, or by `command`.
    """

    host = "127.0.0.1"

    def __init__(self, *, password: str = "") -> None:
        memory = Path("/dev/shm")
        super().__init__("redis", below=str(memory) if os.access(memory, os.W_OK) else None)
        self.port = free_port()
        self.password = password
        self.socket = self.directory / "socket"

    @property
    def url(self) -> str:
        secret = f":{self.password}@" if self.password else ""
        return f"redis://{secret}{self.host}:{self.port}"

    @property
    def unix_url(self) -> str:
        secret = f":{self.password}@" if self.password else ""
        return f"unix://{secret}{self.socket}"

    def start(self, *options: str) -> None:
        """Start with these further options of redis-server and return when it answers."""
        self._process.start(self._command(*options), cwd=self.directory)
        self._wait_for_start(self._answers, timeout_s=30)

    def restart(self) -> None:
        """Kill it, and start it again, empty, on the same port."""
        self.kill()
        self.start()

    def flush(self) -> None:
        """Forget all keys; subscriptions stay."""
        self.command("FLUSHALL")

    def change_password(self, password: str) -> None:
        """Ask for another password from now on, "" for none; who is connected stays so."""
        self.command("CONFIG", "SET", "requirepass", password)
        self.password = password

    def command(self, *words: str, lines: int = 1) -> str:
        """The first lines of the answer to a command. AssertionError when it is an error."""
        commands = [("AUTH", self.password)] if self.password else []
        with socket.create_connection((self.host, self.port), timeout=10) as connection:
            answers = connection.makefile("rb")
            for command in [*commands, words]:
                connection.sendall(_packed(command))
                answer = answers.readline().decode().rstrip()
                assert not answer.startswith("-"), f"{command[0]}: {answer}"
            return "\n".join([answer, *(answers.readline().decode().rstrip() for _ in range(lines - 1))])

    def _answers(self) -> bool:
        try:
            return self.command("PING") == "+PONG"
        except (OSError, AssertionError):
            return False

    def _command(self, *options: str) -> list[str]:
        program = _program()
        assert program is not None, "Redis is not installed"
        called = self.directory / "redis-server"
        if not called.is_symlink():
            called.symlink_to(program)
        secret = ["--requirepass", self.password] if self.password else []
        place = ["--bind", self.host, "--port", str(self.port), "--unixsocket", str(self.socket)]
        return [str(called), *place, "--save", "", "--dir", str(self.directory), *secret, *options]


@cache
def shared_redis() -> RedisServer:
    """The run's one Redis, started when first asked for. Do not stop or flush it: start your own for that.

    Raises:
        SkipTest: Redis is not installed, and NAIVECHAT_REQUIRE_SERVERS is not 1.
    """
    require_redis()
    server = RedisServer()
    server.start()
    atexit.register(server.close)
    return server


def require_redis() -> None:
    """Skip the calling test where neither Redis nor Valkey is installed; fail it with NAIVECHAT_REQUIRE_SERVERS=1."""
    if _program() is not None:
        return
    reason = "Redis is not installed (Debian: apt install redis-tools)"
    if os.environ.get("NAIVECHAT_REQUIRE_SERVERS") == "1":
        raise AssertionError(reason)
    raise SkipTest(reason)


def _program() -> str | None:
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


def _packed(words: tuple[str, ...]) -> bytes:
    parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
    return f"*{len(words)}\r\n{''.join(parts)}".encode()
