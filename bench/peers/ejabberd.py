"""A private ejabberd from Debian's packages: its own folder and port of 127.0.0.1, accounts and archive in a MariaDB of the run."""

import re
import socket
from pathlib import Path

from bench.peers.packages import library_path, unpacked
from tests.processes import ServerProcess, free_port
from tests.servers import MariaDBServer

_PACKAGES = ("ejabberd", "erlang-p1-mysql")
_CONFIGURATION = """\
hosts: [localhost]
loglevel: warning
listen:
  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144}}
auth_method: sql
auth_password_format: plain
default_db: sql
sql_type: mysql
sql_server: "127.0.0.1"
sql_port: {sql_port}
sql_database: "{database}"
sql_username: "{user}"
sql_password: "{password}"
shaper_rules: {{max_user_offline_messages: 1000000}}
modules:
  mod_offline: {{}}
  mod_roster: {{}}
{archive}"""
_ARCHIVE = "  mod_mam: {default: always, db_type: sql}\n"


class Ejabberd(ServerProcess):
    """An ejabberd; with `archive` every message is kept in MariaDB before it is passed on.

    Raises:
        Missing: when it is made: its packages cannot be had.
    """

    def __init__(
        self, database: MariaDBServer, names: tuple[str, ...], password: str, *, archive: bool
    ) -> None:
        super().__init__("ejabberd")
        self.port = free_port()
        self._root = unpacked(_PACKAGES)
        self._erlang = self._root / "usr" / "lib" / "erlang"
        (self._sql,) = self._root.glob("usr/share/ejabberd/sql/mysql.sql")
        url = database.create_database()
        self._add_accounts(database, url, names, password)
        self._configuration = _CONFIGURATION.format(
            port=self.port,
            sql_port=database.port,
            database=url.rpartition("/")[2],
            user=database.user,
            password=database.password,
            archive=_ARCHIVE if archive else "",
        )

    @property
    def version(self) -> str:
        """Of the package's program."""
        program = next(self._root.glob("usr/lib/*/ejabberd-*/ebin/ejabberd.app"))
        said = re.search(r'\{vsn, *"([^"]+)"', program.read_text())
        return f"ejabberd {said[1]}" if said else "ejabberd of unknown version"

    def start(self) -> None:
        """Start, and return when clients may connect."""
        (self.directory / "ejabberd.yml").write_text(self._configuration)
        (runtime,) = self._erlang.glob("erts-*/bin")
        libraries = library_path(self._root)
        environment = {
            "PATH": f"{runtime}:/usr/bin:/bin",
            "HOME": str(self.directory),
            "ROOTDIR": str(self._erlang),
            "BINDIR": str(runtime),
            "EMU": "beam",
            "PROGNAME": "erl",
            "ERL_LIBS": libraries,
            "LD_LIBRARY_PATH": libraries,
            "EJABBERD_CONFIG_PATH": str(self.directory / "ejabberd.yml"),
            "EJABBERD_LOG_PATH": str(self.directory / "ejabberd.log"),
        }
        store = f'"{self.directory / "store"}"'
        options = ["-noinput", "-mnesia", "dir", store, "-s", "ejabberd"]
        # +K and +P as ejabberdctl gives them.
        command = [str(runtime / "erlexec"), "+K", "true", "+P", "250000", *options]
        self._process.start(command, cwd=self.directory, environment=environment)
        self._wait_for_start(self._listens, timeout_s=60)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _add_accounts(self, database: MariaDBServer, url: str, names: tuple[str, ...], password: str) -> None:
        with database.connection() as connection, connection.cursor() as cursor:
            connection.select_db(url.rpartition("/")[2])
            for statement in _statements(self._sql):
                cursor.execute(statement)
            cursor.executemany(
                "INSERT INTO users (username, password) VALUES (%s, %s)", [(name, password) for name in names]
            )


def _statements(script: Path) -> list[str]:
    lines = [line for line in script.read_text().splitlines() if not line.startswith("--")]
    return [part for part in "\n".join(lines).split(";") if part.strip()]
