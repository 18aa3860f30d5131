"""Which modules are mutated, and which tests must notice."""

from collections.abc import Iterable

import attrs

ON_SQLITE = ("-k", "not MariaDB")
"""Options of pytest for all: no server is started."""


@attrs.frozen(kw_only=True)
class Target:
    """A module and its tests, in rounds: a mutant that lives through one goes into the next. Those that notice most come first."""

    module: str
    rounds: tuple[tuple[str, ...], ...]


@attrs.frozen(kw_only=True)
class Group:
    """Modules of one subject, of whose mutants a share must be noticed."""

    name: str
    targets: tuple[Target, ...]

    @property
    def tests(self) -> tuple[str, ...]:
        """The files of all tests, each once."""
        files = (file for target in self.targets for files in target.rounds for file in files)
        return tuple(dict.fromkeys(files))


def _target(module: str, *rounds: Iterable[str]) -> Target:
    files = tuple(tuple(f"tests/{name}.py" for name in names) for names in rounds)
    return Target(module=f"naivechat.{module}", rounds=files)


def _sql(module: str, *names: str) -> Target:
    rounds = [(name if "/" in name else f"contract/test_{name}",) for name in names]
    return _target(f"infrastructure.sql.{module}", *rounds)


_QUEUE = "unit/infrastructure/test_message_log"

GROUPS = (
    Group(
        name="codec",
        targets=(
            _target(
                "protocol.codec",
                *((f"unit/protocol/test_{subject}",) for subject in ("codec", "packets", "fields", "frame")),
            ),
            _target("protocol.frame", ("unit/protocol/test_frame",)),
            _target("protocol.plain_message", ("unit/protocol/test_plain_message",)),
        ),
    ),
    Group(
        name="rules",
        targets=(
            _target("domain.appending", ("unit/domain/test_appending",), ("unit/application/test_messages",)),
            _target(
                "domain.friend",
                ("unit/application/test_friends",),
                ("unit/sockets/test_handlers",),
                ("unit/test_settings",),
            ),
            _target(
                "domain.group",
                ("unit/domain/test_group",),
                ("unit/application/test_groups",),
                ("unit/sockets/test_handlers",),
            ),
            _target(
                "domain.group_administration",
                ("unit/domain/test_group_administration",),
                ("unit/application/test_administration",),
            ),
            _target("domain.message", ("unit/domain/test_message",), ("unit/application/test_messages",)),
            _target("domain.names", ("unit/domain/test_names",)),
            _target("domain.node_account", ("unit/domain/test_node_account",)),
            _target(
                "domain.operator",
                ("unit/domain/test_operator",),
                ("unit/application/test_operators",),
                ("unit/application/test_api_tokens",),
            ),
            _target(
                "domain.session",
                ("unit/domain/test_session",),
                ("unit/application/test_sessions",),
                ("unit/sockets/test_login",),
            ),
            _target(
                "domain.talk",
                ("unit/domain/test_talk",),
                ("unit/application/test_talks",),
                ("unit/sockets/test_handlers",),
            ),
        ),
    ),
    Group(
        name="services",
        targets=(
            *(
                _target(f"application.{subject}", (f"unit/application/test_{subject}",))
                for subject in ("messages", "friends", "groups", "talks")
            ),
            _target(
                "application.official_accounts",
                ("unit/application/test_official_accounts",),
                ("unit/application/test_administration",),
            ),
            _target("application.supervision", ("unit/application/test_administration",)),
            _target("application.bots", ("unit/application/test_bots",)),
            _target("application.bot_administration", ("unit/application/test_bots",)),
            _target("application.operators", ("unit/application/test_operators",)),
        ),
    ),
    Group(
        name="sockets",
        targets=(
            _target("sockets.dispatch", ("unit/sockets/test_dispatch",), ("unit/sockets/test_counts",)),
            _target("sockets.session", ("unit/sockets/test_session",), ("unit/sockets/test_registry",)),
            _target(
                "sockets.audience",
                ("unit/sockets/test_push_order",),
                ("unit/sockets/test_fan_out",),
                ("unit/sockets/test_delivery",),
            ),
            _target("sockets.gap", ("unit/sockets/test_push_order",), ("unit/sockets/test_fan_out",)),
            _target(
                "sockets.push_order",
                ("unit/sockets/test_push_order",),
                ("unit/sockets/test_late_comers",),
                ("unit/sockets/test_fan_out",),
            ),
        ),
    ),
    Group(
        name="log",
        targets=(
            _sql("message_log", _QUEUE, "log", "outages", "news"),
            _sql("batch", "unit/infrastructure/test_batch", _QUEUE, "log", "outages", "news"),
            _sql("uncertain", "unit/infrastructure/test_uncertain", _QUEUE, "outages"),
            _sql(
                "records", "log", "groups", "unit/infrastructure/test_records", "news", "outages", "agreement"
            ),
            _sql(
                "group_change",
                "groups",
                "unit/infrastructure/test_records",
                "news",
                "outages",
                "log",
                "directory",
            ),
            _sql("members", "groups", "people", "directory", "log", "agreement"),
            _sql(
                "tokens",
                "people",
                "groups",
                "unit/infrastructure/test_tokens",
                "unit/infrastructure/test_login_plans",
                "outages",
            ),
        ),
    ),
)
