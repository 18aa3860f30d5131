"""Starts the cluster, says what to type, and ends it."""

import contextlib
import fcntl
import json
import re
import secrets
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from tools.child import Child, without_settings
from tools.cluster.servers import HOST, answers, start_mariadb, start_redis, write_private

NODES = 3
FIRST_PORT = 7397
WATCH_EVERY_S = 0.3

_BIN = Path(sys.executable).parent
_LISTENS = re.compile(r"naivechat node \S+ listens on tcp:\S+:(?P<port>\d+)\s*$", re.M)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="var/cluster")
def main(folder: Path) -> None:
    """Run three nodes on a MariaDB and a Redis of their own, until Ctrl-C.

    Data, logs and passwords stay in FOLDER: the next start continues with them.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone_in(folder), contextlib.ExitStack() as ending:
        cluster = Cluster(folder.resolve(), ending)
        try:
            cluster.start()
            cluster.describe()
            cluster.watch()
        except KeyboardInterrupt:
            click.echo()
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)


class Cluster:
    """Servers and nodes. Whatever was started is ended by `ending`, the last one first."""

    def __init__(self, folder: Path, ending: contextlib.ExitStack) -> None:
        self._folder = folder
        self._ending = ending
        self._config = folder / "naivechat.toml"
        self._passwords = _remembered_passwords(folder / "passwords.json")
        self._servers: list[Child] = []
        self._nodes: dict[Child, int] = {}

    def start(self) -> None:
        """Start the servers, then, with demo people in the database, the nodes."""
        settings = {
            "db": self._start_server(*start_mariadb(self._folder, self._passwords["mariadb"])),
            "redis": self._start_server(*start_redis(self._folder, self._passwords["redis"])),
            "registration": "open",
        }
        lines = (f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
        write_private(self._config, "".join(lines))
        self._add_demo_people()
        for number in range(NODES):
            self._start_node(f"node{number + 1}", FIRST_PORT + number)

    def describe(self) -> None:
        """Say what runs, and what to type."""
        addresses = [f"{HOST}:{port}" for port in self._nodes.values()]
        command = shlex.quote(_shown(_BIN / "naivechat"))
        click.echo(f"\nThese run now, with data and logs in {_shown(self._folder)}; Ctrl-C ends them all:\n")
        for node, address in zip(self._nodes, addresses, strict=True):
            click.echo(f"    {node.name:<9} pid {node.pid:<9} {address}")
        for server in self._servers:
            click.echo(f"    {server.name:<9} pid {server.pid}")
        click.echo(f"\nIn other terminals, as alice, bob … with the password {self._passwords['people']}:\n")
        for person, first in (("alice", 0), ("bob", 1)):
            places = ",".join(addresses[first:] + addresses[:first])
            click.echo(f"    {command} chat {person}@{places}")
        click.echo(f"    {command} --config {shlex.quote(_shown(self._config))} nodes")
        click.echo("\nWrite on while a node dies, or Redis, and see that nothing is lost:\n")
        click.echo(f"    kill -9 {next(iter(self._nodes)).pid}\n")

    def watch(self) -> None:
        """Say what ends, for ever."""
        running = [*self._servers, *self._nodes]
        while True:
            for child in [child for child in running if child.end is not None]:
                running.remove(child)
                click.echo(f"{child.name} (pid {child.pid}) {child.end}; its log is {_shown(child.log)}")
                if child in self._nodes:
                    click.echo(f"    to start it again: {child.command}")
            time.sleep(WATCH_EVERY_S)

    def _start_server(self, child: Child, url: str) -> str:
        click.echo(f"starting {child.name}")
        self._ending.callback(child.stop)
        self._servers.append(child)
        child.wait_until(lambda: answers(url))
        return url

    def _start_node(self, name: str, port: int) -> None:
        click.echo(f"starting {name}")
        twistd = [str(_BIN / "twistd"), "-n", "--pidfile=", "naivechat", "--config", str(self._config)]
        # Far enough from the ports of the other nodes.
        command = [*twistd, "--admin-port", str(port + 10_000), "--node-name", name, "--port"]
        node = Child(name, [*command, str(port)], self._folder)
        self._ending.callback(node.stop)
        node.wait_until(lambda: _LISTENS.search(node.log_text) is not None)
        # A taken port has made way to the next free one, which is the one that people were told and that it comes back to.
        self._nodes[node] = int(_LISTENS.findall(node.log_text)[0])
        node.command = shlex.join([*command, str(self._nodes[node])])

    def _add_demo_people(self) -> None:
        command = [str(_BIN / "naivechat"), "--config", str(self._config), "demo-data"]
        done = subprocess.run(
            [*command, f"--password={self._passwords['people']}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=without_settings(),
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise click.ClickException(f"the demo people could not be made:\n{done.stdout}")


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _remembered_passwords(file: Path) -> dict[str, str]:
    if not file.exists():
        made = {name: secrets.token_urlsafe(9) for name in ("mariadb", "redis", "people")}
        write_private(file, json.dumps(made))
    remembered: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return remembered


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(f"a cluster runs in {folder} already") from None
        yield


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
