"""Reads the imports of a source tree and holds them against the table of rooms in docs/architecture.md."""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

PURE = frozenset({"naivechat.protocol", "naivechat.domain", "naivechat.application"})
"""Rooms without I/O."""

_INNER = tuple(
    f"naivechat.{room}"
    for room in (
        "protocol",
        "domain",
        "application",
        "infrastructure",
        "sockets",
        "interfaces",
        "client",
        "terminal",
        "backend",
        "demo_data",
        "expiring",
        "last_seen",
        "limit_options",
        "listening",
        "membership",
        "node",
        "node_table",
        "operator_graph",
        "directory_graph",
        "periodic",
        "settings",
        "fair_port",
        "shared_port",
        "stall_sampler",
        "stall_watchdog",
        "surroundings",
        "switches",
        "webhook_courier",
        "webhook_graph",
        "worker_plans",
        "workers",
        "admin_graph",
        "admin_port",
        "certificates",
        "tls_endpoints",
        "log_context",
        "log_output",
        "__version__",
    )
)
_LIBRARIES = "*"

ROOMS: Mapping[str, tuple[str, ...]] = {
    "naivechat.protocol": ("attrs", "msgspec"),
    "naivechat.domain": ("attrs",),
    "naivechat.application": ("naivechat.domain", "attrs"),
    "naivechat.infrastructure": (
        "naivechat.domain",
        "argon2",
        "attrs",
        "dbutils",
        "hiredis",
        "pymysql",
        "pyotp",
        "twisted",
        "txredisapi",
        "uuid_utils",
        "yoyo",
        "zope.interface",
    ),
    "naivechat.sockets": (
        "naivechat.protocol",
        "naivechat.application",
        "naivechat.domain",
        "attrs",
        "twisted",
        "zope.interface",
    ),
    "naivechat.interfaces": (
        "naivechat.application",
        "naivechat.domain",
        "naivechat.__version__",
        "attrs",
        "babel",
        "jinja2",
        "prometheus_client",
        "segno",
        "twisted",
        "zope.interface",
    ),
    "naivechat.interfaces.api": (
        "naivechat.application",
        "naivechat.domain",
        "naivechat.interfaces.public_address",
        "naivechat.interfaces.streamed",
        "naivechat.__version__",
        "attrs",
        "msgspec",
        "twisted",
    ),
    "naivechat.client": (
        "naivechat.protocol",
        "naivechat.__version__",
        "OpenSSL",
        "attrs",
        "platformdirs",
        "service_identity",
        "twisted",
        "uuid_utils",
        "zope.interface",
    ),
    "naivechat.terminal": (
        "naivechat.client",
        "naivechat.protocol",
        "naivechat.__version__",
        "attrs",
        "platformdirs",
        "prompt_toolkit",
        "twisted",
    ),
    "naivechat.admin_audit": ("naivechat.application", "naivechat.domain", "naivechat.terminal"),
    "naivechat.admin_cli": (
        "naivechat.admin_audit",
        "naivechat.application",
        "naivechat.domain",
        "naivechat.infrastructure",
        "naivechat.new_password",
        "click",
    ),
    "naivechat.backup_cli": (
        "naivechat.application",
        "naivechat.domain",
        "naivechat.infrastructure",
        "naivechat.settings",
        "naivechat.terminal",
        "click",
    ),
    "naivechat.demo_data": ("naivechat.application", "naivechat.domain", "attrs"),
    "naivechat.expiring": (
        "naivechat.application",
        "naivechat.last_seen",
        "naivechat.periodic",
        "twisted",
    ),
    "naivechat.last_seen": (
        "naivechat.application",
        "naivechat.domain",
        "naivechat.periodic",
        "twisted",
    ),
    "naivechat.limit_options": ("naivechat.domain", "attrs"),
    "naivechat.certificates": ("attrs", "cryptography", "OpenSSL", "twisted", "zope.interface"),
    "naivechat.tls_endpoints": ("naivechat.certificates", "attrs", "twisted"),
    "naivechat.listening": (
        "naivechat.certificates",
        "naivechat.settings",
        "naivechat.tls_endpoints",
        "attrs",
        "twisted",
        "zope.interface",
    ),
    "naivechat.membership": (
        "naivechat.application",
        "naivechat.domain",
        "naivechat.periodic",
        "naivechat.sockets",
        "naivechat.__version__",
        "attrs",
        "twisted",
    ),
    "naivechat.new_password": ("naivechat.application", "click"),
    "naivechat.node": (
        "naivechat.domain",
        "naivechat.listening",
        "naivechat.membership",
        "naivechat.sockets",
        "attrs",
        "twisted",
        "zope.interface",
    ),
    "naivechat.node_table": ("naivechat.domain",),
    "naivechat.operator_graph": ("naivechat.application", "naivechat.domain", "naivechat.infrastructure"),
    "naivechat.directory_graph": ("naivechat.application", "naivechat.domain", "naivechat.infrastructure"),
    "naivechat.personal_data_cli": ("naivechat.application", "naivechat.domain", "click"),
    "naivechat.people_cli": ("naivechat.application", "naivechat.domain", "click"),
    "naivechat.periodic": ("naivechat.domain", "twisted"),
    "naivechat.settings": ("naivechat.domain", "naivechat.limit_options", "attrs", "typed_settings"),
    "naivechat.stall_watchdog": ("naivechat.stall_sampler", "twisted"),
    "naivechat.fair_port": ("twisted",),
    "naivechat.shared_port": ("naivechat.fair_port", "twisted"),
    "naivechat.worker_plans": ("naivechat.settings", "naivechat.workers"),
    "naivechat.workers": ("attrs", "twisted", "zope.interface"),
    "naivechat.stall_sampler": ("naivechat.domain", "twisted"),
    "naivechat.switches": ("naivechat.domain", "twisted"),
    "naivechat.admin_graph": (
        "naivechat.admin_port",
        "naivechat.application",
        "naivechat.domain",
        "naivechat.infrastructure",
        "naivechat.interfaces",
        "naivechat.listening",
        "naivechat.operator_graph",
        "naivechat.settings",
        "naivechat.sockets",
        "attrs",
    ),
    "naivechat.admin_port": ("naivechat.listening", "naivechat.periodic", "twisted"),
    "naivechat.log_context": ("twisted",),
    "naivechat.log_output": ("naivechat.domain", "twisted", "zope.interface"),
    "naivechat.backend": (
        "naivechat.application",
        "naivechat.demo_data",
        "naivechat.domain",
        "naivechat.infrastructure",
        "naivechat.settings",
        "attrs",
    ),
    "naivechat.surroundings": (
        "naivechat.backend",
        "naivechat.domain",
        "naivechat.infrastructure",
        "naivechat.membership",
        "naivechat.settings",
        "attrs",
    ),
    "naivechat.bootstrap": (*_INNER, _LIBRARIES),
    "naivechat.tap": (*_INNER, "naivechat.bootstrap", _LIBRARIES),
    "naivechat.cli": (
        *_INNER,
        "naivechat.admin_cli",
        "naivechat.backup_cli",
        "naivechat.people_cli",
        "naivechat.personal_data_cli",
        "naivechat.webhook_cli",
        "naivechat.new_password",
        _LIBRARIES,
    ),
    "naivechat.webhook_cli": ("naivechat.application", "naivechat.domain", "click"),
    "naivechat.webhook_graph": (
        "naivechat.application",
        "naivechat.domain",
        "naivechat.infrastructure",
        "naivechat.settings",
        "naivechat.webhook_courier",
        "attrs",
    ),
    "naivechat.webhook_courier": (
        "naivechat.application",
        "naivechat.domain",
        "naivechat.periodic",
        "attrs",
        "twisted",
    ),
    "naivechat": (),
    "tkclient.interfaces": ("tkclient.model", "attrs"),
    "tkclient.model": ("attrs",),
    "tkclient.ui": ("tkclient.interfaces", "tkclient.model", "attrs", "babel", "PIL", "tkinter", "Xlib"),
    "tkclient.logic": (
        "tkclient.interfaces",
        "tkclient.model",
        "naivechat.client",
        "naivechat.protocol",
        "attrs",
        "twisted",
    ),
    "tkclient.system": (
        "tkclient.interfaces",
        "tkclient.model",
        "attrs",
        "desktop_notifier",
        "keyring",
        "platformdirs",
        "twisted",
    ),
    "tkclient.app": ("tkclient", "naivechat.client", "naivechat.__version__", _LIBRARIES),
    "tkclient": (),
}
"""What each room may import beside itself and Python's library; "*" is any library that is not ours."""

