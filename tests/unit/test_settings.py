"""Where settings come from, what is refused, and what is never shown."""

from pathlib import Path

import pytest

from naivechat.domain.friend import FriendPolicy
from naivechat.domain.limits import Limits
from naivechat.domain.rates import Rate
from naivechat.settings import Settings, SettingsError, load, shown_url


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DB", "PORT", "LISTEN", "ADVERTISE", "LIMITS", "LIMIT", "REGISTRATION", "REDIS", "CONFIG"):
        monkeypatch.delenv(f"NAIVECHAT_{name}", raising=False)


def test_nothing_given_is_a_closed_node_on_this_machine_alone() -> None:
    settings = load({})
    assert settings.db == "sqlite:///var/naivechat.db"
    assert (settings.interface, settings.port, settings.strict_port) == ("127.0.0.1", 7397, False)
    assert settings.registration is False
    assert settings.friend_policy is FriendPolicy.OPEN
    assert settings.limits is True
    assert settings.limits_in_force == Limits()
    assert settings.allow_plain_login is False
    assert settings.node_name
    assert (settings.redis, settings.advertise) == ("", ())
    assert (settings.admin_interface, settings.admin_port) == ("127.0.0.1", 7398)
    assert settings.log_format == "text"
    assert settings.webhook_allow == ()


def test_the_command_line_comes_before_the_environment_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "node.toml"
    file.write_text('port = 1\nnode-name = "file"\nlimits = false\nlisten = ["tcp:1", "unix:/x"]\n')
    monkeypatch.setenv("NAIVECHAT_PORT", "2")
    monkeypatch.setenv("NAIVECHAT_NODE_NAME", "environment")
    settings = load({"port": "3"}, config=str(file))
    assert (settings.port, settings.node_name, settings.limits) == (3, "environment", False)
    assert settings.listen == ("tcp:1", "unix:/x")


def test_endpoints_in_the_environment_are_parted_by_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAIVECHAT_LISTEN", r" tcp:7397  unix:/run/my\ chat ")
    assert load({}).listen == ("tcp:7397", "unix:/run/my chat")


