"""MariaDB and Redis as the cluster runs them: private, on free ports of this machine, with passwords."""

import getpass
import os
import shutil
import socket
import subprocess
from pathlib import Path

import click

from tools.child import Child

HOST = "127.0.0.1"
_FOLDERS = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
_ACCOUNTS = """\
CREATE DATABASE IF NOT EXISTS naivechat CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS naivechat@{host} IDENTIFIED BY '{password}';
GRANT ALL PRIVILEGES ON naivechat.* TO naivechat@{host};
"""


def start_mariadb(folder: Path, password: str) -> tuple[Child, str]:
    """Start a MariaDB that keeps its data in `folder`/mariadb; the process, not ready yet, and its URL."""
    data, accounts, port = folder / "mariadb", folder / "accounts.sql", _free_port()
    # Not /tmp: a server that starts there removes the temporary tables of all others, which die of that.
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    if not data.exists():
        _create_data(data, temporary)
    write_private(accounts, _ACCOUNTS.format(host=f"'{HOST}'", password=password))
    command = [
        _program("mariadbd"),
        "--no-defaults",
        f"--datadir={data}",
        f"--tmpdir={temporary}",
        # Below the data: the path of a Unix socket may be 107 bytes long at most, a checkout's is longer now and then.
        "--socket=socket",
        f"--port={port}",
        f"--bind-address={HOST}",
        f"--init-file={accounts}",
        "--skip-name-resolve",
        "--skip-log-bin",
        *_as_root(),
    ]
    child = Child("mariadb", command, folder)
    return child, f"mysql://naivechat:{password}@{HOST}:{port}/naivechat"


def start_redis(folder: Path, password: str) -> tuple[Child, str]:
    """Start a Redis that keeps nothing; the process, not ready yet, and its URL."""
    port = _free_port()
    settings = f'bind {HOST}\nport {port}\nrequirepass {password}\nsave ""\nmaxmemory 256mb\n'
    return Child(
        "redis", [_redis_program(folder), "-"], folder, settings
    ), f"redis://:{password}@{HOST}:{port}"


def answers(url: str) -> bool:
    """Whether somebody listens at the host and port of a server's URL."""
    port = int(url.rpartition("@")[2].partition("/")[0].rpartition(":")[2])
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else may read."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _create_data(data: Path, temporary: Path) -> None:
    click.echo("making a new database")
    made = data.with_suffix(".new")
    shutil.rmtree(made, ignore_errors=True)
    command = [
        _program("mariadb-install-db"),
        "--no-defaults",
        f"--datadir={made}",
        f"--tmpdir={temporary}",
        "--auth-root-authentication-method=socket",
        f"--auth-root-socket-user={getpass.getuser()}",
        "--skip-test-db",
        *_as_root(),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise click.ClickException(f"mariadb-install-db failed:\n{done.stdout}")
    # An interrupted start leaves no half-made database behind.
    made.rename(data)


def _redis_program(folder: Path) -> str:
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name, path=_FOLDERS)
        if found is not None:
            return found
    # Debian's redis-tools hold the server under another name, and, unlike redis-server, start no service.
    link = folder / "redis-server"
    link.unlink(missing_ok=True)
    link.symlink_to(_program("redis-check-rdb"))
    return str(link)


def _program(name: str) -> str:
    path = shutil.which(name, path=_FOLDERS)
    if path is None:
        raise click.ClickException(f"{name} is not installed")
    return path


def _as_root() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
