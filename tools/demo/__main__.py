"""Starts the node and the two desktop clients, and ends them."""

import contextlib
import re
import secrets
import shlex
import signal
import sys
import time
from pathlib import Path

import click

from tools.child import Child

PEOPLE = ("alice", "bob")
WIDTH, HEIGHT = 900, 700
WATCH_EVERY_S = 0.3

_BIN = Path(sys.executable).parent
_LISTENS = re.compile(r"naivechat node \S+ listens on tcp:\S+:(?P<port>\d+)\s*$", re.M)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="var/demo")
@click.option("--lang", default="", help="Language of the clients, zh_CN or en; by default the system's.")
def main(folder: Path, lang: str) -> None:
    """Run a node on SQLite with demo people, and two of them side by side, until both windows are closed or Ctrl-C.

    Data and logs stay in FOLDER.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.ExitStack() as ending, contextlib.suppress(KeyboardInterrupt):
        demo = Demo(folder.resolve(), ending)
        port = demo.start_node()
        clients = [demo.start_client(person, port, lang, place) for place, person in enumerate(PEOPLE)]
        demo.watch(clients)


class Demo:
    """The node and the clients. Whatever was started is ended by `ending`, the last one first."""

    def __init__(self, folder: Path, ending: contextlib.ExitStack) -> None:
        self._folder = folder
        self._ending = ending
        self._database = f"sqlite:///{folder / 'naivechat.db'}"
        self._password = secrets.token_urlsafe(9)

    def start_node(self) -> int:
        """Start the node, with demo people in its database: the port."""
        self._run("demo-data")
        for person in PEOPLE:
            self._run("user", "passwd", person, typed=f"{self._password}\n{self._password}\n")
        node = self._start(
            "node", [str(_BIN / "twistd"), "-n", "--pidfile=", "naivechat", "--db", self._database]
        )
        node.wait_until(lambda: _LISTENS.search(node.log_text) is not None)
        port = int(_LISTENS.findall(node.log_text)[0])
        click.echo(f"A node listens on 127.0.0.1:{port}; the password of alice and bob is {self._password}")
        return port

    def start_client(self, person: str, port: int, lang: str, place: int) -> Child:
        """Start somebody's desktop client, logged in, in the `place`th column of the screen."""
        command = [
            *(str(_BIN / "naivechat-client"), "--server", f"127.0.0.1:{port}", "--user", person),
            *("--data-dir", str(self._folder / person), "--lang", lang),
            *("--geometry", f"{WIDTH}x{HEIGHT}+{place * (WIDTH + 20)}+40"),
        ]
        return self._start(person, command, environment={"NAIVECHAT_PASSWORD": self._password})

    def watch(self, clients: list[Child]) -> None:
        """Return when all clients have ended; say how those did that fail."""
        while clients:
            for client in [client for client in clients if client.end is not None]:
                clients.remove(client)
                click.echo(f"{client.name} {client.end}\n{client.log_text}".rstrip())
            time.sleep(WATCH_EVERY_S)

    def _start(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> Child:
        child = Child(name, command, self._folder, environment=environment)
        self._ending.callback(child.stop)
        return child

    def _run(self, *arguments: str, typed: str = "") -> None:
        environment = {"NAIVECHAT_DB": self._database}
        command = [str(_BIN / "naivechat"), *arguments]
        step = Child(arguments[0], command, self._folder, typed=typed, environment=environment)
        self._ending.callback(step.stop)
        while step.end is None:
            time.sleep(0.05)
        if step.end != "ended with status 0":
            raise click.ClickException(f"{shlex.join(command)} {step.end}:\n{step.log_text}")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