FURTHER: Mapping[str, tuple[str, ...]] = {
    "naivechat.protocol.frame": ("twisted.protocols.basic",),
    "naivechat.protocol.codec": ("cbor2",),
    "naivechat.sockets.bell": ("msgspec",),
}
"""What single modules may import beyond their room."""

REACTOR = ("twisted.internet.reactor", "twisted.internet.task.react")
MAY_IMPORT_THE_REACTOR = frozenset({"naivechat.tap", "naivechat.cli", "tkclient.app"})
SAYS_NOTHING = frozenset({"utils", "util", "common", "helpers", "base", "manager", "misc"})
"""Names that no module may have."""

_OURS = ("naivechat", "tkclient")
_WORLD = (
    "asyncio",
    "http",
    "multiprocessing",
    "os",
    "pathlib",
    "selectors",
    "shutil",
    "signal",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "urllib.request",
)
_PYTHON = frozenset(sys.stdlib_module_names) - {"tkinter"}


@attrs.frozen(kw_only=True)
class Import:
    """One imported name, dotted and absolute: `from a.b import c` is `a.b.c`."""

    name: str
    line: int


def violations(root: Path, packages: tuple[str, ...] = _OURS) -> list[str]:
    """What the modules of `packages` below `root` do against the rules, one line each, as `file:line: what`."""
    return [
        f"{path.relative_to(root)}:{line}: {what}"
        for package in packages
        for path in sorted((root / package).rglob("*.py"))
        for line, what in _violations_of(path, _module_name(path, root))
    ]