def test_networks_in_the_environment_are_parted_by_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAIVECHAT_WEBHOOK_ALLOW", " 10.1.0.0/16  ::1 ")
    assert load({}).webhook_allow == ("10.1.0.0/16", "::1/128")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("port", "many", "port: a number from 0 to 65535 is wanted, not 'many'"),
        ("port", 65_536, "port: a number from 0 to 65535 is wanted, not 65536"),
        ("port", True, "port: a number from 0 to 65535 is wanted, not True"),
        ("admin_port", "-1", "admin-port: a number from 0 to 65535 or off is wanted, not '-1'"),
        ("admin_port", True, "admin-port: a number from 0 to 65535 or off is wanted, not True"),
        ("admin_interface", "all", "admin-interface: an address like 127.0.0.1 or 0.0.0.0 is wanted, not 'all'"),
        ("admin_url", "chat.example", "admin-url: https://host or https://host:port is wanted, not 'chat.example'"),
        ("admin_url", "https://a.example/console", "admin-url: https://host or https://host:port is wanted, not 'https://a.example/console'"),
        ("admin_url", "https://li@a.example", "admin-url: https://host or https://host:port is wanted, not 'https://li@a.example'"),
        ("keep_messages", "0", "keep-messages: a number of days from 1 to 36500 or forever is wanted, not '0'"),
        ("keep_messages", "a week", "keep-messages: a number of days from 1 to 36500 or forever is wanted, not 'a week'"),
        ("webhook_allow", 10, "webhook-allow: a list of networks is wanted"),
        ("webhook_allow", "10.0.0.1/8", "webhook-allow: a network like 10.1.0.0/16 or an address is wanted, not '10.0.0.1/8'"),
        ("webhook_allow", ["localhost"], "webhook-allow: a network like 10.1.0.0/16 or an address is wanted, not 'localhost'"),
        ("webhook_allow", [10], "webhook-allow: a network like 10.1.0.0/16 or an address is wanted, not 10"),
        ("workers", 0, "workers: a number from 1 to 64 is wanted, not 0"),
        ("workers", "many", "workers: a number from 1 to 64 is wanted, not 'many'"),
        ("log_format", "xml", "log-format: one of text, json is wanted, not 'xml'"),
        ("interface", "everywhere", "interface: an address like 127.0.0.1 or 0.0.0.0 is wanted, not 'everywhere'"),
        ("registration", "maybe", "registration: one of open, closed is wanted, not 'maybe'"),
        ("friend_policy", "none", "friend-policy: one of open, approve is wanted, not 'none'"),
        ("limits", "some", "limits: on or off is wanted, not 'some'"),
        ("limit", ["messages"], "limit: name=value is wanted, not 'messages'"),
        ("strict_port", 3, "strict-port: on or off is wanted, not 3"),
        ("listen", 7397, "listen: a list of Twisted endpoint strings is wanted"),
        ("db", 5, "db: a text is wanted"),
        ("redis", "http://:secret@cache", "redis: wanted is redis://host:port, rediss://host:port (TLS) or unix:///path of a socket"),
        ("advertise", 7397, "advertise: a list of [tls:]host:port is wanted"),
        ("advertise", ["chat.example"], "advertise: [tls:]host:port is wanted, not 'chat.example'"),
        ("advertise", [7397], "advertise: [tls:]host:port is wanted, not 7397"),
        ("advertise", "chat.example:0", "advertise: [tls:]host:port is wanted, not 'chat.example:0'"),
        ("advertise", "chat.example:65536", "advertise: [tls:]host:port is wanted, not 'chat.example:65536'"),
        ("advertise", "li@chat.example:1", "advertise: [tls:]host:port is wanted, not 'li@chat.example:1'"),
        ("advertise", "::1:7397", "advertise: [tls:]host:port is wanted, not '::1:7397'"),
        ("advertise", "0.0.0.0:7397", "advertise: 0.0.0.0:7397 is no address that a client can reach"),
        ("node_name", "", "node-name: 1 to 64 letters, digits, dots, dashes and underscores are wanted, a letter or digit first"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_line_naming_the_option(
    name: str, value: object, sentence: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load({name: value})
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "url",
    ["redis://cache", "rediss://chat:secret@cache:6380/1?ca=/etc/ca.pem", "unix://:secret@/run/redis.sock"],
)
def test_nodes_meet_in_redis_beside_a_database_that_several_may_use(url: str) -> None:
    assert load({"redis": url, "db": "mysql://chat@db/chat"}).redis == url
    assert load({"redis": ""}) == load({})


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("", ""),
        ("https://Console.Example/", "https://console.example"),
        ("https://console.example:443", "https://console.example"),
        ("http://console.example:8080", "http://console.example:8080"),
        ("https://[2001:db8::7]:8443", "https://[2001:db8::7]:8443"),
    ],
)
def test_the_consoles_address_is_kept_as_browsers_name_it(url: str, origin: str) -> None:
    assert load({"admin_url": url}).admin_url == origin


def test_redis_beside_sqlite_is_refused_in_words() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"redis": "redis://:secret@cache"})
    assert str(caught.value) == "--redis needs a MySQL or MariaDB database: SQLite belongs to one node"


def test_addresses_for_other_nodes_clients_are_given_one_by_one_or_parted_by_spaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses = ("chat1.example:7397", "tls:chat1.example:7398", "[2001:db8::7]:7397")
    assert load({"advertise": list(addresses)}).advertise == addresses
    monkeypatch.setenv("NAIVECHAT_ADVERTISE", " ".join(addresses))
    assert load({}).advertise == addresses


def test_an_address_that_no_client_would_take_is_refused() -> None:
    with pytest.raises(SettingsError, match="advertise: "):
        load({"advertise": "a" * 296 + ":7397"})
    assert load({"advertise": "a" * 295 + ":7397"}).advertise


def test_a_refused_database_url_does_not_show_its_password() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"db": "postgres://chat:secret@localhost/chat"})
    assert "secret" not in str(caught.value)
    assert "mysql://" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [("prot = 1", "Invalid options found in .*: prot"), ("port =", "Invalid value"), (b"\xff", "utf-8")],
)
def test_a_bad_file_is_refused_with_its_name(tmp_path: Path, content: str | bytes, reason: str) -> None:
    file = tmp_path / "node.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError, match=f"config .*node.toml: .*{reason}") as caught:
        load({}, config=str(file))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"config .*absent\.toml: No such file"):
        load({}, config=str(tmp_path / "absent.toml"))


