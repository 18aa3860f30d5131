"""A private Prosody from Debian's packages: its own folder and port of 127.0.0.1, its archive in a MariaDB of the run."""

import socket

from bench.peers.packages import library_path, unpacked
from tests.processes import ServerProcess, free_port
from tests.servers import MariaDBServer

_PACKAGES = ("prosody", "lua-dbi-mysql")
_LUA = "5.4"
_CONFIGURATION = """\
modules_enabled = {{ "saslauth", "roster", "disco", "offline" {archive} }}
modules_disabled = {{ "s2s", "tls" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = {{ archive = "sql" }}
default_archive_policy = true
sql = {{ driver = "MySQL", host = "127.0.0.1", port = {sql_port}, database = "{database}", username = "{user}", password = "{password}" }}
run_as_root = true
log = {{ warn = "*console" }}
pidfile = "{directory}/pid"
data_path = "{directory}/data"
certificates = "{directory}/data"
VirtualHost "localhost"
"""


class Prosody(ServerProcess):
    """A Prosody; with `archive` every message is kept in MariaDB before it is passed on.

    Raises:
        Missing: when it is made: its packages cannot be had.
    """

    def __init__(
        self, database: MariaDBServer, names: tuple[str, ...], password: str, *, archive: bool
    ) -> None:
        super().__init__("prosody")
        self.port = free_port()
        self._root = unpacked(_PACKAGES)
        self._configuration = _CONFIGURATION.format(
            archive=', "mam"' if archive else "",
            port=self.port,
            sql_port=database.port,
            database=database.create_database().rpartition("/")[2],
            user=database.user,
            password=database.password,
            directory=self.directory,
        )
        self._add_accounts(names, password)

    @property
    def version(self) -> str:
        """Of the package's program."""
        return f"Prosody {(self._root / 'usr/lib/prosody/prosody.version').read_text().strip()}"

    def start(self) -> None:
        """Start, and return when clients may connect."""
        configuration = self.directory / "prosody.cfg.lua"
        configuration.write_text(self._configuration)
        program = self.directory / "prosody"
        # The program holds the places where its package would be installed.
        source = (self._root / "usr" / "bin" / "prosody").read_text()
        program.write_text(source.replace("'/usr/lib/prosody", f"'{self._root}/usr/lib/prosody"))
        share, libraries = self._root / "usr" / "share" / "lua" / _LUA, library_path(self._root)
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.directory),
            "LUA_PATH": f"{share}/?.lua;{share}/?/init.lua",
            "LUA_CPATH": ";".join(f"{folder}/lua/{_LUA}/?.so" for folder in libraries.split(":")),
            "LD_LIBRARY_PATH": libraries,
        }
        lua = self._root / "usr" / "bin" / f"lua{_LUA}"
        command = [str(lua), str(program), "-F", "--config", str(configuration)]
        self._process.start(command, cwd=self.directory, environment=environment)
        self._wait_for_start(self._listens, timeout_s=60)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _add_accounts(self, names: tuple[str, ...], password: str) -> None:
        """As prosodyctl writes them."""
        accounts = self.directory / "data" / "localhost" / "accounts"
        accounts.mkdir(parents=True)
        for name in names:
            (accounts / f"{name}.dat").write_text(f'return {{ ["password"] = "{password}"; }};\n')