def imports(source: str, package: str) -> Iterator[Import]:
    """Every import of a module that is in `package`, wherever in the source it stands."""
    for node in ast.walk(ast.parse(source)):
        for name in _imported_names(node, package):
            yield Import(name=name, line=getattr(node, "lineno", 0))


def _violations_of(path: Path, module: str) -> Iterator[tuple[int, str]]:
    if path.stem in SAYS_NOTHING or path.parent.name in SAYS_NOTHING:
        yield 1, "the module's name says nothing"
    room = _room_of(module)
    if room is None:
        yield 1, f"{module} is in no room"
        return
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for imported in imports(path.read_text(encoding="utf-8"), package):
        if not _may_import(module, room, imported.name):
            yield imported.line, f"{module} must not import {imported.name}"


def _may_import(module: str, room: str, name: str) -> bool:
    if _is_in(name, *REACTOR):
        return module in MAY_IMPORT_THE_REACTOR
    top = name.partition(".")[0]
    if top in _PYTHON:
        return room not in PURE or not _is_in(name, *_WORLD)
    allowed = ROOMS[room] + FURTHER.get(module, ())
    if _is_in(name, *allowed) or ("." in room and _is_in(name, room)):
        return True
    return _LIBRARIES in allowed and top not in _OURS


def _room_of(module: str) -> str | None:
    candidates = [room for room in ROOMS if room not in _OURS and _is_in(module, room)]
    return max(candidates, key=len, default=module if module in _OURS else None)


def _is_in(name: str, *prefixes: str) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def _module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported_names(node: ast.AST, package: str) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names, level=level):
            origin = _absolute(module or "", package, level)
            return [f"{origin}.{alias.name}" for alias in names]
        case ast.Call(
            func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return [name]
    return []


def _absolute(module: str, package: str, level: int) -> str:
    if level == 0:
        return module
    parts = package.split(".")
    ancestors = parts[: len(parts) - level + 1]
    return ".".join([*ancestors, module] if module else ancestors)