def test_words_become_values() -> None:
    settings = load(
        {
            "registration": "open",
            "limits": "OFF",
            "strict_port": "yes",
            "admin_port": "8080",
            "interface": "::1",
        }
    )
    assert settings.registration is True
    assert settings.limits is False
    assert settings.strict_port is True
    assert settings.admin_port == 8080
    assert settings.interface == "::1"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://chat:secret@db:3306/chat", "mysql://chat:***@db:3306/chat"),
        ("mysql://chat:se@cr/et#@db/chat", "mysql://chat:***@db/chat"),
        ("mysql://chat@db/chat", "mysql://chat@db/chat"),
        ("sqlite:///var/naivechat.db", "sqlite:///var/naivechat.db"),
        ("redis://:se@cr/et@cache:6379/1", "redis://:***@cache:6379/1"),
        ("rediss://chat:secret@cache?ca=/etc/ca.pem", "rediss://chat:***@cache?ca=/etc/ca.pem"),
        ("unix://:secret@/run/redis.sock", "unix://:***@/run/redis.sock"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock"),
    ],
)
def test_a_shown_url_has_no_password(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_the_representation_of_settings_has_no_password() -> None:
    settings = Settings(db="mysql://chat:secret@db/chat", redis="redis://:secret@cache")
    assert "secret" not in repr(settings)
    assert "redis://:***@cache" in repr(settings)


@pytest.mark.parametrize("word", ["off", "OFF", False])
def test_the_admin_port_may_be_off(word: object) -> None:
    assert load({"admin_port": word}).admin_port is None
    assert load({"admin_port": 0}).admin_port == 0


def test_a_flag_of_the_command_line_is_a_switch() -> None:
    assert load({"strict_port": 1}).strict_port is True


def test_limits_are_given_by_name_on_the_command_line_in_the_environment_and_in_a_table_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "node.toml"
    file.write_text('[limit]\nmessages = "20/s"\nmessage-burst = 90\nsearches = "off"\n')
    assert load({}, config=str(file)).limit == Limits(messages=Rate(20, 1.0), message_burst=90, searches=None)
    monkeypatch.setenv("NAIVECHAT_LIMIT", "connections=7 logins=3/2min")
    assert load({}, config=str(file)).limit == Limits(connections=7, logins=Rate(3, 120.0))
    assert load({"limit": ["friends=8"]}, config=str(file)).limit == Limits(friends=8)


def test_limits_that_are_off_leave_sizes_as_they_are() -> None:
    limits = load({"limits": "off", "limit": ["friends=8"]}).limits_in_force
    assert (limits.messages, limits.connections, limits.friends, limits.frames) == (None, None, 8, 200)


SEVERAL = {"db": "mysql://chat@db/chat", "redis": "redis://cache", "workers": "3"}


def test_workers_are_a_number() -> None:
    assert load(SEVERAL).workers == 3
    assert load({}).workers == 1


def test_several_workers_need_redis() -> None:
    with pytest.raises(SettingsError, match="--workers needs --redis: each worker is a node of its own"):
        load({**SEVERAL, "redis": ""})


@pytest.mark.parametrize("endpoint", ["unix:/run/naivechat", "systemd:domain=INET:index=0"])
def test_what_is_no_tcp_port_cannot_be_shared(endpoint: str) -> None:
    for options in (SEVERAL, {"shared_port": "on"}):
        with pytest.raises(SettingsError, match=f"listen: {endpoint} cannot be shared by several nodes"):
            load({**options, "listen": ["tls:/certificates:7397", endpoint]})


def test_tcp_ports_can_be_shared() -> None:
    endpoints = ["tcp:7397", "ssl:7398:privateKey=a.pem", "tls:/certificates:7399", "haproxy:tcp:7400"]
    assert load({**SEVERAL, "listen": endpoints}).listen == tuple(endpoints)
